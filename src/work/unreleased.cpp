#include "work/unreleased.hpp"

#include <exception>

namespace overture::work {

void Unreleased::add(const outreach::MailboxKey& mailbox) {
  const std::lock_guard lock(mutex_);
  mailboxes_.push_back(mailbox);
}

void Unreleased::release_all(const std::function<void(const outreach::MailboxKey&)>& release) {
  std::vector<outreach::MailboxKey> mailboxes;
  {
    const std::lock_guard lock(mutex_);
    mailboxes.swap(mailboxes_);
  }
  std::exception_ptr failure;
  for (const outreach::MailboxKey& mailbox : mailboxes) {
    try {
      release(mailbox);
    } catch (...) {
      failure = std::current_exception();
      add(mailbox);
    }
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace overture::work
