#include "work/sender.hpp"

#include "base/error.hpp"
#include "base/log.hpp"
#include "outreach/copies_opted_out.hpp"
#include "outreach/mailbox_state.hpp"
#include "outreach/message.hpp"
#include "outreach/taken.hpp"
#include "work/handover.hpp"
#include "work/outage.hpp"

namespace overture::work {
namespace {

using outreach::Delivery;

constexpr std::size_t kMailboxesLookedAt = 64;
/// Claimed at once, sent over one connection.
constexpr std::size_t kMailsOfOneClaim = 20;
/// Nobody is about to book it: what a failure has left.
constexpr base::Millis kBookingIsOverdue = 5 * base::kSecond;

}  // namespace

std::optional<outreach::MailboxKey> Sender::reserve() {
  outreach::MailboxKey at;
  {
    const std::lock_guard lock(mutex_);
    at = looked_at_;
  }
  const auto due = parts_.database.read([&](db::Connection& connection) {
    return outreach::find_due_mailboxes(connection, parts_.clock.now(), kMailboxesLookedAt, at);
  });
  const std::lock_guard lock(mutex_);
  looked_at_ = at;
  for (const outreach::MailboxKey& key : due) {
    if (busy_.emplace(key.account, key.email_account).second) return key;
  }
  return std::nullopt;
}

bool Sender::send_next() {
  const std::optional<outreach::MailboxKey> mailbox = reserve();
  if (!mailbox) return false;
  try {
    send_from(*mailbox);
  } catch (...) {
    // What is claimed cannot be given back now; nobody here sends from the mailbox before tend() has done it.
    unreleased_.add(*mailbox);
    throw;
  }
  // While others send they book it with their own.
  if (free(*mailbox) && bookkeeper_.book_noted()) reach("booked");
  return true;
}

bool Sender::free(const outreach::MailboxKey& mailbox) {
  const std::lock_guard lock(mutex_);
  busy_.erase({mailbox.account, mailbox.email_account});
  return busy_.empty();
}

void Sender::send_from(const outreach::MailboxKey& mailbox) {
  std::vector<Ready> claimed = claim(mailbox);
  reach("claimed");
  if (!claimed.empty()) send_claimed(mailbox, claimed);
  release(mailbox);
}

void Sender::send_claimed(const outreach::MailboxKey& mailbox, const std::vector<Ready>& claimed) {
  std::optional<MailboxAccess> access;
  Delivery trouble;  // while there is no access
  try {
    access = parts_.door.open(mailbox);
  } catch (const mailbox::MailboxError& error) {
    trouble = {.outcome = error.kind() == mailbox::Trouble::Kind::login ? Delivery::Outcome::login_failed
                                                                        : Delivery::Outcome::unreachable,
               .text = error.trouble().text};
  } catch (const base::Error& error) {
    trouble = {.outcome = Delivery::Outcome::login_failed, .text = error.message()};
  }
  Outcome last;
  for (const Ready& ready : claimed) {
    if (!access) {
      settle(ready.mail, trouble, false).wait();
      continue;
    }
    Delivery delivery = send_one(ready, *access, last);
    if (bookkeeper_.book_due()) reach("booked");
    if (!stops_mailbox(delivery)) continue;
    trouble = std::move(delivery);
    access.reset();
  }
}

std::vector<Sender::Ready> Sender::claim(const outreach::MailboxKey& mailbox) {
  for (std::size_t failed = 0; failed < kMailsOfOneClaim; ++failed) {
    try {
      return claim(mailbox, failed == 0 ? kMailsOfOneClaim : 1);
    } catch (const std::exception& error) {
      if (is_outage(error)) throw;
      note_own_fault(
          "a mail could not be made ready",
          {{"account", mailbox.account}, {"mailbox", mailbox.email_account}, {"error", error.what()}});
    }
    // The first time it may be any of those that were claimed together.
    if (failed == 0) continue;
    parts_.database.write([&](db::Connection& connection) {
      outreach::put_off_oldest(connection, mailbox, parts_.clock.now(), kAfterOwnFault);
    });
  }
  return {};
}

std::vector<Sender::Ready> Sender::claim(const outreach::MailboxKey& mailbox, std::size_t most) {
  return parts_.database.write([&](db::Connection& connection) {
    std::vector<Ready> claimed;
    for (outreach::ClaimedMail& mail :
         outreach::claim_mails(connection, mailbox, parts_.owner, parts_.clock.now(), most)) {
      Ready ready{.mail = std::move(mail)};
      try {
        ready.message = outreach::load_message(connection, parts_.install, ready.mail);
        outreach::leave_out_opted_out(connection, ready.mail, ready.message, parts_.clock.now());
      } catch (const base::Error& error) {
        if (error.code() != base::ErrorCode::invalid_value) throw;
        ready.trouble = error.message();
      }
      claimed.push_back(std::move(ready));
    }
    if (claimed.size() == 1) claimed.front().is_alone = true;
    return claimed;
  });
}

void Sender::release(const outreach::MailboxKey& mailbox) {
  parts_.database.write(
      [&](db::Connection& connection) { outreach::release_claims(connection, mailbox, parts_.owner); });
}

Delivery Sender::send_one(const Ready& ready, const MailboxAccess& access, Outcome& before) {
  const outreach::ClaimedMail& mail = ready.mail;
  Delivery delivery;
  bool is_away = false;  // the database
  try {
    if (!ready.trouble.empty()) throw base::Error(base::ErrorCode::invalid_value, ready.trouble);
    const std::string bytes = mail::write_message(ready.message);
    const auto before_dot = [&] {
      reach("before_dot");
      is_away = true;
      const bool may = parts_.database.write([&](db::Connection& connection) {
        return outreach::mark_dot(connection, mail, parts_.clock.now());
      });
      // One mail of a connection at a time may be of unknown fate. On SQLite this is so already: writes are
      // committed in their order.
      is_away = !before.wait();
      reach("dot");
      return may && !is_away;
    };
    mailbox::SmtpTransport& transport = access.is_folder ? parts_.folder : parts_.smtp;
    delivery =
        delivery_of(transport.send(access.smtp, access.login, envelope_of(ready.message), bytes, before_dot));
  } catch (const base::Error& error) {
    if (error.code() == base::ErrorCode::unavailable) throw;
    delivery = {.outcome = Delivery::Outcome::malformed, .text = error.message()};
  }
  reach("answered");
  before = settle(mail, delivery, ready.is_alone);
  if (is_away)
    throw base::Error(base::ErrorCode::unavailable, "The database does not take what became of mails");
  if (!parts_.failpoint) return delivery;
  before.wait();
  reach("settled");
  return delivery;
}

Outcome Sender::settle(const outreach::ClaimedMail& mail, const Delivery& delivery, bool is_alone) {
  if (delivery.outcome != Delivery::Outcome::sent) {
    base::log_info("mail not sent", {{"account", mail.account},
                                     {"mail", mail.mail},
                                     {"kind", mail.kind},
                                     {"code", delivery.code},
                                     {"answer", delivery.text}});
  }
  auto written = std::make_shared<std::promise<bool>>();
  Outcome outcome(written->get_future());
  parts_.database.write_async(
      [mail, delivery, is_alone, now = parts_.clock.now(),
       chance = parts_.chance()](db::Connection& connection) {
        outreach::settle(connection, mail, delivery, now, chance);
        if (is_alone) outreach::book_taken(connection, std::span(&mail, 1), now);
      },
      // The promise is the callback's alone: one that is never called leaves nobody waiting.
      [this, mail, delivery, is_alone, written = std::move(written)](const std::exception_ptr& error) {
        if (error) {
          keep(mail, delivery, error);
        } else if (delivery.outcome == Delivery::Outcome::sent && !is_alone) {
          bookkeeper_.note(mail);
        }
        written->set_value(!error);
      });
  return outcome;
}

void Sender::keep(const outreach::ClaimedMail& mail, const Delivery& delivery,
                  const std::exception_ptr& why) {
  try {
    std::rethrow_exception(why);
  } catch (const std::exception& error) {
    base::log_warning("an outcome waits for the database", {{"mail", mail.mail}, {"error", error.what()}});
  }
  const std::lock_guard lock(mutex_);
  unsettled_.emplace_back(mail, delivery);
}

void Sender::tend() {
  parts_.database.write([this](db::Connection& connection) {
    outreach::prolong_claims(connection, parts_.owner, parts_.clock.now());
  });
  write_down_left();
}

void Sender::write_down_left() {
  std::vector<std::pair<outreach::ClaimedMail, Delivery>> unsettled;
  {
    const std::lock_guard lock(mutex_);
    unsettled.swap(unsettled_);
  }
  // Outcomes first: what is given back counts as not sent. Those that fail again are kept again.
  for (const auto& [mail, delivery] : unsettled) settle(mail, delivery, false).wait();
  bookkeeper_.book_noted();
  bookkeeper_.book_left(parts_.clock.now() - kBookingIsOverdue);
  unreleased_.release_all([this](const outreach::MailboxKey& mailbox) {
    release(mailbox);
    free(mailbox);
  });
}

void Sender::rescue(bool alone) {
  const base::Millis now = parts_.clock.now();
  bookkeeper_.book_left(alone ? now + base::kDay * 365 : now - kBookingIsOverdue);
  parts_.database.write([&](db::Connection& connection) {
    outreach::rescue_claims(connection, parts_.owner, alone, parts_.clock.now());
  });
}

}  // namespace overture::work
