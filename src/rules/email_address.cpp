// Addresses checked by hand: RFC 5321 narrowed to what a contact really has.
#include "rules/email_address.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "rules/host.hpp"

namespace overture::rules {
namespace {

constexpr std::size_t kMaxLocal = 64;     // RFC 5321 section 4.5.3.1.1
constexpr std::size_t kMaxAddress = 254;  // RFC 5321 section 4.5.3.1.3, less the angle brackets
constexpr std::string_view kAtomSymbols = "!#$%&'*+-/=?^_`{|}~";  // RFC 5322 section 3.2.3

// Mailboxes of functions (RFC 2142) and what companies commonly add.
constexpr std::array<std::string_view, 73> kRoles{"abuse",
                                                  "accounting",
                                                  "accounts",
                                                  "admin",
                                                  "administrator",
                                                  "advertise",
                                                  "advertising",
                                                  "ads",
                                                  "all",
                                                  "billing",
                                                  "bounce",
                                                  "bounces",
                                                  "careers",
                                                  "compliance",
                                                  "contact",
                                                  "contact-us",
                                                  "contactus",
                                                  "customerservice",
                                                  "daemon",
                                                  "do-not-reply",
                                                  "donotreply",
                                                  "editor",
                                                  "editorial",
                                                  "editors",
                                                  "enquiries",
                                                  "enquiry",
                                                  "everyone",
                                                  "feedback",
                                                  "finance",
                                                  "ftp",
                                                  "guestpost",
                                                  "hello",
                                                  "help",
                                                  "helpdesk",
                                                  "hi",
                                                  "hostmaster",
                                                  "hr",
                                                  "info",
                                                  "information",
                                                  "inquiries",
                                                  "inquiry",
                                                  "jobs",
                                                  "legal",
                                                  "mail",
                                                  "mailer-daemon",
                                                  "marketing",
                                                  "media",
                                                  "news",
                                                  "newsletter",
                                                  "no-reply",
                                                  "no_reply",
                                                  "noreply",
                                                  "office",
                                                  "orders",
                                                  "postmaster",
                                                  "pr",
                                                  "press",
                                                  "privacy",
                                                  "recruiting",
                                                  "root",
                                                  "sales",
                                                  "security",
                                                  "service",
                                                  "spam",
                                                  "staff",
                                                  "subscribe",
                                                  "support",
                                                  "team",
                                                  "tech",
                                                  "unsubscribe",
                                                  "usenet",
                                                  "webmaster",
                                                  "www"};

bool is_local_part(std::string_view local) {
  if (local.empty() || local.size() > kMaxLocal || local.back() == '.') return false;
  bool after_dot = true;
  while (!local.empty()) {
    if (local.front() == '.') {
      if (after_dot) return false;
      after_dot = true;
      local.remove_prefix(1);
      continue;
    }
    const auto code_point = base::take_code_point(local);
    if (!code_point) return false;
    const bool symbol =
        *code_point < 0x80 && kAtomSymbols.find(static_cast<char>(*code_point)) != std::string_view::npos;
    if (!symbol && !base::is_letter_or_digit(*code_point)) return false;
    after_dot = false;
  }
  return true;
}

}  // namespace

std::optional<std::string> parse_email_address(std::string_view text) {
  text = base::trim(text);
  const auto at = text.rfind('@');
  if (at == std::string_view::npos) return std::nullopt;
  std::string address = base::lower(text.substr(0, at));
  if (!is_local_part(address)) return std::nullopt;
  const auto domain = parse_host_name(text.substr(at + 1));
  if (!domain || domain->find('_') != std::string::npos) return std::nullopt;
  address.append("@").append(*domain);
  if (address.size() > kMaxAddress) return std::nullopt;
  return address;
}

std::string_view email_domain(std::string_view address) {
  const auto at = address.rfind('@');
  return at == std::string_view::npos ? std::string_view() : address.substr(at + 1);
}

bool is_role_address(std::string_view address) {
  auto mailbox = address.substr(0, address.rfind('@'));
  mailbox = mailbox.substr(0, mailbox.find('+'));
  return std::find(kRoles.begin(), kRoles.end(), mailbox) != kRoles.end();
}

}  // namespace overture::rules
