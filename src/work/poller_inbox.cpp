// The inbox: what is new in it is taken in once.
#include <algorithm>

#include "base/log.hpp"
#include "mail/inspect.hpp"
#include "outreach/receive.hpp"
#include "work/outage.hpp"
#include "work/poller_visit.hpp"

namespace overture::work {
namespace {

using db::Sql;

constexpr std::size_t kUidsOfOneLook = 1000;
/// Taken in by one transaction: few enough that others who write do not wait long.
constexpr std::size_t kMailsOfOneBatch = 50;
constexpr std::size_t kBytesOfOneBatch = 2U << 20U;
constexpr std::size_t kMostBytes = 25U << 20U;

mail::UnsubscribeRule rule_named(std::string_view name) {
  if (name == "off") return mail::UnsubscribeRule::off;
  return name == "anywhere" ? mail::UnsubscribeRule::anywhere : mail::UnsubscribeRule::subject;
}

/// Stands for a mail that the rest of the house cannot work with.
mail::Inspection not_taken_in() {
  mail::Inspection nothing;
  nothing.message.subject = "(a mail that could not be taken in)";
  return nothing;
}

InboxState load_inbox(db::Connection& connection, const outreach::MailboxKey& mailbox) {
  db::RowsPtr rows = connection.query(
      Sql("SELECT uid_validity, last_uid, connected_at FROM mailbox_states WHERE account_id = ? AND "
          "email_account_id = ?",
          mailbox.account, mailbox.email_account));
  if (!rows->next()) return {};
  return {static_cast<std::uint32_t>(rows->integer(0)), static_cast<std::uint32_t>(rows->integer(1)),
          rows->integer(2)};
}

/// The claim holds for another while, unless somebody has asked for a new visit meanwhile (0).
void store_inbox(db::Connection& connection, const outreach::MailboxKey& mailbox, const InboxState& inbox,
                 base::Millis now) {
  connection.execute(
      Sql("UPDATE mailbox_states SET uid_validity = ?, last_uid = ?, poll_lease_until = ?, next_poll_at = "
          "CASE WHEN next_poll_at = 0 THEN 0 ELSE ? END WHERE account_id = ? AND email_account_id = ?",
          static_cast<std::int64_t>(inbox.uid_validity), static_cast<std::int64_t>(inbox.last_uid),
          now + kPollLease, now + kPollLease, mailbox.account, mailbox.email_account));
}

}  // namespace

void Poller::begin_inbox(Visit& visit, const mailbox::FolderState& state) {
  // First sight: what lies there already was not written to us. After a change of UIDVALIDITY everything has
  // another number; what is known among the mails since then is known by its content (inbound_seen).
  const bool is_first = visit.inbox.uid_validity == 0;
  visit.inbox.last_uid = visit.session.last_uid_before(visit.inbox.connected_at);
  visit.inbox.uid_validity = state.uid_validity;
  parts_.database.write([&](db::Connection& connection) {
    store_inbox(connection, visit.mailbox, visit.inbox, parts_.clock.now());
  });
  base::log_info(is_first ? "mailbox taken up" : "mailbox numbered anew",
                 {{"mailbox", visit.mailbox.email_account}, {"mails", state.messages}});
}

void Poller::read_inbox(Visit& visit) {
  const mailbox::FolderState state = visit.session.select("INBOX");
  visit.inbox =
      parts_.database.read([&](db::Connection& connection) { return load_inbox(connection, visit.mailbox); });
  if (visit.inbox.uid_validity != state.uid_validity) begin_inbox(visit, state);
  // What arrived before the mailbox was connected is the owner's own business.
  const mailbox::FetchBounds bounds{
      .of_one = kMostBytes, .together = kBytesOfOneBatch, .since = visit.inbox.connected_at};
  for (;;) {
    const std::vector<std::uint32_t> uids =
        visit.session.fetch_uids(visit.inbox.last_uid + 1, kUidsOfOneLook);
    if (uids.empty()) return;
    for (auto at = uids.begin(); at != uids.end();
         at = std::upper_bound(at, uids.end(), visit.inbox.last_uid)) {
      if (stopping_) return;
      const auto end = at + std::min<std::ptrdiff_t>(kMailsOfOneBatch, uids.end() - at);
      const std::vector<mailbox::FetchedMail> mails = visit.session.fetch({at, end}, bounds);
      reach("fetched");
      // What was asked for behind the last one was too much for once, or is none of ours.
      take_in(visit, mails, mails.empty() ? *(end - 1) : mails.back().uid);
      reach("received");
    }
  }
}

outreach::ReceivedMail Poller::inspect(const Visit& visit, const mailbox::FetchedMail& mail) const {
  outreach::ReceivedMail received{
      .raw = mail.raw,
      .complete = mail.complete,
      .arrived_at = mail.internal_date == 0 ? parts_.clock.now() : mail.internal_date};
  try {
    received.inspection = mail::inspect(mail.raw, {.unsubscribe = rule_named(visit.access.unsubscribe_rule),
                                                   .own_addresses = {visit.access.address}});
  } catch (const std::exception& error) {
    note_own_fault("a mail could not be read", {{"mailbox", visit.mailbox.email_account},
                                                {"uid", static_cast<std::int64_t>(mail.uid)},
                                                {"error", error.what()}});
    received.inspection = not_taken_in();
    received.understood = false;
  }
  return received;
}

void Poller::take_in(Visit& visit, const std::vector<mailbox::FetchedMail>& mails, std::uint32_t last_uid) {
  std::vector<outreach::ReceivedMail> received;
  received.reserve(mails.size());
  for (const mailbox::FetchedMail& mail : mails) received.push_back(inspect(visit, mail));
  const auto receive_all = [&](db::Connection& connection) {
    for (const outreach::ReceivedMail& each : received) receive(connection, visit, each);
  };
  try {
    return store(visit, last_uid, receive_all);
  } catch (const std::exception& error) {
    if (is_outage(error)) throw;
  }
  for (std::size_t i = 0; i < mails.size(); ++i) take_in_alone(visit, received[i], mails[i].uid);
  store(visit, last_uid, [](db::Connection&) {});
}

void Poller::receive(db::Connection& connection, const Visit& visit, const outreach::ReceivedMail& mail) {
  if (!mail.understood) return outreach::keep_unfollowed(connection, visit.mailbox, mail, parts_.clock.now());
  outreach::receive(connection, visit.mailbox, mail, parts_.clock.now(), parts_.chance());
}

void Poller::take_in_alone(Visit& visit, outreach::ReceivedMail& mail, std::uint32_t uid) {
  const auto receive_it = [&](db::Connection& connection) { receive(connection, visit, mail); };
  const auto keep_it = [&](db::Connection& connection) {
    outreach::keep_unfollowed(connection, visit.mailbox, mail, parts_.clock.now());
  };
  if (try_to_store(visit, uid, "a mail could not be followed", receive_it)) return;
  if (try_to_store(visit, uid, "a mail is kept as it came", keep_it)) return;
  mail.inspection = not_taken_in();
  try_to_store(visit, uid, "a mail was left in its mailbox", keep_it);
}

bool Poller::try_to_store(Visit& visit, std::uint32_t uid, std::string_view otherwise,
                          const std::function<void(db::Connection&)>& work) {
  try {
    store(visit, uid, work);
    return true;
  } catch (const std::exception& error) {
    if (is_outage(error)) throw;
    note_own_fault(otherwise, {{"mailbox", visit.mailbox.email_account},
                               {"uid", static_cast<std::int64_t>(uid)},
                               {"error", error.what()}});
    return false;
  }
}

/// What mails say, its consequences, and how far the mailbox is read are one transaction for all of them.
void Poller::store(Visit& visit, std::uint32_t last_uid, const std::function<void(db::Connection&)>& work) {
  InboxState inbox = visit.inbox;
  inbox.last_uid = last_uid;
  parts_.database.write([&](db::Connection& connection) {
    work(connection);
    store_inbox(connection, visit.mailbox, inbox, parts_.clock.now());
  });
  visit.inbox = inbox;
}

}  // namespace overture::work
