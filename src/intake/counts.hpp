// The books that make answers cheap: change numbers, how many opportunities there are, plain counters.
// All of it runs inside the write of its cause. Each has a row per counter slot, so that writers do not wait.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "db/connection.hpp"

namespace overture::intake {

/// Every write of the account calls this once: what is cached about the account is valid for one change
/// number, and mails that are on their way have their gates asked again. A write that could stop a mail and
/// does not call it lets the mail go.
void note_change(db::Connection& connection, std::int64_t account);
/// Instead of it where a mail was planned or sent: it has to be shown, but stops no mail that is on its way.
void note_progress(db::Connection& connection, std::int64_t account);
/// The sum that note_change() raises: while it stands, nothing was changed that could stop a mail.
std::int64_t stop_number(db::Connection& connection, std::int64_t account);
/// The sum that both raise.
std::int64_t change_number(db::Connection& connection, std::int64_t account);

/// `delta` more opportunities (or fewer) of that kind; `milestone` is 0 for none. Nothing happens for 0.
void count_opportunities(db::Connection& connection, std::int64_t account, std::int64_t project,
                         std::int64_t campaign, std::string_view workflow_status, std::int64_t milestone,
                         std::int64_t delta);

/// Plain counters of an account.
inline constexpr std::string_view kContactsCounter = "contacts";
void count(db::Connection& connection, std::int64_t account, std::string_view name, std::int64_t delta);
std::int64_t counted(db::Connection& connection, std::int64_t account, std::string_view name);

/// Something that is shown inside other objects has changed: a name, a colour, a status.
void bump_names_version(db::Connection& connection, std::int64_t account);

/// Counts anew, for every project of the account, whose milestone ever changed and who was ever marked won.
/// Whoever changes the kind of a milestone calls it, after await_milestones().
void recount_milestones(db::Connection& connection, std::int64_t account);

/// Counts opportunities, contacts and changes of milestones of the account anew.
void rebuild_counts(db::Connection& connection, std::int64_t account);

/// A sum that is not what counting gives.
struct CountDifference {
  std::string what;  ///< readable: `opportunities of campaign 3, inspect, milestone 0`
  std::int64_t kept = 0;
  std::int64_t counted = 0;
};
/// Empty when the books are right. For the doctor; costs a full count.
std::vector<CountDifference> verify_counts(db::Connection& connection, std::int64_t account);

}  // namespace overture::intake
