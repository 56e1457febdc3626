#include "work/sender.hpp"

#include "base/error.hpp"
#include "base/log.hpp"
#include "mail/outgoing.hpp"
#include "outreach/mailbox_state.hpp"
#include "outreach/message.hpp"

namespace overture::work {
namespace {

using mailbox::SendOutcome;
using outreach::Delivery;

constexpr std::size_t kMailboxesLookedAt = 64;
/// Claimed at once, sent over one connection.
constexpr std::size_t kMailsOfOneClaim = 20;

Delivery delivery_of(const mailbox::SendResult& result) {
  using enum Delivery::Outcome;
  Delivery delivery{.code = result.code, .status = result.enhanced, .text = result.text};
  switch (result.outcome) {
    case SendOutcome::accepted:
      delivery.outcome = sent;
      break;
    case SendOutcome::deferred:
      // Without a reply the server was not reached: that is nothing about this mail.
      delivery.outcome =
          result.code == 0 && (result.phase == "connect" || result.phase == "tls") ? unreachable : deferred;
      break;
    case SendOutcome::refused:
      delivery.outcome = refused;
      break;
    case SendOutcome::sender_refused:
      delivery.outcome = sender_refused;
      break;
    case SendOutcome::login_failed:
      delivery.outcome = login_failed;
      break;
    case SendOutcome::unknown:
      delivery.outcome = unknown;
      break;
    case SendOutcome::withheld:
      delivery.outcome = withheld;
      break;
  }
  return delivery;
}

mailbox::Envelope envelope_of(const mail::OutgoingMessage& message) {
  mailbox::Envelope envelope{.from = mail::wire_address(message.from.address, "from"),
                             .to = {},
                             .needs_smtputf8 = mail::needs_smtputf8(message)};
  for (const auto* list : {&message.to, &message.cc, &message.bcc}) {
    for (const mail::Mailbox& each : *list) envelope.to.push_back(mail::wire_address(each.address, "to"));
  }
  return envelope;
}

}  // namespace

std::optional<outreach::MailboxKey> Sender::reserve() {
  const auto due = parts_.database.read([this](db::Connection& connection) {
    return outreach::find_due_mailboxes(connection, parts_.clock.now(), kMailboxesLookedAt);
  });
  const std::lock_guard lock(mutex_);
  for (const outreach::MailboxKey& key : due) {
    if (busy_.emplace(key.account, key.email_account).second) return key;
  }
  return std::nullopt;
}

bool Sender::send_next() {
  const std::optional<outreach::MailboxKey> mailbox = reserve();
  if (!mailbox) return false;
  const auto free = [&] {
    const std::lock_guard lock(mutex_);
    busy_.erase({mailbox->account, mailbox->email_account});
  };
  try {
    send_from(*mailbox);
  } catch (...) {
    free();
    throw;
  }
  free();
  return true;
}

void Sender::send_from(const outreach::MailboxKey& mailbox) {
  const auto claimed = parts_.database.write([&](db::Connection& connection) {
    return outreach::claim_mails(connection, mailbox, parts_.owner, parts_.clock.now(), kMailsOfOneClaim);
  });
  reach("claimed");
  if (!claimed.empty()) {
    std::optional<MailboxAccess> access;
    Delivery trouble;
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
    for (const outreach::ClaimedMail& mail : claimed) {
      if (access) {
        send_one(mail, *access, last);
      } else {
        settle(mail, trouble).wait();
      }
    }
  }
  parts_.database.write(
      [&](db::Connection& connection) { outreach::release_claims(connection, mailbox, parts_.owner); });
}

void Sender::send_one(const outreach::ClaimedMail& mail, const MailboxAccess& access, Outcome& before) {
  Delivery delivery;
  try {
    const mail::OutgoingMessage message = parts_.database.read(
        [&](db::Connection& connection) { return outreach::load_message(connection, parts_.install, mail); });
    const std::string bytes = mail::write_message(message);
    const auto before_dot = [&] {
      reach("before_dot");
      const bool may = parts_.database.write([&](db::Connection& connection) {
        return outreach::mark_dot(connection, mail, parts_.clock.now());
      });
      // One mail of a connection at a time may be of unknown fate. On SQLite this is so already: writes are
      // committed in their order.
      before.wait();
      reach("dot");
      return may;
    };
    mailbox::SmtpTransport& transport = access.is_folder ? parts_.folder : parts_.smtp;
    delivery =
        delivery_of(transport.send(access.smtp, access.login, envelope_of(message), bytes, before_dot));
  } catch (const base::Error& error) {
    if (error.code() == base::ErrorCode::unavailable) throw;
    delivery = {.outcome = Delivery::Outcome::malformed, .text = error.message()};
  }
  reach("answered");
  before = settle(mail, delivery);
  if (!parts_.failpoint) return;
  before.wait();
  reach("settled");
}

Outcome Sender::settle(const outreach::ClaimedMail& mail, const Delivery& delivery) {
  if (delivery.outcome != Delivery::Outcome::sent) {
    base::log_info("mail not sent", {{"account", mail.account},
                                     {"mail", mail.mail},
                                     {"kind", mail.kind},
                                     {"code", delivery.code},
                                     {"answer", delivery.text}});
  }
  auto written = std::make_shared<std::promise<void>>();
  Outcome outcome(written->get_future());
  parts_.database.write_async(
      [mail, delivery, now = parts_.clock.now(), chance = parts_.chance()](db::Connection& connection) {
        outreach::settle(connection, mail, delivery, now, chance);
      },
      [this, mail, delivery, written](const std::exception_ptr& error) {
        if (error) keep(mail, delivery, error);
        written->set_value();
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
  std::vector<std::pair<outreach::ClaimedMail, Delivery>> left;
  {
    const std::lock_guard lock(mutex_);
    left.swap(unsettled_);
  }
  for (const auto& [mail, delivery] : left) settle(mail, delivery).wait();
  parts_.database.write([this](db::Connection& connection) {
    outreach::prolong_claims(connection, parts_.owner, parts_.clock.now());
  });
}

void Sender::rescue(bool alone) {
  parts_.database.write([&](db::Connection& connection) {
    outreach::rescue_claims(connection, parts_.owner, alone, parts_.clock.now());
  });
}

}  // namespace overture::work
