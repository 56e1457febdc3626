// Claims of mailboxes that could not be given back because the database was away.
#pragma once
#include <functional>
#include <mutex>
#include <vector>

#include "outreach/outbox.hpp"

namespace overture::work {

/// Any number of threads may use it at once.
class Unreleased {
 public:
  void add(const outreach::MailboxKey& mailbox);
  /// Calls `release` for each; those for which it throws stay, and the last of what was thrown is passed on.
  void release_all(const std::function<void(const outreach::MailboxKey&)>& release);

 private:
  std::mutex mutex_;
  std::vector<outreach::MailboxKey> mailboxes_;
};

}  // namespace overture::work
