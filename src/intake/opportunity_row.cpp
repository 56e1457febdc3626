#include "intake/opportunity_row.hpp"

namespace overture::intake {

std::optional<OpportunityRow> OpportunityRow::open(db::Connection& connection, std::int64_t account,
                                                   std::int64_t id) {
  connection.lock("opportunity " + std::to_string(id));
  static constexpr db::Literal kSelect =
      "SELECT o.project_id, o.campaign_id, o.workflow_status, o.stage_status, o.milestone_id, "
      "COALESCE(m.name, ''), COALESCE(m.kind, ''), o.outreach_started_date, o.last_communication_date, "
      "COALESCE(c.approval_workflow, 0), COALESCE((SELECT a.review FROM attempts a WHERE a.account_id = "
      "o.account_id AND "
      "a.campaign_id = o.campaign_id AND a.number = 1), 0), COALESCE(m.role, '') FROM opportunities o LEFT "
      "JOIN campaigns c ON "
      "c.account_id = o.account_id AND c.id = o.campaign_id LEFT JOIN milestones m ON m.account_id = "
      "o.account_id AND m.id = o.milestone_id WHERE o.account_id = ? AND o.id = ?";
  db::RowsPtr rows = connection.query(db::Sql(kSelect, account, id));
  if (!rows->next()) return std::nullopt;
  OpportunityRow row;
  row.connection_ = &connection;
  row.account_ = account;
  row.id_ = id;
  row.project_ = rows->integer(0);
  row.campaign_ = rows->integer(1);
  row.workflow_ = rows->text(2);
  row.status_ = rows->text(3);
  row.milestone_ = {rows->integer(4), std::string(rows->text(5)), std::string(rows->text(6)),
                    std::string(rows->text(11))};
  row.started_ = !rows->is_null(7);
  if (!rows->is_null(8)) row.last_communication_ = rows->integer(8);
  row.approval_workflow_ = rows->integer(9) != 0;
  row.review_first_ = rows->integer(10) != 0;
  return row;
}

rules::StageFacts OpportunityRow::stage_facts() const {
  return {.approval_workflow = approval_workflow_, .review_first = review_first_, .contacted = started_};
}

void OpportunityRow::set_stage(const rules::Stage& stage, std::string_view reason) {
  workflow_ = stage.workflow;
  status_ = stage.status;
  set("workflow_status = ?, ", workflow_);
  set("stage_status = ?, ", status_);
  set("stage_reason = ?, ", std::string(reason));
}

void OpportunityRow::set_milestone(Milestone milestone, base::Millis at) {
  milestone_ = std::move(milestone);
  set("milestone_id = ?, ", milestone_.id);
  set("milestone_date = ?, ", at);
}

void OpportunityRow::set_started(base::Millis at) {
  started_ = true;
  set("outreach_started_date = ?, ", at);
}

void OpportunityRow::set_communication(base::Millis at, std::string_view type) {
  if (last_communication_ && *last_communication_ >= at) return;
  last_communication_ = at;
  set("last_communication_date = ?, ", at);
  set("last_communication_type = ?, ", std::string(type));
}

void OpportunityRow::set(db::Literal assignment, db::Value value) {
  for (auto& [text, set] : assignments_) {
    if (text.view() != assignment.view()) continue;
    set = std::move(value);
    return;
  }
  assignments_.emplace_back(assignment, std::move(value));
}

void OpportunityRow::write(base::Millis now) {
  if (assignments_.empty()) return;
  db::Sql update("UPDATE opportunities SET ");
  for (auto& [text, value] : assignments_) update << db::Sql(text, std::move(value));
  update << db::Sql("version = version + 1, updated_at = ? WHERE account_id = ? AND id = ?", now, account_,
                    id_);
  connection_->execute(update);
  assignments_.clear();
}

}  // namespace overture::intake
