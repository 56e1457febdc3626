// What changes while deliveries wait or are under way: access that ends, redelivery, the switch.
#include <gtest/gtest.h>

#include "events/webhook.hpp"
#include "webhook_house.hpp"

namespace overture::db {
namespace {

using test::ReceiverStub;

net::Fetched answered(int status) { return {.status = status}; }

class CourierMeanwhile : public WebhookHouse {
 protected:
  void grant(std::int64_t user) {
    execute(Sql("INSERT INTO project_access (account_id, user_id, project_id) VALUES (?, ?, ?)", account,
                user, project));
  }
  void take_access(std::int64_t user) {
    execute(Sql("DELETE FROM project_access WHERE account_id = ? AND user_id = ?", account, user));
  }
  void note_reply() {
    note({.kind = events::Kind::reply_received, .project = project});
    tell();
  }
  /// False: it is being sent just now.
  bool redeliver(std::int64_t webhook) {
    const std::int64_t delivery = integer(Sql("SELECT MIN(id) FROM webhook_deliveries"));
    return database().write([&](Connection& connection) {
      return events::redeliver(connection, account, webhook, delivery, clock.now());
    });
  }
  /// The change number of the account: what is remembered of its lists is valid while it stays.
  std::int64_t changes() {
    return integer(
        Sql("SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) FROM account_changes WHERE account_id = ?", account));
  }
};
ON_EACH_ENGINE(CourierMeanwhile);

TEST_P(CourierMeanwhile, WhoLostTheProjectIsSentNothingMore) {
  const std::int64_t ulf = add_user("user");
  const std::int64_t webhook = add_webhook({.project = project, .maker = ulf});
  grant(ulf);
  note_reply();
  receiver.answer = [](const ReceiverStub::Call&) { return answered(500); };
  deliver();
  note_reply();
  EXPECT_EQ(state_of_all(), "pending 1; pending 0; ");

  take_access(ulf);
  clock.advance(base::kDay);
  const std::int64_t before = changes();
  deliver();
  EXPECT_EQ(receiver.calls().size(), 1U);
  EXPECT_EQ(state_of_all(), "failed 1; failed 0; ");
  EXPECT_EQ(
      integer(Sql("SELECT COUNT(*) FROM webhook_deliveries WHERE error = ?", OVERTURE_MAKER_MAY_NOT_HEAR)),
      2);
  EXPECT_GT(changes(), before) << "lists show it";
  EXPECT_EQ(seconds_to_next_look(webhook), -1);
  EXPECT_EQ(integer(Sql("SELECT COUNT(*) FROM webhooks WHERE is_active = 1 AND lease_until = 0")), 1);

  // He sees it again.
  grant(ulf);
  note_reply();
  receiver.answer = {};
  deliver();
  EXPECT_EQ(state_of_all(), "failed 1; failed 0; delivered 1; ");
}

TEST_P(CourierMeanwhile, AccessThatEndsDuringATryEndsWhatWaits) {
  const std::int64_t ulf = add_user("user");
  const std::int64_t webhook = add_webhook({.project = project, .maker = ulf});
  grant(ulf);
  note_reply();
  note_reply();
  receiver.answer = [&](const ReceiverStub::Call&) {
    take_access(ulf);
    return answered(500);
  };
  deliver();
  EXPECT_EQ(receiver.calls().size(), 1U);
  EXPECT_EQ(state_of_all(), "failed 1; failed 0; ");
  EXPECT_EQ(seconds_to_next_look(webhook), -1);
}

TEST_P(CourierMeanwhile, WhatAnAdminMadeOutlivesHim) {
  add_webhook({.project = project});
  note_reply();
  execute(Sql("UPDATE users SET status = 'inactive' WHERE id = ?", admin));
  deliver();
  EXPECT_EQ(state_of_all(), "delivered 1; ");
}

TEST_P(CourierMeanwhile, WhatIsBeingSentIsNotBegunAnew) {
  const std::int64_t webhook = add_webhook();
  note_some();
  tell();
  bool begun_anew = true;
  receiver.answer = [&](const ReceiverStub::Call&) {
    clock.advance(4 * base::kSecond);
    begun_anew = redeliver(webhook);
    return answered(200);
  };
  deliver();
  EXPECT_FALSE(begun_anew);
  EXPECT_EQ(receiver.calls().size(), 1U);
  EXPECT_EQ(state_of_all(), "delivered 1; ");
  EXPECT_TRUE(redeliver(webhook)) << "it is settled";
  EXPECT_EQ(state_of_all(), "pending 0; ");
}

TEST_P(CourierMeanwhile, ATryThatEndsLateLeavesARedeliveryAsItIs) {
  const std::int64_t webhook = add_webhook();
  for (const int status : {200, 500}) {
    execute(Sql("DELETE FROM webhook_deliveries"));
    note_some();
    tell();
    const std::size_t before = receiver.calls().size();
    receiver.answer = [&](const ReceiverStub::Call&) {
      if (receiver.calls().size() > before + 1) return answered(200);
      // Frozen until its claim has run out; nobody has taken over.
      clock.advance(events::kDeliveryLease + 1);
      EXPECT_TRUE(redeliver(webhook));
      return answered(status);
    };
    deliver();
    if (status == 500) {
      EXPECT_EQ(state_of_all(), "pending 0; ") << "the webhook rests";
      clock.advance(base::kMinute);
      deliver();
    }
    EXPECT_EQ(receiver.calls().size(), before + 2) << status;
    EXPECT_EQ(state_of_all(), "delivered 1; ") << status;
  }
}

TEST_P(CourierMeanwhile, SwitchedOffAndOnDuringATryARedeliveryIsSent) {
  const std::int64_t webhook = add_webhook();
  note_some();
  tell();
  receiver.answer = [&](const ReceiverStub::Call&) {
    if (receiver.calls().size() == 1) {
      database().write([&](Connection& connection) {
        events::switch_off(connection, account, webhook, "");
        events::switch_on(connection, account, webhook);
      });
      // In the same millisecond in which it was due.
      EXPECT_TRUE(redeliver(webhook));
    }
    return answered(200);
  };
  deliver();
  EXPECT_EQ(receiver.calls().size(), 2U);
  EXPECT_EQ(state_of_all(), "delivered 1; ");
}

}  // namespace
}  // namespace overture::db
