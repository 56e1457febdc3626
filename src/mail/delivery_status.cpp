// Delivery status notifications (RFC 3464, RFC 6533): blocks of fields, the first about the message, each
// other about one recipient.
#include "base/text.hpp"
#include "mail/bounce_parts.hpp"
#include "mail/charset.hpp"
#include "mail/header_text.hpp"
#include "mail/phrases.hpp"

namespace overture::mail {
namespace {

/// `rfc822; ann@example.com` → `ann@example.com` (RFC 3464 section 2.3.2); the type may be missing.
std::string address_of(std::string_view value) {
  value = base::trim(value);
  if (const std::size_t type = value.find(';'); type != std::string_view::npos && type < 20) {
    value = base::trim(value.substr(type + 1));
  }
  if (const std::size_t open = value.find('<'); open != std::string_view::npos) {
    const std::size_t close = value.find('>', open);
    value = value.substr(open + 1, close == std::string_view::npos ? close : close - open - 1);
  }
  std::string out(base::trim(value));
  std::erase(out, '"');
  return to_utf8(out, "");
}

void set_if_empty(std::string& to, std::string value) {
  if (to.empty()) to = std::move(value);
}

/// One field of a recipient.
void take_field(RecipientReport& one, std::string_view name, const std::string& value) {
  const auto is = [&](std::string_view wanted) { return base::equal_ignoring_case(name, wanted); };
  if (is("Final-Recipient") || is("Recipient")) {
    set_if_empty(one.recipient, address_of(value));
  } else if (is("Original-Recipient") || is("X-Actual-Recipient") || is("X-Original-To")) {
    const std::string address = address_of(value);
    if (address.find('@') != std::string::npos) set_if_empty(one.original_recipient, address);
  } else if (is("Action")) {
    std::string action = base::lower_ascii(base::trim(value));
    set_if_empty(one.action, action.substr(0, action.find_first_of(" \t(;")));
  } else if (is("Status")) {
    set_if_empty(one.status, find_status(value));
    // Some put the reply of the server here, others what the status stands for: it counts when nothing else
    // is said.
    if (value.size() > 12) set_if_empty(one.status_text, to_utf8(value, ""));
  } else if (is("Diagnostic-Code") || is("X-Supplementary-Info") || is("X400-Supplementary-Info") ||
             is("X-PowerMTA-BounceCategory") || is("X-Notes") || is("X-Display-Message") ||
             is("X-Mailer-Diagnostic")) {
    std::string_view said = value;
    if (const std::size_t type = said.find(';'); type != std::string_view::npos && type < 14) {
      said.remove_prefix(type + 1);
    }
    if (!one.diagnostic.empty()) one.diagnostic += ' ';
    one.diagnostic += to_utf8(base::trim(said), "");
  }
}

}  // namespace

bool holds_delivery_status(std::string_view text) {
  const std::string lower = base::lower_ascii(text.substr(0, 256U << 10U));
  return lower.find("\nfinal-recipient:") != std::string::npos &&
         (lower.find("\naction:") != std::string::npos || lower.find("\nstatus:") != std::string::npos);
}

std::vector<RecipientReport> read_delivery_status(std::string_view bytes) {
  std::vector<RecipientReport> all;
  const std::string folded = fold_loose_lines(bytes.substr(0, 1U << 20U));
  std::string_view fields = folded;
  while (!fields.empty() && all.size() < 1000) {
    // Blocks are parted by empty lines; careless writers put several.
    const std::size_t begin = fields.find_first_not_of("\r\n");
    if (begin == std::string_view::npos) break;
    fields.remove_prefix(begin);
    RecipientReport one;
    for (const RawHeader& field : take_headers(fields)) {
      // A second Final-Recipient without an empty line between begins the next one.
      if (base::equal_ignoring_case(field.name, "Final-Recipient") && !one.recipient.empty()) {
        all.push_back(std::move(one));
        one = {};
      }
      take_field(one, field.name, field.value);
    }
    if (!one.recipient.empty() || !one.original_recipient.empty()) {
      all.push_back(std::move(one));
    } else if (!all.empty() && (!one.diagnostic.empty() || !one.action.empty())) {
      // An empty line in the middle of a block.
      set_if_empty(all.back().action, one.action);
      set_if_empty(all.back().status, one.status);
      set_if_empty(all.back().diagnostic, one.diagnostic);
      set_if_empty(all.back().status_text, one.status_text);
    }
  }
  for (RecipientReport& one : all) set_if_empty(one.diagnostic, one.status_text);
  return all;
}

std::optional<RecipientReport> find_refusal(const InboundMessage& message, std::string_view report) {
  if (normal_text(report.substr(0, 2000)).find("automatically rejected") == std::string::npos)
    return std::nullopt;
  for (const EmbeddedPart& part : message.embedded) {
    if (part.content_type != "message/disposition-notification") continue;
    std::vector<RecipientReport> rows = read_delivery_status(part.bytes);
    if (rows.empty()) continue;
    rows.front().diagnostic = report;
    return rows.front();
  }
  return std::nullopt;
}

}  // namespace overture::mail
