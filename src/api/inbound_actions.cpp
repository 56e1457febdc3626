// What people do with a mail that came in: answer it, look at its source, make an opportunity of its sender.
#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "api/crud.hpp"
#include "api/inbound_emails.hpp"
#include "api/sent_replies.hpp"
#include "base/error.hpp"
#include "intake/add_prospects.hpp"
#include "intake/communications.hpp"
#include "intake/target.hpp"
#include "outreach/reply.hpp"
#include "rest/json_writer.hpp"
#include "rules/email_address.hpp"
#include "rules/free_mail.hpp"

namespace overture::api {
namespace {

using base::Error;
using base::ErrorCode;
using rest::Field;
using rest::Type;

/// The mail in the path, which the caller can see.
std::int64_t seen_mail(Call& call) {
  const std::int64_t id = call.id(0, kInboundEmails.not_found);
  require(call, kInboundEmails, id);
  return id;
}

constexpr rest::Input kReplyInputs[] = {
    {.key = "body_text", .max = 100'000},
    {.key = "body_html", .max = 200'000},
    {.key = "subject", .max = 998, .doc = "left out: that of the mail, with Re: before it"},
    {.key = "cc", .max = 2'000, .doc = "addresses with commas between them"},
    {.key = "bcc", .max = 2'000, .doc = "addresses with commas between them"},
    {.key = "email_account", .type = Type::integer, .doc = "id of the sender; else the one it came to"},
    {.key = "schedule_for", .type = Type::time, .doc = "left out: it leaves at once"},
    {.key = "stop_schedule_on_communication",
     .type = Type::boolean,
     .doc = "dropped when something else comes in before it leaves"},
    {.key = "force",
     .type = Type::boolean,
     .doc = "also to somebody who is on the do-not-email list; without it that answers 409"},
};

std::string reply(Call& call) {
  const std::int64_t id = seen_mail(call);
  const rest::Body body(call.body(), kReplyInputs);
  outreach::ReplyDraft draft{.account = call.scope().account,
                             .inbound = id,
                             .user = call.scope().user,
                             .subject = body.text("subject"),
                             .body_text = body.text("body_text"),
                             .body_html = body.text("body_html"),
                             .cc = body.text("cc"),
                             .bcc = body.text("bcc"),
                             .schedule_for = {},
                             .stops = body.boolean("stop_schedule_on_communication", false),
                             .force = body.boolean("force", false),
                             .now = call.now};
  if (body.given("schedule_for")) draft.schedule_for = body.integer("schedule_for");
  if (body.given("email_account")) {
    draft.email_account =
        require_reference(call, kEmailAccounts, body.integer("email_account"), "email_account");
  }
  const outreach::MadeReply made = outreach::make_reply(call.db(), call.services.install, draft);
  std::string object = show_written(call, sent_reply_view(), made.id);
  object.pop_back();
  object += ",\"warning\":";
  if (made.warning.empty()) {
    object += "null";
  } else {
    rest::write_string(object, made.warning);
  }
  object += '}';
  return object;
}

/// What the reply's view shows, and the warning.
Form reply_form() {
  static const std::vector<Field> fields = [] {
    const rest::View& view = sent_reply_view();
    std::vector<Field> all;
    for (const Field& field : view.resource().fields) {
      if ((field.views & view.bit()) != 0) all.push_back(field);
    }
    all.push_back({.path = "warning",
                   .views = view.bit(),
                   .nullable = true,
                   .doc = "what was overridden with force; null for nothing"});
    return all;
  }();
  return {"MadeReply", fields, sent_reply_view().bit()};
}

constexpr Field kRawFields[] = {
    {.path = "id", .type = Type::integer},
    {.path = "encoding", .doc = "base64"},
    {.path = "raw", .doc = "the message as it came, RFC 5322; empty for mails from before it was kept"},
};
constexpr Form kRaw{"InboundEmailSource", kRawFields};

/// RFC 4648 section 4 from section 5: what everybody's decoders take.
std::string plain_base64(std::string text) {
  std::replace(text.begin(), text.end(), '-', '+');
  std::replace(text.begin(), text.end(), '_', '/');
  text.append((4 - text.size() % 4) % 4, '=');
  return text;
}

std::string get_raw(Call& call) {
  const std::int64_t id = seen_mail(call);
  std::string source =
      call.db().text(db::Sql("SELECT raw FROM inbound_sources WHERE account_id = ? AND inbound_email_id = ?",
                             call.scope().account, id));
  return boost::json::serialize(
      boost::json::object{{"id", id}, {"encoding", "base64"}, {"raw", plain_base64(std::move(source))}});
}

constexpr rest::Input kOpportunityInputs[] = {
    {.key = "campaign", .type = Type::integer, .required = true, .doc = "id of the campaign"},
    {.key = "url",
     .max = 2048,
     .doc = "of the site; else the domain of the sender, if that is one of a site"},
};

/// The sender as a prospect: at his site, or as a person where his address says nothing of one.
intake::Prospect make_sender_prospect(Call& call, std::int64_t mail, const std::string& url) {
  intake::Prospect prospect;
  std::string name;
  std::optional<std::string> address;
  {
    db::RowsPtr rows = call.db().query(
        db::Sql("SELECT from_email, from_name FROM inbound_emails WHERE account_id = ? AND id = ?",
                call.scope().account, mail));
    if (rows->next()) {
      address = rules::parse_email_address(rows->text(0));
      name = rows->text(1);
    }
  }
  if (!address)
    throw Error(ErrorCode::conflict, "This email has no sender of whom an opportunity could be made");
  const auto space = name.find(' ');
  prospect.contacts.push_back(
      {*address, name.substr(0, space), space == std::string::npos ? std::string() : name.substr(space + 1)});
  const std::string_view domain = rules::email_domain(*address);
  if (!url.empty()) {
    prospect.site = rules::parse_site(url);
    if (!prospect.site) throw Error::invalid("url", "must be an address of a site");
  } else if (!rules::is_free_mail(domain)) {
    prospect.site = rules::parse_site(domain);
  }
  return prospect;
}

std::string make_opportunity(Call& call) {
  const std::int64_t id = seen_mail(call);
  const rest::Body body(call.body(), kOpportunityInputs);
  const std::int64_t account = call.scope().account;
  const std::int64_t campaign = require_reference(call, kCampaigns, body.integer("campaign"), "campaign");
  const intake::Target target = intake::load_target(call.db(), account, campaign);
  if (!target.is_active()) throw Error::invalid("campaign", "is archived or deleted; activate it first");
  const bool is_matched = call.db().exists(db::Sql(
      "SELECT 1 FROM inbound_emails WHERE account_id = ? AND id = ? AND opportunity_id <> 0", account, id));
  if (is_matched) throw Error(ErrorCode::conflict, "This email belongs to an opportunity already");
  const intake::Prospect prospect = make_sender_prospect(call, id, body.text("url"));
  const intake::Placement placement =
      intake::add_prospects(call.db(), target, std::span(&prospect, 1), {.now = call.now}).front();
  if (placement.opportunity == 0) {
    throw Error(ErrorCode::conflict, "No opportunity can be made in this campaign: " +
                                         std::string(intake::outcome_name(placement.outcome)));
  }
  if (!can_see(call, kOpportunities, placement.opportunity)) {
    throw Error(ErrorCode::conflict, "This site is already an opportunity of another project");
  }
  intake::match_inbound_email(call.db(), account, id, placement.opportunity, call.scope().user, call.now);
  return show_inbound_email(call, id);
}

}  // namespace

void add_inbound_action_routes(Routes& routes) {
  using enum http::Method;
  routes.push_back(
      Route(post, "/api/inbound_emails/{id}/reply", Permission::member, Lane::write, reply)
          .about("Emails", "Answer a mail, now or at a time; whoever opted out is only answered with force")
          .answers(reply_form())
          .takes(kReplyInputs)
          .needs_one_of({"body_text", "body_html"}));
  routes.push_back(Route(get, "/api/inbound_emails/{id}/raw", Permission::signed_in, Lane::read, get_raw)
                       .about("Emails", "Show a mail as it came, byte by byte")
                       .answers(kRaw));
  routes.push_back(showing_inbound_email(
      Route(post, "/api/inbound_emails/{id}/opportunity", Permission::member, Lane::write, make_opportunity)
          .about("Emails", "Make an opportunity of the sender of an unmatched mail, and match it")
          .takes(kOpportunityInputs)));
}

}  // namespace overture::api
