// Who is told of which event, what, and that it is told once.
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <thread>

#include "events/webhook.hpp"
#include "webhook_house.hpp"

namespace overture::db {
namespace {

using events::Kind;

class Herald : public WebhookHouse {
 protected:
  /// The webhooks that are to be called, in order.
  std::string called() {
    std::string names;
    database().read([&](Connection& connection) {
      const auto rows = connection.query(
          Sql("SELECT w.url, d.event_type FROM webhook_deliveries d JOIN webhooks w ON w.id = d.webhook_id "
              "ORDER BY d.id"));
      while (rows->next()) {
        if (!names.empty()) names += ", ";
        names += std::string(rows->text(0)) + " " + std::string(rows->text(1));
      }
    });
    execute(Sql("DELETE FROM webhook_deliveries"));
    return names;
  }
};
ON_EACH_ENGINE(Herald);

TEST_P(Herald, NothingIsNotedWhereNobodyListens) {
  note_some();
  EXPECT_EQ(count("events"), 0);
}

TEST_P(Herald, WebhooksHearOfWhatTheyAskedFor) {
  const std::int64_t other = add_project(account);
  add_webhook({.url = "all"});
  add_webhook({.url = "site", .project = project});
  add_webhook({.url = "other", .project = other});
  add_webhook({.url = "jobs", .event_types = R"(["job.finished","email.bounced"])"});
  const std::int64_t off = add_webhook({.url = "off"});
  execute(Sql("UPDATE webhooks SET is_active = 0 WHERE id = ?", off));

  note_some();
  note({.kind = Kind::reply_received, .project = project});
  note({.kind = Kind::email_bounced, .project = other});
  note({.kind = Kind::unsubscribed, .data = {{"entry", "a@b.example"}}});
  tell();
  EXPECT_EQ(called(),
            "all job.finished, jobs job.finished, all reply.received, site reply.received, "
            "all email.bounced, other email.bounced, jobs email.bounced, all contact.unsubscribed");
  EXPECT_EQ(count("events"), 0);
}

TEST_P(Herald, MailboxesAreOfTheProjectsTheySendFor) {
  add_webhook({.url = "site", .project = project});
  add_webhook({.url = "other", .project = add_project(account)});
  execute(
      Sql("INSERT INTO email_accounts (id, account_id, name, created_by, created_at, updated_at) VALUES "
          "(5, ?, 'box', ?, 0, 0)",
          account, admin));
  execute(
      Sql("INSERT INTO email_account_projects (account_id, email_account_id, project_id) VALUES (?, 5, ?)",
          account, project));
  note({.kind = Kind::mailbox_changed, .data = {{"email_account", 5}, {"status", "error"}}});
  note({.kind = Kind::mailbox_changed, .data = {{"email_account", 6}, {"status", "error"}}});
  tell();
  EXPECT_EQ(called(), "site email_account.status_changed");
}

TEST_P(Herald, WhoLostTheProjectHearsNothingMore) {
  const std::int64_t ulf = add_user("user");
  add_webhook({.url = "ulf", .project = project, .maker = ulf});
  const auto noted = [&] {
    note({.kind = Kind::reply_received, .project = project});
    tell();
    return called();
  };
  EXPECT_EQ(noted(), "");
  execute(Sql("INSERT INTO project_access (account_id, user_id, project_id) VALUES (?, ?, ?)", account, ulf,
              project));
  EXPECT_EQ(noted(), "ulf reply.received");
  execute(Sql("UPDATE users SET status = 'inactive' WHERE id = ?", ulf));
  EXPECT_EQ(noted(), "");
  execute(Sql("UPDATE users SET role = 'admin' WHERE id = ?", ulf));
  EXPECT_EQ(noted(), "ulf reply.received") << "what an admin made outlives him";
}

TEST_P(Herald, AnotherAccountIsAnotherWorld) {
  add_webhook({.url = "mine"});
  const std::int64_t mine = account;
  account = add_account();
  admin = add_user("admin");
  add_webhook({.url = "theirs"});
  note_some();
  tell();
  EXPECT_EQ(called(), "theirs job.finished");
  account = mine;
  note_some();
  tell();
  EXPECT_EQ(called(), "mine job.finished");
}

TEST_P(Herald, ThePayloadSaysWhatItIsAbout) {
  const std::int64_t campaign = add_campaign(account, project);
  const auto placed = add_one(account, campaign, site("https://a.example/", "The A"));
  add_webhook();
  note({.kind = Kind::milestone_changed,
        .project = project,
        .opportunity = placed.opportunity,
        .data = {{"previous", nullptr}, {"new", {{"id", 3}, {"name", "Won"}}}, {"user", nullptr}}});
  tell();
  const auto id = [](std::int64_t number) { return std::to_string(number); };
  EXPECT_EQ(text(Sql("SELECT payload FROM webhook_deliveries")),
            R"({"type":"opportunity.milestone_changed","timestamp":"2027-01-15T08:00:00Z","data":{)"
            R"("previous":null,"new":{"id":3,"name":"Won"},"user":null,"project":{"id":)" +
                id(project) + R"(,"name":"project"},"campaign":{"id":)" + id(campaign) +
                R"(,"name":"campaign"},"opportunity":{"id":)" + id(placed.opportunity) +
                R"(,"url":"https://a.example/","name":"The A"}}})");
}

TEST_P(Herald, WhatCannotBeToldHoldsUpNothing) {
  add_webhook();
  note_some(3);
  execute(Sql("UPDATE events SET data = 'broken' WHERE id = (SELECT MIN(id) + 1 FROM events)"));
  tell();
  EXPECT_EQ(count("events"), 0);
  EXPECT_EQ(called(), "https://hooks.example/all job.finished, https://hooks.example/all job.finished");
}

TEST_P(Herald, SeveralProcessesTellEachEventOnce) {
  add_webhook();
  note_some(120);
  std::vector<std::thread> heralds;
  for (int i = 0; i < 3; ++i) heralds.emplace_back([this] { tell(); });
  for (std::thread& herald : heralds) herald.join();
  EXPECT_EQ(count("events"), 0);
  EXPECT_EQ(count("webhook_deliveries"), 120);
  EXPECT_EQ(integer(Sql("SELECT COUNT(DISTINCT payload) FROM webhook_deliveries")), 120);
}

TEST_P(Herald, WhatIsQueuedWhileAWebhookIsRemovedGoesWithIt) {
  if (on_sqlite()) return;  // One writer: nothing is removed meanwhile.
  const std::int64_t webhook = add_webhook();
  std::promise<void> removed;
  std::jthread remover([&] {
    database().write([&](Connection& connection) {
      events::remove_webhook(connection, account, webhook);
      removed.set_value();
      // The other sees the webhook until this transaction ends.
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    });
  });
  removed.get_future().wait();
  const events::Noted event{
      .id = 1, .account = account, .kind = "job.finished", .data = "{}", .at = clock.now()};
  database().write([&](Connection& connection) {
    events::queue_deliveries(connection, event, clock.now());
    events::queue_test(connection, account, webhook, clock.now());
  });
  remover.join();
  EXPECT_EQ(count("webhook_deliveries"), 0);
}

}  // namespace
}  // namespace overture::db
