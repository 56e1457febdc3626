// Mails of sequences: listed by when they were sent; shown, edited, approved or skipped while they wait for
// review, and settled where nobody knows what became of them.
#include <algorithm>

#include "api/closed_lists.hpp"
#include "api/communication_refs.hpp"
#include "api/crud.hpp"
#include "api/resources.hpp"
#include "base/error.hpp"
#include "base/time.hpp"
#include "outreach/mails.hpp"
#include "outreach/review.hpp"
#include "outreach/settle.hpp"

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
     .sql = "COALESCE(t.body_text, '')",
     .join = "t",
     .views = kOne,
     .update = {.key = "body_text", .max = 100'000}},
    {.path = "body_html",
     .sql = "COALESCE(t.body_html, '')",
     .join = "t",
     .views = kOne,
     .update = {.key = "body_html", .clearable = true, .max = 200'000}},
    {.path = "created_at", .type = Type::time, .sql = "o.created_at", .views = kOne},
    {.path = "run",
     .type = Type::integer,
     .sql = "o.run",
     .views = kOne,
     .doc = "counts the restarts of its opportunity; 0: from before they were counted"},
    {.path = "message_id", .sql = "o.message_id", .views = kOne, .doc = "without brackets"},
    {.path = "failure",
     .sql = "o.failure",
     .views = kOne,
     .doc = "why it was not sent, or waits; empty when all is well"},
    {.path = "bounce", .sql = "o.bounce", .views = kOne, .doc = "hard, soft or empty"},
};
constexpr rest::Join kJoins[] = {
    OVERTURE_COMMUNICATION_JOINS,
    {"c", OVERTURE_CONTACT_JOIN},
    {"u", OVERTURE_USER_JOIN("u", "o.user_id")},
    {"t", "LEFT JOIN outreach_email_texts t ON t.account_id = o.account_id AND t.id = o.id"}};

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
  return list(call, view(),
              db::Sql("o.sent_at IS NULL AND o.status IN ('draft', 'review', 'scheduled', 'sending', "
                      "'unknown')"));
}

std::string get_outreach_email(Call& call) {
  return show(call, one_view(), call.id(0, kOutreachEmails.not_found));
}

/// The mail in the path, which the caller can see.
outreach::ReviewDecision decision_of(Call& call) {
  const std::int64_t id = call.id(0, kOutreachEmails.not_found);
  require(call, kOutreachEmails, id);
  return {.account = call.scope().account, .mail = id, .user = call.scope().user, .now = call.now};
}

std::optional<std::string> text_of(const rest::Body& body, std::string_view key, bool clearable) {
  if (!(clearable ? body.has(key) : body.given(key))) return std::nullopt;
  return body.text(key);
}

std::string update_outreach_email(Call& call) {
  const outreach::ReviewDecision decision = decision_of(call);
  const rest::Body body = checked_body(call, kOutreachEmails, false);
  outreach::edit_mail(call.db(), decision,
                      {.subject = text_of(body, "subject", false),
                       .body_text = text_of(body, "body_text", false),
                       .body_html = text_of(body, "body_html", true),
                       .cc = text_of(body, "cc", true),
                       .bcc = text_of(body, "bcc", true)});
  return show_written(call, one_view(), decision.mail);
}

std::string approve(Call& call) {
  const outreach::ReviewDecision decision = decision_of(call);
  outreach::approve_mail(call.db(), call.services.install, decision);
  return show_written(call, one_view(), decision.mail);
}

std::string skip(Call& call) {
  const outreach::ReviewDecision decision = decision_of(call);
  outreach::skip_mail(call.db(), call.services.install, decision);
  return show_written(call, one_view(), decision.mail);
}

constexpr std::string_view kOutcomes[] = {"sent", "not_sent"};
constexpr rest::Input kResolveInputs[] = {
    {.key = "outcome",
     .required = true,
     .allowed = kOutcomes,
     .doc = "sent: it was; not_sent: it surely was not, so it is sent again"}};

/// A person has looked where no evidence could be found.
std::string resolve(Call& call) {
  const outreach::ReviewDecision decision = decision_of(call);
  const rest::Body body(call.body(), kResolveInputs);
  const std::optional<base::Millis> at =
      outreach::find_unknown_since(call.db(), decision.account, outreach::kOutreachMail, decision.mail);
  if (!at) throw base::Error(base::ErrorCode::conflict, "The fate of this email is known");
  outreach::settle_unknown(call.db(), decision.account, outreach::kOutreachMail, decision.mail,
                           body.text("outcome") == "sent", *at, call.now);
  return show_written(call, one_view(), decision.mail);
}

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
                       .about(tag,
                              "List the mails that are not sent yet: drafts, in review, scheduled, being "
                              "sent, and those of which nobody knows (status=unknown)")
                       .lists(view())
                       .shaped(kShapes));
  routes.push_back(
      Route(get, "/api/outreach_emails/{id}", Permission::signed_in, Lane::read, get_outreach_email)
          .about(tag, "Show one mail of a sequence with its text")
          .answers(one_view(), "OutreachEmailDetails"));
  routes.push_back(
      Route(put, "/api/outreach_emails/{id}", Permission::member, Lane::write, update_outreach_email)
          .about(tag, "Edit a draft or a mail that waits for review; text and HTML go on to say the same")
          .answers(one_view(), "OutreachEmailDetails")
          .takes(rest::inputs_of(kOutreachEmails, false)));
  routes.push_back(Route(post, "/api/outreach_emails/{id}/approve", Permission::member, Lane::write, approve)
                       .about(tag, "Let a mail go that waits for review")
                       .answers(one_view(), "OutreachEmailDetails"));
  routes.push_back(Route(post, "/api/outreach_emails/{id}/skip", Permission::member, Lane::write, skip)
                       .about(tag, "Leave out a mail that waits for review; the sequence goes on")
                       .answers(one_view(), "OutreachEmailDetails"));
  routes.push_back(Route(post, "/api/outreach_emails/{id}/resolve", Permission::member, Lane::write, resolve)
                       .about(tag, "Say whether a mail was sent of which nobody knows")
                       .answers(one_view(), "OutreachEmailDetails")
                       .takes(kResolveInputs));
}

}  // namespace overture::api
