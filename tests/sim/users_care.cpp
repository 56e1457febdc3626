// What people do for single mails and for those who want none.
#include <algorithm>
#include <set>
#include <vector>

#include "base/error.hpp"
#include "intake/counts.hpp"
#include "intake/launch.hpp"
#include "intake/runs.hpp"
#include "intake/stage.hpp"
#include "intake/unsubscribe.hpp"
#include "outreach/next_contact.hpp"
#include "outreach/opt_out.hpp"
#include "outreach/review.hpp"
#include "outreach/settle.hpp"
#include "outreach/trial.hpp"
#include "sim/users.hpp"

namespace overture::sim {

using db::Sql;

void Users::follow_link(const AcceptedMail& mail) {
  const std::int64_t account = world_.truth.account;
  world_.database->write([&](db::Connection& connection) {
    intake::unsubscribe(connection, account, {mail.to, false},
                        {.reason = "Unsubscribed by link", .now = world_.now()});
    outreach::follow_opt_out(connection, account, {mail.to, false}, world_.now());
    intake::note_change(connection, account);
  });
  oracle_.suppress(mail.to);
}

void Users::suppress_somebody() {
  const std::string site =
      "site" + std::to_string(world_.dice.below(world_.shape.opportunities)) + ".example";
  const bool domain = world_.dice.chance(0.3);
  const std::string entry = domain ? site : "p0@" + site;
  world_.database->write([&](db::Connection& connection) {
    intake::unsubscribe(connection, world_.truth.account, {entry, domain},
                        {.user = world_.truth.user, .reason = "asked by phone", .now = world_.now()});
    outreach::follow_opt_out(connection, world_.truth.account, {entry, domain}, world_.now());
    intake::note_change(connection, world_.truth.account);
  });
  oracle_.suppress(domain ? "@" + site : entry);
}

/// One is taken off its opportunity, or those that were are put back.
void Users::change_contacts() {
  const std::int64_t account = world_.truth.account;
  // Rather where a mail is on its way.
  const std::int64_t leaving = world_.integer(
      Sql("SELECT COALESCE(MAX(e.opportunity_id), 0) FROM outbox b JOIN outreach_emails e ON e.account_id = "
          "b.account_id AND e.id = b.mail_id WHERE b.account_id = ? AND b.kind = 'outreach'",
          account));
  const std::int64_t opportunity = leaving != 0 && world_.dice.chance(0.8) ? leaving : any_opportunity();
  world_.database->write([&](db::Connection& connection) {
    std::vector<std::int64_t> linked;
    {
      db::RowsPtr rows = connection.query(
          Sql("SELECT contact_id FROM opportunity_contacts WHERE account_id = ? AND opportunity_id = ? ORDER "
              "BY contact_id",
              account, opportunity));
      while (rows->next()) linked.push_back(rows->integer(0));
    }
    const std::set<std::int64_t> gone = oracle_.taken_off(opportunity);
    if (!gone.empty() && world_.dice.chance(0.7)) {
      for (const std::int64_t contact : gone) {
        connection.execute(Sql(
            "INSERT INTO opportunity_contacts (account_id, opportunity_id, contact_id) VALUES (?, ?, ?) ON "
            "CONFLICT DO NOTHING",
            account, opportunity, contact));
      }
      intake::settle_readiness(connection, account, opportunity, world_.now(),
                               outreach::missing_at_launch(connection, world_.install, account));
      oracle_.put_back(opportunity);
    } else if (!linked.empty()) {
      const std::int64_t contact =
          linked[static_cast<std::size_t>(world_.dice.below(static_cast<std::int64_t>(linked.size())))];
      connection.execute(Sql(
          "DELETE FROM opportunity_contacts WHERE account_id = ? AND opportunity_id = ? AND contact_id = ?",
          account, opportunity, contact));
      outreach::follow_removed_contact(connection, account, opportunity, contact, world_.now());
      oracle_.take_off(opportunity, contact);
    }
    intake::note_change(connection, account);
  });
}

/// In the words of whoever looks at it.
void Users::edit_mail(std::int64_t mail) {
  const std::int64_t account = world_.truth.account;
  world_.execute(
      Sql("UPDATE outreach_emails SET review_type = 'edited' WHERE account_id = ? AND id = ? AND status = "
          "'review'",
          account, mail));
  world_.execute(Sql(
      "UPDATE outreach_email_texts SET body_text = body_text || 'By the way: hello.' WHERE account_id = ? "
      "AND id = (SELECT id FROM outreach_emails WHERE account_id = ? AND id = ? AND status = 'review')",
      account, account, mail));
}

void Users::approve_mails() {
  const std::int64_t account = world_.truth.account;
  std::vector<std::int64_t> waiting;
  world_.database->read([&](db::Connection& connection) {
    db::RowsPtr rows = connection.query(Sql(
        "SELECT id FROM outreach_emails WHERE account_id = ? AND status = 'review' ORDER BY id", account));
    while (rows->next()) waiting.push_back(rows->integer(0));
  });
  for (const std::int64_t mail : waiting) {
    const outreach::ReviewDecision decision{account, mail, world_.truth.user, world_.now()};
    const bool skip = world_.dice.chance(0.1);
    if (world_.dice.chance(0.2)) edit_mail(mail);
    try {
      world_.database->write([&](db::Connection& connection) {
        if (skip) {
          outreach::skip_mail(connection, world_.install, decision);
        } else {
          outreach::approve_mail(connection, world_.install, decision);
        }
      });
    } catch (const base::Error& error) {
      if (error.code() != base::ErrorCode::conflict) throw;
    }
  }
}

void Users::resolve_unknown() {
  const std::int64_t account = world_.truth.account;
  struct Unknown {
    std::int64_t mail;
    std::string message_id;
    base::Millis since;
  };
  std::vector<Unknown> unknown;
  world_.database->read([&](db::Connection& connection) {
    db::RowsPtr rows =
        connection.query(Sql("SELECT b.mail_id, e.message_id, b.lease_until FROM outbox b JOIN "
                             "outreach_emails e ON e.account_id = "
                             "b.account_id AND e.id = b.mail_id WHERE b.account_id = ? AND b.kind = "
                             "'outreach' AND b.state = 'unknown' AND "
                             "b.checks >= 3",
                             account));
    while (rows->next()) unknown.push_back({rows->integer(0), std::string(rows->text(1)), rows->integer(2)});
  });
  for (const Unknown& each : unknown) {
    const bool taken = oracle_.was_taken(each.message_id);
    world_.database->write([&](db::Connection& connection) {
      outreach::settle_unknown(connection, account, "outreach", each.mail, taken, each.since, world_.now());
    });
  }
}

void Users::help_mailboxes() {
  world_.database->write([&](db::Connection& connection) {
    for (const auto& [id, mailbox] : world_.truth.mailboxes) {
      connection.execute(
          Sql("UPDATE email_accounts SET status = 'active' WHERE account_id = ? AND id = ? AND status = "
              "'error' AND NOT EXISTS (SELECT 1 FROM mailbox_states s WHERE s.email_account_id = "
              "email_accounts.id AND s.is_away = 1)",
              world_.truth.account, id));
    }
    connection.execute(
        Sql("UPDATE campaign_sending SET paused_why = '' WHERE account_id = ?", world_.truth.account));
    intake::wake_account(connection, world_.truth.account, world_.now());
  });
}

void Users::tidy_up() {
  approve_mails();
  resolve_unknown();
  help_mailboxes();
}

void Users::make_peace() {
  if (world_.truth.sending_paused) switch_server();
  const LocalTime today = local_time(world_.truth.account_zone, world_.now());
  for (auto& [id, mailbox] : world_.truth.mailboxes) {
    mailbox.paused = false;
    mailbox.daily_limit = 60;
    mailbox.highest_limit[today.day] = 60;
    Box& box = world_.post.box(mailbox.address);
    box.down_until = box.login_refused_until = 0;
    store_mailbox(mailbox);
  }
  for (auto& [id, project] : world_.truth.projects) {
    project.is_outreach_active = false;
    if (project.mailboxes.empty()) {
      const Mailbox& mailbox = any_mailbox();
      project.mailboxes.insert(mailbox.id);
      world_.execute(Sql(
          "INSERT INTO email_account_projects (account_id, email_account_id, project_id) VALUES (?, ?, ?)",
          world_.truth.account, mailbox.id, project.id));
    }
    project.is_outreach_active = true;
    world_.execute(Sql("UPDATE projects SET is_outreach_active = 1 WHERE account_id = ? AND id = ?",
                       world_.truth.account, project.id));
  }
  for (auto& [id, campaign] : world_.truth.campaigns) {
    campaign.active = campaign.is_active = true;
    campaign.paused_until.reset();
    campaign.daily_limit = std::max<std::int64_t>(campaign.daily_limit, 40);
    campaign.highest_limit.clear();
    campaign.days.fill(true);
    const std::set<std::int64_t>& of_project = world_.truth.projects.at(campaign.project).mailboxes;
    const bool sends = std::any_of(campaign.rotation.begin(), campaign.rotation.end(),
                                   [&](std::int64_t mailbox) { return of_project.contains(mailbox); });
    if (!sends && !campaign.rotation.empty()) {
      campaign.rotation.clear();
      world_.store_rotation(campaign);
    }
    store_campaign_status(campaign);
    world_.store_settings(campaign);
  }
  tidy_up();
}

}  // namespace overture::sim
