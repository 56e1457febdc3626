// The sequence of a campaign: its first mail and the follow-ups, and what earlier versions of it said.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "api/crud.hpp"
#include "api/refs.hpp"
#include "api/resources.hpp"
#include "api/template_check.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "intake/runs.hpp"
#include "outreach/sequence.hpp"
#include "rest/json_writer.hpp"

namespace overture::api {
namespace {

using base::Error;
using outreach::Attempt;
using rest::Field;
using rest::Type;

constexpr std::int64_t kMostAttempts = 20;
constexpr std::int64_t kLongestDelay = 365;
constexpr std::int64_t kUsualDelay = 3;

constexpr Field kAttemptFields[] = {
    {.path = "number", .type = Type::integer, .sql = "x.number"},
    {.path = "subject", .sql = "x.subject"},
    {.path = "body_text", .sql = "x.body_text"},
    {.path = "body_html", .sql = "x.body_html"},
    {.path = "delay_days", .type = Type::integer, .sql = "x.delay_days"},
    {.path = "review", .type = Type::boolean, .sql = "x.review"},
    {.path = "opt_out", .type = Type::boolean, .sql = "x.opt_out"},
};
constexpr rest::Child kAttempts{
    .from = "attempts x", .parent = "x.campaign_id", .order = "x.number", .fields = kAttemptFields};

/// A copied campaign has attempts, but no versions yet.
constexpr Field kFields[] = {
    {.path = "campaign.id", .type = Type::integer, .sql = "o.id", .fixed = true},
    {.path = "campaign.name", .sql = "o.name"},
    {.path = "version",
     .type = Type::integer,
     .sql = "COALESCE((SELECT MAX(v.version) FROM attempt_versions v WHERE v.account_id = o.account_id AND "
            "v.campaign_id = o.id), (SELECT MAX(t.version) FROM attempts t WHERE t.account_id = o.account_id "
            "AND t.campaign_id = o.id), 0)",
     .doc = "rises with every change; 0: there never was a sequence"},
    {.path = "attempts", .type = Type::rows, .child = &kAttempts},
};
constexpr rest::Resource kSequences{
    .name = "Sequence",
    .not_found = "Campaign not found",
    .from = "campaigns o",
    .table = "campaigns",
    .fields = kFields,
    .restricted = "o.project_id IN " OVERTURE_GRANTED_PROJECTS,
    .collaborating = "o.id IN " OVERTURE_OWN_CAMPAIGNS,
};

constexpr Field kVersionFields[] = {
    {.path = "version", .type = Type::integer},
    {.path = "user.id", .type = Type::integer, .nullable_object = true},
    {.path = "user.display_name"},
    {.path = "created_at", .type = Type::time, .fixed = true},
    {.path = "attempts", .type = Type::rows, .child = &kAttempts},
};

constexpr rest::Input kAttemptInputs[] = {
    {.key = "subject", .clearable = true, .max = 998},
    {.key = "body_text", .clearable = true, .max = 100'000},
    {.key = "body_html", .clearable = true, .max = 200'000},
    {.key = "delay_days",
     .type = Type::integer,
     .doc = "days after the mail before: 0 for the first, 1 to 365 for others"},
    {.key = "review", .type = Type::boolean, .doc = "a person looks at each mail before it leaves"},
    {.key = "opt_out", .type = Type::boolean, .doc = "the mail ends with how to opt out; true when left out"},
};
constexpr rest::Inside kAttempt{.inputs = kAttemptInputs};
constexpr rest::Input kInputs[] = {{.key = "attempts",
                                    .type = Type::array,
                                    .max = kMostAttempts,
                                    .inside = &kAttempt,
                                    .doc = "in order, in place of those before"}};

const rest::View& view() {
  static const rest::View made(kSequences, rest::kEveryView);
  return made;
}

std::string get_sequence(Call& call) { return show(call, view(), call.id(0, kSequences.not_found)); }

Attempt parse_attempt(const boost::json::value& json, std::size_t index,
                      const std::unordered_set<std::string>& known) {
  const std::string path = "attempts[" + std::to_string(index) + "].";
  const rest::Body body(json, kAttemptInputs, path);
  Attempt attempt;
  attempt.number = static_cast<std::int64_t>(index) + 1;
  const bool first = index == 0;
  attempt.subject = base::trim(body.text("subject"));
  attempt.body_text = body.text("body_text");
  attempt.body_html = body.text("body_html");
  attempt.delay_days = body.integer("delay_days", first ? 0 : kUsualDelay);
  attempt.review = body.boolean("review", false);
  attempt.opt_out = body.boolean("opt_out", true);
  if (first && attempt.subject.empty()) throw Error::invalid(path + "subject", "is needed in the first mail");
  if (base::has_control(attempt.subject)) throw Error::invalid(path + "subject", "must be one line");
  if (base::trim(attempt.body_text).empty() && base::trim(attempt.body_html).empty()) {
    throw Error::invalid(path + "body_text", "is needed, or body_html");
  }
  if (first && attempt.delay_days != 0) {
    throw Error::invalid(path + "delay_days", "must be 0: there is no mail before the first");
  }
  if (attempt.delay_days < (first ? 0 : 1) || attempt.delay_days > kLongestDelay) {
    throw Error::invalid(path + "delay_days", "must be between 1 and 365");
  }
  check_text(path + "subject", attempt.subject, rules::TextKind::subject, known);
  check_text(path + "body_text", attempt.body_text, rules::TextKind::text, known);
  check_text(path + "body_html", attempt.body_html, rules::TextKind::html, known);
  return attempt;
}

/// As versions keep it, and as the answer shows it.
std::string write_attempts(const std::vector<Attempt>& sequence) {
  boost::json::array array;
  for (const Attempt& each : sequence) {
    array.push_back(boost::json::object{{"number", each.number},
                                        {"subject", each.subject},
                                        {"body_text", each.body_text},
                                        {"body_html", each.body_html},
                                        {"delay_days", each.delay_days},
                                        {"review", each.review},
                                        {"opt_out", each.opt_out}});
  }
  return boost::json::serialize(array);
}

void keep_version(Call& call, std::int64_t campaign, std::int64_t version, const std::string& sequence,
                  std::int64_t user, base::Millis at) {
  call.db().execute(db::Sql(
      "INSERT INTO attempt_versions (account_id, campaign_id, version, sequence, user_id, created_at) "
      "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (account_id, campaign_id, version) DO NOTHING",
      call.scope().account, campaign, version, sequence, user, at));
}

std::int64_t last_version(Call& call, std::int64_t campaign) {
  const std::int64_t account = call.scope().account;
  const std::int64_t kept = call.db().integer(
      db::Sql("SELECT MAX(version) FROM attempt_versions WHERE account_id = ? AND campaign_id = ?", account,
              campaign));
  if (kept > 0) return kept;
  return call.db().integer(db::Sql(
      "SELECT MAX(version) FROM attempts WHERE account_id = ? AND campaign_id = ?", account, campaign));
}

/// Only what is not written down yet changes: mails under review and in the outbox have their text.
void replace_sequence(Call& call, std::int64_t campaign, const std::vector<Attempt>& sequence) {
  const std::int64_t account = call.scope().account;
  const std::vector<Attempt> before = outreach::load_sequence(call.db(), account, campaign);
  const std::string written = write_attempts(sequence);
  const std::string written_before = write_attempts(before);
  if (written == written_before) return;
  const std::int64_t version = last_version(call, campaign) + 1;
  if (!before.empty()) {
    const base::Millis since = call.db().integer(db::Sql(
        "SELECT MIN(created_at) FROM attempts WHERE account_id = ? AND campaign_id = ?", account, campaign));
    keep_version(call, campaign, version - 1, written_before, 0, since);
  }
  call.db().execute(
      db::Sql("DELETE FROM attempts WHERE account_id = ? AND campaign_id = ?", account, campaign));
  for (const Attempt& each : sequence) {
    call.db().execute(
        db::Sql("INSERT INTO attempts (account_id, campaign_id, number, subject, body_text, body_html, "
                "delay_days, review, opt_out, version, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                account, campaign, each.number, each.subject, each.body_text, each.body_html, each.delay_days,
                each.review ? 1 : 0, each.opt_out ? 1 : 0, version, call.now));
  }
  keep_version(call, campaign, version, written, call.scope().user, call.now);
  const auto delays = [](const std::vector<Attempt>& attempts) {
    std::vector<std::int64_t> days;
    for (const Attempt& each : attempts) days.push_back(each.delay_days);
    return days;
  };
  intake::follow_sequence(call.db(), account, campaign, delays(before), delays(sequence), call.now);
}

std::string set_sequence(Call& call) {
  const std::int64_t campaign = call.id(0, kSequences.not_found);
  require(call, kSequences, campaign);
  const rest::Body body(call.body(), kInputs);
  if (!body.given("attempts")) throw Error(base::ErrorCode::missing_parameters);
  const std::int64_t account = call.scope().account;
  call.db().lock("sequence " + std::to_string(campaign));
  const std::int64_t project = call.db().integer(
      db::Sql("SELECT project_id FROM campaigns WHERE account_id = ? AND id = ?", account, campaign));
  const std::unordered_set<std::string> known = load_known_tokens(call.db(), account, project, campaign);
  std::vector<Attempt> sequence;
  for (const boost::json::value& json : body.array("attempts")) {
    sequence.push_back(parse_attempt(json, sequence.size(), known));
  }
  replace_sequence(call, campaign, sequence);
  return show_written(call, view(), campaign);
}

void write_version(std::string& out, const db::Rows& row) {
  out += "{\"version\":";
  rest::write_integer(out, row.integer(0));
  out += ",\"user\":";
  if (row.is_null(1)) {
    out += "null";
  } else {
    out += "{\"id\":";
    rest::write_integer(out, row.integer(1));
    out += ",\"display_name\":";
    rest::write_string(out, row.text(2));
    out += '}';
  }
  out += ",\"created_at\":";
  rest::write_string(out, base::rfc3339(row.integer(3)));
  out += ",\"attempts\":";
  out += row.text(4);
  out += '}';
}

/// The newest first. Versions have no ids of their own, so there is no cursor.
std::string list_versions(Call& call) {
  const std::int64_t campaign = call.id(0, kSequences.not_found);
  require(call, kSequences, campaign);
  const std::int64_t account = call.scope().account;
  const rest::Page page = rest::parse_page(call.query);
  const std::int64_t count = call.db().integer(db::Sql(
      "SELECT COUNT(*) FROM attempt_versions WHERE account_id = ? AND campaign_id = ?", account, campaign));
  std::string out = "{\"items\":[";
  call.items = 0;
  if (page.page - 1 < (count + page.limit - 1) / page.limit) {
    db::RowsPtr rows = call.db().query(db::Sql(
        "SELECT v.version, u.id, trim(u.first_name || ' ' || u.last_name), v.created_at, v.sequence "
        "FROM attempt_versions v LEFT JOIN users u ON u.account_id = v.account_id AND u.id = v.user_id "
        "WHERE v.account_id = ? AND v.campaign_id = ? ORDER BY v.version DESC LIMIT ? OFFSET ?",
        account, campaign, page.limit, (page.page - 1) * page.limit));
    while (rows->next()) {
      if (call.items > 0) out += ',';
      write_version(out, *rows);
      ++call.items;
    }
  }
  rest::close_envelope(out, count, page, {});
  return out;
}

}  // namespace

void add_sequence_routes(Routes& routes) {
  using enum http::Method;
  constexpr std::string_view path = "/api/campaigns/{campaign}/sequence";
  routes.push_back(Route(get, path, Permission::signed_in, Lane::read, get_sequence)
                       .about("Campaigns", "Show the sequence of mails of a campaign")
                       .answers(view()));
  routes.push_back(
      Route(put, path, Permission::member, Lane::write, set_sequence)
          .about("Campaigns", "Write the sequence of a campaign anew; mails that wait keep their text")
          .answers(view())
          .takes(kInputs)
          .needs_one_of({"attempts"}));
  routes.push_back(Route(get, "/api/campaigns/{campaign}/sequence/versions", Permission::signed_in,
                         Lane::read, list_versions)
                       .about("Campaigns", "List what the sequence of a campaign said before, newest first")
                       .lists({Form{"SequenceVersion", kVersionFields}}));
}

}  // namespace overture::api
