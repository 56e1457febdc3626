// Which mailboxes have something to send, and what of it is claimed.
#include "outreach/outbox.hpp"

#include "house.hpp"

namespace overture::db {
namespace {

using outreach::MailboxKey;

class Outbox : public House {
 protected:
  void SetUp() override {
    House::SetUp();
    account = add_account();
  }
  void add_mails(std::int64_t mailbox, std::int64_t first, int count, base::Millis send_at) {
    database().write([&](Connection& connection) {
      for (int i = 0; i < count; ++i) {
        connection.execute(Sql(
            "INSERT INTO outbox (account_id, kind, mail_id, email_account_id, send_at, created_at) VALUES "
            "(?, 'outreach', ?, ?, ?, 0)",
            account, first + i, mailbox, send_at));
      }
    });
  }
  std::vector<std::int64_t> due(std::size_t limit) {
    std::vector<std::int64_t> mailboxes;
    database().read([&](Connection& connection) {
      for (const MailboxKey& key : outreach::find_due_mailboxes(connection, clock.now(), limit, after)) {
        mailboxes.push_back(key.email_account);
      }
    });
    return mailboxes;
  }

  std::int64_t account = 0;
  MailboxKey after;
};
ON_EACH_ENGINE(Outbox);

using Ids = std::vector<std::int64_t>;

TEST_P(Outbox, TheLongestWaitingComesFirst) {
  add_mails(1, 1, 3, clock.now() - 10);
  add_mails(2, 11, 1, clock.now() - 20);
  add_mails(3, 21, 1, clock.now() + 1);
  EXPECT_EQ(due(10), (Ids{2, 1}));
  EXPECT_EQ(due(1), (Ids{2}));
}

TEST_P(Outbox, AMailboxWithManyMailsHidesNoOther) {
  add_mails(7, 1, 1500, clock.now() - 1000);
  add_mails(3, 2001, 1, clock.now() - 10);
  add_mails(8, 2002, 700, clock.now() - 10);
  add_mails(9, 3001, 1, clock.now() + 1);
  EXPECT_EQ(due(10), (Ids{7, 3, 8}));
  after = {};
  EXPECT_EQ(due(2), (Ids{7, 3}));
}

TEST_P(Outbox, EachMailboxHasItsTurn) {
  add_mails(7, 1, 100, clock.now() - 1000);
  for (std::int64_t mailbox : {2, 4, 6, 8}) add_mails(mailbox, mailbox * 1000, 1, clock.now() - 10);
  add_mails(5, 5000, 1, clock.now() + 1);
  EXPECT_EQ(due(3), (Ids{7, 2, 4}));
  EXPECT_EQ(due(3), (Ids{7, 6, 8}));
  EXPECT_EQ(due(3), (Ids{7, 2, 4}));
  EXPECT_EQ(due(4), (Ids{7, 6, 8, 2}));
  EXPECT_EQ(due(10), (Ids{7, 4, 6, 8, 2}));
}

}  // namespace
}  // namespace overture::db
