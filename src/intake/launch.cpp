// Contacts against opt-outs, the site against the blocklist, required fields against values.
#include "intake/launch.hpp"

#include <array>

#include "base/text.hpp"
#include "intake/automations.hpp"
#include "intake/blocklist.hpp"
#include "intake/stage.hpp"
#include "intake/unsubscribe.hpp"

namespace overture::intake {
namespace {

using rules::StageEvent;

struct Place {
  std::int64_t project = 0;
  std::int64_t campaign = 0;
  std::string host;
};

Place load_place(db::Connection& connection, std::int64_t account, std::int64_t opportunity) {
  static constexpr db::Literal kSelect =
      "SELECT o.project_id, o.campaign_id, d.name FROM opportunities o "
      "LEFT JOIN domains d ON d.account_id = o.account_id AND d.id = o.domain_id WHERE o.account_id = ? AND "
      "o.id = ?";
  db::RowsPtr rows = connection.query(db::Sql(kSelect, account, opportunity));
  if (!rows->next()) return {};
  return {rows->integer(0), rows->integer(1), std::string(rows->text(2))};
}

bool is_blocklisted(db::Connection& connection, std::int64_t account, const Place& place) {
  if (place.host.empty()) return false;
  return !find_blocked(connection, account, place.project, std::span(&place.host, 1)).empty();
}

struct Linked {
  std::string address;
  bool has_bounced = false;
};

/// The contacts who have not unsubscribed; `any`: whether there are any at all.
std::vector<Linked> load_linked(db::Connection& connection, std::int64_t account, std::int64_t opportunity,
                                bool& any) {
  static constexpr db::Literal kSelect =
      "SELECT k.email, k.is_unsubscribed, k.bounced_at FROM opportunity_contacts x JOIN contacts k ON "
      "k.account_id = x.account_id AND k.id = x.contact_id WHERE x.account_id = ? AND x.opportunity_id = ?";
  std::vector<Linked> linked;
  db::RowsPtr rows = connection.query(db::Sql(kSelect, account, opportunity));
  while (rows->next()) {
    any = true;
    if (rows->integer(1) == 0) linked.push_back({std::string(rows->text(0)), !rows->is_null(2)});
  }
  return linked;
}

void add_labels(std::vector<std::string>& missing, db::Connection& connection, const db::Sql& sql) {
  db::RowsPtr rows = connection.query(sql);
  while (rows->next()) missing.emplace_back(rows->text(0));
}

constexpr std::array<std::string_view, 5> kStatusNames = {"queued", "review", "missing_data", "skipped",
                                                          "error"};

/// What an opportunity that stands in missing_data waits for is something else by now, or less.
void tell_missing(db::Connection& connection, std::int64_t account, std::int64_t opportunity,
                  const std::string& reason) {
  connection.execute(db::Sql(
      "UPDATE opportunities SET stage_reason = ? WHERE account_id = ? AND id = ? AND stage_reason <> ?",
      reason, account, opportunity, reason));
  connection.execute(db::Sql(
      "UPDATE outreach_runs SET why = ? WHERE account_id = ? AND opportunity_id = ? AND state = 'held'",
      reason, account, opportunity));
}

/// Of an opportunity that stands here.
LaunchPlace place_of(std::string_view workflow, std::string_view status, bool approval) {
  using enum LaunchObstacle;
  if (workflow == "outreach") return {under_way, "is in outreach already"};
  if (workflow == "compose") return {under_way, "its first mail waits for review already"};
  if (workflow == "completed") return {under_way, "its outreach is over; restart it"};
  if (workflow == "rejected") return {under_way, "was rejected"};
  if (workflow == "deleted") return {under_way, "was removed"};
  if (status == "awaiting_approval" || (workflow == "inspect" && approval)) {
    return {not_approved, "has to be approved first"};
  }
  if (status == "finding_contacts") return {finding_contacts, "its contacts are being looked for"};
  return {};
}

}  // namespace

std::string missing_reason(const std::vector<std::string>& missing) {
  return "missing: " + base::join(missing, ", ");
}

std::string_view launch_status_name(LaunchStatus status) {
  return kStatusNames.at(static_cast<std::size_t>(status));
}

Readiness load_readiness(db::Connection& connection, std::int64_t account, std::int64_t opportunity) {
  Readiness readiness;
  Place place = load_place(connection, account, opportunity);
  readiness.blocklisted = is_blocklisted(connection, account, place);
  bool any = false;
  std::vector<Linked> linked = load_linked(connection, account, opportunity, any);
  std::erase_if(linked, [&](const Linked& each) {
    return is_suppressed(connection, account, place.project, each.address);
  });
  readiness.opted_out = any && linked.empty();
  readiness.bounced =
      any && !readiness.opted_out &&
      std::all_of(linked.begin(), linked.end(), [](const Linked& each) { return each.has_bounced; });
  readiness.has_contact = any;
  if (!any) readiness.missing.emplace_back("contact");
  static constexpr db::Literal kPersonalization =
      "SELECT f.label FROM personalization_fields f LEFT JOIN personalization_values v ON v.account_id = "
      "f.account_id "
      "AND v.opportunity_id = ? AND v.field_id = f.id WHERE f.account_id = ? AND f.required = 1 AND "
      "f.project_id IN (0, ?) AND f.campaign_id IN (0, ?) AND (v.value IS NULL OR v.value = '') ORDER BY "
      "f.id";
  static constexpr db::Literal kCustom =
      "SELECT f.label FROM custom_fields f LEFT JOIN custom_field_values v ON v.account_id = f.account_id "
      "AND "
      "v.opportunity_id = ? AND v.field_id = f.id WHERE f.account_id = ? AND f.is_required_personalization = "
      "1 AND "
      "(v.value IS NULL OR v.value = '') ORDER BY f.id";
  add_labels(readiness.missing, connection,
             db::Sql(kPersonalization, opportunity, account, place.project, place.campaign));
  add_labels(readiness.missing, connection, db::Sql(kCustom, opportunity, account));
  return readiness;
}

Readiness load_readiness(db::Connection& connection, std::int64_t account, std::int64_t opportunity,
                         const MissingInMail& missing_in_mail) {
  Readiness readiness = load_readiness(connection, account, opportunity);
  if (readiness.missing.empty()) readiness.missing = missing_in_mail(opportunity);
  return readiness;
}

LaunchPlace find_launch_place(db::Connection& connection, std::int64_t account, std::int64_t opportunity) {
  db::RowsPtr rows =
      connection.query(db::Sql("SELECT o.workflow_status, o.stage_status, c.approval_workflow, c.status, "
                               "p.status FROM opportunities o "
                               "JOIN campaigns c ON c.account_id = o.account_id AND c.id = o.campaign_id "
                               "JOIN projects p ON p.account_id = o.account_id AND p.id = o.project_id "
                               "WHERE o.account_id = ? AND o.id = ?",
                               account, opportunity));
  if (!rows->next()) return {LaunchObstacle::gone, "Opportunity not found"};
  const LaunchPlace place = place_of(rows->text(0), rows->text(1), rows->integer(2) != 0);
  if (place.obstacle != LaunchObstacle::none) return place;
  if (rows->text(3) != "active") return {LaunchObstacle::inactive, "its campaign is archived or deleted"};
  if (rows->text(4) != "active") return {LaunchObstacle::inactive, "its project is archived or deleted"};
  return place;
}

LaunchResult launch(db::Connection& connection, std::int64_t account, std::int64_t opportunity,
                    std::optional<std::int64_t> user, base::Millis now,
                    const MissingInMail& missing_in_mail) {
  connection.lock("opportunity " + std::to_string(opportunity));
  const LaunchPlace place = find_launch_place(connection, account, opportunity);
  if (place.obstacle != LaunchObstacle::none) {
    const bool gone = place.obstacle == LaunchObstacle::gone;
    return {gone ? LaunchStatus::error : LaunchStatus::skipped, std::string(place.reason)};
  }
  const Readiness readiness = load_readiness(connection, account, opportunity, missing_in_mail);
  if (readiness.blocklisted) return {LaunchStatus::skipped, "its site is on the blocklist"};
  if (readiness.opted_out) return {LaunchStatus::skipped, "every contact has opted out"};
  if (readiness.bounced) return {LaunchStatus::skipped, "every address has bounced"};
  if (!readiness.missing.empty()) {
    std::string reason = missing_reason(readiness.missing);
    if (!change_stage(connection, account, opportunity, StageEvent::data_missing, user, now, reason)) {
      tell_missing(connection, account, opportunity, reason);
    }
    return {LaunchStatus::missing_data, std::move(reason)};
  }
  std::optional<StageChange> change =
      change_stage(connection, account, opportunity, StageEvent::launch, user, now);
  if (!change) return {LaunchStatus::skipped, "cannot be launched from where it stands"};
  return {change->to.workflow == "compose" ? LaunchStatus::review : LaunchStatus::queued, {}};
}

void settle_readiness(db::Connection& connection, std::int64_t account, std::int64_t opportunity,
                      base::Millis now, const MissingInMail& missing_in_mail) {
  connection.lock("opportunity " + std::to_string(opportunity));
  std::string status =
      connection.text(db::Sql("SELECT stage_status FROM opportunities WHERE account_id = ? AND id = ? AND "
                              "(workflow_status = 'personalize' OR "
                              "stage_status = 'bounced')",
                              account, opportunity));
  if (status != "pending" && status != "missing_data" && status != "bounced") return;
  const bool was_missing = status == "missing_data";
  const Readiness readiness = was_missing ? load_readiness(connection, account, opportunity, missing_in_mail)
                                          : load_readiness(connection, account, opportunity);
  if (status == "bounced") {
    bool fresh = connection.exists(db::Sql(
        "SELECT 1 FROM opportunity_contacts x WHERE x.account_id = ? AND x.opportunity_id = ? AND NOT EXISTS "
        "(SELECT 1 FROM outreach_emails e WHERE e.account_id = x.account_id AND "
        "e.opportunity_id = x.opportunity_id AND e.contact_id = x.contact_id)",
        account, opportunity));
    if (!fresh || readiness.opted_out || readiness.bounced) return;
    change_stage(connection, account, opportunity, StageEvent::contact_added, {}, now);
  }
  if (was_missing && !readiness.missing.empty()) {
    tell_missing(connection, account, opportunity, missing_reason(readiness.missing));
  }
  if (!readiness.complete()) return;
  if (change_stage(connection, account, opportunity, StageEvent::data_supplied, {}, now)) {
    run_automations_when_ready(connection, account, opportunity, now, missing_in_mail);
  }
}

}  // namespace overture::intake
