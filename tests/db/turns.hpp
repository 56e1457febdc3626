// A house whose planner is turned by hand, until its mails are in the outbox.
#pragma once
#include <cctype>

#include "intake/communications.hpp"
#include "outreach/next_contact.hpp"
#include "outreach/review.hpp"
#include "planned_house.hpp"
#include "work/planner.hpp"

namespace overture::db {

/// Two mailboxes, each with a signature of its own; sites with ann@ and ben@.
class Turns : public MailboxHouse {
 protected:
  void SetUp() override {
    MailboxHouse::SetUp();
    if (HasFatalFailure()) return;
    add_mailbox(2, "you@us.test");
    execute(Sql("UPDATE email_accounts SET from_name = CASE WHEN id = 1 THEN 'Al' ELSE 'Bo' END"));
    execute(Sql("UPDATE mailboxes SET spacing_seconds = 0"));
    campaign = add_campaign(account, project);
    execute(Sql("INSERT INTO outreach_settings (account_id, campaign_id, daily_limit) VALUES (?, ?, 100000)",
                account, campaign));
    clock.advance(2 * base::kHour);  // Friday, ten o'clock
    planner_.emplace(database(), clock, install_, [] { return 1; });
  }

  void add_attempt(int number, std::string_view text, int review) {
    execute(
        Sql("INSERT INTO attempts (account_id, campaign_id, number, subject, body_text, review, created_at) "
            "VALUES (?, ?, ?, ?, ?, ?, 0)",
            account, campaign, number, number == 1 ? "Hi" : "", text, review));
  }

  std::int64_t launch(const std::string& host) { return launch(host, {"ann@" + host, "ben@" + host}); }
  /// "ann@…" is Ann.
  std::int64_t launch(const std::string& host, const std::vector<std::string>& addresses) {
    intake::Prospect prospect = site(host);
    for (const std::string& address : addresses) {
      std::string name = address.substr(0, address.find('@'));
      name.front() = static_cast<char>(std::toupper(name.front()));
      prospect.contacts.push_back({address, name, ""});
    }
    const std::int64_t opportunity = add_one(account, campaign, prospect).opportunity;
    move(opportunity, rules::StageEvent::launch);
    return opportunity;
  }

  void move(std::int64_t opportunity, rules::StageEvent event) {
    database().write([&](Connection& connection) {
      intake::change_stage(connection, account, opportunity, event, {}, clock.now());
    });
  }

  /// Until nothing more can be planned now.
  void plan() {
    for (int i = 0; i < 5; ++i) {
      execute(Sql("UPDATE campaign_sending SET next_look_at = ?, next_send_at = 0", clock.now()));
      execute(Sql("UPDATE mailbox_states SET next_free_at = 0"));
      planner_->tick();
      clock.advance(base::kSecond);
    }
  }

  /// A first mail of that text, in which a person names its sender before it is approved; his mail account
  /// has been removed. Its site.
  std::int64_t edit_for_one_who_goes(const std::string& text) {
    add_attempt(1, text, 1);
    const std::int64_t site = launch("a.com");
    plan();
    execute(Sql("UPDATE outreach_emails SET review_type = 'edited'"));
    execute(Sql("UPDATE outreach_email_texts SET body_text = 'It is me, Al'"));
    execute(Sql("UPDATE email_accounts SET status = 'deleted' WHERE id = 1"));
    approve(integer(Sql("SELECT MAX(id) FROM outreach_emails")));
    plan();
    return site;
  }
  void approve(std::int64_t mail) {
    database().write([&](Connection& connection) {
      outreach::approve_mail(connection, install_,
                             {.account = account, .mail = mail, .user = 1, .now = clock.now()});
    });
  }

  std::int64_t contact(const std::string& address) {
    return integer(Sql("SELECT id FROM contacts WHERE email = ?", address));
  }
  void take_off(std::int64_t opportunity, const std::string& address) {
    const std::int64_t gone = contact(address);
    execute(Sql("DELETE FROM opportunity_contacts WHERE opportunity_id = ? AND contact_id = ?", opportunity,
                gone));
    database().write([&](Connection& connection) {
      outreach::follow_removed_contact(connection, account, opportunity, gone, clock.now());
    });
  }
  void put_back(std::int64_t opportunity, const std::string& address) {
    execute(Sql("INSERT INTO opportunity_contacts (account_id, opportunity_id, contact_id) VALUES (?, ?, ?)",
                account, opportunity, contact(address)));
  }

  /// "to/status/attempt/mailbox …" of the opportunity's mails, in their order.
  std::string mails(std::int64_t opportunity) {
    std::string all;
    database().read([&](Connection& connection) {
      RowsPtr rows = connection.query(
          Sql("SELECT to_email, status, attempt_number, email_account_id FROM outreach_emails WHERE "
              "opportunity_id = ? ORDER BY id",
              opportunity));
      while (rows->next()) {
        const std::string address(rows->text(0));
        all += (all.empty() ? "" : " ") + address.substr(0, address.find('@')) + "/" +
               std::string(rows->text(1)) + "/" + std::to_string(rows->integer(2)) + "/" +
               std::to_string(rows->integer(3));
      }
    });
    return all;
  }
  std::string stage(std::int64_t opportunity) {
    return text(
        Sql("SELECT workflow_status || '/' || stage_status FROM opportunities WHERE id = ?", opportunity));
  }
  std::string run_state(std::int64_t opportunity) {
    return text(Sql("SELECT state FROM outreach_runs WHERE opportunity_id = ?", opportunity));
  }
  /// As if its server had taken it.
  void send(std::int64_t opportunity) {
    database().write([&](Connection& connection) {
      connection.execute(
          Sql("UPDATE outreach_emails SET status = 'sent', sent_at = ? WHERE opportunity_id = ? AND status = "
              "'scheduled'",
              clock.now(), opportunity));
      connection.execute(Sql("DELETE FROM outbox WHERE account_id = ?", account));
      intake::note_contacted(
          connection, account, opportunity,
          {.type = intake::kOutreachEmailType, .event = rules::StageEvent::attempt_sent, .at = clock.now()},
          clock.now());
      connection.execute(
          Sql("UPDATE outreach_runs SET state = 'waiting', next_attempt = next_attempt + 1, due_at = ? WHERE "
              "opportunity_id = ?",
              clock.now(), opportunity));
    });
  }
  /// A person writes to us.
  void answer(std::int64_t opportunity) {
    execute(
        Sql("INSERT INTO inbound_emails (id, account_id, project_id, email_account_id, subject, body_text, "
            "status, class, from_email, created_at) VALUES (900, ?, ?, 1, 'Hello', 'Yes', 'unmatched', "
            "'human', 'someone@else.test', ?)",
            account, project, clock.now()));
    database().write([&](Connection& connection) {
      intake::match_inbound_email(connection, account, 900, opportunity, {}, clock.now());
    });
  }

  const outreach::Install install_{.key = base::HmacKey(std::string(32, 'k')), .public_url = {}};
  std::optional<work::Planner> planner_;
  std::int64_t campaign = 0;
};

}  // namespace overture::db
