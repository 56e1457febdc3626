// By hand and simple: scenarios are short.
#include "support/api_text.hpp"

#include <boost/json/serialize.hpp>
#include <cctype>
#include <sstream>

namespace overture::test {
namespace {

bool is_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

std::string bare(const boost::json::value& value) {
  return value.is_string() ? std::string(std::string_view(value.get_string()))
                           : boost::json::serialize(value);
}

}  // namespace

std::string fill_in_repeats(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto end = text[i] == '<' ? text.find('>', i) : std::string::npos;
    const auto star = end == std::string::npos ? end : text.rfind('*', end);
    const bool repeats = star != std::string::npos && star > i + 1 && star + 1 < end &&
                         text.find_first_not_of("0123456789", star + 1) == end;
    if (!repeats) {
      out += text[i];
      continue;
    }
    const std::string piece = text.substr(i + 1, star - i - 1);
    const int times = std::stoi(text.substr(star + 1));
    for (int n = 1; n <= times; ++n) {
      for (const char c : piece) out += c == '#' ? std::to_string(n) : std::string(1, c);
    }
    i = end;
  }
  return out;
}

std::string fill_in_text(const std::string& text, const Variables& variables, bool is_json) {
  std::string out;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"' && (i == 0 || text[i - 1] != '\\')) quoted = !quoted;
    const bool braced = text.compare(i, 2, "${") == 0;
    const std::size_t start = i + (braced ? 2 : 1);
    std::size_t end = start;
    while (text[i] == '$' && end < text.size() && is_name(text[end])) ++end;
    if (end == start) {
      out += text[i];
      continue;
    }
    const std::string name = text.substr(start, end - start);
    const auto found = variables.find(name);
    if (found == variables.end()) throw UnknownVariable("$" + name + " is not known");
    out += is_json && !quoted ? boost::json::serialize(found->second) : bare(found->second);
    i = braced ? end : end - 1;
  }
  return fill_in_repeats(out);
}

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

base::Millis parse_stretch(const std::string& text) {
  std::size_t digits = 0;
  const base::Millis number = std::stoll(text, &digits);
  const std::string unit = text.substr(digits);
  if (unit == "ms") return number;
  if (unit == "s") return number * base::kSecond;
  if (unit == "m") return number * base::kMinute;
  if (unit == "h") return number * base::kHour;
  if (unit == "d") return number * base::kDay;
  throw std::runtime_error("no stretch of time: " + text);
}

std::string spaces_escaped(const std::string& target) {
  std::string out;
  for (const char c : target) out += c == ' ' ? "%20" : std::string(1, c);
  return out;
}

std::string without_tokens(std::string body) {
  for (const std::string key : {"key", "client_key", "client_id", "access_token", "refresh_token",
                                "refesh_token", "secret", "event_id"}) {
    const std::string mark = "\"" + key + "\":\"";
    for (auto at = body.find(mark); at != std::string::npos; at = body.find(mark, at + mark.size())) {
      const auto start = at + mark.size();
      body.replace(start, body.find('"', start) - start, "*");
    }
  }
  return body;
}

}  // namespace overture::test
