// Mail accounts, mails and moves between stages as rows.
#include <algorithm>
#include <unordered_map>

#include "app/demo_mail_texts.hpp"
#include "app/demo_mails.hpp"
#include "app/demo_rows.hpp"
#include "app/demo_write.hpp"

namespace overture::app {
namespace {

using base::kDay;
using base::kHour;
using base::Millis;

db::Value time_or_null(Millis time) { return time == 0 ? db::Value() : db::Value(time); }

class Writing {
 public:
  Writing(db::Connection& connection, const DemoHouse& house, const DemoWork& work, std::int64_t first,
          Millis now)
      : connection_(connection), house_(house), work_(work), first_(first), now_(now) {}

  void run() {
    read_contacts();
    write_accounts();
    const DemoMails mails = make_demo_mails(work_, now_);
    write_outreach(mails.outreach);
    write_forms(mails.forms);
    write_inbound(mails.inbound);
    write_replies(mails.replies);
    write_moves();
  }

 private:
  struct Place {
    std::int64_t project;
    std::int64_t campaign;
    std::int64_t opportunity;
  };
  Place place_of(std::size_t opportunity) const {
    const std::size_t campaign = work_.opportunities[opportunity].place.campaign;
    return {house_.projects[kDemoCampaigns[campaign].project], house_.campaigns[campaign],
            first_ + static_cast<std::int64_t>(opportunity)};
  }
  /// Nobody's for a form that nobody has answered.
  const DemoPerson& person_of(std::size_t opportunity) const {
    static const DemoPerson nobody;
    const auto& contacts = work_.opportunities[opportunity].contacts;
    return contacts.empty() ? nobody : work_.people.all()[contacts.front()];
  }
  std::int64_t contact_of(const DemoPerson& person) const {
    const auto found = contacts_.find(person.email);
    return found == contacts_.end() ? 0 : found->second;
  }
  static std::string name_of(const DemoPerson& person) {
    return person.last_name.empty() ? person.first_name : person.first_name + " " + person.last_name;
  }

  void read_contacts() {
    db::RowsPtr rows =
        connection_.query(db::Sql("SELECT id, email FROM contacts WHERE account_id = ?", house_.account));
    while (rows->next()) contacts_.emplace(rows->text(1), rows->integer(0));
  }

  void write_accounts() {
    static constexpr db::Literal kColumns[] = {"id",         "account_id", "name",        "nickname",
                                               "from_name",  "status",     "daily_limit", "created_by",
                                               "created_at", "updated_at"};
    static constexpr db::Literal kProjects[] = {"account_id", "email_account_id", "project_id"};
    DemoRows rows("email_accounts", kColumns);
    DemoRows projects("email_account_projects", kProjects);
    accounts_ = connection_.reserve_ids("email_accounts", kDemoMailAccounts.size());
    for (std::size_t i = 0; i < kDemoMailAccounts.size(); ++i) {
      const DemoMailAccount& account = kDemoMailAccounts[i];
      const Millis created = now_ - 185 * kDay + static_cast<Millis>(i) * kHour;
      const bool is_active = account.status == "active";
      rows.add(account_id(i), house_.account, account.email, account.nickname, account.from_name,
               account.status, account.daily_limit, house_.users[account.owner], created,
               is_active ? created : now_ - 6 * kDay);
      for (std::size_t project = 0; project < kDemoProjects.size(); ++project) {
        if ((account.projects >> project & 1U) == 0) continue;
        projects.add(house_.account, account_id(i), house_.projects[project]);
      }
    }
    rows.write(connection_);
    projects.write(connection_);
  }
  std::int64_t account_id(std::size_t place) const { return accounts_ + static_cast<std::int64_t>(place); }

  void write_outreach(const std::vector<DemoOutreach>& mails) {
    static constexpr db::Literal kColumns[] = {
        "id",         "account_id",       "project_id", "campaign_id",    "opportunity_id",
        "contact_id", "email_account_id", "user_id",    "attempt_number", "subject",
        "status",     "review_type",      "from_name",  "to_email",       "can_spam_text",
        "sent_at",    "created_at"};
    DemoRows rows("outreach_emails", kColumns, mails.size());
    std::int64_t id = connection_.reserve_ids("outreach_emails", static_cast<std::int64_t>(mails.size()));
    static constexpr db::Literal kTextColumns[] = {"id", "account_id", "body_text"};
    DemoRows texts("outreach_email_texts", kTextColumns, mails.size());
    for (const DemoOutreach& each : mails) {
      const Place place = place_of(each.mail.opportunity);
      const DemoPerson& person = person_of(each.mail.opportunity);
      texts.add(id, house_.account, each.mail.text + "\n\n" + std::string(kDemoFooter));
      rows.add(id++, house_.account, place.project, place.campaign, place.opportunity, contact_of(person),
               account_id(each.mail.account), house_.users[each.mail.user], each.attempt, each.mail.subject,
               each.mail.status, std::string_view(each.reviewed ? "manual" : "automatic"),
               kDemoMailAccounts[each.mail.account].from_name, person.email, kDemoFooter,
               time_or_null(each.sent_at), each.mail.at);
    }
    rows.write(connection_);
    texts.write(connection_);
  }

  void write_forms(const std::vector<DemoForm>& forms) {
    static constexpr db::Literal kColumns[] = {
        "id",      "account_id", "project_id", "campaign_id", "opportunity_id", "user_id", "attempt_number",
        "subject", "body_text",  "status",     "sent_at",     "created_at"};
    DemoRows rows("form_submissions", kColumns, forms.size());
    std::int64_t id = connection_.reserve_ids("form_submissions", static_cast<std::int64_t>(forms.size()));
    for (const DemoForm& each : forms) {
      const Place place = place_of(each.mail.opportunity);
      rows.add(id++, house_.account, place.project, place.campaign, place.opportunity,
               each.sent_at == 0 ? 0 : house_.users[each.mail.user], each.attempt, each.mail.subject,
               each.mail.text, each.mail.status, time_or_null(each.sent_at), each.mail.at);
    }
    rows.write(connection_);
  }

