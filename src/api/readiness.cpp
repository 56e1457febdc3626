#include "api/readiness.hpp"

#include <vector>

#include "outreach/trial.hpp"

namespace overture::api {

intake::MissingInMail missing_in_mail(Call& call) {
  return outreach::missing_at_launch(call.db(), call.services.install, call.scope().account);
}

void settle_readiness(Call& call, std::int64_t opportunity) {
  intake::settle_readiness(call.db(), call.scope().account, opportunity, call.now, missing_in_mail(call));
}

void settle_readiness_of_contact(Call& call, std::int64_t contact) {
  std::vector<std::int64_t> opportunities;
  {
    const db::RowsPtr rows = call.db().query(db::Sql(
        "SELECT o.id FROM opportunity_contacts x JOIN opportunities o ON o.account_id = x.account_id AND "
        "o.id = x.opportunity_id WHERE x.account_id = ? AND x.contact_id = ? AND o.stage_status = "
        "'missing_data' ORDER BY o.id LIMIT 100",
        call.scope().account, contact));
    while (rows->next()) opportunities.push_back(rows->integer(0));
  }
  for (const std::int64_t opportunity : opportunities) settle_readiness(call, opportunity);
}

}  // namespace overture::api
