// Tasks that the server gives, and tasks that are done by what happens to their opportunity. Runs inside the
// write of its cause.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "db/connection.hpp"

namespace overture::intake {

/// A task that the server gives to people; ids are 0 for none.
struct ServerTask {
  std::int64_t project = 0;
  std::int64_t campaign = 0;
  std::int64_t opportunity = 0;
  std::int64_t communication = 0;
  std::int64_t assigned_to = 0;
  std::string_view type;  ///< reply_needed, bounce, mailbox_error, webhook_error, …
  std::string name;
  std::string description;
  bool ends_with_communication = false;  ///< done as soon as somebody writes
  std::optional<base::Millis> due_date = {};
};
void add_task(db::Connection& connection, std::int64_t account, const ServerTask& task, base::Millis now);
/// Unless one of this project, type and name is still open: one task for one trouble.
void add_task_once(db::Connection& connection, std::int64_t account, const ServerTask& task,
                   base::Millis now);

/// Whether tasks of the project may be given to this user: active, and sees it. Project 0: of some project.
bool may_have_tasks(db::Connection& connection, std::int64_t account, std::int64_t user,
                    std::int64_t project);

/// The opportunity has moved to another milestone: open tasks that wait for that (autocomplete_on_milestone)
/// are completed by nobody. set_milestone() calls it. Returns how many.
std::int64_t complete_tasks_on_milestone(db::Connection& connection, std::int64_t account,
                                         std::int64_t opportunity, base::Millis now);

/// The same for autocomplete_on_communication: whoever stores a message that a person sent from here (a
/// reply, a submitted form) or a human inbound mail calls it.
std::int64_t complete_tasks_on_communication(db::Connection& connection, std::int64_t account,
                                             std::int64_t opportunity, base::Millis now);

}  // namespace overture::intake
