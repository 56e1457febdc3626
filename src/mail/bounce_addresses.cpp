// Addresses in running text, however they are wrapped.
#include <algorithm>

#include "base/text.hpp"
#include "mail/bounce_parts.hpp"

namespace overture::mail {
namespace {

constexpr std::size_t kMaxAddresses = 200;
constexpr std::size_t kMaxLocal = 128;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

bool is_foreign(char c) { return static_cast<unsigned char>(c) >= 0x80; }

/// What may stand in a local part without quotes (RFC 5322 atext and the dot).
bool is_local(char c) {
  return is_letter(c) || is_foreign(c) ||
         std::string_view("!#$%&*+/?^_`{|}~.-='").find(c) != std::string_view::npos;
}

/// The part of `text` behind its last character that is no letter in any script.
std::string_view after_marks(std::string_view text) {
  std::string_view kept = text;
  std::string_view rest = text;
  bool ascii_begun = false;
  while (!rest.empty()) {
    const auto point = base::take_code_point(rest);
    if (!point) return {};
    const bool mark = *point >= 0x80 && !base::is_letter_or_digit(*point);
    // Chinese and Japanese put no space before an address.
    const bool prose = *point >= 0x2E80 && !ascii_begun && !rest.empty() && !is_foreign(rest[0]);
    if (*point < 0x80) ascii_begun = true;
    if (mark || prose) kept = rest;
  }
  return kept;
}

std::string_view local_before(std::string_view text, std::size_t at) {
  if (at > 1 && text[at - 1] == '"') {
    const std::size_t open = text.rfind('"', at - 2);
    if (open == std::string_view::npos || at - open > 66) return {};
    const std::string_view quoted = text.substr(open, at - open);
    return quoted.find_first_of("@<>\n ") == std::string_view::npos ? quoted : std::string_view();
  }
  std::size_t begin = at;
  while (begin > 0 && at - begin < kMaxLocal && is_local(text[begin - 1])) --begin;
  while (begin < at && (static_cast<unsigned char>(text[begin]) & 0xC0U) == 0x80U) ++begin;
  return after_marks(text.substr(begin, at - begin));
}

std::string_view domain_after(std::string_view text, std::size_t at) {
  std::string_view rest = text.substr(at + 1, 255);
  std::string_view domain = rest;
  std::size_t length = 0;
  while (!rest.empty()) {
    if (is_foreign(rest[0])) {
      const auto point = base::take_code_point(rest);
      if (!point || !base::is_letter_or_digit(*point)) break;
    } else if (is_letter(rest[0]) || rest[0] == '-' || rest[0] == '_' ||
               (rest[0] == '.' && rest.size() > 1 && (is_letter(rest[1]) || is_foreign(rest[1])))) {
      rest.remove_prefix(1);
    } else {
      break;
    }
    length = domain.size() - rest.size();
  }
  domain = domain.substr(0, length);
  while (domain.ends_with('-') || domain.ends_with('_')) domain.remove_suffix(1);
  return domain;
}

/// Marks of the text around an address that may also stand in a local part.
std::string_view without_head(std::string_view local) {
  bool changed = true;
  while (changed) {
    changed = false;
    for (const std::string_view head : {"'", "=", "-", ".", "`", "*", "#", "|", "/"}) {
      if (local.starts_with(head) && local.size() > head.size()) {
        local.remove_prefix(head.size());
        changed = true;
      }
    }
    if (const std::size_t equals = local.find('='); equals != std::string_view::npos) {
      const std::string head = base::lower_ascii(local.substr(0, equals));
      if (head.ends_with("smtp") || head == "rcpt" || head == "to" || head == "recipient" || head == "addr" ||
          head == "orcpt" || head == "ctladdr") {
        local.remove_prefix(equals + 1);
        changed = true;
      }
    }
  }
  return local;
}

}  // namespace

std::vector<std::string> find_addresses(std::string_view text) {
  std::vector<std::string> out;
  for (std::size_t at = text.find('@'); at != std::string_view::npos && out.size() < kMaxAddresses;
       at = text.find('@', at + 1)) {
    const std::string_view local = without_head(local_before(text, at));
    const std::string_view domain = domain_after(text, at);
    if (local.empty() || domain.empty()) continue;
    std::string address = std::string(local) + "@" + std::string(domain);
    if (std::find(out.begin(), out.end(), address) == out.end()) out.push_back(std::move(address));
  }
  return out;
}

}  // namespace overture::mail
