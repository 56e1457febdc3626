#include "events/webhook.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <vector>

#include "base/crypto.hpp"
#include "base/time.hpp"
#include "events/payload.hpp"

namespace overture::events {
namespace {

using db::Sql;

constexpr base::Millis kKept = 30 * base::kDay;
constexpr std::int64_t kForgottenAtOnce = 5000;
constexpr std::size_t kIdBytes = 16;

/// Of the event's project or of all. A mailbox is of the projects it sends for.
Sql listeners(const Noted& event) {
  Sql sql(
      "SELECT w.id, w.event_types FROM webhooks w WHERE w.account_id = ? AND w.is_active = 1 "
      "AND " OVERTURE_MAKER_MAY_HEAR("w") " AND (w.project_id = 0",
      event.account);
  if (event.project != 0) sql << Sql(" OR w.project_id = ?", event.project);
  if (const std::int64_t mailbox = mailbox_of(event); mailbox != 0) {
    sql << Sql(
        " OR EXISTS (SELECT 1 FROM email_account_projects ep WHERE ep.account_id = w.account_id AND "
        "ep.email_account_id = ? AND ep.project_id = w.project_id)",
        mailbox);
  }
  return sql << ") ORDER BY w.id";
}

bool wants(std::string_view event_types, std::string_view kind) {
  if (event_types == "[]") return true;
  return event_types.find('"' + std::string(kind) + '"') != std::string_view::npos;
}

std::string make_message_id() { return "msg_" + base::random_hex(kIdBytes); }

struct Message {
  std::string id;
  std::string_view type;
  std::string payload;
};

std::int64_t queue(db::Connection& connection, std::int64_t account, std::int64_t webhook,
                   const Message& message, base::Millis now) {
  return connection.integer(
      Sql("INSERT INTO webhook_deliveries (account_id, webhook_id, message_id, event_type, payload, "
          "next_try_at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
          account, webhook, message.id, message.type, message.payload, now, now));
}

/// Something is to be sent now, or when the webhook has rested. Returns false for a webhook that is gone or
/// off. Its row is written even when nothing changes: until the transaction ends nobody removes the webhook
/// or switches it off, so what is queued afterwards is never left without one.
bool wake(db::Connection& connection, std::int64_t account, std::int64_t webhook, base::Millis now) {
  return connection.execute(Sql(
             "UPDATE webhooks SET next_look_at = CASE WHEN next_look_at <= ? THEN next_look_at WHEN "
             "rest_until > ? THEN rest_until ELSE ? END WHERE account_id = ? AND id = ? AND is_active = 1",
             now, now, now, account, webhook)) > 0;
}

/// A person wants to see it: the webhook does not rest any longer.
bool wake_at_once(db::Connection& connection, std::int64_t account, std::int64_t webhook, base::Millis now) {
  connection.execute(
      Sql("UPDATE webhooks SET rest_until = 0 WHERE account_id = ? AND id = ?", account, webhook));
  return wake(connection, account, webhook, now);
}

/// next_try_at is always another than before: by that a try that began earlier sees that it is none of its
/// business any more.
Sql from_the_start(base::Millis now) {
  return Sql(
      "UPDATE webhook_deliveries SET state = 'pending', attempts = 0, error = '', response_status = 0, "
      "response = '', delivered_at = NULL, next_try_at = CASE WHEN next_try_at = ? THEN ? ELSE ? END",
      now, now - 1, now);
}

/// Of a claimed webhook, what find_due() found is being sent; it stays the first until it is settled.
bool is_being_sent(db::Connection& connection, std::int64_t account, std::int64_t webhook,
                   std::int64_t delivery, base::Millis now) {
  return connection.integer(Sql(
             "SELECT d.id FROM webhooks w JOIN webhook_deliveries d ON d.account_id = w.account_id AND "
             "d.webhook_id = w.id WHERE w.account_id = ? AND w.id = ? AND w.lease_until > ? AND d.state = "
             "'pending' ORDER BY d.next_try_at, d.id LIMIT 1",
             account, webhook, now)) == delivery;
}

}  // namespace

bool maker_may_hear(db::Connection& connection, std::int64_t account, std::int64_t webhook) {
  return connection.exists(
      Sql("SELECT 1 FROM webhooks w WHERE w.account_id = ? AND w.id = ? AND " OVERTURE_MAKER_MAY_HEAR("w"),
          account, webhook));
}

std::size_t queue_deliveries(db::Connection& connection, const Noted& event, base::Millis now) {
  std::vector<std::int64_t> webhooks;
  {
    const db::RowsPtr rows = connection.query(listeners(event));
    while (rows->next()) {
      if (wants(rows->text(1), event.kind)) webhooks.push_back(rows->integer(0));
    }
  }
  if (webhooks.empty()) return 0;
  const Message message{make_message_id(), event.kind, write_payload(connection, event)};
  std::size_t queued = 0;
  for (const std::int64_t webhook : webhooks) {
    if (!wake(connection, event.account, webhook, now)) continue;
    queue(connection, event.account, webhook, message, now);
    ++queued;
  }
  return queued;
}

std::int64_t queue_test(db::Connection& connection, std::int64_t account, std::int64_t webhook,
                        base::Millis now) {
  if (!wake_at_once(connection, account, webhook, now)) return 0;
  return queue(connection, account, webhook, {make_message_id(), kTestType, write_test_payload(webhook, now)},
               now);
}

bool redeliver(db::Connection& connection, std::int64_t account, std::int64_t webhook, std::int64_t delivery,
               base::Millis now) {
  // Holds the webhook's row: nobody claims it between the question and the write.
  if (!wake_at_once(connection, account, webhook, now)) return true;
  if (is_being_sent(connection, account, webhook, delivery, now)) return false;
  connection.execute(from_the_start(now) << Sql(" WHERE account_id = ? AND webhook_id = ? AND id = ?",
                                                account, webhook, delivery));
  return true;
}

std::int64_t redeliver_failed(db::Connection& connection, std::int64_t account, std::int64_t webhook,
                              base::Millis since, base::Millis now) {
  if (!wake_at_once(connection, account, webhook, now)) return 0;
  return connection.execute(
      from_the_start(now) << Sql(
          " WHERE account_id = ? AND webhook_id = ? AND state = 'failed' AND created_at >= ?", account,
          webhook, since));
}

void switch_off(db::Connection& connection, std::int64_t account, std::int64_t webhook,
                std::string_view why) {
  connection.execute(Sql(
      "UPDATE webhooks SET is_active = 0, off_why = ?, next_look_at = NULL WHERE account_id = ? AND id = ?",
      why, account, webhook));
  connection.execute(Sql(
      "UPDATE webhook_deliveries SET state = 'failed', error = CASE WHEN error = '' THEN 'The webhook was "
      "switched off' ELSE error END WHERE account_id = ? AND webhook_id = ? AND state = 'pending'",
      account, webhook));
}

void switch_on(db::Connection& connection, std::int64_t account, std::int64_t webhook) {
  connection.execute(Sql(
      "UPDATE webhooks SET is_active = 1, off_why = '', failures = 0, failing_since = NULL, rest_until = 0 "
      "WHERE account_id = ? AND id = ?",
      account, webhook));
}

void remove_webhook(db::Connection& connection, std::int64_t account, std::int64_t webhook) {
  connection.execute(Sql("DELETE FROM webhooks WHERE account_id = ? AND id = ?", account, webhook));
  connection.execute(
      Sql("DELETE FROM webhook_deliveries WHERE account_id = ? AND webhook_id = ?", account, webhook));
}

bool forget_old_deliveries(db::Connection& connection, base::Millis now) {
  return connection.execute(Sql(
             "DELETE FROM webhook_deliveries WHERE (account_id, id) IN (SELECT account_id, id FROM "
             "webhook_deliveries WHERE created_at <= ? AND state <> 'pending' ORDER BY created_at LIMIT ?)",
             now - kKept, kForgottenAtOnce)) == kForgottenAtOnce;
}

}  // namespace overture::events
