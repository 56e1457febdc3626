// What the files of the poller share.
#pragma once
#include <cstdint>

#include "work/poller.hpp"

namespace overture::work {

/// A visit that is cut short keeps others away for no longer.
inline constexpr base::Millis kPollLease = 15 * base::kMinute;

/// Where reading the inbox stands.
struct InboxState {
  std::uint32_t uid_validity = 0;  ///< 0: never read
  std::uint32_t last_uid = 0;
  base::Millis connected_at = 0;
};

struct Poller::Visit {
  const outreach::MailboxKey& mailbox;
  const MailboxAccess& access;
  mailbox::ImapSession& session;
  InboxState inbox = {};
};

}  // namespace overture::work
