// Deliveries on their way: claimed, tried, settled. One at a time for each webhook, whoever makes it; at
// least once, under one message id. Inside a write.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "base/clock.hpp"
#include "db/connection.hpp"

namespace overture::events {

/// How long a claim holds; longer than a try may take.
inline constexpr base::Millis kDeliveryLease = base::kMinute;
/// Tries of one delivery; the pauses between them are those of Standard Webhooks' example schedule.
inline constexpr std::int64_t kMostAttempts = 10;
/// A webhook that has done nothing but fail for so long is switched off.
inline constexpr base::Millis kFailingTooLong = 5 * base::kDay;

struct WebhookKey {
  std::int64_t account = 0;
  std::int64_t webhook = 0;
  friend auto operator<=>(const WebhookKey&, const WebhookKey&) = default;
};

/// A webhook that this claim alone may call until its lease ends.
struct ClaimedWebhook {
  std::int64_t account = 0;
  std::int64_t webhook = 0;
  std::int64_t fence = 0;
};

/// What is to be sent now, and where.
struct DueDelivery {
  std::int64_t id = 0;
  std::string message_id;
  std::string payload;
  std::int64_t attempts = 0;  ///< before this one
  base::Millis due_at = 0;    ///< another, or other attempts, when it was begun anew meanwhile
  std::string url;
  std::string sealed_secret;
  std::string sealed_old_secret;  ///< empty when only one signs
};

/// How a try went.
struct Attempt {
  std::int64_t status = 0;       ///< of the answer; 0: there was none
  std::string response;          ///< its first bytes, UTF-8
  std::string error;             ///< for people; empty when it was taken
  base::Millis retry_after = 0;  ///< how long the receiver asks to be left alone; 0: it does not
};

/// What follows from it.
enum class Settled {
  goes_on,       ///< the claim holds
  lost,          ///< somebody else has the webhook, or it is gone: nothing was written
  switched_off,  ///< it answered 410, or has failed too long
};

/// Whether claim_webhook() would find one. For a reader.
bool is_webhook_due(db::Connection& connection, base::Millis now, std::span<const WebhookKey> other_than);

/// The webhook that waits longest, other than these few.
std::optional<ClaimedWebhook> claim_webhook(db::Connection& connection, base::Millis now,
                                            std::span<const WebhookKey> other_than);

/// The next delivery of a claimed webhook, for which the claim is prolonged. Empty when the claim is lost,
/// nothing is due or its maker may not hear of it any more; give it back then.
std::optional<DueDelivery> find_due(db::Connection& connection, const ClaimedWebhook& claim,
                                    base::Millis now);

/// What was redelivered since it was found stays as the redelivery has set it. `chance`: any 64 bits, spread
/// pauses.
Settled settle(db::Connection& connection, const ClaimedWebhook& claim, const DueDelivery& delivery,
               const Attempt& attempt, base::Millis now, std::uint64_t chance);

/// The webhook is free, and looked at again when something is due. When its maker may not hear of it any
/// more, what waits has failed, as when it is switched off; true when something did.
bool release(db::Connection& connection, const ClaimedWebhook& claim, base::Millis now);

/// The claims of processes that died, where no other process lives.
void release_all(db::Connection& connection);

}  // namespace overture::events
