#include "providers/data_file.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fstream>
#include <sstream>

#include "base/csv.hpp"
#include "base/error.hpp"
#include "base/text.hpp"

namespace overture::providers {
namespace {

namespace json = boost::json;
using base::Error;
using base::ErrorCode;

constexpr std::uintmax_t kMaxJson = std::uintmax_t{64} << 20U;

[[noreturn]] void refuse(const std::filesystem::path& path, std::string_view problem) {
  throw Error(ErrorCode::invalid_value,
              "The provider's file " + path.filename().string() + " " + std::string(problem));
}

void read_csv(std::istream& stream, const std::function<bool(const DataRow&)>& take) {
  base::CsvReader reader(stream);
  std::vector<std::string> header;
  if (!reader.next(header)) return;
  for (std::string& column : header) column = base::lower_ascii(base::trim(column));
  for (std::vector<std::string> cells; reader.next(cells);) {
    DataRow row;
    for (std::size_t i = 0; i < std::min(cells.size(), header.size()); ++i) {
      const std::string_view text = base::trim(cells[i]);
      if (!text.empty()) row.emplace(header[i], text);
    }
    if (!take(row)) return;
  }
}

std::string text_of(const json::value& value) {
  return value.is_string() ? std::string(std::string_view(value.get_string())) : json::serialize(value);
}

void read_json(const std::filesystem::path& path, std::istream& stream,
               const std::function<bool(const DataRow&)>& take) {
  if (std::filesystem::file_size(path) > kMaxJson) refuse(path, "is larger than 64 MiB");
  std::ostringstream text;
  text << stream.rdbuf();
  boost::system::error_code problem;
  const json::value whole = json::parse(text.str(), problem);
  if (problem || !whole.is_array()) refuse(path, "is no JSON array");
  for (const json::value& element : whole.get_array()) {
    if (!element.is_object()) refuse(path, "holds something that is no object");
    DataRow row;
    for (const auto& [column, value] : element.get_object()) {
      if (!value.is_null()) row.emplace(base::lower_ascii(std::string_view(column)), text_of(value));
    }
    if (!take(row)) return;
  }
}

}  // namespace

bool is_data_file_name(std::string_view name) {
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_';
  });
  const std::string lower = base::lower_ascii(name);
  return plain && name.size() <= 100 && !name.starts_with('.') &&
         (lower.ends_with(".csv") || lower.ends_with(".json"));
}

std::filesystem::path data_file_path(const std::filesystem::path& data, std::int64_t account,
                                     std::string_view name) {
  return data / "providers" / std::to_string(account) / name;
}

void read_data_file(const std::filesystem::path& path, const std::function<bool(const DataRow&)>& take) {
  std::error_code problem;
  // A link could lead anywhere.
  if (!std::filesystem::is_regular_file(std::filesystem::symlink_status(path, problem)))
    refuse(path, "is not there");
  std::ifstream stream(path, std::ios::binary);
  if (!stream) refuse(path, "cannot be read");
  try {
    if (base::lower_ascii(path.extension().string()) == ".json") {
      read_json(path, stream, take);
    } else {
      read_csv(stream, take);
    }
  } catch (const Error& error) {
    if (error.message().starts_with("The provider's file")) throw;
    refuse(path, error.message());
  }
}

std::string_view text_of(const DataRow& row, std::string_view column) {
  const auto found = row.find(column);
  return found == row.end() ? std::string_view() : std::string_view(found->second);
}

}  // namespace overture::providers
