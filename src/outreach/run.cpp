#include "outreach/run.hpp"

namespace overture::outreach {

Run unlaunched_run(std::int64_t account, std::int64_t opportunity, std::int64_t project,
                   std::int64_t campaign) {
  return {.account = account, .opportunity = opportunity, .project = project, .campaign = campaign, .run = 0};
}

std::optional<Run> find_run(db::Connection& connection, std::int64_t account, std::int64_t opportunity) {
  db::RowsPtr rows = connection.query(db::Sql(
      "SELECT project_id, campaign_id, run, contact_id, email_account_id, user_id, next_attempt, due_at, "
      "state, why FROM outreach_runs WHERE account_id = ? AND opportunity_id = ?",
      account, opportunity));
  if (!rows->next()) return std::nullopt;
  return Run{.account = account,
             .opportunity = opportunity,
             .project = rows->integer(0),
             .campaign = rows->integer(1),
             .run = rows->integer(2),
             .contact = rows->integer(3),
             .email_account = rows->integer(4),
             .user = rows->integer(5),
             .next_attempt = rows->integer(6),
             .due_at = rows->integer(7),
             .state = std::string(rows->text(8)),
             .why = std::string(rows->text(9))};
}

std::optional<std::string> why_over(const std::optional<Run>& run, std::int64_t number) {
  if (run && run->state != "over" && run->run == number) return std::nullopt;
  return run && !run->why.empty() ? run->why : "the outreach is over";
}

void store_run(db::Connection& connection, const Run& run) {
  connection.execute(
      db::Sql("UPDATE outreach_runs SET contact_id = ?, email_account_id = ?, next_attempt = ?, due_at = ?, "
              "state = ?, why = ? WHERE account_id = ? AND opportunity_id = ?",
              run.contact, run.email_account, run.next_attempt, run.due_at, run.state, run.why, run.account,
              run.opportunity));
}

}  // namespace overture::outreach
