// How a reply from the inbox ends. Inside the write of its cause.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/clock.hpp"
#include "db/connection.hpp"
#include "intake/tasks.hpp"

namespace overture::outreach {

/// Taken out of the outbox with its final status (sent, cancelled or failed) and, unless it was sent, why
/// not.
void close_reply(db::Connection& connection, std::int64_t account, std::int64_t reply,
                 std::string_view status, std::string_view failure);

/// A task for whoever wrote the reply, where it belongs; type and texts are the caller's. nullopt when there
/// is no such reply, or it has failed or been cancelled already.
std::optional<intake::ServerTask> task_about_reply(db::Connection& connection, std::int64_t account,
                                                   std::int64_t reply);

/// It will not be sent: somebody is asked to see to it.
void fail_reply(db::Connection& connection, std::int64_t account, std::int64_t reply, std::string_view why,
                base::Millis now);
/// It is cancelled because of something that has happened since it was written: its writer is told.
void withdraw_reply(db::Connection& connection, std::int64_t account, std::int64_t reply,
                    std::string_view why, base::Millis now);
/// All that wait for a mailbox which is gone.
void fail_waiting_replies(db::Connection& connection, std::int64_t account, std::int64_t email_account,
                          std::string_view why, base::Millis now);

/// He has written again: replies to him (or to where he wants answers to) that belong to no opportunity, and
/// were to be dropped in that case, are. Those of an opportunity are dropped by whatever comes in for it.
void drop_replies_to(db::Connection& connection, std::int64_t account, std::string_view address);

/// It was sent at `at`: dates of its opportunity, and tasks that waited for an answer.
void take_sent_reply(db::Connection& connection, std::int64_t account, std::int64_t reply, base::Millis at,
                     base::Millis now);

}  // namespace overture::outreach
