// A mail of a sequence as one opportunity would get it, before anything is written down or sent.
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "api/crud.hpp"
#include "api/mail_answers.hpp"
#include "api/resources.hpp"
#include "base/error.hpp"
#include "mail/sanitize.hpp"
#include "outreach/contacts.hpp"
#include "outreach/facts.hpp"
#include "outreach/trial.hpp"

namespace overture::api {
namespace {

using base::Error;
using outreach::Attempt;
using outreach::Run;
using rest::Field;
using rest::Type;

constexpr Field kLeftoverFields[] = {
    {.path = "part", .doc = "subject, body_text or body_html"},
    {.path = "line", .type = Type::integer},
    {.path = "excerpt"},
    {.path = "problem"},
};
constexpr rest::Child kLeftovers{.from = "", .parent = "", .fields = kLeftoverFields};
constexpr Field kFields[] = {
    {.path = "attempt", .type = Type::integer},
    {.path = "subject"},
    {.path = "body_text"},
    {.path = "body_html", .doc = "fit to be shown: without scripts, and pictures only when asked for"},
    {.path = "can_spam_text", .doc = "the opt-out footer, which stands in both texts"},
    OVERTURE_JSON_CONTACT_FIELDS,
    OVERTURE_JSON_MAIL_ACCOUNT_FIELDS,
    {.path = "missing", .type = Type::strings, .doc = "tokens without value: such a mail is never sent"},
    {.path = "leftovers",
     .type = Type::rows,
     .child = &kLeftovers,
     .doc = "what looks like a forgotten placeholder"},
};
constexpr Form kPreview{"MailPreview", kFields};

constexpr rest::Input kUnsavedInputs[] = {
    {.key = "subject", .clearable = true, .max = 998},
    {.key = "body_text", .clearable = true, .max = 100'000},
    {.key = "body_html", .clearable = true, .max = 200'000},
    {.key = "opt_out", .type = Type::boolean},
};
constexpr rest::Inside kUnsaved{.inputs = kUnsavedInputs};
constexpr rest::Input kInputs[] = {
    {.key = "opportunity", .type = Type::integer, .required = true, .doc = "id of one in the campaign"},
    {.key = "attempt", .type = Type::integer, .doc = "which mail of the sequence; 1 when left out"},
    {.key = "contact", .type = Type::integer, .doc = "id of one of its contacts; else whoever is next"},
    {.key = "email_account", .type = Type::integer, .doc = "id of the sender; else whichever is next"},
    {.key = "unsaved",
     .type = Type::object,
     .inside = &kUnsaved,
     .doc = "in place of what the sequence says"},
};

/// The opportunity of the body, which has to be one of the campaign.
std::int64_t asked_opportunity(Call& call, const rest::Body& body, std::int64_t campaign) {
  const std::int64_t id = require_reference(call, kOpportunities, body.integer("opportunity"), "opportunity");
  const bool is_here = call.db().exists(
      db::Sql("SELECT 1 FROM opportunities WHERE account_id = ? AND id = ? AND campaign_id = ?",
              call.scope().account, id, campaign));
  if (!is_here) throw Error::invalid("opportunity", "belongs to another campaign");
  return id;
}

Attempt asked_attempt(Call& call, const rest::Body& body, std::int64_t campaign) {
  const std::int64_t number = body.integer("attempt", 1);
  if (number < 1) throw Error::invalid("attempt", "must be 1 or more");
  std::optional<Attempt> attempt;
  for (Attempt& each : outreach::load_sequence(call.db(), call.scope().account, campaign)) {
    if (each.number == number) attempt = std::move(each);
  }
  if (!body.given("unsaved")) {
    if (!attempt) throw Error::invalid("attempt", "the sequence has no such mail");
    return *attempt;
  }
  Attempt written = attempt.value_or(Attempt{});
  written.number = number;
  const boost::json::value json = body.object("unsaved");
  const rest::Body unsaved(json, kUnsavedInputs, "unsaved.");
  if (unsaved.has("subject")) written.subject = unsaved.text("subject");
  if (unsaved.has("body_text")) written.body_text = unsaved.text("body_text");
  if (unsaved.has("body_html")) written.body_html = unsaved.text("body_html");
  written.opt_out = unsaved.boolean("opt_out", written.opt_out);
  return written;
}

void choose_contact(Call& call, const rest::Body& body, Run& run) {
  if (body.given("contact")) {
    run.contact = body.integer("contact");
    const bool is_its = call.db().exists(db::Sql(
        "SELECT 1 FROM opportunity_contacts WHERE account_id = ? AND opportunity_id = ? AND contact_id = ?",
        run.account, run.opportunity, run.contact));
    if (!is_its) throw Error::invalid("contact", "is no contact of this opportunity");
    return;
  }
  Run next = run;
  if (outreach::choose_recipient(call.db(), next) == outreach::RecipientChoice::chosen) {
    run.contact = next.contact;
  } else if (run.contact == 0) {
    // Nobody may be written to: the mail is shown as the first one would have had it.
    const auto all = outreach::load_recipients(call.db(), run.account, run.project, run.opportunity);
    if (!all.empty()) run.contact = all.front().contact;
  }
}

void choose_sender(Call& call, const rest::Body& body, Run& run) {
  if (body.given("email_account")) {
    run.email_account =
        require_reference(call, kEmailAccounts, body.integer("email_account"), "email_account");
    return;
  }
  const auto facts = outreach::find_campaign_facts(call.db(), run.account, run.campaign, call.now);
  if (!facts) return;
  const rules::SendingFacts sending = facts->with_mailbox(run.email_account);
  run.email_account = sending.mailbox ? sending.mailbox->id : 0;
}

std::int64_t project_of(Call& call, std::int64_t campaign) {
  return call.db().integer(db::Sql("SELECT project_id FROM campaigns WHERE account_id = ? AND id = ?",
                                   call.scope().account, campaign));
}

std::string preview(Call& call) {
  const std::int64_t campaign = call.id(0, kCampaigns.not_found);
  require(call, kCampaigns, campaign);
  const rest::Body body(call.body(), kInputs);
  const std::int64_t account = call.scope().account;
  const std::int64_t opportunity = asked_opportunity(call, body, campaign);
  Attempt attempt = asked_attempt(call, body, campaign);

  const std::optional<Run> found = outreach::find_run(call.db(), account, opportunity);
  Run run =
      found ? *found : outreach::unlaunched_run(account, opportunity, project_of(call, campaign), campaign);
  choose_contact(call, body, run);
  choose_sender(call, body, run);
  const outreach::RenderedMail mail = outreach::try_attempt(call.db(), call.services.install, run, attempt);

  boost::json::object answer{{"attempt", attempt.number},
                             {"subject", mail.subject},
                             {"body_text", mail.text.empty() ? mail::html_to_text(mail.html) : mail.text},
                             {"body_html", mail::sanitize_html(mail.html)},
                             {"can_spam_text", mail.can_spam_text},
                             {"contact", json_contact(call.db(), account, run.contact)},
                             {"email_account", json_mail_account(call.db(), account, run.email_account)},
                             {"missing", boost::json::array(mail.missing.begin(), mail.missing.end())},
                             {"leftovers", json_leftovers(outreach::find_mail_leftovers(mail))}};
  return boost::json::serialize(answer);
}

}  // namespace

void add_preview_routes(Routes& routes) {
  routes.push_back(Route(http::Method::post, "/api/campaigns/{campaign}/preview", Permission::signed_in,
                         Lane::read, preview)
                       .about("Campaigns", "Show a mail as an opportunity would get it; nothing is sent")
                       .answers(kPreview)
                       .takes(kInputs));
}

}  // namespace overture::api
