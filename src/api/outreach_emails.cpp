// Mails of sequences: listed by when they were sent; shown, edited, approved or skipped while they wait for
// review.
#include <algorithm>

#include "api/closed_lists.hpp"
#include "api/communication_refs.hpp"
#include "api/crud.hpp"
#include "api/resources.hpp"
#include "base/error.hpp"
#include "base/time.hpp"
#include "intake/stage.hpp"

namespace overture::api {
namespace {

using rest::Field;
using rest::Type;

constexpr rest::Views kMany = 1;
constexpr rest::Views kOne = 2;

constexpr rest::Input kCopies{.key = {}, .clearable = true, .max = 2'000};
constexpr rest::Input copies(std::string_view key) {
  rest::Input input = kCopies;
  input.key = key;
  return input;
}

constexpr Field kFields[] = {
    {.path = "id", .type = Type::integer, .sql = "o.id", .fixed = true},
    {.path = "attempt_number", .type = Type::integer, .sql = "o.attempt_number", .fixed = true},
    {.path = "subject",
     .sql = "o.subject",
     .column = "subject",
     .update = {.key = "subject", .filled = true, .max = 998}},
    {.path = "status", .sql = "o.status"},
    {.path = "review_type", .sql = "o.review_type"},
    {.path = "from_name", .sql = "o.from_name"},
    {.path = "to_email", .sql = "o.to_email"},
    {.path = "cc", .sql = "o.cc", .column = "cc", .update = copies("cc")},
    {.path = "bcc", .sql = "o.bcc", .column = "bcc", .update = copies("bcc")},
    {.path = "can_spam_text", .sql = "o.can_spam_text"},
    {.path = "sent_at", .type = Type::time, .sql = "o.sent_at"},
    OVERTURE_EMAIL_ACCOUNT_REF,
    OVERTURE_CONTACT_REF,
    OVERTURE_USER_REF("user", "u"),
    OVERTURE_OPPORTUNITY_REF,
    {.path = "opportunity.project.id", .type = Type::integer, .sql = "o.project_id"},
    {.path = "opportunity.project.name", .sql = "p.name", .join = "p"},
    OVERTURE_HIDDEN_ID("project.id", "o.project_id"),
    OVERTURE_HIDDEN_ID("campaign.id", "o.campaign_id"),
    {.path = "body_text",
     .sql = "o.body_text",
     .views = kOne,
     .column = "body_text",
     .update = {.key = "body_text", .max = 100'000}},
    {.path = "body_html",
     .sql = "o.body_html",
     .views = kOne,
     .column = "body_html",
     .update = {.key = "body_html", .clearable = true, .max = 200'000}},
    {.path = "created_at", .type = Type::time, .sql = "o.created_at", .views = kOne},
};
constexpr rest::Join kJoins[] = {
    OVERTURE_COMMUNICATION_JOINS, {"c", OVERTURE_CONTACT_JOIN}, {"u", OVERTURE_USER_JOIN("u", "o.user_id")}};

constexpr rest::Resource kOutreachEmails{
    .name = "OutreachEmail",
    .not_found = "Outreach email not found",
    .from = "outreach_emails o",
    .table = "outreach_emails",
    .joins = kJoins,
    .fields = kFields,
    .restricted = "o.project_id IN " OVERTURE_GRANTED_PROJECTS,
    .collaborating = "o.campaign_id IN " OVERTURE_OWN_CAMPAIGNS,
};

const rest::View& view() {
  static const rest::View made(kOutreachEmails, kMany);
  return made;
}
const rest::View& one_view() {
  static const rest::View made(kOutreachEmails, kOne);
  return made;
}

constexpr Shape kShapes[] = {{.path = "status", .allowed = kMailStatuses}};

/// What both parameters leave of time; wrong dates are left to the filter.
base::TimeSpan asked_span(std::string_view from, std::string_view to) {
  base::TimeSpan span{std::numeric_limits<base::Millis>::min(), std::numeric_limits<base::Millis>::max()};
  auto narrow = [&span](const base::TimeSpan& other) {
    span.from = std::max(span.from, other.from);
    span.to = std::min(span.to, other.to);
  };
  if (std::optional<base::TimeSpan> single = base::parse_time(from)) {
    span.from = single->from;
  } else if (std::optional<base::TimeSpan> range = base::parse_time_range(from)) {
    narrow(*range);
  }
  if (std::optional<base::TimeSpan> single = base::parse_time(to)) {
    span.to = std::min(span.to, single->to);
  } else if (std::optional<base::TimeSpan> range = base::parse_time_range(to)) {
    narrow(*range);
  }
  return span;
}

/// The documented limit: 30 days between the first and the last date.
bool is_too_long(const base::TimeSpan& span) {
  constexpr base::Millis kMaxDays = 30;
  if (span.from >= span.to) return false;
  constexpr base::Millis kOpen = std::numeric_limits<base::Millis>::max();
  if (span.from == std::numeric_limits<base::Millis>::min() || span.to == kOpen) return true;
  return (span.to - 1) / base::kDay - span.from / base::kDay > kMaxDays;
}

std::string list_outreach_emails(Call& call) {
  const std::string* from = call.query.find("sent_at_from");
  const std::string* to = call.query.find("sent_at_to");
  if (from == nullptr || to == nullptr) throw base::Error(base::ErrorCode::missing_parameters);
  for (const auto& [name, text] : {std::pair{"sent_at_from", from}, {"sent_at_to", to}}) {
    if (!base::parse_time_range(*text)) {
      throw base::Error::invalid(name, "must be a date, or two with a | between them");
    }
  }
  if (is_too_long(asked_span(*from, *to))) {
    throw base::Error(base::ErrorCode::invalid_value, "Maximum period is 30 days");
  }
  return list(call, view());
}

/// Not sent yet: these have no date to be listed by.
std::string list_waiting(Call& call) {
  return list(call, view(), db::Sql("o.sent_at IS NULL AND o.status IN ('draft', 'review', 'scheduled')"));
}

std::string get_outreach_email(Call& call) {
  return show(call, one_view(), call.id(0, kOutreachEmails.not_found));
}

/// The mail that the path names, held until the write is done. Throws conflict unless its status is one of
/// both.
std::int64_t held_mail(Call& call, std::string_view status, std::string_view other) {
  std::int64_t id = call.id(0, kOutreachEmails.not_found);
  require(call, kOutreachEmails, id);
  call.db().lock("outreach_email " + std::to_string(id));
  std::string found = call.db().text(db::Sql(
      "SELECT status FROM outreach_emails WHERE account_id = ? AND id = ?", call.scope().account, id));
  if (found != status && found != other) {
    throw base::Error(base::ErrorCode::conflict, "This email does not wait for review");
  }
  return id;
}

std::string update_outreach_email(Call& call) {
  std::int64_t id = held_mail(call, "review", "draft");
  rest::Body body = checked_body(call, kOutreachEmails, false);
  std::vector<rest::Assignment> assignments = rest::assignments_of(kOutreachEmails, body, false);
  if (!assignments.empty()) {
    call.db().execute(rest::make_update(kOutreachEmails.table, assignments, call.scope().account, id));
  }
  return show_written(call, one_view(), id);
}

/// The mail leaves review, and the sequence of its opportunity goes on.
std::string release(Call& call, std::string_view status) {
  std::int64_t id = held_mail(call, "review", "review");
  std::int64_t account = call.scope().account;
  call.db().execute(
      db::Sql("UPDATE outreach_emails SET status = ?, user_id = ? WHERE account_id = ? AND id = ?", status,
              call.scope().user, account, id));
  std::int64_t opportunity = call.db().integer(
      db::Sql("SELECT opportunity_id FROM outreach_emails WHERE account_id = ? AND id = ?", account, id));
  intake::change_stage(call.db(), account, opportunity, rules::StageEvent::released, call.scope().user,
                       call.now);
  return show_written(call, one_view(), id);
}

std::string approve(Call& call) { return release(call, "scheduled"); }
std::string skip(Call& call) { return release(call, "skipped"); }

}  // namespace

void add_outreach_email_routes(Routes& routes) {
  using enum http::Method;
  const std::string_view tag = "Emails";
  routes.push_back(
      Route(get, "/api/outreach_emails", Permission::signed_in, Lane::read, list_outreach_emails)
          .documented(23, tag, "List the mails of sequences that were sent in at most 30 days")
          .lists(view())
          .shaped(kShapes)
          .asks({{.name = "sent_at_from", .required = true, .doc = "a date, or two with a | between them"},
                 {.name = "sent_at_to", .required = true, .doc = "a date, or two with a | between them"}}));
  routes.push_back(Route(get, "/api/outreach_emails/waiting", Permission::signed_in, Lane::read, list_waiting)
                       .about(tag, "List the mails that are not sent yet: drafts, in review, scheduled")
                       .lists(view()));
  routes.push_back(
      Route(get, "/api/outreach_emails/{id}", Permission::signed_in, Lane::read, get_outreach_email)
          .about(tag, "Show one mail of a sequence with its text")
          .answers(one_view(), "OutreachEmailDetails"));
  routes.push_back(
      Route(put, "/api/outreach_emails/{id}", Permission::member, Lane::write, update_outreach_email)
          .about(tag, "Edit a draft or a mail that waits for review")
          .answers(one_view(), "OutreachEmailDetails")
          .takes(rest::inputs_of(kOutreachEmails, false)));
  routes.push_back(Route(post, "/api/outreach_emails/{id}/approve", Permission::member, Lane::write, approve)
                       .about(tag, "Let a mail go that waits for review")
                       .answers(one_view(), "OutreachEmailDetails"));
  routes.push_back(Route(post, "/api/outreach_emails/{id}/skip", Permission::member, Lane::write, skip)
                       .about(tag, "Leave out a mail that waits for review")
                       .answers(one_view(), "OutreachEmailDetails"));
}

}  // namespace overture::api
