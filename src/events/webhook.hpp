// Who is told of events over HTTP, and what is to be sent to them. Inside a write.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/seal.hpp"
#include "db/connection.hpp"
#include "events/noted.hpp"

namespace overture::events {

/// What POST …/test sends; not one of kKindNames.
inline constexpr std::string_view kTestType = "webhook.test";

/// SQL: whether the maker of a webhook (called WEBHOOK) may still hear of it. What a user without all
/// projects has made ends with his access; what an admin made outlives him.
#define OVERTURE_MAKER_MAY_HEAR(WEBHOOK)                                                                  \
  "EXISTS (SELECT 1 FROM users maker WHERE maker.account_id = " WEBHOOK                                   \
  ".account_id AND maker.id = " WEBHOOK                                                                   \
  ".created_by AND (maker.role = 'admin' OR (maker.status = 'active' AND EXISTS (SELECT 1 FROM "          \
  "project_access pa WHERE pa.account_id = maker.account_id AND pa.user_id = maker.id AND pa.project_id " \
  "= " WEBHOOK ".project_id))))"
/// What people are told when he may not.
#define OVERTURE_MAKER_MAY_NOT_HEAR "Its maker does not see the project any more"

bool maker_may_hear(db::Connection& connection, std::int64_t account, std::int64_t webhook);

/// A delivery for each active webhook that wants the event: of its type and project, and made by somebody who
/// may still hear of it. The payload is what is true now. Returns how many there are.
std::size_t queue_deliveries(db::Connection& connection, const Noted& event, base::Millis now);

/// A delivery that says nothing but that it arrives; returns its id, or 0 when the webhook is gone meanwhile.
std::int64_t queue_test(db::Connection& connection, std::int64_t account, std::int64_t webhook,
                        base::Millis now);

/// Sends it once more, as if for the first time, under the same message id; a try that is under way then
/// writes nothing about it any more (settle()). False while a claim that holds is sending just this one: it
/// stays as it is.
bool redeliver(db::Connection& connection, std::int64_t account, std::int64_t webhook, std::int64_t delivery,
               base::Millis now);
/// The same for all that failed and were made at `since` or later; returns how many.
std::int64_t redeliver_failed(db::Connection& connection, std::int64_t account, std::int64_t webhook,
                              base::Millis since, base::Millis now);

/// Nothing more is sent; what waits has failed. `why`: for people; empty when a person did it.
void switch_off(db::Connection& connection, std::int64_t account, std::int64_t webhook, std::string_view why);
/// With a clean slate.
void switch_on(db::Connection& connection, std::int64_t account, std::int64_t webhook);
/// With its deliveries.
void remove_webhook(db::Connection& connection, std::int64_t account, std::int64_t webhook);

/// Forgets deliveries that were made 30 days ago and wait for nothing, some thousands at a time; false when
/// none are left.
bool forget_old_deliveries(db::Connection& connection, base::Millis now);

}  // namespace overture::events
