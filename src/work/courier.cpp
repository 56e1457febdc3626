#include "work/courier.hpp"

#include <vector>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "events/signature.hpp"
#include "intake/counts.hpp"
#include "work/webhook_help.hpp"

namespace overture::work {
namespace {

constexpr base::Millis kTimeout = 15 * base::kSecond;
static_assert(kTimeout * 2 < events::kDeliveryLease);
/// Of one webhook, before others come to their turn.
constexpr int kMostOfOneTurn = 20;
constexpr base::Millis kLongestTurn = 5 * base::kSecond;
constexpr std::size_t kShownBytes = 1000;

constexpr int kTooManyRequests = 429;
constexpr int kServiceUnavailable = 503;

/// Text that may be stored and shown: whole characters, no control characters but line ends.
std::string readable(std::string_view bytes) {
  std::string text;
  while (!bytes.empty()) {
    if (const auto code_point = base::take_code_point(bytes)) {
      const bool control = *code_point < 0x20 || (*code_point >= 0x7f && *code_point < 0xa0);
      if (!control || *code_point == '\n' || *code_point == '\t') base::append_utf8(text, *code_point);
    } else {
      bytes.remove_prefix(1);
    }
  }
  return text;
}

events::Attempt judged(const net::Fetched& answer) {
  events::Attempt attempt{.status = answer.status, .response = readable(answer.body)};
  if (answer.status >= 200 && answer.status < 300) return attempt;
  attempt.error = "It answered " + std::to_string(answer.status);
  if (answer.status >= 300 && answer.status < 400) attempt.error += ", and redirects are not followed";
  const bool busy = answer.status == kTooManyRequests || answer.status == kServiceUnavailable;
  if (busy) attempt.retry_after = answer.retry_after;
  return attempt;
}

/// What was given up with it shows in lists.
void free_webhook(db::Connection& connection, const events::ClaimedWebhook& claim, base::Millis now) {
  if (events::release(connection, claim, now)) intake::note_change(connection, claim.account);
}

}  // namespace

bool Courier::deliver_next() {
  SlowReceivers::Place place(slow_);
  std::optional<Turn> turn = begin(place.taken() ? std::vector<events::WebhookKey>() : slow_.all());
  if (!turn) return false;
  if (!slow_.contains(turn->key())) place.give_back();
  reach("webhook claimed");
  const base::Millis begun = parts_.clock.now();
  for (int made = 1; turn->due; ++made) {
    const base::Millis called = parts_.clock.now();
    const std::optional<events::Attempt> made_attempt = attempt(*turn);
    slow_.note(turn->key(), parts_.clock.now() - called);
    if (!made_attempt) {
      give_back(*turn);
      return false;
    }
    reach("webhook answered");
    settle(*turn, *made_attempt, made < kMostOfOneTurn && parts_.clock.now() - begun < kLongestTurn);
    reach("webhook settled");
  }
  return true;
}

std::optional<Courier::Turn> Courier::begin(const std::vector<events::WebhookKey>& other_than) {
  const bool due = parts_.database.read([&](db::Connection& connection) {
    return events::is_webhook_due(connection, parts_.clock.now(), other_than);
  });
  if (!due) return std::nullopt;
  return parts_.database.write([&](db::Connection& connection) -> std::optional<Turn> {
    const base::Millis now = parts_.clock.now();
    const std::optional<events::ClaimedWebhook> claim = events::claim_webhook(connection, now, other_than);
    if (!claim) return std::nullopt;
    Turn turn{*claim, events::find_due(connection, *claim, now)};
    if (!turn.due) free_webhook(connection, *claim, now);
    return turn;
  });
}

net::Outgoing Courier::sign(const Turn& turn) const {
  const auto& [account, webhook, fence] = turn.claim;
  std::vector<std::string> secrets{
      parts_.sealer.open(turn.due->sealed_secret, events::secret_place(account, webhook))};
  if (!turn.due->sealed_old_secret.empty()) {
    secrets.push_back(
        parts_.sealer.open(turn.due->sealed_old_secret, events::old_secret_place(account, webhook)));
  }
  const base::Millis now = parts_.clock.now();
  return {{{"content-type", "application/json"},
           {"webhook-id", turn.due->message_id},
           {"webhook-timestamp", std::to_string(now / base::kSecond)},
           {"webhook-signature", events::sign(secrets, turn.due->message_id, now, turn.due->payload)}},
          turn.due->payload};
}

std::optional<events::Attempt> Courier::attempt(const Turn& turn) const {
  try {
    return judged(parts_.client.post(turn.due->url, sign(turn),
                                     {.max_bytes = kShownBytes,
                                      .timeout = kTimeout,
                                      .max_redirects = 0,
                                      .allow_private = parts_.allow_private,
                                      .cut_body = true,
                                      .stop = parts_.stop}));
  } catch (const base::Error& error) {
    if (parts_.stop != nullptr && parts_.stop->load()) return std::nullopt;
    return events::Attempt{.error = error.message()};
  }
}

void Courier::settle(Turn& turn, const events::Attempt& attempt, bool may_go_on) {
  const std::uint64_t chance = parts_.chance();
  std::optional<events::DueDelivery> next;
  const events::Settled settled = parts_.database.write([&](db::Connection& connection) {
    const base::Millis now = parts_.clock.now();
    next.reset();
    const events::Settled outcome = events::settle(connection, turn.claim, *turn.due, attempt, now, chance);
    if (outcome == events::Settled::lost) return outcome;
    intake::note_change(connection, turn.claim.account);
    if (outcome == events::Settled::switched_off) {
      ask_for_help(connection, turn.claim.account, turn.claim.webhook, now);
    } else if (may_go_on) {
      next = events::find_due(connection, turn.claim, now);
    }
    if (!next) free_webhook(connection, turn.claim, now);
    return outcome;
  });
  if (!attempt.error.empty()) {
    base::log_info("webhook not delivered", {{"account", turn.claim.account},
                                             {"webhook", turn.claim.webhook},
                                             {"delivery", turn.due->id},
                                             {"problem", attempt.error},
                                             {"switched_off", settled == events::Settled::switched_off}});
  }
  turn.due = std::move(next);
}

void Courier::give_back(const Turn& turn) {
  parts_.database.write(
      [&](db::Connection& connection) { free_webhook(connection, turn.claim, parts_.clock.now()); });
}

void Courier::rescue() {
  parts_.database.write([](db::Connection& connection) { events::release_all(connection); });
}

}  // namespace overture::work
