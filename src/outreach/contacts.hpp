// Whom an opportunity's mails go to.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "outreach/run.hpp"

namespace overture::outreach {

struct Recipient {
  std::int64_t contact = 0;
  std::string address;
  bool suppressed = false;  ///< the address or its domain is on the do-not-email list
  bool bounced = false;
  bool may_be_written_to() const { return !suppressed && !bounced; }
};

/// The contacts of an opportunity: people before addresses of functions (info@), then by id.
std::vector<Recipient> load_recipients(db::Connection& connection, std::int64_t account, std::int64_t project,
                                       std::int64_t opportunity);

/// Why an outreach ends by opt-outs.
inline constexpr std::string_view kAllOptedOut = "nobody is left who may be written to";

/// none_left: those that may be written to have been, in this run.
enum class RecipientChoice { chosen, no_contact, all_suppressed, all_bounced, none_left };

/// The run's contact while it may be written to, else the first that may and was not tried in this run.
/// Another contact begins at the first attempt. Changes `run` only when one was chosen.
RecipientChoice choose_recipient(db::Connection& connection, Run& run);
/// The same among recipients that were loaded already.
RecipientChoice choose_recipient(db::Connection& connection, Run& run,
                                 const std::vector<Recipient>& recipients);

}  // namespace overture::outreach
