// The demo workspace goes on living: what stands in outreach is sent, reviewed and finished as real work is.
#include <gtest/gtest.h>

#include "app/demo.hpp"
#include "house.hpp"
#include "mail/outgoing.hpp"
#include "outreach/explain.hpp"
#include "outreach/message.hpp"
#include "outreach/outbox.hpp"
#include "outreach/plan.hpp"

namespace overture::db {
namespace {

class DemoSending : public House {
 protected:
  void SetUp() override {
    House::SetUp();
    if (!HasFatalFailure()) app::ensure_demo(database(), clock);
  }
  std::int64_t breaches(Literal sql) {
    Sql count("SELECT COUNT(*) FROM (");
    return integer(count << sql << ") x");
  }
  outreach::Install install{base::HmacKey(std::string(32, 'k')), "https://demo.example"};
};
ON_EACH_ENGINE(DemoSending);

TEST_P(DemoSending, MailAccountsAreConnectedAndCampaignsHaveSequences) {
  EXPECT_EQ(breaches("SELECT e.id FROM email_accounts e WHERE NOT EXISTS (SELECT 1 FROM mailboxes m JOIN "
                     "mailbox_states s ON s.account_id = m.account_id AND s.email_account_id = "
                     "m.email_account_id WHERE m.account_id = e.account_id AND m.email_account_id = e.id AND "
                     "m.address = e.name AND m.authentication = 'outbox')"),
            0);
  EXPECT_EQ(
      breaches("SELECT s.email_account_id FROM mailbox_states s JOIN email_accounts e ON e.account_id = "
               "s.account_id AND e.id = s.email_account_id WHERE (e.status = 'active') <> (s.trouble = "
               "'')"),
      0);
  EXPECT_EQ(breaches("SELECT c.id FROM campaigns c WHERE (SELECT COUNT(*) FROM attempts a WHERE a.account_id "
                     "= c.account_id AND a.campaign_id = c.id) <> 3"),
            0);
}

TEST_P(DemoSending, RunsAgreeWithStagesAndMails) {
  // Whoever was written to, or will be, has a run; nobody else.
  EXPECT_EQ(
      breaches("SELECT o.id FROM opportunities o WHERE o.workflow_status IN ('compose', 'outreach') AND "
               "EXISTS (SELECT 1 FROM outreach_emails e WHERE e.account_id = o.account_id AND "
               "e.opportunity_id = o.id) AND NOT EXISTS (SELECT 1 FROM outreach_runs r WHERE "
               "r.account_id = o.account_id AND r.opportunity_id = o.id AND r.state <> 'over')"),
      0);
  EXPECT_EQ(
      breaches("SELECT r.opportunity_id FROM outreach_runs r JOIN opportunities o ON o.account_id = "
               "r.account_id AND o.id = r.opportunity_id WHERE (r.state = 'over') <> (o.workflow_status "
               "= 'completed') OR (r.state = 'review') <> (o.workflow_status = 'compose') OR (r.state = "
               "'paused') <> (o.stage_status = 'paused')"),
      0);
  EXPECT_EQ(breaches("SELECT e.id FROM outreach_emails e JOIN outreach_runs r ON r.account_id = e.account_id "
                     "AND r.opportunity_id = e.opportunity_id WHERE e.status IN ('review', 'scheduled') AND "
                     "(r.next_attempt <> e.attempt_number OR r.contact_id <> e.contact_id OR "
                     "r.email_account_id <> e.email_account_id OR r.run <> e.run OR e.message_id = '')"),
            0);
  EXPECT_EQ(integer(Sql("SELECT COUNT(DISTINCT state) FROM outreach_runs")), 5);
  // Follow-ups and ends lie in the days to come.
  EXPECT_EQ(integer(Sql("SELECT COUNT(*) FROM outreach_runs r JOIN opportunities o ON o.account_id = "
                        "r.account_id AND o.id = r.opportunity_id WHERE o.stage_status = 'waiting_follow_up' "
                        "AND (r.due_at < ? OR r.due_at > ?)",
                        clock.now(), clock.now() + 8 * base::kDay)),
            0);
  EXPECT_EQ(
      breaches("SELECT r.id FROM sent_replies r WHERE (r.status = 'scheduled') <> EXISTS (SELECT 1 FROM "
               "outbox b WHERE b.account_id = r.account_id AND b.kind = 'reply' AND b.mail_id = r.id AND "
               "b.send_at = r.schedule_for)"),
      0);
}

TEST_P(DemoSending, ThePlannerFindsWork) {
  clock.advance(7 * base::kHour);  // a Friday on which it is day in all its time zones
  const std::int64_t account = integer(Sql("SELECT id FROM accounts WHERE name = 'demo'"));
  const auto first = integer(Sql("SELECT MIN(id) FROM campaigns WHERE status = 'active'"));
  const auto last = integer(Sql("SELECT MAX(id) FROM campaigns"));
  for (std::int64_t campaign = first; campaign <= last; ++campaign) {
    for (int look = 0; look < 20; ++look) {
      const bool more = database().write([&](Connection& connection) {
        return outreach::plan_campaign(connection, install, account, campaign, clock.now(), 7);
      });
      if (!more) break;
    }
  }
  const std::int64_t mail = integer(Sql("SELECT MAX(mail_id) FROM outbox WHERE kind = 'outreach'"));
  ASSERT_NE(mail, 0);
  const auto message = database().write([&](Connection& connection) {
    return outreach::load_message(
        connection, install,
        {.account = account,
         .email_account = integer(Sql("SELECT email_account_id FROM outbox WHERE mail_id = ?", mail)),
         .kind = "outreach",
         .mail = mail});
  });
  EXPECT_FALSE(message.text.empty());
  EXPECT_FALSE(message.message_id.empty());
  EXPECT_TRUE(message.from.address.ends_with("@northlight-outreach.example"));
}

TEST_P(DemoSending, EverythingIsExplained) {
  const std::int64_t account = integer(Sql("SELECT id FROM accounts WHERE name = 'demo'"));
  const auto first = integer(Sql("SELECT MIN(id) FROM opportunities"));
  for (std::int64_t id = first; id < first + 200; ++id) {
    const auto found = database().read([&](Connection& connection) {
      return outreach::explain_opportunity(connection, install, account, id, clock.now());
    });
    ASSERT_TRUE(found);
    EXPECT_FALSE(found->sentence.empty());
    EXPECT_EQ(found->gates.size(), rules::kGateCount);
    EXPECT_EQ(found->held_by.empty(), !std::any_of(found->gates.begin(), found->gates.end(),
                                                   [](const auto& state) { return !state.open; }));
  }
}

}  // namespace
}  // namespace overture::db
