// What people decide about an opportunity: accept, reject, approve, decline, restore, pause, stop, restart.
#include "api/crud.hpp"
#include "api/readiness.hpp"
#include "api/resources.hpp"
#include "base/error.hpp"
#include "intake/stage.hpp"

namespace overture::api {
namespace {

using base::Error;
using base::ErrorCode;
using rules::StageEvent;

constexpr std::string_view kActions[] = {"accept",  "reject", "approve", "decline",
                                         "restore", "pause",  "stop",    "restart"};
constexpr rest::Input kInputs[] = {{.key = "action",
                                    .required = true,
                                    .allowed = kActions,
                                    .doc = "restore makes a rejected one a prospect again"},
                                   {.key = "comment", .max = 1000, .doc = "why; kept in the notes"}};

struct Standing {
  std::string workflow;
  std::string status;
};

Standing load_standing(Call& call, std::int64_t id) {
  db::RowsPtr rows = call.db().query(
      db::Sql("SELECT workflow_status, stage_status FROM opportunities WHERE account_id = ? AND id = ?",
              call.scope().account, id));
  if (!rows->next()) throw Error(ErrorCode::not_found, std::string(kOpportunities.not_found));
  return {std::string(rows->text(0)), std::string(rows->text(1))};
}

/// Inspectors decide on what is inspected, personalizers give up what they personalize; the rest is for
/// members.
bool may_decide(Role role, StageEvent event, std::string_view workflow) {
  if (may(role, Permission::member)) return true;
  bool inspects = may(role, Permission::inspect);
  switch (event) {
    case StageEvent::accept:
      return inspects;
    case StageEvent::restore:
      return inspects;
    case StageEvent::reject:
      if (workflow == "inspect") return inspects;
      return workflow == "personalize" ? may(role, Permission::personalize) : false;
    default:
      return false;
  }
}

/// Beginning again needs somebody to write to.
void require_reachable(Call& call, std::int64_t id, const Standing& standing) {
  if (standing.workflow != "completed") return;
  const intake::Readiness readiness =
      intake::load_readiness(call.db(), call.scope().account, id, missing_in_mail(call));
  if (readiness.blocklisted) throw Error(ErrorCode::conflict, "This site is on the blocklist");
  if (readiness.opted_out)
    throw Error(ErrorCode::conflict, "Every contact of this opportunity has opted out");
  if (!readiness.missing.empty()) {
    throw Error(ErrorCode::conflict,
                "This opportunity cannot be restarted: " + readiness.missing.front() + " is missing");
  }
}

std::string change_stage(Call& call) {
  std::int64_t id = call.id(0, kOpportunities.not_found);
  require(call, kOpportunities, id);
  rest::Body body(call.body(), kInputs);
  std::string action = body.text("action");
  StageEvent event = rules::find_person_event(action).value();
  std::int64_t account = call.scope().account;
  call.db().lock("opportunity " + std::to_string(id));
  Standing standing = load_standing(call, id);
  if (!may_decide(call.caller.role, event, standing.workflow)) throw Error(ErrorCode::access_denied);
  if (event == StageEvent::restart) require_reachable(call, id, standing);
  if (!intake::change_stage(call.db(), account, id, event, call.scope().user, call.now,
                            body.text("comment"))) {
    throw Error(ErrorCode::conflict,
                "Cannot " + action + " an opportunity in " + standing.workflow + "/" + standing.status);
  }
  settle_readiness(call, id);
  return show_written(call, opportunity_view(kOpportunityWithContacts), id);
}

}  // namespace

void add_stage_routes(Routes& routes) {
  routes.push_back(
      Route(http::Method::post, "/api/opportunities/{opportunity}/stage", Permission::stage, Lane::write,
            change_stage)
          .about("Opportunities",
                 "Decide on an opportunity: accept, reject, approve, decline, restore, pause, stop, "
                 "restart; what cannot happen where it stands answers 409")
          .answers(opportunity_view(kOpportunityWithContacts), kOpportunityWithContactsName)
          .takes(kInputs));
}

}  // namespace overture::api
