// One opportunity after the other, with launch's own rules, the planner's own facts, and all its mails
// rendered.
#include "outreach/prelaunch.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <unordered_set>

#include "intake/launch.hpp"
#include "outreach/contacts.hpp"
#include "outreach/facts.hpp"
#include "outreach/run.hpp"
#include "outreach/sequence.hpp"
#include "outreach/trial.hpp"
#include "rules/email_address.hpp"

namespace overture::outreach {
namespace {

using db::Sql;

constexpr std::array<std::string_view, 18> kNames = {
    "no_sequence",  "no_mailbox",        "rotation_gone", "inactive",        "already_launched",
    "not_approved", "finding_contacts",  "no_contact",    "suppressed",      "bounced",
    "blocklisted",  "already_contacted", "duplicate",     "required_fields", "empty_fields",
    "leftovers",    "role_address",      "no_public_url"};
static_assert(kNames.size() == static_cast<std::size_t>(PrelaunchProblem::no_public_url) + 1);

bool is_hint(PrelaunchProblem problem) {
  return problem == PrelaunchProblem::leftovers || problem == PrelaunchProblem::role_address ||
         problem == PrelaunchProblem::no_public_url;
}

class Checking {
 public:
  Checking(db::Connection& connection, const Install& install, const CampaignFacts& campaign)
      : connection_(connection),
        install_(install),
        campaign_(campaign),
        sequence_(load_sequence(connection, campaign.account, campaign.campaign)),
        sending_(campaign.with_mailbox(0)),
        has_mailbox_(std::any_of(
            campaign.mailboxes.begin(), campaign.mailboxes.end(),
            [](const ProjectMailbox& each) { return each.mailbox.state == rules::MailboxState::active; })) {}

  void check(std::int64_t opportunity) {
    found_.clear();
    Run run = unlaunched_run(campaign_.account, opportunity, campaign_.project, campaign_.campaign);
    run.email_account = sending_.mailbox ? sending_.mailbox->id : 0;
    check_launch(run);
    check_place(run);
    const RecipientChoice choice = choose_recipient(connection_, run);
    if (choice == RecipientChoice::chosen) check_mail(run);
    for (const PrelaunchProblem problem : found_) report_.problems[problem].push_back(opportunity);
    ++report_.checked;
    if (std::all_of(found_.begin(), found_.end(), is_hint)) ++report_.ready;
  }

  PrelaunchReport report() && { return std::move(report_); }

 private:
  /// What launch() would say.
  void check_launch(const Run& run) {
    switch (intake::find_launch_place(connection_, run.account, run.opportunity).obstacle) {
      case intake::LaunchObstacle::under_way:
        found_.insert(PrelaunchProblem::already_launched);
        break;
      case intake::LaunchObstacle::not_approved:
        found_.insert(PrelaunchProblem::not_approved);
        break;
      case intake::LaunchObstacle::finding_contacts:
        found_.insert(PrelaunchProblem::finding_contacts);
        break;
      case intake::LaunchObstacle::inactive:
        found_.insert(PrelaunchProblem::inactive);
        break;
      case intake::LaunchObstacle::none:
      case intake::LaunchObstacle::gone:
        break;
    }
    const intake::Readiness readiness = intake::load_readiness(connection_, run.account, run.opportunity);
    if (readiness.blocklisted) found_.insert(PrelaunchProblem::blocklisted);
    if (readiness.opted_out) found_.insert(PrelaunchProblem::suppressed);
    if (!readiness.has_contact) found_.insert(PrelaunchProblem::no_contact);
    if (!readiness.fields().empty()) found_.insert(PrelaunchProblem::required_fields);
    for (const std::string& label : readiness.fields()) ++report_.required_fields[label];
  }

