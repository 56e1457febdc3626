// Differs because SQLite has no arrays and PostgreSQL reads a list from JSON in its own way; the parameter, a
// JSON array of strings, is the same.
#include "db/text_list.hpp"

#include <string_view>

namespace overture::db {
namespace {

void append_json_string(std::string& out, std::string_view text) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      out += "\\u00";
      out += kDigits[byte >> 4U];
      out += kDigits[byte & 15U];
    } else {
      out += c;
    }
  }
  out += '"';
}

}  // namespace

void append_in_texts(Sql& sql, Engine engine, Literal expression, std::span<const std::string> texts) {
  std::string list = "[";
  for (const std::string& text : texts) {
    if (list.size() > 1) list += ',';
    append_json_string(list, text);
  }
  list += ']';
  sql << expression;
  if (engine == Engine::postgres) {
    // An array made once, not a join: the planner goes through the index for it.
    sql << " = ANY (ARRAY(SELECT json_array_elements_text(CAST(";
    sql.bind(std::move(list));
    sql << " AS json))))";
  } else {
    sql << " IN (SELECT value FROM json_each(";
    sql.bind(std::move(list));
    sql << "))";
  }
}

}  // namespace overture::db
