// Places, numbers and COPY fields for PostgreSQL.
#include "db/postgres_text.hpp"

#include <algorithm>
#include <charconv>

namespace overture::db {
namespace {

/// The end of what begins at `start` and must be copied as it is: a quoted text or name, or a comment.
std::size_t end_of_opaque(std::string_view sql, std::size_t start) {
  const char first = sql[start];
  std::size_t end = std::string_view::npos;
  if (first == '\'' || first == '"') {
    // A doubled quote inside is two quoted parts, one after the other.
    end = sql.find(first, start + 1);
  } else if (sql.substr(start, 2) == "--") {
    end = sql.find('\n', start);
  } else {
    return start;
  }
  return end == std::string_view::npos ? sql.size() : end + 1;
}

template <class Number>
std::string_view write(Number value, NumberBuffer& buffer) {
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  return {buffer.data(), static_cast<std::size_t>(end - buffer.data())};
}

}  // namespace

std::string number_places(std::string_view sql) {
  std::string out;
  out.reserve(sql.size() + 32);
  int places = 0;
  for (std::size_t i = 0; i < sql.size();) {
    if (const std::size_t end = end_of_opaque(sql, i); end != i) {
      out += sql.substr(i, end - i);
      i = end;
    } else if (sql[i] != '?') {
      out += sql[i++];
    } else if (i + 1 < sql.size() && sql[i + 1] == '?') {
      out += '?';
      i += 2;
    } else {
      out += '$';
      out += std::to_string(++places);
      ++i;
    }
  }
  return out;
}

std::string_view write_number(std::int64_t value, NumberBuffer& buffer) { return write(value, buffer); }
std::string_view write_number(double value, NumberBuffer& buffer) { return write(value, buffer); }

void append_copy_field(std::string& out, const Value& value) {
  NumberBuffer buffer;
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    out += write_number(*integer, buffer);
  } else if (const auto* number = std::get_if<double>(&value)) {
    out += write_number(*number, buffer);
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    constexpr std::string_view kEscaped = "\\\t\n\r";
    std::string_view rest = *text;
    for (;;) {
      const auto found = std::find_first_of(rest.begin(), rest.end(), kEscaped.begin(), kEscaped.end());
      const auto plain = static_cast<std::size_t>(found - rest.begin());
      out += rest.substr(0, plain);
      if (plain == rest.size()) return;
      const char c = rest[plain];
      out += '\\';
      out += c == '\t' ? 't' : c == '\n' ? 'n' : c == '\r' ? 'r' : c;
      rest.remove_prefix(plain + 1);
    }
  } else {
    out += "\\N";
  }
}

std::int64_t lock_number(std::string_view name) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return static_cast<std::int64_t>(hash);
}

}  // namespace overture::db