  void write_inbound(const std::vector<DemoInbound>& mails) {
    static constexpr db::Literal kColumns[] = {"id",
                                               "account_id",
                                               "project_id",
                                               "campaign_id",
                                               "opportunity_id",
                                               "contact_id",
                                               "email_account_id",
                                               "attempt_number",
                                               "subject",
                                               "body_text",
                                               "status",
                                               "class",
                                               "from_email",
                                               "from_name",
                                               "to_email",
                                               "to_name",
                                               "snooze_until",
                                               "created_at"};
    DemoRows rows("inbound_emails", kColumns, mails.size() + std::size(kDemoStrays));
    const auto count = static_cast<std::int64_t>(mails.size() + std::size(kDemoStrays));
    std::int64_t id = connection_.reserve_ids("inbound_emails", count);
    for (const DemoInbound& each : mails) {
      const Place place = place_of(each.mail.opportunity);
      const DemoPerson& person = person_of(each.mail.opportunity);
      const DemoMailAccount& account = kDemoMailAccounts[each.mail.account];
      const bool by_machine = each.kind == "bounce";
      rows.add(id++, house_.account, place.project, place.campaign, place.opportunity, contact_of(person),
               account_id(each.mail.account), each.attempt, each.mail.subject, each.mail.text,
               each.mail.status, each.kind,
               by_machine ? "mailer-daemon@northlight-outreach.example" : person.email,
               by_machine ? std::string("Mail system") : name_of(person), account.email, account.from_name,
               time_or_null(each.snooze_until), each.mail.at);
    }
    for (const DemoStray& stray : kDemoStrays) {
      const DemoMailAccount& account = kDemoMailAccounts[stray.account];
      rows.add(id++, house_.account, stray.is_partial ? house_.projects[stray.project] : 0, 0, 0, 0,
               account_id(stray.account), 0, stray.subject, stray.text,
               std::string_view(stray.is_partial ? "partial" : "unmatched"), "human", stray.from_email,
               stray.from_name, account.email, account.from_name, db::Value(),
               now_ - stray.hours_ago * kHour);
    }
    rows.write(connection_);
  }

  void write_replies(const std::vector<DemoReply>& mails) {
    static constexpr db::Literal kColumns[] = {"id",
                                               "account_id",
                                               "project_id",
                                               "campaign_id",
                                               "opportunity_id",
                                               "email_account_id",
                                               "user_id",
                                               "subject",
                                               "body_text",
                                               "status",
                                               "from_email",
                                               "from_name",
                                               "to_email",
                                               "to_name",
                                               "sent_at",
                                               "schedule_for",
                                               "stop_schedule_on_communication",
                                               "created_at"};
    DemoRows rows("sent_replies", kColumns, mails.size());
    std::int64_t id = connection_.reserve_ids("sent_replies", static_cast<std::int64_t>(mails.size()));
    for (const DemoReply& each : mails) {
      const Place place = place_of(each.mail.opportunity);
      const DemoPerson& person = person_of(each.mail.opportunity);
      const DemoMailAccount& account = kDemoMailAccounts[each.mail.account];
      rows.add(id++, house_.account, place.project, place.campaign, place.opportunity,
               account_id(each.mail.account), house_.users[each.mail.user], each.mail.subject, each.mail.text,
               each.mail.status, account.email, account.from_name, person.email, name_of(person),
               time_or_null(each.sent_at), time_or_null(each.schedule_for), each.stops, each.mail.at);
    }
    rows.write(connection_);
  }

  void write_moves() {
    static constexpr db::Literal kColumns[] = {
        "id",      "account_id",    "project_id",  "campaign_id", "opportunity_id",
        "user_id", "from_workflow", "to_workflow", "at"};
    std::vector<std::pair<std::size_t, const DemoStageMove*>> all;
    for (std::size_t i = 0; i < work_.opportunities.size(); ++i) {
      for (const DemoStageMove& move : work_.opportunities[i].journey.moves) all.emplace_back(i, &move);
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const auto& a, const auto& b) { return a.second->at < b.second->at; });
    DemoRows rows("stage_events", kColumns, all.size());
    std::int64_t id = connection_.reserve_ids("stage_events", static_cast<std::int64_t>(all.size()));
    for (const auto& [opportunity, move] : all) {
      const Place place = place_of(opportunity);
      const DemoProject& project =
          kDemoProjects[kDemoCampaigns[work_.opportunities[opportunity].place.campaign].project];
      const std::int64_t user = move->from == "inspect"       ? house_.users[project.inspector]
                                : move->from == "personalize" ? house_.users[project.personalizer]
                                                              : 0;
      rows.add(id++, house_.account, place.project, place.campaign, place.opportunity, user, move->from,
               move->to, move->at);
    }
    rows.write(connection_);
  }

  db::Connection& connection_;
  const DemoHouse& house_;
  const DemoWork& work_;
  std::int64_t first_;
  Millis now_;
  std::int64_t accounts_ = 0;
  std::unordered_map<std::string, std::int64_t> contacts_;
};

}  // namespace

void write_demo_mails(db::Connection& connection, const DemoHouse& house, const DemoWork& work,
                      std::int64_t first_opportunity, Millis now) {
  Writing(connection, house, work, first_opportunity, now).run();
}

}  // namespace overture::app
