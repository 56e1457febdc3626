// One function for each type of action.
#include "intake/automation_actions.hpp"

#include <algorithm>

#include "intake/opportunity.hpp"
#include "intake/stage.hpp"
#include "intake/tasks.hpp"

namespace overture::intake {
namespace {

using db::Connection;
using db::Sql;

constexpr base::Millis kDay = 86'400'000;

/// What an action is done to.
struct Target {
  Connection& connection;
  std::int64_t account;
  std::int64_t opportunity;
  base::Millis now;
};

bool asks_for_milestone(const Automation& automation) {
  return std::any_of(automation.conditions.begin(), automation.conditions.end(),
                     [](const AutomationCondition& condition) { return condition.field == "milestone"; });
}

std::string move_to(const Target& target, const Automation& automation, std::int64_t milestone) {
  std::optional<OpportunityRow> row =
      OpportunityRow::open(target.connection, target.account, target.opportunity);
  if (!row) return {};
  Milestone to = find_milestone(target.connection, target.account, milestone);
  if (!to.exists()) return {};
  if (!asks_for_milestone(automation) && milestone_is_by_person(*row)) {
    return "the milestone stays, because a person has set it";
  }
  const std::string name = to.name;
  const std::string before = row->workflow();
  if (!move_to_milestone(*row, std::move(to), {}, target.now, StageNote::left_to_caller)) return {};
  const bool stops = row->workflow() != before;
  row->write(target.now);
  return "milestone set to " + name + (stops ? ", outreach stopped" : "");
}

std::string tag_name(const Target& target, std::int64_t tag) {
  return target.connection.text(Sql(
      "SELECT name FROM tags WHERE account_id = ? AND id = ? AND type = 'opportunity'", target.account, tag));
}

std::string add_tag(const Target& target, std::int64_t tag) {
  const std::string name = tag_name(target, tag);
  if (name.empty()) return {};
  const std::int64_t added = target.connection.execute(
      Sql("INSERT INTO opportunity_tags (account_id, opportunity_id, tag_id, tagged_at) VALUES (?, ?, ?, ?) "
          "ON CONFLICT (account_id, opportunity_id, tag_id) DO NOTHING",
          target.account, target.opportunity, tag, target.now));
  if (added == 0) return {};
  touch_opportunity(target.connection, target.account, target.opportunity, target.now);
  return "tag " + name + " added";
}

std::string remove_tag(const Target& target, std::int64_t tag) {
  const std::string name = tag_name(target, tag);
  const std::int64_t removed = target.connection.execute(
      Sql("DELETE FROM opportunity_tags WHERE account_id = ? AND opportunity_id = ? AND tag_id = ?",
          target.account, target.opportunity, tag));
  if (removed == 0) return {};
  touch_opportunity(target.connection, target.account, target.opportunity, target.now);
  return "tag " + name + " removed";
}

std::string give_task(const Target& target, const AutomationAction& action) {
  std::int64_t project = 0;
  std::int64_t campaign = 0;
  {
    db::RowsPtr rows = target.connection.query(
        Sql("SELECT project_id, campaign_id FROM opportunities WHERE account_id = ? AND id = ?",
            target.account, target.opportunity));
    if (!rows->next()) return {};
    project = rows->integer(0);
    campaign = rows->integer(1);
  }
  const bool is_theirs =
      action.id != 0 && may_have_tasks(target.connection, target.account, action.id, project);
  std::optional<base::Millis> due;
  if (action.due_in_days) due = target.now + *action.due_in_days * kDay;
  add_task(target.connection, target.account,
           {.project = project,
            .campaign = campaign,
            .opportunity = target.opportunity,
            .assigned_to = is_theirs ? action.id : 0,
            .type = "custom",
            .name = action.text,
            .description = action.description,
            .due_date = due},
           target.now);
  return "task “" + action.text + "” added";
}

std::string take_step(const Target& target, const Automation& automation, rules::StageEvent event,
                      std::string_view done) {
  const bool changed = change_stage(target.connection, target.account, target.opportunity, event, {},
                                    target.now, title_of(automation), StageNote::left_to_caller)
                           .has_value();
  return changed ? std::string(done) : std::string();
}

}  // namespace

std::string act(Connection& connection, std::int64_t account, const Automation& automation,
                const AutomationAction& action, std::int64_t opportunity, base::Millis now) {
  const Target target{connection, account, opportunity, now};
  if (action.type == "set_milestone") return move_to(target, automation, action.id);
  if (action.type == "add_tag") return add_tag(target, action.id);
  if (action.type == "remove_tag") return remove_tag(target, action.id);
  if (action.type == "add_task") return give_task(target, action);
  if (action.type == "pause")
    return take_step(target, automation, rules::StageEvent::pause, "outreach paused");
  if (action.type == "stop")
    return take_step(target, automation, rules::StageEvent::stop, "outreach stopped");
  if (action.type == "add_note") {
    add_system_note(connection, account, opportunity, {}, now, title_of(automation) + ": " + action.text);
  }
  return {};
}

std::string title_of(const Automation& automation) { return "Automation “" + automation.name + "”"; }

}  // namespace overture::intake
