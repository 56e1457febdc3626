// The IMAP client against a real Dovecot.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <set>
#include <thread>

#include "mailbox/imap_client.hpp"
#include "mailbox/servers.hpp"

namespace overture::mailbox {
namespace {

using namespace std::chrono_literals;
using testing::Dovecot;

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

class Imap : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { dovecot_ = new Dovecot; }
  static void TearDownTestSuite() {
    delete dovecot_;
    dovecot_ = nullptr;
  }
  void SetUp() override {
    if (!dovecot_->problem().empty()) GTEST_SKIP() << dovecot_->problem();
  }
  static Server server() { return {"127.0.0.1", dovecot_->port(), Security::none}; }
  static std::unique_ptr<ImapSession> open(const std::string& user) {
    ImapOptions options;
    options.timeouts.command = 20s;
    return ImapClient(options).open(server(), {user + "@in.test", "pw", ""});
  }
  static Dovecot* dovecot_;
};
Dovecot* Imap::dovecot_ = nullptr;

TEST_F(Imap, RefusesAWrongPassword) {
  try {
    ImapClient().open(server(), {"u1@in.test", "wrong", ""});
    FAIL();
  } catch (const MailboxError& error) {
    EXPECT_EQ(error.kind(), Trouble::Kind::login);
    EXPECT_NE(error.trouble().text.find("refused the log-in"), std::string::npos) << error.trouble().text;
    EXPECT_EQ(error.trouble().text.find("wrong"), std::string::npos);
  }
}

TEST_F(Imap, ListsFoldersWithTheirUse) {
  auto session = open("u1");
  const auto folders = session->folders();
  const Folder* sent = find_sent(folders);
  ASSERT_NE(sent, nullptr);
  EXPECT_EQ(sent->name, "Gesendete Objekte");
  EXPECT_EQ(sent->use, Folder::Use::sent);
  auto use_of = [&](const std::string& name) {
    auto found =
        std::find_if(folders.begin(), folders.end(), [&](const Folder& f) { return f.name == name; });
    return found == folders.end() ? Folder::Use::flagged : found->use;
  };
  EXPECT_EQ(use_of("INBOX"), Folder::Use::inbox);
  EXPECT_EQ(use_of("Junk"), Folder::Use::junk);
  session->logout();
}

TEST_F(Imap, OpensFoldersWithAnyName) {
  auto session = open("u1");
  bool found = false;
  for (const Folder& folder : session->folders()) {
    if (!folder.selectable) continue;
    EXPECT_NO_THROW(session->select(folder.name)) << folder.name;
    found = found || folder.name == "Ärger/Post & mehr";
  }
  EXPECT_TRUE(found);
  try {
    session->select("No \"such\" {folder} \\ä");
    FAIL();
  } catch (const MailboxError& error) {
    EXPECT_EQ(error.kind(), Trouble::Kind::folder);
  }
  EXPECT_NO_THROW(session->select("INBOX"));  // the session goes on
  EXPECT_THROW(session->select("a\r\nb"), base::Error);
}

TEST_F(Imap, FetchesAThousandMailsAndChangesNoFlag) {
  dovecot_->put_mails("u1", "", 1000, 2000);
  auto session = open("u1");
  const FolderState state = session->select("INBOX");
  EXPECT_EQ(state.messages, 1000U);
  EXPECT_NE(state.uid_validity, 0U);
  const auto start = std::chrono::steady_clock::now();
  std::uint32_t next = 1;
  std::size_t count = 0;
  std::set<std::string> ids;
  for (;;) {
    const auto uids = session->fetch_uids(next, 300);
    if (uids.empty()) break;
    EXPECT_TRUE(std::is_sorted(uids.begin(), uids.end()));
    EXPECT_LE(uids.size(), 300U);
    for (const FetchedMail& mail : session->fetch(uids, {100'000})) {
      EXPECT_TRUE(mail.complete);
      EXPECT_EQ(mail.size, mail.raw.size());
      EXPECT_GT(mail.internal_date, 1'500'000'000'000);
      const std::size_t at = mail.raw.find("Message-ID: ");
      ids.insert(mail.raw.substr(at, mail.raw.find('\r', at) - at));
      ++count;
    }
    next = uids.back() + 1;
  }
  std::printf("1,000 mails of 2 kB fetched in %.2f s\n", seconds_since(start));
  EXPECT_EQ(count, 1000U);
  EXPECT_EQ(ids.size(), 1000U);
  EXPECT_TRUE(session->fetch({4'000'000'000U}, {1000}).empty());
  session->logout();
  // A Maildir shows the flags in the names: S would be \Seen. Read-only, they are even still in new/.
  for (const char* part : {"new", "cur"}) {
    for (const auto& entry : std::filesystem::directory_iterator(dovecot_->maildir("u1") / part)) {
      EXPECT_EQ(entry.path().filename().string().find(":2,S"), std::string::npos);
    }
  }
  // Another UIDVALIDITY is seen. (The process of the old session may write its files once more before it
  // ends.)
  std::uint32_t validity = state.uid_validity;
  for (int i = 0; i < 5 && validity == state.uid_validity; ++i) {
    dovecot_->forget_uids("u1");
    validity = open("u1")->select("INBOX").uid_validity;
  }
  EXPECT_NE(validity, state.uid_validity);
}

TEST_F(Imap, FilesAndFindsSentMail) {
  auto session = open("u2");
  const std::string sent = find_sent(session->folders())->name;
  const std::string mail =
      "From: a@in.test\r\nMessage-ID: <abc.1@in.test>\r\nSubject: s\r\n\r\n.dot\r\nbody\r\n";
  EXPECT_TRUE(session->search_message_id(sent, "<abc.1@in.test>").empty());
  const auto uid = session->append(sent, mail, true);
  ASSERT_TRUE(uid.has_value());
  EXPECT_EQ(session->search_message_id(sent, "abc.1@in.test"), std::vector<std::uint32_t>{*uid});
  EXPECT_EQ(session->search_message_id(sent, "<abc.1@in.test>"), std::vector<std::uint32_t>{*uid});
  EXPECT_TRUE(session->search_message_id(sent, "<bc.1@in.test>").empty());
  EXPECT_TRUE(session->search_message_id(sent, "<x\"y\\z@in.test>").empty());
  const auto mails = session->fetch({*uid}, {10'000});
  ASSERT_EQ(mails.size(), 1U);
  EXPECT_EQ(mails[0].raw, mail);
  EXPECT_NEAR(static_cast<double>(mails[0].internal_date) / 1000, static_cast<double>(std::time(nullptr)),
              60);
  EXPECT_THROW(session->append("No such folder", mail, false), MailboxError);
  EXPECT_EQ(session->search_message_id(sent, "abc.1@in.test").size(), 1U);
}

TEST_F(Imap, WakesFromIdle) {
  auto session = open("u2");
  session->select("INBOX");
  EXPECT_EQ(session->idle(200ms), IdleEnd::timeout);
  auto start = std::chrono::steady_clock::now();
  auto waiting = std::async(std::launch::async, [&] { return session->idle(60s); });
  std::this_thread::sleep_for(300ms);
  dovecot_->put_mails("u2", "", 1);
  EXPECT_EQ(waiting.get(), IdleEnd::new_mail);
  std::printf("IDLE woke after %.2f s\n", seconds_since(start) - 0.3);
  const FolderState state = session->select("INBOX");
  EXPECT_EQ(session->fetch_uids(state.uid_next - 1, 10), std::vector<std::uint32_t>{state.uid_next - 1});

  start = std::chrono::steady_clock::now();
  waiting = std::async(std::launch::async, [&] { return session->idle(60s); });
  std::this_thread::sleep_for(200ms);
  session->wake();
  EXPECT_EQ(waiting.get(), IdleEnd::timeout);
  EXPECT_LT(seconds_since(start), 5);
  session->wake();
  EXPECT_EQ(session->idle(60s), IdleEnd::timeout);  // asked before it began
}

TEST_F(Imap, TellsWhenItIsKicked) {
  auto session = open("u3");
  session->select("INBOX");
  auto waiting = std::async(std::launch::async, [&] { return session->idle(60s); });
  std::this_thread::sleep_for(300ms);
  dovecot_->kick("u3");
  EXPECT_EQ(waiting.get(), IdleEnd::closed);
  auto kicked = open("u3");
  kicked->select("INBOX");
  dovecot_->kick("u3");
  std::this_thread::sleep_for(200ms);
  for (int i = 0; i < 2; ++i) {
    try {
      kicked->fetch_uids(1, 10);
      kicked->folders();
      FAIL();
    } catch (const MailboxError& error) {
      EXPECT_TRUE(error.kind() == Trouble::Kind::closed || error.kind() == Trouble::Kind::protocol)
          << name_of(error.kind());
    }
  }
}

TEST_F(Imap, ReadsOnlyTheBeginningOfAHugeMail) {
  dovecot_->put_mails("u3", "", 1, std::size_t{20} << 20U);
  dovecot_->put_mails("u3", "", 1);
  auto session = open("u3");
  session->select("INBOX");
  const auto uids = session->fetch_uids(1, 10);
  ASSERT_EQ(uids.size(), 2U);
  auto mails = session->fetch(uids, {200'000});
  ASSERT_EQ(mails.size(), 2U);
  EXPECT_FALSE(mails[0].complete);
  EXPECT_EQ(mails[0].raw.size(), 200'000U);
  EXPECT_GT(mails[0].size, 20'000'000U);
  EXPECT_TRUE(mails[0].raw.starts_with("From: "));
  EXPECT_TRUE(mails[1].complete);
  mails = session->fetch(uids, {40'000'000});
  EXPECT_TRUE(mails.at(0).complete);
  EXPECT_EQ(mails[0].raw.size(), mails[0].size);
}

TEST_F(Imap, ReadsAFolderOfAHundredThousandMailsInPieces) {
  const std::filesystem::path root = dovecot_->maildir("u1") / ".Big";
  constexpr int kMails = 100'000;
  // Few files under many names: 100,000 mails without 100,000 writes.
  for (int i = 0; i < kMails; ++i) {
    if (i % 50'000 == 0) dovecot_->put_mails("u1", "Big", 1);
    const auto first = std::filesystem::directory_iterator(root / "new")->path();
    std::filesystem::create_hard_link(
        first, root / "cur" / (std::to_string(1'700'000'000 + i) + ".M" + std::to_string(i) + "P2.test:2,"));
    if (i % 50'000 == 49'999)
      std::filesystem::rename(first, root / "cur" / (first.filename().string() + ":2,"));
  }
  auto session = open("u1");
  auto start = std::chrono::steady_clock::now();
  const FolderState state = session->select("Big");
  std::printf("100,000 mails: first opening %.2f s (the server's index)", seconds_since(start));
  EXPECT_EQ(state.messages, 100'002U);
  start = std::chrono::steady_clock::now();
  session->select("Big");
  EXPECT_EQ(session->fetch_uids(state.uid_next - 100, 500).size(), 100U);
  std::printf(", the last 100 UIDs %.3f s", seconds_since(start));
  start = std::chrono::steady_clock::now();
  std::size_t count = 0;
  std::uint32_t next = 1;
  for (auto uids = session->fetch_uids(next, 1000); !uids.empty(); uids = session->fetch_uids(next, 1000)) {
    count += uids.size();
    next = uids.back() + 1;
  }
  std::printf(", all UIDs by 1,000 %.2f s\n", seconds_since(start));
  EXPECT_EQ(count, 100'002U);
}

}  // namespace
}  // namespace overture::mailbox
