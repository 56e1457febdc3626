// One row for each change of workflow_status.
#include "intake/stage_events.hpp"

namespace overture::intake {

void note_stage(db::Connection& connection, std::int64_t account, const StageMove& move, base::Millis now) {
  if (move.from == move.to) return;
  static constexpr db::Literal kInsert =
      "INSERT INTO stage_events (account_id, project_id, campaign_id, opportunity_id, user_id, "
      "from_workflow, "
      "to_workflow, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
  connection.execute(db::Sql(kInsert, account, move.project, move.campaign, move.opportunity,
                             move.user.value_or(0), move.from, move.to, now));
}

}  // namespace overture::intake
