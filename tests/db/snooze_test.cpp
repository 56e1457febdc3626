// Mails that people have put off.
#include "intake/snooze.hpp"

#include <gtest/gtest.h>

#include "intake/communications.hpp"
#include "intake/counts.hpp"
#include "planned_house.hpp"

namespace overture::db {
namespace {

class Snooze : public MailboxHouse {
 protected:
  void SetUp() override {
    MailboxHouse::SetUp();
    if (HasFatalFailure()) return;
    const std::int64_t campaign = add_campaign(account, project);
    opportunity = add_one(account, campaign, site("a.com")).opportunity;
  }

  void add_mail(std::int64_t id, std::int64_t of, std::string_view status,
                std::optional<base::Millis> until) {
    execute(
        Sql("INSERT INTO inbound_emails (id, account_id, project_id, opportunity_id, subject, status, class, "
            "from_email, snooze_until, created_at) VALUES (?, ?, ?, ?, 'Hi', ?, 'human', 'ann@a.com', ?, ?)",
            id, account, project, of, status, until ? Value(*until) : Value(), clock.now()));
  }
  std::string status(std::int64_t id) {
    return text(Sql("SELECT status FROM inbound_emails WHERE id = ?", id));
  }
  void wake() {
    database().write([&](Connection& connection) { intake::wake_snoozed(connection, clock.now()); });
  }
  bool is_over() {
    return database().read(
        [&](Connection& connection) { return intake::is_snooze_over(connection, clock.now()); });
  }

  std::int64_t opportunity = 0;
};
ON_EACH_ENGINE(Snooze);

TEST_P(Snooze, EndsWhenItsTimeHasCome) {
  add_mail(1, opportunity, "snoozed", clock.now() + base::kHour);
  add_mail(2, 0, "snoozed", clock.now() + base::kHour);
  add_mail(3, opportunity, "snoozed", clock.now() + base::kDay);
  EXPECT_FALSE(is_over());
  clock.advance(base::kHour);
  EXPECT_TRUE(is_over());
  const std::int64_t before =
      database().read([&](Connection& connection) { return intake::change_number(connection, account); });
  wake();
  EXPECT_EQ(status(1), "new");
  EXPECT_EQ(status(2), "unmatched");
  EXPECT_EQ(status(3), "snoozed");
  EXPECT_FALSE(is_over());
  EXPECT_GT(
      database().read([&](Connection& connection) { return intake::change_number(connection, account); }),
      before);
}

TEST_P(Snooze, EndsWhenSomebodyWritesAgain) {
  add_mail(1, opportunity, "snoozed", clock.now() + base::kDay);
  add_mail(2, 0, "unmatched", {});
  database().write([&](Connection& connection) {
    intake::match_inbound_email(connection, account, 2, opportunity, {}, clock.now());
  });
  EXPECT_EQ(status(1), "new");
}

}  // namespace
}  // namespace overture::db
