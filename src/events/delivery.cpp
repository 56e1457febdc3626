#include "events/delivery.hpp"

#include <algorithm>

#include "events/webhook.hpp"

namespace overture::events {
namespace {

using db::Sql;

/// Before the second try, the third, …: Standard Webhooks 1.0.0, "Deliverability and reliability".
constexpr base::Millis kPauses[] = {5 * base::kSecond, 5 * base::kMinute, 30 * base::kMinute,
                                    2 * base::kHour,   5 * base::kHour,   10 * base::kHour,
                                    14 * base::kHour,  20 * base::kHour,  24 * base::kHour};
static_assert(std::size(kPauses) == kMostAttempts - 1);

/// Between two tries of different deliveries, so that one that is down is not called in vain for each.
constexpr base::Millis kFirstRest = 5 * base::kSecond;
constexpr base::Millis kLongestRest = 5 * base::kMinute;
/// What a receiver may ask for.
constexpr base::Millis kMostRetryAfter = base::kHour;
constexpr std::int64_t kGone = 410;

/// Nothing leaves the installation: a restored copy of it must not call anybody.
bool is_paused(db::Connection& connection) {
  return connection.exists(Sql("SELECT 1 FROM settings WHERE name = 'sending_paused' AND value = '1'"));
}

/// Up to a fifth longer.
base::Millis with_jitter(base::Millis pause, std::uint64_t chance) {
  return pause + static_cast<base::Millis>(chance % static_cast<std::uint64_t>(pause / 5 + 1));
}

base::Millis rest_after(std::int64_t failures) {
  const auto doublings = std::clamp<std::int64_t>(failures - 1, 0, 10);
  return std::min(kFirstRest << doublings, kLongestRest);
}

/// Holds the row, so that nobody changes the webhook until the write ends; false when it is not this claim's.
bool hold(db::Connection& connection, const ClaimedWebhook& claim, base::Millis until) {
  return connection.execute(
             Sql("UPDATE webhooks SET lease_until = ? WHERE account_id = ? AND id = ? AND fence = ?", until,
                 claim.account, claim.webhook, claim.fence)) == 1;
}

void note_taken(db::Connection& connection, const ClaimedWebhook& claim, const DueDelivery& delivery,
                const Attempt& attempt, base::Millis now) {
  connection.execute(
      Sql("UPDATE webhook_deliveries SET state = 'delivered', attempts = attempts + 1, response_status = ?, "
          "response = ?, error = '', tried_at = ?, delivered_at = ? WHERE account_id = ? AND id = ? AND "
          "attempts = ? AND next_try_at = ?",
          attempt.status, attempt.response, now, now, claim.account, delivery.id, delivery.attempts,
          delivery.due_at));
  connection.execute(Sql(
      "UPDATE webhooks SET failures = 0, failing_since = NULL, rest_until = 0 WHERE account_id = ? AND id "
      "= ?",
      claim.account, claim.webhook));
}

void note_failed(db::Connection& connection, const ClaimedWebhook& claim, const DueDelivery& delivery,
                 const Attempt& attempt, base::Millis now, std::uint64_t chance) {
  const std::int64_t attempts = delivery.attempts + 1;
  const bool over = attempts >= kMostAttempts;
  const base::Millis asked = std::min(attempt.retry_after, kMostRetryAfter);
  const base::Millis pause = over ? 0 : with_jitter(kPauses[static_cast<std::size_t>(attempts - 1)], chance);
  connection.execute(Sql(
      "UPDATE webhook_deliveries SET state = ?, attempts = ?, response_status = ?, response = ?, error = "
      "?, tried_at = ?, next_try_at = ? WHERE account_id = ? AND id = ? AND state = 'pending' AND attempts "
      "= ? AND next_try_at = ?",
      over ? "failed" : "pending", attempts, attempt.status, attempt.response, attempt.error, now,
      now + std::max(pause, asked), claim.account, delivery.id, delivery.attempts, delivery.due_at));
  const std::int64_t failures =
      connection.integer(Sql("UPDATE webhooks SET failures = failures + 1, failing_since = "
                             "COALESCE(failing_since, ?) WHERE account_id = ? AND id = ? RETURNING failures",
                             now, claim.account, claim.webhook));
  connection.execute(Sql("UPDATE webhooks SET rest_until = ? WHERE account_id = ? AND id = ?",
                         now + std::max(rest_after(failures), asked), claim.account, claim.webhook));
}

/// Why it is given up, for people; empty when it is not.
std::string find_end(db::Connection& connection, const ClaimedWebhook& claim, const Attempt& attempt,
                     base::Millis now) {
  if (attempt.status == kGone) return "It answered 410 Gone";
  const base::Millis since = connection.integer(
      Sql("SELECT failing_since FROM webhooks WHERE account_id = ? AND id = ?", claim.account, claim.webhook),
      now);
  if (now - since < kFailingTooLong) return {};
  return "Nothing could be delivered for " + std::to_string(kFailingTooLong / base::kDay) +
         " days. The last problem: " + attempt.error;
}

/// The webhook stays on: should its maker see the project again, he hears of what happens from then on.
bool give_up_unheard(db::Connection& connection, const ClaimedWebhook& claim) {
  if (maker_may_hear(connection, claim.account, claim.webhook)) return false;
  return connection.execute(
             Sql("UPDATE webhook_deliveries SET state = 'failed', error = ? WHERE account_id = "
                 "? AND webhook_id = ? AND state = 'pending'",
                 OVERTURE_MAKER_MAY_NOT_HEAR, claim.account, claim.webhook)) > 0;
}

void pass_by(Sql& sql, std::span<const WebhookKey> webhooks) {
  for (const WebhookKey& each : webhooks) {
    sql << Sql(" AND NOT (account_id = ? AND id = ?)", each.account, each.webhook);
  }
}

}  // namespace

bool is_webhook_due(db::Connection& connection, base::Millis now, std::span<const WebhookKey> other_than) {
  if (is_paused(connection)) return false;
  Sql sql("SELECT 1 FROM webhooks WHERE next_look_at <= ? AND lease_until <= ? AND is_active = 1", now, now);
  pass_by(sql, other_than);
  return connection.exists(sql << " LIMIT 1");
}

std::optional<ClaimedWebhook> claim_webhook(db::Connection& connection, base::Millis now,
                                            std::span<const WebhookKey> other_than) {
  if (is_paused(connection)) return std::nullopt;
  Sql sql(
      "UPDATE webhooks SET lease_until = ?, fence = fence + 1 WHERE (account_id, id) = (SELECT account_id, "
      "id "
      "FROM webhooks WHERE next_look_at <= ? AND lease_until <= ? AND is_active = 1",
      now + kDeliveryLease, now, now);
  pass_by(sql, other_than);
  sql << " ORDER BY next_look_at, account_id, id LIMIT 1";
  // Differs because on PostgreSQL several claim at once, and each shall pass by what another is just taking.
  if (connection.engine() == db::Engine::postgres) sql << " FOR UPDATE SKIP LOCKED";
  sql << ") RETURNING account_id, id, fence";
  const db::RowsPtr rows = connection.query(sql);
  if (!rows->next()) return std::nullopt;
  const ClaimedWebhook claim{rows->integer(0), rows->integer(1), rows->integer(2)};
  while (rows->next()) {
  }
  return claim;
}

std::optional<DueDelivery> find_due(db::Connection& connection, const ClaimedWebhook& claim,
                                    base::Millis now) {
  if (!hold(connection, claim, now + kDeliveryLease)) return std::nullopt;
  // The maker is asked about for each try: his access may have ended since the event was told.
  const db::RowsPtr rows = connection.query(Sql(
      "SELECT d.id, d.message_id, d.payload, d.attempts, w.url, w.sealed_secret, CASE WHEN "
      "w.old_secret_until > ? THEN w.sealed_old_secret ELSE '' END, d.next_try_at FROM webhooks w JOIN "
      "webhook_deliveries d ON d.account_id = w.account_id AND d.webhook_id = w.id WHERE w.account_id = ? "
      "AND w.id = ? AND w.is_active = 1 AND w.rest_until <= ? AND d.state = 'pending' AND d.next_try_at "
      "<= ? AND " OVERTURE_MAKER_MAY_HEAR("w") " ORDER BY d.next_try_at, d.id LIMIT 1",
      now, claim.account, claim.webhook, now, now));
  if (!rows->next()) return std::nullopt;
  return DueDelivery{.id = rows->integer(0),
                     .message_id = std::string(rows->text(1)),
                     .payload = std::string(rows->text(2)),
                     .attempts = rows->integer(3),
                     .due_at = rows->integer(7),
                     .url = std::string(rows->text(4)),
                     .sealed_secret = std::string(rows->text(5)),
                     .sealed_old_secret = std::string(rows->text(6))};
}

Settled settle(db::Connection& connection, const ClaimedWebhook& claim, const DueDelivery& delivery,
               const Attempt& attempt, base::Millis now, std::uint64_t chance) {
  if (!hold(connection, claim, now + kDeliveryLease)) return Settled::lost;
  if (attempt.error.empty()) {
    note_taken(connection, claim, delivery, attempt, now);
    return Settled::goes_on;
  }
  note_failed(connection, claim, delivery, attempt, now, chance);
  const std::string end = find_end(connection, claim, attempt, now);
  if (end.empty()) return Settled::goes_on;
  switch_off(connection, claim.account, claim.webhook, end);
  return Settled::switched_off;
}

bool release(db::Connection& connection, const ClaimedWebhook& claim, base::Millis now) {
  if (!hold(connection, claim, 0)) return false;
  const bool gave_up = give_up_unheard(connection, claim);
  // Read after the row is held: whoever adds a delivery now waits for it, and looks after us.
  db::Value next = db::Null{};
  {
    const db::RowsPtr rows = connection.query(
        Sql("SELECT MIN(d.next_try_at), MAX(w.rest_until) FROM webhooks w JOIN webhook_deliveries d ON "
            "d.account_id = w.account_id AND d.webhook_id = w.id WHERE w.account_id = ? AND w.id = ? AND "
            "w.is_active = 1 AND d.state = 'pending'",
            claim.account, claim.webhook));
    // What is due already queues behind those that have waited longer.
    if (rows->next() && !rows->is_null(0)) next = std::max({rows->integer(0), rows->integer(1), now});
  }
  connection.execute(Sql("UPDATE webhooks SET next_look_at = ? WHERE account_id = ? AND id = ?", next,
                         claim.account, claim.webhook));
  return gave_up;
}

void release_all(db::Connection& connection) {
  connection.execute(Sql("UPDATE webhooks SET lease_until = 0 WHERE lease_until > 0"));
}

}  // namespace overture::events
