// Takes mails out of the outbox and hands them to their servers. See docs/sending.md for the protocol.
#pragma once
#include <future>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "db/database.hpp"
#include "mail/outgoing.hpp"
#include "mailbox/transport.hpp"
#include "outreach/install.hpp"
#include "outreach/outbox.hpp"
#include "outreach/settle.hpp"
#include "work/bookkeeper.hpp"
#include "work/injected.hpp"
#include "work/mailbox_access.hpp"
#include "work/unreleased.hpp"

namespace overture::work {

/// The outcome of a mail on its way into the books. It is never dropped before they have it.
class Outcome {
 public:
  Outcome() = default;
  explicit Outcome(std::future<bool> written) : written_(std::move(written)) {}
  Outcome(Outcome&&) = default;
  Outcome& operator=(Outcome&& other) {
    await();
    written_ = std::move(other.written_);
    return *this;
  }
  ~Outcome() { await(); }
  /// Until it is durable, or the database could not take it and it waits for tend(): then false.
  bool wait() { return !written_.valid() || written_.get(); }

 private:
  void await() noexcept {
    if (written_.valid()) written_.wait();
  }

  std::future<bool> written_;
};

class Sender {
 public:
  struct Parts {
    db::Database& database;
    const base::Clock& clock;
    const outreach::Install& install;
    MailboxDoor& door;
    mailbox::SmtpTransport& smtp;
    mailbox::SmtpTransport& folder;  ///< of mailboxes that write into a local folder
    Chance chance;
    std::string owner;  ///< of this process, unlike any other's
    Failpoint failpoint = {};
  };
  explicit Sender(Parts parts) : parts_(std::move(parts)), bookkeeper_(parts_.database, parts_.clock) {}

  /// Sends what one mailbox has due, on the calling thread; false when there is none that another thread or
  /// process does not send from already. Any number of threads may call it at once.
  bool send_next();

  /// The owner's claims hold on, and what the database could not take is written down now: outcomes, and
  /// claims given back. Call it every few seconds while anything may be in flight.
  void tend();
  /// The second half of that, for a stop.
  void write_down_left();
  /// What dead processes have left. `alone`: no other process uses this database.
  void rescue(bool alone);

 private:
  /// A claimed mail as it was read with its claim, or why it cannot be written.
  struct Ready {
    outreach::ClaimedMail mail;
    mail::OutgoingMessage message = {};
    std::string trouble = {};
    bool is_alone = false;  ///< the only mail of its claim: there is nothing to book it with
  };

  std::optional<outreach::MailboxKey> reserve();
  /// As many as go together; where one is to blame for a failure, one that goes, and the guilty are put off.
  std::vector<Ready> claim(const outreach::MailboxKey& mailbox);
  std::vector<Ready> claim(const outreach::MailboxKey& mailbox, std::size_t most);
  void send_from(const outreach::MailboxKey& mailbox);
  void send_claimed(const outreach::MailboxKey& mailbox, const std::vector<Ready>& claimed);
  void release(const outreach::MailboxKey& mailbox);
  /// False when another thread sends from another mailbox.
  bool free(const outreach::MailboxKey& mailbox);
  /// `before`: the mail before it over this connection; this one's when it returns. Throws when the database
  /// does not take outcomes: nothing more should be handed over then.
  outreach::Delivery send_one(const Ready& ready, const MailboxAccess& access, Outcome& before);
  /// `is_alone`: it is booked at once when it was taken.
  Outcome settle(const outreach::ClaimedMail& mail, const outreach::Delivery& delivery, bool is_alone);
  void keep(const outreach::ClaimedMail& mail, const outreach::Delivery& delivery,
            const std::exception_ptr& why);
  void reach(std::string_view name) const {
    if (parts_.failpoint) parts_.failpoint(name);
  }

  Parts parts_;
  Bookkeeper bookkeeper_;
  std::mutex mutex_;
  std::set<std::pair<std::int64_t, std::int64_t>> busy_;
  outreach::MailboxKey looked_at_;  ///< see find_due_mailboxes()
  std::vector<std::pair<outreach::ClaimedMail, outreach::Delivery>> unsettled_;
  Unreleased unreleased_;  ///< still in busy_
};

}  // namespace overture::work
