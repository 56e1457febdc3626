// One statement an event; it writes nothing where nobody listens.
#include "events/event.hpp"

#include <boost/json/serialize.hpp>
#include <string>

namespace overture::events {
namespace {

thread_local bool by_automation = false;

}  // namespace

void note(db::Connection& connection, std::int64_t account, const Event& event, base::Millis now) {
  static constexpr db::Literal kInsert =
      "INSERT INTO events (account_id, kind, project_id, opportunity_id, data, by_automation, created_at) "
      "SELECT a.id, ?, ?, ?, ?, ?, ? FROM accounts a WHERE a.id = ? AND (EXISTS (SELECT 1 FROM webhooks w "
      "WHERE w.account_id = a.id AND w.is_active = 1) OR EXISTS (SELECT 1 FROM automations t WHERE "
      "t.account_id = a.id AND t.is_active = 1 AND t.trigger_event NOT IN ('launch_call', 'ready')))";
  connection.execute(db::Sql(kInsert, kind_name(event.kind), event.project, event.opportunity,
                             boost::json::serialize(event.data), by_automation ? 1 : 0, now, account));
}

ByAutomation::ByAutomation() : before_(by_automation) { by_automation = true; }
ByAutomation::~ByAutomation() { by_automation = before_; }

}  // namespace overture::events
