#include "outreach/copies.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "mail/html.hpp"
#include "rules/email_address.hpp"

namespace overture::outreach {
namespace {

constexpr std::size_t kMostCopies = 20;

}  // namespace

std::vector<std::string> split_copies(std::string_view text) {
  std::string separated(text);
  std::replace(separated.begin(), separated.end(), ';', ',');
  std::vector<std::string> parts;
  for (std::string_view part : base::split(separated, ',')) {
    part = base::trim(part);
    if (!part.empty()) parts.emplace_back(part);
  }
  return parts;
}

std::vector<mail::Mailbox> to_mailboxes(std::string_view copies) {
  std::vector<mail::Mailbox> mailboxes;
  for (std::string& part : split_copies(copies)) mailboxes.push_back({{}, std::move(part)});
  return mailboxes;
}

std::vector<std::string> parse_copies(std::string_view key, std::string_view text) {
  std::vector<std::string> addresses;
  for (const std::string& part : split_copies(text)) {
    std::optional<std::string> address = rules::parse_email_address(part);
    if (!address) throw base::Error::invalid(key, "must be e-mail addresses with commas between them");
    addresses.push_back(std::move(*address));
  }
  if (addresses.size() > kMostCopies) throw base::Error::invalid(key, "must be at most 20 addresses");
  return addresses;
}

std::string write_paragraphs(std::string_view text) {
  std::string html;
  bool inside = false;
  for (std::string_view line : base::split(text, '\n')) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (base::trim(line).empty()) {
      if (inside) html += "</p>\n";
      inside = false;
      continue;
    }
    html += inside ? "<br>\n" : "<p>";
    mail::append_escaped(html, line);
    inside = true;
  }
  if (inside) html += "</p>\n";
  return html;
}

}  // namespace overture::outreach