  void check_place(const Run& run) {
    if (sequence_.empty()) found_.insert(PrelaunchProblem::no_sequence);
    if (!has_mailbox_) {
      const bool is_gone = sending_.names_mailboxes && campaign_.mailboxes.empty();
      found_.insert(is_gone ? PrelaunchProblem::rotation_gone : PrelaunchProblem::no_mailbox);
    }
    rules::SendingFacts facts = sending_;
    add_opportunity_facts(connection_, run, {}, facts);
    if (!facts.has_contact) found_.insert(PrelaunchProblem::no_contact);
    if (facts.suppressed) found_.insert(PrelaunchProblem::suppressed);
    if (facts.bounced) found_.insert(PrelaunchProblem::bounced);
    if (facts.contacted_elsewhere_at) found_.insert(PrelaunchProblem::already_contacted);
  }

  void check_mail(const Run& run) {
    const std::string address = connection_.text(
        Sql("SELECT email FROM contacts WHERE account_id = ? AND id = ?", run.account, run.contact));
    if (rules::is_role_address(address)) found_.insert(PrelaunchProblem::role_address);
    const bool is_written_to = connection_.exists(
        Sql("SELECT 1 FROM opportunity_contacts x CROSS JOIN outreach_runs r WHERE r.account_id = "
            "x.account_id AND "
            "r.opportunity_id = x.opportunity_id AND x.account_id = ? AND x.contact_id = ? AND "
            "r.contact_id = ? "
            "AND r.opportunity_id <> ? AND r.project_id = ? AND r.state <> 'over' LIMIT 1",
            run.account, run.contact, run.contact, run.opportunity, run.project));
    if (is_written_to || !contacts_.insert(run.contact).second) found_.insert(PrelaunchProblem::duplicate);
    check_texts(try_sequence(connection_, install_, run, sequence_));
  }

  /// Each token and excerpt counts once for an opportunity, in however many of its mails it stands.
  void check_texts(const std::vector<RenderedMail>& mails) {
    std::set<std::string> tokens;
    std::set<std::string> excerpts;
    for (const RenderedMail& mail : mails) {
      tokens.insert(mail.missing.begin(), mail.missing.end());
      if (mail.opt_out_by_mail) found_.insert(PrelaunchProblem::no_public_url);
      for (const MailLeftover& each : find_mail_leftovers(mail)) {
        // A token without value is told above.
        if (!is_token(each.problem.excerpt, mail.missing)) excerpts.insert(each.problem.excerpt);
      }
    }
    // Who sends is not known without a mailbox, and that is told.
    if (campaign_.mailboxes.empty()) {
      std::erase_if(tokens, is_sender_token);
    }
    for (const std::string& token : tokens) ++report_.empty_tokens[token];
    if (!tokens.empty()) found_.insert(PrelaunchProblem::empty_fields);
    for (const std::string& excerpt : excerpts) ++report_.leftovers[excerpt];
    if (!excerpts.empty()) found_.insert(PrelaunchProblem::leftovers);
  }

  static bool is_token(const std::string& excerpt, const std::vector<std::string>& missing) {
    return std::any_of(missing.begin(), missing.end(), [&](const std::string& token) {
      return excerpt.find('{' + token) != std::string::npos;
    });
  }

  db::Connection& connection_;
  const Install& install_;
  const CampaignFacts& campaign_;
  const std::vector<Attempt> sequence_;
  const rules::SendingFacts sending_;
  const bool has_mailbox_;
  std::set<PrelaunchProblem> found_;
  std::unordered_set<std::int64_t> contacts_;
  PrelaunchReport report_;
};

}  // namespace

std::span<const std::string_view> prelaunch_problem_names() { return kNames; }

PrelaunchReport make_prelaunch_report(db::Connection& connection, const Install& install,
                                      std::int64_t account, std::int64_t campaign,
                                      std::span<const std::int64_t> opportunities, base::Millis now) {
  const std::optional<CampaignFacts> facts = find_campaign_facts(connection, account, campaign, now);
  if (!facts) return {};
  Checking checking(connection, install, *facts);
  for (const std::int64_t opportunity : opportunities.first(std::min(opportunities.size(), kPrelaunchMost))) {
    checking.check(opportunity);
  }
  PrelaunchReport report = std::move(checking).report();
  report.total = static_cast<std::int64_t>(opportunities.size());
  return report;
}

}  // namespace overture::outreach
