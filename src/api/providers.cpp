// Where prospects and metrics come from: one adapter for each kind of source.
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "api/crud.hpp"
#include "api/resources.hpp"
#include "api/web_address.hpp"
#include "base/error.hpp"
#include "base/text.hpp"

namespace overture::api {
namespace {

using base::Error;
using rest::Field;
using rest::Type;

constexpr std::string_view kKinds[] = {"search", "backlinks", "metrics"};

constexpr Field kFields[] = {
    {.path = "id", .type = Type::integer, .sql = "o.id", .fixed = true},
    {.path = "kind", .sql = "o.kind", .lowered = true},
    {.path = "adapter", .sql = "o.adapter", .lowered = true},
    {.path = "settings", .type = Type::object, .sql = "o.settings"},
    {.path = "created_at", .type = Type::time, .sql = "o.created_at", .fixed = true},
};
constexpr rest::Resource kProviders{.name = "Provider",
                                    .not_found = "Provider not found",
                                    .from = "providers o",
                                    .table = "providers",
                                    .fields = kFields};

constexpr rest::Input kInputs[] = {
    {.key = "kind", .required = true, .allowed = kKinds, .doc = "search, backlinks or metrics"},
    {.key = "adapter", .clearable = true, .doc = "file, or searxng for search; null takes the provider away"},
    {.key = "settings", .type = Type::object, .doc = "file: {file}; searxng: {url, allow_private}"},
    {.key = "key", .doc = "neither adapter takes one"},
};
constexpr rest::Input kFileInputs[] = {{.key = "file", .required = true, .max = 100}};
constexpr rest::Input kSearxngInputs[] = {{.key = "url", .required = true, .max = 2000},
                                          {.key = "allow_private", .type = Type::boolean}};

constexpr Shape kShapes[] = {{.path = "kind", .allowed = kKinds}};

/// The answer when a provider was taken away.
constexpr Form kTakenAway{.name = "Nothing", .fields = {}};

const rest::View& view() {
  static const rest::View made(kProviders, rest::kEveryView);
  return made;
}

std::string list_providers(Call& call) { return list(call, view()); }

/// A name and nothing else, so that no path leads out of the account's directory.
void require_file_name(const std::string& name) {
  const bool plain =
      name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_") ==
      std::string::npos;
  const std::string lower = base::lower_ascii(name);
  const bool ends_well = lower.ends_with(".csv") || lower.ends_with(".json");
  if (!plain || name.front() == '.' || !ends_well) {
    throw Error::invalid("settings.file", "must be the plain name of a .csv or .json file");
  }
}

/// The settings as they are stored.
std::string settings_of(const rest::Body& body, const std::string& kind, const std::string& adapter) {
  const boost::json::value given = body.object("settings");
  if (adapter == "file") {
    const rest::Body settings(given, kFileInputs, "settings.");
    require_file_name(settings.text("file"));
    return boost::json::serialize(boost::json::object{{"file", settings.text("file")}});
  }
  if (adapter == "searxng" && kind == "search") {
    const rest::Body settings(given, kSearxngInputs, "settings.");
    const std::string url = checked_web_address("settings.url", settings.text("url"));
    if (url.find('?') != std::string::npos) throw Error::invalid("settings.url", "must be a web address");
    return boost::json::serialize(
        boost::json::object{{"url", url}, {"allow_private", settings.boolean("allow_private", false)}});
  }
  throw Error::invalid("adapter", kind == "search" ? "must be one of file, searxng" : "must be file");
}

/// One provider for each kind: a new one takes the place of the old.
std::string set_provider(Call& call) {
  const rest::Body body(call.body(), kInputs);
  const std::string kind = body.text("kind");
  const std::string adapter = body.text("adapter");
  const std::int64_t account = call.scope().account;
  if (!body.has("adapter")) throw Error(base::ErrorCode::missing_parameters);
  if (body.given("key")) throw Error::invalid("key", "is not used by this adapter");
  const std::string settings = adapter.empty() ? std::string() : settings_of(body, kind, adapter);
  call.db().execute(db::Sql("DELETE FROM providers WHERE account_id = ? AND kind = ?", account, kind));
  if (adapter.empty()) return nothing();
  const std::int64_t id = call.db().integer(db::Sql(
      "INSERT INTO providers (account_id, kind, adapter, settings, created_at) VALUES (?, ?, ?, ?, ?) "
      "RETURNING id",
      account, kind, adapter, settings, call.now));
  return show_written(call, view(), id);
}

}  // namespace

void add_provider_routes(Routes& routes) {
  using enum http::Method;
  routes.push_back(Route(get, "/api/providers", Permission::admin, Lane::read, list_providers)
                       .about("Providers", "List where prospects and metrics come from")
                       .lists(view())
                       .shaped(kShapes));
  routes.push_back(Route(put, "/api/providers", Permission::admin, Lane::write, set_provider)
                       .about("Providers", "Choose where prospects or metrics come from")
                       .answers(view())
                       .answers(kTakenAway)
                       .takes(kInputs)
                       .needs_one_of({"adapter"}));
}

}  // namespace overture::api
