// Which automations are meant by what has happened; what they do stands in automation_actions.
#include "intake/automations.hpp"

#include <boost/json/parse.hpp>
#include <functional>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "intake/automation_actions.hpp"
#include "intake/automation_conditions.hpp"
#include "intake/counts.hpp"
#include "intake/references.hpp"
#include "intake/stage.hpp"

namespace overture::intake {
namespace {

namespace json = boost::json;
using base::Error;
using base::ErrorCode;
using db::Connection;
using db::Sql;

constexpr db::Literal kSelect =
    "SELECT id, name, project_id, campaign_id, conditions, actions FROM automations WHERE account_id = ? ";

/// Of a row of kSelect.
Automation read_automation(const db::Rows& rows) {
  Automation automation;
  automation.name = rows.text(1);
  automation.project = rows.integer(2);
  automation.campaign = rows.integer(3);
  automation.conditions = parse_conditions(json::parse(rows.text(4)).as_array());
  automation.actions = parse_actions(json::parse(rows.text(5)).as_array());
  return automation;
}

void log_broken(std::int64_t account, std::int64_t automation, std::string_view why) {
  base::log_error("an automation could not be run",
                  {{"account", account}, {"automation", automation}, {"error", why}});
}

struct Found {
  std::int64_t id = 0;
  Automation automation;
};

/// The active ones with one of these triggers that were there at `at`, in the order they were made. One whose
/// rules cannot be read is left out.
std::vector<Found> find_active(Connection& connection, std::int64_t account,
                               const std::vector<std::string_view>& triggers, base::Millis at) {
  Sql sql(kSelect, account);
  sql << Sql("AND is_active = 1 AND trigger_event IN (?", triggers.front());
  for (std::size_t i = 1; i < triggers.size(); ++i) sql << Sql(", ?", triggers[i]);
  sql << Sql(") AND created_at <= ? ORDER BY id", at);
  std::vector<Found> found;
  db::RowsPtr rows = connection.query(sql);
  while (rows->next()) {
    try {
      found.push_back({rows->integer(0), read_automation(*rows)});
    } catch (const std::exception& error) {
      log_broken(account, rows->integer(0), error.what());
    }
  }
  return found;
}

void note_deeds(Connection& connection, std::int64_t account, const Automation& automation,
                std::int64_t opportunity, const std::vector<std::string>& deeds, base::Millis now) {
  if (deeds.empty()) return;
  add_system_note(connection, account, opportunity, {}, now,
                  title_of(automation) + ": " + base::join(deeds, "; "));
}

void add_deed(std::vector<std::string>& deeds, std::string deed) {
  if (!deed.empty()) deeds.push_back(std::move(deed));
}

bool is_launched(const LaunchResult& result) {
  return result.status == LaunchStatus::queued || result.status == LaunchStatus::review;
}

/// All actions, in their order; a launch that is refused does not keep the rest from being done.
void act_on_event(Connection& connection, std::int64_t account, const Automation& automation,
                  std::int64_t opportunity, base::Millis now, const MissingInMail& missing_in_mail) {
  std::vector<std::string> deeds;
  for (const AutomationAction& action : automation.actions) {
    if (action.type != "launch") {
      add_deed(deeds, act(connection, account, automation, action, opportunity, now));
      continue;
    }
    const LaunchResult result = launch(connection, account, opportunity, {}, now, missing_in_mail);
    deeds.push_back(is_launched(result) ? "launched" : "not launched: " + result.reason);
  }
  note_deeds(connection, account, automation, opportunity, deeds, now);
  note_change(connection, account);
}

/// Undoes what `work` has done when it fails, and says so in the log. What the database itself cannot do is
/// tried again as a whole by whoever opened the transaction.
void run_apart(Connection& connection, std::int64_t account, std::int64_t automation,
               const std::function<void()>& work) {
  connection.run_script("SAVEPOINT automation");
  try {
    work();
  } catch (const std::exception& error) {
    const auto* known = dynamic_cast<const Error*>(&error);
    if (known != nullptr && known->code() == ErrorCode::unavailable) throw;
    connection.run_script("ROLLBACK TO automation");
    log_broken(account, automation, error.what());
  }
  connection.run_script("RELEASE automation");
}

}  // namespace

Automation load_automation(Connection& connection, std::int64_t account, std::int64_t id) {
  Sql sql(kSelect, account);
  sql << Sql("AND id = ?", id);
  db::RowsPtr rows = connection.query(sql);
  if (!rows->next()) throw Error(ErrorCode::not_found, "Automation not found");
  return read_automation(*rows);
}

LaunchResult run_automation(Connection& connection, std::int64_t account, const Automation& automation,
                            std::int64_t opportunity, std::optional<std::int64_t> user, base::Millis now,
                            const MissingInMail& missing_in_mail) {
  hold_references(connection, account);
  const std::optional<Standing> standing = find_standing(connection, account, opportunity);
  if (!standing || !is_meant(connection, account, automation, opportunity, *standing)) {
    return {LaunchStatus::skipped, "does not meet the conditions of the automation"};
  }
  const events::ByAutomation by_automation;
  LaunchResult result = launch(connection, account, opportunity, user, now, missing_in_mail);
  if (!is_launched(result)) return result;
  std::vector<std::string> deeds{"launched"};
  for (const AutomationAction& action : automation.actions) {
    if (action.type == "launch") continue;
    add_deed(deeds, act(connection, account, automation, action, opportunity, now));
  }
  note_deeds(connection, account, automation, opportunity, deeds, now);
  return result;
}

void run_automations_when_ready(Connection& connection, std::int64_t account, std::int64_t opportunity,
                                base::Millis now, const MissingInMail& missing_in_mail) {
  for (const Found& found : find_active(connection, account, {"ready"}, now)) {
    bool launched = false;
    run_apart(connection, account, found.id, [&] {
      launched = is_launched(
          run_automation(connection, account, found.automation, opportunity, {}, now, missing_in_mail));
    });
    if (launched) return;
  }
}

void run_triggered_automations(Connection& connection, const events::Noted& event, base::Millis now,
                               const MissingInMail& missing_in_mail) {
  if (event.by_automation || event.opportunity == 0) return;
  const json::object data = json::parse(event.data).as_object();
  std::vector<std::string_view> triggers;
  for (const Trigger& trigger : kTriggers) {
    if (is_meant(trigger, event.kind, data)) triggers.push_back(trigger.name);
  }
  if (triggers.empty()) return;
  const std::int64_t account = event.account;
  const std::vector<Found> automations = find_active(connection, account, triggers, event.at);
  if (automations.empty()) return;
  hold_references(connection, account);
  connection.lock("opportunity " + std::to_string(event.opportunity));
  const events::ByAutomation by_automation;
  for (const Found& found : automations) {
    std::optional<Standing> standing = find_standing(connection, account, event.opportunity);
    if (!standing) return;
    stand_as_told(*standing, event.kind, data);
    run_apart(connection, account, found.id, [&] {
      if (is_meant(connection, account, found.automation, event.opportunity, *standing))
        act_on_event(connection, account, found.automation, event.opportunity, now, missing_in_mail);
    });
  }
}

}  // namespace overture::intake
