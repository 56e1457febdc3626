#include "work/sources.hpp"

#include <boost/json/parse.hpp>
#include <optional>

#include "base/error.hpp"
#include "providers/data_file.hpp"
#include "providers/file_provider.hpp"
#include "providers/searxng.hpp"

namespace overture::work {
namespace {

struct Configured {
  std::string adapter;
  boost::json::object settings;

  std::string text(std::string_view key) const {
    const boost::json::value* value = settings.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(std::string_view(value->get_string()))
                                                  : std::string();
  }
  bool flag(std::string_view key) const {
    const boost::json::value* value = settings.if_contains(key);
    return value != nullptr && value->is_bool() && value->get_bool();
  }
};

/// The first one that was configured.
std::optional<Configured> find(db::Connection& connection, std::int64_t account, std::string_view kind) {
  const auto rows = connection.query(
      db::Sql("SELECT adapter, settings FROM providers WHERE account_id = ? AND kind = ? ORDER BY id LIMIT 1",
              account, kind));
  if (!rows->next()) return std::nullopt;
  boost::system::error_code problem;
  const std::string_view text = rows->text(1);
  boost::json::value settings =
      boost::json::parse(boost::json::string_view(text.data(), text.size()), problem);
  if (problem || !settings.is_object()) settings = boost::json::object();
  return Configured{std::string(rows->text(0)), std::move(settings.as_object())};
}

std::filesystem::path file_of(const std::filesystem::path& data, std::int64_t account,
                              const Configured& configured) {
  const std::string name = configured.text("file");
  if (!providers::is_data_file_name(name)) {
    throw base::Error(base::ErrorCode::invalid_value, "The provider names no file");
  }
  return providers::data_file_path(data, account, name);
}

}  // namespace

std::unique_ptr<providers::SearchProvider> Sources::find_search(db::Connection& connection,
                                                                std::int64_t account) const {
  const auto configured = find(connection, account, "search");
  if (!configured) return nullptr;
  if (configured->adapter == "searxng") {
    return providers::make_searxng({configured->text("url"), configured->flag("allow_private")}, client_);
  }
  return providers::make_file_search(file_of(data_, account, *configured));
}

std::unique_ptr<providers::BacklinkProvider> Sources::find_backlinks(db::Connection& connection,
                                                                     std::int64_t account) const {
  const auto configured = find(connection, account, "backlinks");
  return configured ? providers::make_file_backlinks(file_of(data_, account, *configured)) : nullptr;
}

std::unique_ptr<providers::MetricsProvider> Sources::find_metrics(db::Connection& connection,
                                                                  std::int64_t account) const {
  const auto configured = find(connection, account, "metrics");
  return configured ? providers::make_file_metrics(file_of(data_, account, *configured)) : nullptr;
}

}  // namespace overture::work
