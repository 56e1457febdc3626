#include "intake/automation_conditions.hpp"

#include <algorithm>

namespace overture::intake {
namespace {

namespace json = boost::json;
using db::Connection;
using db::Sql;

/// `data.<side>.<key>`; null when it is not there.
const json::value* find_in(const json::object& data, std::string_view side, std::string_view key) {
  const json::value* value = data.if_contains(side);
  return value != nullptr && value->is_object() ? value->get_object().if_contains(key) : nullptr;
}

std::string text_in(const json::object& data, std::string_view side, std::string_view key) {
  const json::value* value = find_in(data, side, key);
  return value != nullptr && value->is_string() ? std::string(std::string_view(value->get_string()))
                                                : std::string();
}

bool holds(Connection& connection, std::int64_t account, std::int64_t opportunity, const Standing& standing,
           const AutomationCondition& condition) {
  bool found = false;
  if (condition.field == "tag") {
    found = connection.exists(
        Sql("SELECT 1 FROM opportunity_tags WHERE account_id = ? AND opportunity_id = ? AND tag_id = ?",
            account, opportunity, condition.id));
  } else if (condition.field == "milestone") {
    found = standing.milestone == condition.id;
  } else {
    found = (condition.field == "workflow_status" ? standing.workflow : standing.status) == condition.text;
  }
  return found == condition.is;
}

}  // namespace

std::optional<Standing> find_standing(Connection& connection, std::int64_t account,
                                      std::int64_t opportunity) {
  db::RowsPtr rows = connection.query(
      Sql("SELECT project_id, campaign_id, milestone_id, workflow_status, stage_status FROM opportunities "
          "WHERE account_id = ? AND id = ?",
          account, opportunity));
  if (!rows->next()) return std::nullopt;
  return Standing{rows->integer(0), rows->integer(1), rows->integer(2), std::string(rows->text(3)),
                  std::string(rows->text(4))};
}

void stand_as_told(Standing& standing, std::string_view kind, const json::object& data) {
  if (kind == kind_name(events::Kind::milestone_changed)) {
    const json::value* id = find_in(data, "new", "id");
    standing.milestone = id != nullptr && id->is_int64() ? id->get_int64() : 0;
  } else if (kind == kind_name(events::Kind::stage_changed)) {
    standing.workflow = text_in(data, "new", "workflow_status");
    standing.status = text_in(data, "new", "stage_status");
  }
}

bool is_meant(const Trigger& trigger, std::string_view kind, const json::object& data) {
  const auto fits = [&](std::string_view wanted, std::string_view side, std::string_view key) {
    return wanted.empty() || text_in(data, side, key) == wanted;
  };
  return kind == kind_name(trigger.kind) && fits(trigger.workflow, "new", "workflow_status") &&
         fits(trigger.status, "new", "stage_status") && fits(trigger.from_status, "previous", "stage_status");
}

bool is_meant(Connection& connection, std::int64_t account, const Automation& automation,
              std::int64_t opportunity, const Standing& standing) {
  if (automation.project > 0 && automation.project != standing.project) return false;
  if (automation.campaign > 0 && automation.campaign != standing.campaign) return false;
  return std::all_of(automation.conditions.begin(), automation.conditions.end(),
                     [&](const AutomationCondition& condition) {
                       return holds(connection, account, opportunity, standing, condition);
                     });
}

}  // namespace overture::intake
