// What would be wrong with the mails of opportunities that are about to be launched.
#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "api/crud.hpp"
#include "api/resources.hpp"
#include "base/error.hpp"
#include "outreach/prelaunch.hpp"

namespace overture::api {
namespace {

using base::Error;
using outreach::PrelaunchProblem;
using outreach::PrelaunchReport;
using rest::Field;
using rest::Type;

constexpr Field kIdField[] = {{.path = "id", .type = Type::integer}};
constexpr rest::Child kIds{.from = "", .parent = "", .fields = kIdField, .scalar = true};
constexpr Field kProblemFields[] = {
    {.path = "problem"},
    {.path = "count", .type = Type::integer},
    {.path = "opportunities", .type = Type::rows, .child = &kIds, .doc = "their ids"},
};
constexpr rest::Child kProblems{.from = "", .parent = "", .fields = kProblemFields};
constexpr Field kRequiredFields[] = {
    {.path = "field", .doc = "its label"},
    {.path = "count", .type = Type::integer, .doc = "opportunities that have no value for it"},
};
constexpr rest::Child kRequired{.from = "", .parent = "", .fields = kRequiredFields};
constexpr Field kTokenFields[] = {
    {.path = "token"},
    {.path = "count", .type = Type::integer, .doc = "opportunities that have no value for it"},
};
constexpr rest::Child kTokens{.from = "", .parent = "", .fields = kTokenFields};
constexpr Field kLeftoverFields[] = {
    {.path = "excerpt"},
    {.path = "count", .type = Type::integer, .doc = "opportunities in whose mails it stands"},
};
constexpr rest::Child kLeftovers{.from = "", .parent = "", .fields = kLeftoverFields};
constexpr Field kFields[] = {
    {.path = "total", .type = Type::integer, .doc = "opportunities that were asked for"},
    {.path = "checked", .type = Type::integer, .doc = "of them, the first 1000"},
    {.path = "ready", .type = Type::integer, .doc = "checked, and nothing but hints were found"},
    {.path = "problems", .type = Type::rows, .child = &kProblems, .doc = "those that were found"},
    {.path = "required_fields", .type = Type::rows, .child = &kRequired, .doc = "that a launch asks for"},
    {.path = "empty_fields", .type = Type::rows, .child = &kTokens, .doc = "of all mails of the sequence"},
    {.path = "leftovers", .type = Type::rows, .child = &kLeftovers},
};
constexpr Form kReport{"PrelaunchReport", kFields};

constexpr rest::Input kInputs[] = {
    {.key = "opportunities",
     .type = Type::integers,
     .max = static_cast<std::int64_t>(outreach::kPrelaunchMost),
     .doc = "ids in the campaign; when left out, all of it that are not launched yet"},
};

/// Those of the body, each seen by the caller and of the campaign.
std::vector<std::int64_t> asked_opportunities(Call& call, const rest::Body& body, std::int64_t campaign) {
  std::vector<std::int64_t> ids = body.integers("opportunities");
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  db::Sql sql("SELECT COUNT(*) FROM opportunities WHERE account_id = ? AND campaign_id = ? AND ",
              call.scope().account, campaign);
  db::append_in(sql, call.db().engine(), "id", ids);
  if (call.db().integer(sql) != static_cast<std::int64_t>(ids.size())) {
    throw Error::invalid("opportunities", "must be ids of opportunities in this campaign");
  }
  return ids;
}

struct Waiting {
  std::vector<std::int64_t> first;  ///< as many as a report looks at
  std::int64_t total = 0;
};

Waiting find_waiting(Call& call, std::int64_t campaign) {
  const std::int64_t account = call.scope().account;
  Waiting waiting;
  waiting.total =
      call.db().integer(db::Sql("SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) FROM opportunity_counts WHERE "
                                "account_id = ? AND campaign_id = ? AND "
                                "workflow_status IN ('inspect', 'personalize')",
                                account, campaign));
  db::RowsPtr rows = call.db().query(
      db::Sql("SELECT id FROM opportunities WHERE account_id = ? AND campaign_id = ? AND workflow_status IN "
              "('inspect', 'personalize') ORDER BY id LIMIT ?",
              account, campaign, static_cast<std::int64_t>(outreach::kPrelaunchMost)));
  while (rows->next()) waiting.first.push_back(rows->integer(0));
  return waiting;
}

boost::json::array counted(const std::map<std::string, std::int64_t>& counts, std::string_view name) {
  boost::json::array array;
  for (const auto& [text, count] : counts) {
    boost::json::object entry;
    entry[name] = text;
    entry["count"] = count;
    array.push_back(std::move(entry));
  }
  return array;
}

std::string write_report(const PrelaunchReport& report) {
  boost::json::array problems;
  for (const auto& [problem, ids] : report.problems) {
    problems.push_back(boost::json::object{
        {"problem", outreach::prelaunch_problem_names()[static_cast<std::size_t>(problem)]},
        {"count", static_cast<std::int64_t>(ids.size())},
        {"opportunities", boost::json::array(ids.begin(), ids.end())}});
  }
  return boost::json::serialize(
      boost::json::object{{"total", report.total},
                          {"checked", report.checked},
                          {"ready", report.ready},
                          {"problems", std::move(problems)},
                          {"required_fields", counted(report.required_fields, "field")},
                          {"empty_fields", counted(report.empty_tokens, "token")},
                          {"leftovers", counted(report.leftovers, "excerpt")}});
}

std::string report_on(Call& call) {
  const std::int64_t campaign = call.id(0, kCampaigns.not_found);
  require(call, kCampaigns, campaign);
  const rest::Body body(call.body(), kInputs);
  Waiting asked;
  if (body.given("opportunities")) {
    asked.first = asked_opportunities(call, body, campaign);
    asked.total = static_cast<std::int64_t>(asked.first.size());
  } else {
    asked = find_waiting(call, campaign);
  }
  PrelaunchReport report = outreach::make_prelaunch_report(
      call.db(), call.services.install, call.scope().account, campaign, asked.first, call.now);
  report.total = asked.total;
  return write_report(report);
}

/// A thousand mails are rendered: not on a thread that others wait for.
std::string prelaunch_report(Call& call) {
  return call.services.database.read([&call](db::Connection& connection) {
    call.connection = &connection;
    std::string report = report_on(call);
    call.connection = nullptr;
    return report;
  });
}

}  // namespace

void add_prelaunch_routes(Routes& routes) {
  static const std::vector<Shape> shapes{
      {.path = "problems.problem", .allowed = outreach::prelaunch_problem_names()}};
  routes.push_back(
      Route(http::Method::post, "/api/campaigns/{campaign}/prelaunch_report", Permission::member,
            Lane::outside, prelaunch_report)
          .about("Campaigns",
                 "Look at what is about to be launched: what a launch would refuse, empty fields, "
                 "contacts that may not be written to, forgotten placeholders")
          .answers(kReport)
          .shaped(shapes)
          .takes(kInputs));
}

}  // namespace overture::api
