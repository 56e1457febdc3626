// What people do with mail accounts, and what happens to them. Made as the API makes it.
#include <algorithm>
#include <cstdio>
#include <set>
#include <vector>

#include "intake/runs.hpp"
#include "sim/users.hpp"

namespace overture::sim {

using db::Sql;

void Users::change_rotation() {
  // Rather where a mail is on its way, and then rather without its mailbox.
  std::int64_t leaving = 0, mailbox_of_leaving = 0;
  world_.database->read([&](db::Connection& connection) {
    db::RowsPtr rows = connection.query(
        Sql("SELECT e.campaign_id, b.email_account_id FROM outbox b JOIN outreach_emails e ON e.account_id = "
            "b.account_id AND e.id = b.mail_id WHERE b.account_id = ? AND b.kind = 'outreach' ORDER BY b.id "
            "DESC LIMIT 1",
            world_.truth.account));
    if (!rows->next()) return;
    leaving = rows->integer(0);
    mailbox_of_leaving = rows->integer(1);
  });
  const bool meddles = leaving != 0 && world_.dice.chance(0.8);
  Campaign& campaign = meddles ? world_.truth.campaigns.at(leaving) : any_campaign();
  const Project& project = world_.truth.projects.at(campaign.project);
  const std::set<std::int64_t> before = campaign.rotation.empty() ? project.mailboxes : campaign.rotation;
  std::set<std::int64_t> named;
  if (world_.dice.chance(0.7)) named = world_.any_mailboxes(campaign);
  if (meddles && named.size() > 1) named.erase(mailbox_of_leaving);
  campaign.rotation = named;
  world_.store_rotation(campaign);
  if (world_.shape.trace) {
    std::printf("%lld campaign %lld sends from", static_cast<long long>(world_.now()),
                static_cast<long long>(campaign.id));
    for (const std::int64_t mailbox : named) std::printf(" %lld", static_cast<long long>(mailbox));
    std::printf("\n");
  }
  if (named.empty()) return;
  for (const std::int64_t mailbox : before) {
    if (!named.contains(mailbox)) world_.truth.left_rotation[{mailbox, campaign.id}] = world_.now();
  }
}

void Users::store_mailbox(const Mailbox& mailbox) {
  world_.database->write([&](db::Connection& connection) {
    connection.execute(
        Sql("UPDATE email_accounts SET daily_limit = ?, status = ? WHERE account_id = ? AND id = ?",
            mailbox.daily_limit, mailbox.paused ? "paused" : "active", world_.truth.account, mailbox.id));
    intake::wake_account(connection, world_.truth.account, world_.now());
  });
}

void Users::change_mailbox() {
  Mailbox& mailbox = any_mailbox();
  if (world_.dice.chance(0.5)) {
    mailbox.paused = !mailbox.paused;
  } else {
    std::int64_t& highest = mailbox.highest_limit[local_time(world_.truth.account_zone, world_.now()).day];
    highest = std::max(highest, mailbox.daily_limit);
    mailbox.daily_limit = world_.dice.between(5, 60);
    highest = std::max(highest, mailbox.daily_limit);
  }
  store_mailbox(mailbox);
}

void Users::part_mailbox() {
  const Mailbox& mailbox = any_mailbox();
  auto found = world_.truth.projects.begin();
  std::advance(found, world_.dice.below(static_cast<std::int64_t>(world_.truth.projects.size())));
  Project& project = found->second;
  const std::int64_t account = world_.truth.account;
  const bool joins = !project.mailboxes.contains(mailbox.id);
  if (!joins && project.mailboxes.size() < 2 && world_.dice.chance(0.8)) return;
  world_.database->write([&](db::Connection& connection) {
    if (joins) {
      connection.execute(Sql(
          "INSERT INTO email_account_projects (account_id, email_account_id, project_id) VALUES (?, ?, ?)",
          account, mailbox.id, project.id));
    } else {
      connection.execute(
          Sql("DELETE FROM email_account_projects WHERE account_id = ? AND email_account_id = ? AND "
              "project_id = ?",
              account, mailbox.id, project.id));
    }
    intake::wake_account(connection, account, world_.now());
  });
  if (world_.shape.trace) {
    std::printf("%lld mailbox %lld %s project %lld\n", static_cast<long long>(world_.now()),
                static_cast<long long>(mailbox.id), joins ? "joins" : "leaves",
                static_cast<long long>(project.id));
  }
  if (joins) {
    project.mailboxes.insert(mailbox.id);
  } else {
    project.mailboxes.erase(mailbox.id);
    world_.truth.parted[{mailbox.id, project.id}] = world_.now();
  }
}

void Users::trouble_server() {
  Box& box = world_.post.box(any_mailbox().address);
  const base::Millis until = world_.now() + world_.dice.between(10, 4000) * base::kMinute;
  switch (world_.dice.below(3)) {
    case 0:
      box.down_until = until;
      return;
    case 1:
      box.login_refused_until = until;
      return;
    default:
      world_.post.renumber(box);
  }
}

}  // namespace overture::sim
