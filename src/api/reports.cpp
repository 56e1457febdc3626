// The account's figures: what was sent, answered and won in a stretch of time, in all and as series.
#include <deque>
#include <span>

#include "api/report_events.hpp"
#include "api/resources.hpp"
#include "base/error.hpp"
#include "rest/json_writer.hpp"
#include "rest/parameters.hpp"

namespace overture::api {
namespace {

using base::Error;
using base::Millis;
using rules::Report;

bool flag(const Call& call, std::string_view name) {
  const std::string* text = call.query.find(name);
  if (text == nullptr) return false;
  std::optional<bool> wanted = rest::parse_boolean(*text);
  if (!wanted) throw Error::invalid(name, "must be true or false");
  return *wanted;
}

void write_count(std::string& out, std::string_view key, std::int64_t count) {
  if (out.back() != '{') out += ',';
  rest::write_string(out, key);
  out += ":\"";
  rest::write_integer(out, count);
  out += '"';
}

/// A figure of a bucket under its key.
struct Column {
  std::string_view key;
  std::int64_t Report::Figures::*count;
};
/// One of the arrays of the answer, each asked for by a parameter of its name.
struct Series {
  std::string_view name;
  std::span<const Column> columns;
};
constexpr Column kCampaigns[] = {{"count", &Report::Figures::campaigns}};
constexpr Column kWorkflow[] = {{"inspected", &Report::Figures::inspected},
                                {"personalized", &Report::Figures::personalized},
                                {"outreached", &Report::Figures::outreached},
                                {"rejected", &Report::Figures::rejected}};
constexpr Column kOutreach[] = {{"sent", &Report::Figures::sent},
                                {"responded", &Report::Figures::responded},
                                {"follow_ups", &Report::Figures::follow_ups},
                                {"bounced", &Report::Figures::bounced}};
constexpr Column kWonLost[] = {{"won", &Report::Figures::won}, {"lost", &Report::Figures::lost}};
constexpr Series kSeries[] = {{"campaigns_over_time", kCampaigns},
                              {"workflow_over_time", kWorkflow},
                              {"outreach_over_time", kOutreach},
                              {"won_lost_over_time", kWonLost}};
constexpr std::string_view kByAttempt = "responses_by_attempt";

void write_series(std::string& out, const Series& series, const std::vector<Report::Figures>& figures) {
  for (const Report::Figures& each : figures) {
    if (out.back() != '[') out += ',';
    out += "{\"date\":";
    rest::write_string(out, each.date);
    for (const Column& column : series.columns) write_count(out, column.key, each.*column.count);
    out += '}';
  }
}

void write_attempts(std::string& out, const std::vector<Report::Attempt>& attempts) {
  for (const Report::Attempt& attempt : attempts) {
    if (out.back() != '[') out += ',';
    out += '{';
    write_count(out, "attempt", attempt.number);
    write_count(out, "sent", attempt.sent);
    write_count(out, "responded", attempt.responded);
    write_count(out, "attempt_number", attempt.number);
    write_count(out, "rate", attempt.rate_percent);
    out += '}';
  }
}

/// `is_empty`: the period holds no time at all, so the series have no buckets.
std::string write_report(const Call& call, const Report& report, bool is_empty) {
  std::string out = "{";
  const Report::Totals totals = report.totals();
  write_count(out, "campaign_count", totals.campaigns);
  write_count(out, "sent_count", totals.sent);
  write_count(out, "responded_count", totals.responded);
  write_count(out, "won_count", totals.won);
  const std::vector<Report::Figures> figures = is_empty ? std::vector<Report::Figures>{} : report.figures();
  for (const Series& series : kSeries) {
    out += ",\"";
    out += series.name;
    out += "\":[";
    if (flag(call, series.name)) write_series(out, series, figures);
    out += ']';
  }
  out += ",\"";
  out += kByAttempt;
  out += "\":[";
  if (flag(call, kByAttempt)) write_attempts(out, report.attempts());
  return out + "]}";
}

/// What write_report writes: all counts are texts.
class ReportFields {
 public:
  ReportFields() {
    for (std::string_view key : {"campaign_count", "sent_count", "responded_count", "won_count"})
      fields_.push_back(count(key));
    for (const Series& series : kSeries) {
      std::vector<std::string_view> keys;
      for (const Column& column : series.columns) keys.push_back(column.key);
      add_array(series.name, {{.path = "date", .doc = "the first day of the bucket"}}, keys);
    }
    add_array(kByAttempt, {}, {"attempt", "sent", "responded", "attempt_number", "rate"});
  }

  const std::vector<rest::Field>& all() const { return fields_; }

 private:
  static rest::Field count(std::string_view key) {
    return {.path = key, .type = rest::Type::integer, .quoted = true};
  }

  void add_array(std::string_view name, std::vector<rest::Field> inner,
                 const std::vector<std::string_view>& counts) {
    for (std::string_view key : counts) inner.push_back(count(key));
    inner_.push_back(std::move(inner));
    children_.push_back({.fields = inner_.back()});
    fields_.push_back({.path = name,
                       .type = rest::Type::rows,
                       .child = &children_.back(),
                       .doc = "empty unless asked for"});
  }

  std::vector<rest::Field> fields_;
  std::deque<std::vector<rest::Field>> inner_;
  std::deque<rest::Child> children_;
};

Form form() {
  static const ReportFields fields;
  return {.name = "Report", .fields = fields.all()};
}

std::string get_reports(Call& call) {
  for (const Series& series : kSeries) flag(call, series.name);
  flag(call, kByAttempt);
  const ReportScope scope = find_report_scope(call);
  const ReportDays days = find_report_days(call, scope);

  // All time begins with the first campaign and ends today.
  const base::TimeSpan shown{
      days.start ? days.start->from : std::min(scope.first_campaign.value_or(call.now), call.now),
      days.end ? days.end->to : call.now + 1};
  const bool is_empty = shown.from >= shown.to;
  std::optional<std::vector<rules::Bucket>> buckets =
      rules::make_buckets(scope.timezone, shown.from, is_empty ? shown.from + 1 : shown.to);
  if (!buckets) throw Error::invalid("end_date", "must not be more than 100 years after the start");
  Report report(std::move(*buckets));
  if (!is_empty && !scope.projects.empty()) {
    gather_report(call.db(), scope, days.period(), flag(call, "workflow_over_time"), report);
  }
  return write_report(call, report, is_empty);
}

}  // namespace

void add_report_routes(Routes& routes) {
  using rest::Type;
  routes.push_back(
      Route(http::Method::get, "/api/reports", Permission::signed_in, Lane::read, get_reports)
          .documented(43, "Reports", "Figures of a stretch of time, in all and over time")
          .answers(form())
          .asks(with_report_parameters(
              {{.name = "campaigns_over_time", .type = Type::boolean, .doc = "with campaigns created"},
               {.name = "workflow_over_time", .type = Type::boolean, .doc = "with stages passed"},
               {.name = "outreach_over_time",
                .type = Type::boolean,
                .doc = "with what was sent and answered"},
               {.name = "won_lost_over_time", .type = Type::boolean, .doc = "with what was won and lost"},
               {.name = "responses_by_attempt",
                .type = Type::boolean,
                .doc = "with answers to each attempt"}})));
}

}  // namespace overture::api
