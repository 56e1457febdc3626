// What the sent folder says of mails of sequences and of replies.
#include "outreach/evidence.hpp"

#include <gtest/gtest.h>

#include "planned_house.hpp"

namespace overture::db {
namespace {

using outreach::SoughtMail;

class Evidence : public PlannedHouse {
 protected:
  void SetUp() override {
    PlannedHouse::SetUp();
    if (HasFatalFailure()) return;
    execute(
        Sql("INSERT INTO sent_replies (id, account_id, project_id, campaign_id, opportunity_id, "
            "email_account_id, status, to_email, message_id, created_at) VALUES (7, ?, ?, ?, ?, 1, "
            "'scheduled', 'ann@a.com', 'reply@us.test', ?)",
            account, project, campaign, opportunity, clock.now()));
  }
  void mark_sent() {
    execute(Sql("UPDATE outreach_emails SET status = 'sent', sent_at = ?, message_id = 'first@us.test'",
                clock.now()));
    execute(Sql("UPDATE sent_replies SET status = 'sent', sent_at = ?", clock.now()));
  }
  std::vector<std::string> unfiled(std::size_t limit = 10) {
    std::vector<std::string> found;
    database().read([&](Connection& connection) {
      for (const SoughtMail& mail : outreach::find_unfiled(connection, {account, 1}, clock.now(), limit)) {
        found.push_back(mail.kind + ' ' + mail.message_id);
      }
    });
    return found;
  }
  void write(const std::function<void(Connection&)>& work) { database().write(work); }
  std::string files_sent() { return text(Sql("SELECT files_sent FROM mailbox_states")); }

  const SoughtMail reply_{.kind = "reply", .mail = 7, .message_id = "reply@us.test"};
  const SoughtMail first_{.kind = "outreach", .mail = 5, .message_id = "first@us.test"};
};
ON_EACH_ENGINE(Evidence);

using Mails = std::vector<std::string>;

TEST_P(Evidence, RepliesAreFiledAsMailsOfSequencesAre) {
  EXPECT_EQ(unfiled(), Mails{});
  mark_sent();
  EXPECT_EQ(unfiled(), Mails{}) << "its server has some time";
  clock.advance(base::kMinute);
  EXPECT_EQ(unfiled(), (Mails{"reply reply@us.test", "outreach first@us.test"}));
  EXPECT_EQ(unfiled(1), (Mails{"reply reply@us.test"}));

  write([&](Connection& connection) { outreach::begin_filing(connection, {account, 1}, reply_); });
  EXPECT_EQ(files_sent(), "no");
  EXPECT_EQ(unfiled(1), (Mails{"reply reply@us.test"})) << "we may have died before it was there";
  write([&](Connection& connection) { outreach::note_filed(connection, {account, 1}, reply_); });
  EXPECT_EQ(files_sent(), "no") << "that was our own copy";
  write([&](Connection& connection) { outreach::note_filed(connection, {account, 1}, first_); });
  EXPECT_EQ(files_sent(), "yes") << "that one was put there by the server";
  EXPECT_EQ(unfiled(), Mails{});
}

TEST_P(Evidence, APersonIsAskedAboutAReplyOfUnknownFate) {
  execute(Sql(
      "INSERT INTO outbox (id, account_id, kind, mail_id, email_account_id, state, send_at, first_try_at, "
      "created_at) VALUES (7, ?, 'reply', 7, 1, 'unknown', ?, ?, ?)",
      account, clock.now(), clock.now(), clock.now()));
  SoughtMail sought = reply_;
  sought.since = clock.now();
  for (int looks = 1; looks <= 3; ++looks) {
    EXPECT_EQ(integer(Sql("SELECT COUNT(*) FROM tasks")), 0);
    clock.advance(5 * base::kMinute);
    write([&](Connection& connection) {
      outreach::note_not_found(connection, {account, 1}, sought, clock.now());
    });
  }
  EXPECT_EQ(text(Sql("SELECT type FROM tasks WHERE project_id = ? AND campaign_id = ? AND opportunity_id = ?",
                     project, campaign, opportunity)),
            "review_email");
  EXPECT_EQ(text(Sql("SELECT state FROM outbox WHERE kind = 'reply'")), "unknown");

  write([&](Connection& connection) { outreach::note_found(connection, {account, 1}, sought, clock.now()); });
  EXPECT_EQ(text(Sql("SELECT status || ' ' || filed FROM sent_replies")), "sent 1");
  EXPECT_EQ(integer(Sql("SELECT COUNT(*) FROM outbox WHERE kind = 'reply'")), 0);
  EXPECT_EQ(files_sent(), "yes");
}

}  // namespace
}  // namespace overture::db
