// Texts that are brought into one form before they are stored.
#include "api/refs.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "rules/country.hpp"
#include "rules/timezone.hpp"

namespace overture::api {

using base::Error;

std::string normalise_country(std::string_view key, std::string text) {
  std::string code = base::lower_ascii(base::trim(text));
  if (code == "uk") code = "gb";
  if (!rules::is_country(code))
    throw Error::invalid(key, "must be a country code (ISO 3166-1 alpha-2) such as us");
  return code;
}

std::string normalise_timezone(std::string_view key, std::string text) {
  std::string zone(base::trim(text));
  if (!rules::is_timezone(zone)) throw Error::invalid(key, "must be a time zone such as Europe/Berlin");
  return zone;
}

std::string normalise_color(std::string_view key, std::string text) {
  std::string color = base::lower_ascii(base::trim(text));
  auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  bool valid = (color.size() == 4 || color.size() == 7) && color.front() == '#' &&
               std::all_of(color.begin() + 1, color.end(), is_hex);
  if (!valid) throw Error::invalid(key, "must be a colour such as #3366cc");
  if (color.size() == 7) return color;
  std::string doubled = "#";
  for (std::size_t i = 1; i < color.size(); ++i) doubled.append(2, color[i]);
  return doubled;
}

std::string normalise_token(std::string_view key, std::string text) {
  std::string token = base::lower_ascii(base::trim(text));
  auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
  auto is_part = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_'; };
  if (token.empty() || !is_letter(token.front()) || !std::all_of(token.begin(), token.end(), is_part)) {
    throw Error::invalid(key, "must be letters, digits and _, beginning with a letter");
  }
  return token;
}

}  // namespace overture::api
