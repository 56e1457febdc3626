// Linear in the source but for fallbacks, which are looked for up to a bound.
#include "rules/template_scan.hpp"

#include "base/text.hpp"

namespace overture::rules {
namespace {

constexpr std::size_t kNameMaxBytes = 128;
constexpr std::size_t kFallbackMaxBytes = 1024;

constexpr bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
}

/// `name` or `name|fallback` at the front of `text`, up to a closing brace that is not taken.
struct Inside {
  std::string_view name;
  std::optional<std::string_view> fallback;
  std::size_t length = 0;
};
std::optional<Inside> find_inside(std::string_view text) {
  Inside inside;
  std::size_t at = 0;
  while (at < text.size() && at <= kNameMaxBytes && is_name_character(text[at])) ++at;
  if (at == 0 || at > kNameMaxBytes) return std::nullopt;
  inside.name = text.substr(0, at);
  std::size_t spaces = at;
  while (spaces < text.size() && text[spaces] == ' ' && spaces - at < 8) ++spaces;
  if (spaces < text.size() && text[spaces] == '|' && spaces == at) {
    const std::string_view rest = text.substr(at + 1, kFallbackMaxBytes + 1);
    const std::size_t end = rest.find_first_of("{}\r\n");
    if (end == std::string_view::npos || rest[end] != '}') return std::nullopt;
    inside.fallback = rest.substr(0, end);
    at += 1 + end;
  } else {
    at = spaces;
  }
  inside.length = at;
  return inside;
}

/// Whether `text` begins with the tag `<name`.
bool begins_element(std::string_view text, std::string_view name) {
  if (text.size() <= name.size() + 1 || !base::equal_ignoring_case(text.substr(1, name.size()), name))
    return false;
  const char after = text[name.size() + 1];
  return after == '>' || after == '/' || after == ' ' || after == '\t' || after == '\n' || after == '\r' ||
         after == '\f';
}

}  // namespace

std::optional<TemplatePart> TemplateScanner::find_token() const {
  const std::string_view rest = source_.substr(at_);
  const auto make = [&](const Inside& inside, std::size_t length) {
    TemplatePart part;
    part.kind = TemplatePart::Kind::token;
    part.text = rest.substr(0, length);
    part.name = inside.name;
    part.fallback = inside.fallback;
    return part;
  };
  if (rest.substr(0, 2) == "{{") {
    std::size_t from = 2;
    while (from < rest.size() && rest[from] == ' ' && from < 10) ++from;
    const auto inside = find_inside(rest.substr(from));
    if (!inside || rest.substr(from + inside->length, 2) != "}}") return std::nullopt;
    return make(*inside, from + inside->length + 2);
  }
  const auto inside = find_inside(rest.substr(1));
  if (!inside || rest.substr(1 + inside->length, 1) != "}") return std::nullopt;
  // Spaces around a name are for double braces only.
  if (!inside->fallback && inside->length != inside->name.size()) return std::nullopt;
  return make(*inside, inside->length + 2);
}

std::size_t TemplateScanner::skipped_length() const {
  const std::string_view rest = source_.substr(at_);
  for (const std::string_view name : {"style", "script"}) {
    if (!begins_element(rest, name)) continue;
    for (std::size_t end = rest.find("</", 1); end != std::string_view::npos;
         end = rest.find("</", end + 2)) {
      if (base::equal_ignoring_case(rest.substr(end + 2, name.size()), name)) return end;
    }
    return rest.size();
  }
  return 0;
}

bool TemplateScanner::next(TemplatePart& part) {
  if (at_ >= source_.size()) return false;
  TemplatePart found;
  const char c = source_[at_];
  if (c == '\\' && at_ + 1 < source_.size() && (source_[at_ + 1] == '{' || source_[at_ + 1] == '}')) {
    found.kind = TemplatePart::Kind::escaped;
    found.text = source_.substr(at_ + 1, 1);
    found.length = 2;
  } else if (c == '{') {
    found = find_token().value_or(TemplatePart{});
    if (found.kind != TemplatePart::Kind::token) {
      found.kind = TemplatePart::Kind::opening;
      found.text = source_.substr(at_, 1);
    }
    found.length = found.text.size();
  } else if (c == '}') {
    found.kind = TemplatePart::Kind::closing;
    found.text = source_.substr(at_, 1);
    found.length = 1;
  } else if (const std::size_t skipped = kind_ == TextKind::html && c == '<' ? skipped_length() : 0;
             skipped > 0) {
    found.kind = TemplatePart::Kind::skipped;
    found.text = source_.substr(at_, skipped);
    found.length = skipped;
  } else {
    std::size_t end = source_.find_first_of(kind_ == TextKind::html ? "{}\\<" : "{}\\", at_ + 1);
    if (end == std::string_view::npos) end = source_.size();
    found.text = source_.substr(at_, end - at_);
    found.length = end - at_;
  }
  found.at = at_;
  at_ += found.length;
  part = found;
  return true;
}

}  // namespace overture::rules
