#include "api/stage_rights.hpp"

#include "base/error.hpp"

namespace overture::api {

void require_personalizing(Call& call, std::int64_t opportunity) {
  if (may(call.caller.role, Permission::member)) return;
  const bool stands_there = call.db().exists(db::Sql(
      "SELECT 1 FROM opportunities WHERE account_id = ? AND id = ? AND workflow_status = 'personalize'",
      call.scope().account, opportunity));
  if (!stands_there) throw base::Error(base::ErrorCode::access_denied);
}

}  // namespace overture::api
