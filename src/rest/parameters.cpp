// Decoding of query strings, and the spellings of a name made one.
#include "rest/parameters.hpp"

#include <algorithm>
#include <charconv>

#include "base/error.hpp"
#include "base/text.hpp"

namespace overture::rest {
namespace {

using base::Error;

std::string decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      out += ' ';
    } else if (text[i] == '%') {
      const auto decoded = text.size() - i > 2 ? base::parse_hex(text.substr(i + 1, 2)) : std::nullopt;
      if (decoded) {
        out += *decoded;
        i += 2;
      } else {
        out += '%';
      }
    } else {
      out += text[i];
    }
  }
  return out;
}

bool is_index(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// `project.id` and `project[id]` become `project_id`; `x[]` and `x[0]` become `x`.
std::string normalise(std::string_view name) {
  std::string out;
  out.reserve(name.size());
  bool brackets = name.find(']') != std::string_view::npos;
  while (!name.empty()) {
    if (brackets && name.front() == '[' && !out.empty()) {
      const auto close = name.find(']');
      if (close != std::string_view::npos) {
        const auto inner = name.substr(1, close - 1);
        if (!is_index(inner)) out.append("_").append(inner);
        name.remove_prefix(close + 1);
        continue;
      }
      brackets = false;  // none is left, so that looking stays linear
    }
    out += name.front() == '.' ? '_' : name.front();
    name.remove_prefix(1);
  }
  return out;
}

void require_text(std::string_view name, std::string_view text) {
  if (base::has_nul(text) || !base::is_valid_utf8(text)) {
    const bool shown = base::is_valid_utf8(name) && !base::has_control(name);
    throw Error::invalid(shown ? name : "query", "is not valid UTF-8 text");
  }
}

}  // namespace

Parameters Parameters::parse(std::string_view raw_query) {
  Parameters parameters;
  while (!raw_query.empty()) {
    const auto end = std::min(raw_query.find('&'), raw_query.size());
    const auto pair = raw_query.substr(0, end);
    raw_query.remove_prefix(std::min(end + 1, raw_query.size()));
    if (pair.empty()) continue;
    if (parameters.pairs_.size() == kMaxPairs) throw Error::invalid("query", "has too many parameters");
    const auto equals = std::min(pair.find('='), pair.size());
    const std::string name = decode(pair.substr(0, equals));
    std::string value = decode(pair.substr(std::min(equals + 1, pair.size())));
    require_text(name, name);
    require_text(name, value);
    parameters.pairs_.push_back({normalise(name), std::move(value)});
  }
  return parameters;
}

const std::string* Parameters::find(std::string_view name) const {
  const std::string wanted = normalise(name);
  for (const Pair& pair : pairs_) {
    if (pair.name == wanted && !pair.value.empty()) return &pair.value;
  }
  return nullptr;
}

std::vector<std::string_view> Parameters::all(std::string_view name) const {
  const std::string wanted = normalise(name);
  std::vector<std::string_view> values;
  for (const Pair& pair : pairs_) {
    if (pair.name == wanted && !pair.value.empty()) values.emplace_back(pair.value);
  }
  return values;
}

std::vector<std::string> Parameters::list(std::string_view name) const {
  std::vector<std::string> elements;
  for (const std::string_view value : all(name)) {
    for (const std::string_view part : base::split(value, ',')) {
      const auto element = base::trim(part);
      if (!element.empty()) elements.emplace_back(element);
    }
  }
  return elements;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  text = base::trim(text);
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  std::int64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<bool> parse_boolean(std::string_view text) {
  text = base::trim(text);
  for (const std::string_view word : {"true", "1", "yes"}) {
    if (base::equal_ignoring_case(text, word)) return true;
  }
  for (const std::string_view word : {"false", "0", "no"}) {
    if (base::equal_ignoring_case(text, word)) return false;
  }
  return std::nullopt;
}

}  // namespace overture::rest
