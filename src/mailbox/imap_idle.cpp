// Waiting for new mail: IDLE, or NOOPs.
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "mailbox/imap_session.hpp"

namespace overture::mailbox {
namespace {

using Clock = std::chrono::steady_clock;

}  // namespace

void EtpanSession::wake() {
  const std::uint64_t one = 1;
  if (::write(wake_, &one, sizeof one) < 0) return;  // full: it is awake already
}

EtpanSession::Wait EtpanSession::wait(TimePoint until) {
  for (;;) {
    if (imap_->imap_stream->read_buffer_len > 0 || stream_.connection().readable()) return Wait::data;
    const auto left = std::chrono::ceil<milliseconds>(until - Clock::now()).count();
    std::array<pollfd, 2> entries = {{{stream_.connection().socket(), POLLIN, 0}, {wake_, POLLIN, 0}}};
    ::poll(entries.data(), entries.size(), static_cast<int>(std::clamp<long>(left, 0, 60'000)));
    std::uint64_t count = 0;
    if (entries[1].revents != 0 && ::read(wake_, &count, sizeof count) > 0) return Wait::woken;
    if (entries[0].revents == 0 && Clock::now() >= until) return Wait::timeout;
  }
}

/// NOOP; whether the server told of new mail.
bool EtpanSession::ask_for_news() {
  begin(kSmallAnswer);
  if (imap_->imap_selection_info != nullptr) imap_->imap_selection_info->sel_has_exists = 0;
  check(mailimap_noop(imap_), Trouble::Kind::protocol, "answer");
  return imap_->imap_selection_info != nullptr && imap_->imap_selection_info->sel_has_exists != 0;
}

/// One IDLE from its beginning to DONE; whether there is new mail.
bool EtpanSession::idle_once(TimePoint until, Wait& ended) {
  begin(kSmallAnswer);
  check(mailimap_idle(imap_), Trouble::Kind::protocol, "wait");
  ended = wait(until);
  begin(kSmallAnswer);
  check(mailimap_idle_done(imap_), Trouble::Kind::protocol, "stop waiting");
  return imap_->imap_selection_info->sel_has_exists != 0;
}

IdleEnd EtpanSession::idle(std::chrono::milliseconds timeout) {
  const TimePoint until = Clock::now() + timeout;
  try {
    if (imap_->imap_selection_info == nullptr)
      throw base::Error(base::ErrorCode::internal, "No folder is selected.");
    if (ask_for_news()) return IdleEnd::new_mail;
    for (;;) {
      Wait ended = Wait::timeout;
      const TimePoint renewal = Clock::now() + (has_idle_ ? timeouts_.idle_renewal : timeouts_.poll);
      if (has_idle_) {
        if (idle_once(std::min(until, renewal), ended)) return IdleEnd::new_mail;
      } else {
        ended = wait(std::min(until, renewal));
        if (ended != Wait::woken && ask_for_news()) return IdleEnd::new_mail;
      }
      if (ended == Wait::woken || Clock::now() >= until) return IdleEnd::timeout;
    }
  } catch (const MailboxError&) {
    return IdleEnd::closed;
  }
}

}  // namespace overture::mailbox
