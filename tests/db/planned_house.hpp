// Houses with a mailbox, and with one mail of a sequence that waits in the outbox.
#pragma once
#include "house.hpp"
#include "intake/stage.hpp"

namespace overture::db {

/// A project with one mailbox (id 1).
class MailboxHouse : public House {
 protected:
  void SetUp() override {
    House::SetUp();
    if (HasFatalFailure()) return;
    account = add_account();
    project = add_project(account);
    add_mailbox(1, "me@us.test");
  }

  void add_mailbox(std::int64_t id, std::string_view address) {
    execute(
        Sql("INSERT INTO email_accounts (id, account_id, name, status, daily_limit, created_by, created_at, "
            "updated_at) VALUES (?, ?, ?, 'active', 50, 0, 0, 0)",
            id, account, address));
    execute(Sql("INSERT INTO mailboxes (account_id, email_account_id, address) VALUES (?, ?, ?)", account, id,
                address));
    execute(Sql("INSERT INTO mailbox_states (account_id, email_account_id, connected_at) VALUES (?, ?, 0)",
                account, id));
    execute(
        Sql("INSERT INTO email_account_projects (account_id, email_account_id, project_id) VALUES (?, ?, ?)",
            account, id, project));
  }

  std::int64_t account = 0;
  std::int64_t project = 0;
};

/// One opportunity, launched, with its first mail (id 5) in the outbox (row 5).
class PlannedHouse : public MailboxHouse {
 protected:
  void SetUp() override {
    MailboxHouse::SetUp();
    if (HasFatalFailure()) return;
    campaign = add_campaign(account, project);
    auto prospect = site("a.com");
    prospect.contacts.push_back({"ann@a.com", "Ann", ""});
    opportunity = add_one(account, campaign, prospect).opportunity;
    execute(
        Sql("INSERT INTO attempts (account_id, campaign_id, number, subject, body_text, created_at) VALUES "
            "(?, ?, 1, 'Hi', 'Hi', 0)",
            account, campaign));
    database().write([&](Connection& connection) {
      intake::change_stage(connection, account, opportunity, rules::StageEvent::launch, {}, clock.now());
    });
    execute(
        Sql("UPDATE outreach_runs SET state = 'outgoing', contact_id = (SELECT id FROM contacts WHERE email "
            "= 'ann@a.com'), email_account_id = 1 WHERE opportunity_id = ?",
            opportunity));
    execute(
        Sql("INSERT INTO outreach_emails (id, account_id, project_id, campaign_id, opportunity_id, "
            "contact_id, email_account_id, attempt_number, run, status, to_email, created_at) SELECT 5, "
            "account_id, project_id, campaign_id, opportunity_id, contact_id, 1, 1, 1, 'scheduled', "
            "'ann@a.com', ? FROM outreach_runs WHERE opportunity_id = ?",
            clock.now(), opportunity));
    execute(Sql("INSERT INTO outreach_email_texts (id, account_id, body_text) VALUES (5, ?, '')", account));
    execute(
        Sql("INSERT INTO outbox (id, account_id, kind, mail_id, email_account_id, send_at, counted_at, "
            "created_at) VALUES (5, ?, 'outreach', 5, 1, ?, ?, ?)",
            account, clock.now(), clock.now(), clock.now()));
    clock.advance(2 * base::kHour);  // Friday, ten o'clock
  }

  std::int64_t campaign = 0;
  std::int64_t opportunity = 0;
};

}  // namespace overture::db
