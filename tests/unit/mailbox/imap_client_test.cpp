// The IMAP client against servers that are odd, slow or hostile; the usual ways are tested with a real
// Dovecot.
#include "mailbox/imap_client.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "base/crypto.hpp"
#include "support/mail_stub.hpp"

namespace overture::mailbox {
namespace {

using testing::StubConnection;
using testing::StubServer;
using namespace std::chrono_literals;

/// Answers by the first words of a command: untagged lines, sent before the tagged OK. "<hang>", "<drop>",
/// and
/// "!NO …" for another tagged answer.
struct ImapScript {
  std::string greeting = "* OK ready";
  std::string capability = "IMAP4rev1 IDLE UIDPLUS SPECIAL-USE AUTH=PLAIN AUTH=XOAUTH2 SASL-IR";
  std::map<std::string, std::string> answers = {};
  const testing::StubCertificate* certificate = nullptr;
  bool tls_first = false;
};

class ImapStub {
 public:
  explicit ImapStub(ImapScript script = {})
      : script_(std::move(script)), server_([this](StubConnection& connection) { serve(connection); }) {}
  int port() const { return server_.port(); }
  std::vector<std::string> commands() const {
    std::lock_guard lock(mutex_);
    return commands_;
  }
  bool heard(const std::string& beginning) const {
    for (const std::string& command : commands()) {
      if (command.starts_with(beginning)) return true;
    }
    return false;
  }

 private:
  void serve(StubConnection& connection) {
    if (script_.tls_first) connection.start_tls(*script_.certificate);
    if (script_.greeting == "<hang>") connection.hang();
    connection.say(script_.greeting);
    for (;;) {
      const std::string line = connection.line();
      const std::size_t space = line.find(' ');
      const std::string tag = line.substr(0, space);
      const std::string command = space == std::string::npos ? line : line.substr(space + 1);
      {
        std::lock_guard lock(mutex_);
        commands_.push_back(command);
      }
      std::string answer;
      for (const auto& [beginning, text] : script_.answers) {
        if (command.starts_with(beginning)) answer = text;
      }
      if (answer == "<hang>") connection.hang();
      if (answer == "<drop>") return;
      if (answer.starts_with("!")) {
        connection.say(tag + " " + answer.substr(1));
        continue;
      }
      if (command.starts_with("CAPABILITY")) answer = "* CAPABILITY " + script_.capability + "\r\n";
      connection.send(answer);
      connection.say(tag + " OK done");
      if (command.starts_with("STARTTLS")) connection.start_tls(*script_.certificate);
      if (command.starts_with("LOGOUT")) return;
    }
  }
  ImapScript script_;
  mutable std::mutex mutex_;
  std::vector<std::string> commands_;
  StubServer server_;
};

ImapOptions quick() {
  ImapOptions options;
  options.timeouts = {.connect = 2s, .command = 500ms, .total = 2s, .idle_renewal = 1s, .poll = 50ms};
  return options;
}
const Login kLogin{"ada", "s3cret-word", ""};

std::unique_ptr<ImapSession> open(int port, Security security = Security::none, const Login& login = kLogin,
                                  const ImapOptions& options = quick()) {
  return ImapClient(options).open({"127.0.0.1", port, security}, login);
}

Trouble trouble_of(auto action) {
  try {
    action();
  } catch (const MailboxError& error) {
    EXPECT_EQ(error.trouble().text.find("s3cret"), std::string::npos);
    EXPECT_FALSE(error.trouble().text.empty());
    return error.trouble();
  }
  ADD_FAILURE() << "no trouble";
  return {};
}

TEST(ImapClient, LogsInInTheWayTheServerHas) {
  {
    ImapStub stub;
    open(stub.port())->logout();
    EXPECT_TRUE(stub.heard("AUTHENTICATE PLAIN AGFkYQBzM2NyZXQtd29yZA=="));
    EXPECT_TRUE(stub.heard("LOGOUT"));
  }
  {
    ImapScript old;
    old.capability = "IMAP4rev1";
    ImapStub stub(old);
    open(stub.port(), Security::none, {"a\"da", "pass word", ""});
    EXPECT_TRUE(stub.heard("LOGIN \"a\\\"da\" \"pass word\"") || stub.heard("LOGIN a\\\"da \"pass word\""))
        << stub.commands().back();
  }
  {
    ImapStub stub;
    open(stub.port(), Security::none, {"ada", "", "tok"});
    EXPECT_TRUE(stub.heard("AUTHENTICATE XOAUTH2 dXNlcj1hZGEBYXV0aD1CZWFyZXIgdG9rAQE="));
  }
}

TEST(ImapClient, TellsTroublesApartWhenItOpens) {
  using Kind = Trouble::Kind;
  const auto opening = [](ImapScript script, Security security = Security::none) {
    ImapStub stub(std::move(script));
    return trouble_of([&] { open(stub.port(), security); });
  };
  Trouble trouble = opening({.answers = {{"AUTHENTICATE", "!NO [AUTHENTICATIONFAILED] no way"}}});
  EXPECT_EQ(trouble.kind, Kind::login);
  EXPECT_NE(trouble.text.find("no way"), std::string::npos) << trouble.text;
  EXPECT_EQ(opening({.greeting = "* BYE overloaded"}).kind, Kind::protocol);
  EXPECT_EQ(opening({.greeting = "hello"}).kind, Kind::timeout);
  EXPECT_EQ(opening({.greeting = "<hang>"}).kind, Kind::timeout);
  EXPECT_EQ(opening({.answers = {{"AUTHENTICATE", "<hang>"}}}).kind, Kind::timeout);
  EXPECT_EQ(opening({.answers = {{"AUTHENTICATE", "<drop>"}}}).kind, Kind::closed);
  EXPECT_EQ(opening({}, Security::starttls).kind, Kind::tls);  // none is offered
  EXPECT_EQ(trouble_of([] { open(1); }).kind, Kind::connect);
  EXPECT_EQ(trouble_of([] {
              ImapClient(quick()).open({"no-such-host.invalid", 993, Security::tls}, kLogin);
            }).kind,
            Kind::dns);
  ImapStub stub;
  EXPECT_EQ(trouble_of([&] { open(stub.port(), Security::none, {}); }).kind, Kind::login);
}

TEST(ImapClient, VerifiesCertificatesBeforeTheLogin) {
  const std::string ca_file = std::filesystem::temp_directory_path() / ("ca-" + base::random_hex(8) + ".pem");
  for (const char* name : {"127.0.0.1", "other.test"}) {
    const auto certificate = testing::make_certificate(name);
    std::ofstream(ca_file) << certificate.ca_pem;
    for (Security security : {Security::tls, Security::starttls}) {
      ImapScript script;
      script.capability += " STARTTLS";
      script.certificate = &certificate;
      script.tls_first = security == Security::tls;
      ImapStub stub(script);
      ImapOptions options = quick();
      EXPECT_EQ(trouble_of([&] { open(stub.port(), security, kLogin, options); }).kind,
                Trouble::Kind::certificate);
      options.trust.ca_file = ca_file;
      if (std::string(name) == "127.0.0.1") {
        EXPECT_FALSE(stub.heard("AUTHENTICATE"));
        EXPECT_NO_THROW(open(stub.port(), security, kLogin, options));
      } else {
        EXPECT_EQ(trouble_of([&] { open(stub.port(), security, kLogin, options); }).kind,
                  Trouble::Kind::certificate);
        EXPECT_FALSE(stub.heard("AUTHENTICATE"));
      }
    }
  }
  std::filesystem::remove(ca_file);
}

TEST(ImapClient, EndsTheSessionWhenAnAnswerIsNone) {
  using Kind = Trouble::Kind;
  const std::string examined = "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 10] x\r\n";
  struct {
    const char* name;
    std::string answer;
    Kind kind;
  } const rows[] = {
      {"hangs", "<hang>", Kind::timeout},
      {"drops", "<drop>", Kind::closed},
      {"no", "!NO not today", Kind::folder},
      {"bad", "!BAD what", Kind::protocol},
      {"nonsense", "* 1 FETCH (UID (((((\r\n", Kind::protocol},
      {"huge literal", "* 1 FETCH (UID 1 BODY[] {4000000000}\r\nabc\r\n", Kind::timeout},
      {"endless", "* OK " + std::string(12'000'000, 'x') + "\r\n", Kind::protocol},
      {"many lines",
       [] {
         std::string lines;
         for (int i = 0; i < 1'000'000; ++i) lines += "* OK still\r\n";
         return lines;
       }(),
       Kind::protocol},
  };
  for (const auto& row : rows) {
    ImapScript script;
    script.answers = {{"EXAMINE", examined}, {"UID FETCH", row.answer}};
    ImapStub stub(script);
    auto session = open(stub.port());
    EXPECT_EQ(session->select("INBOX"), (FolderState{7, 10, 3})) << row.name;
    EXPECT_EQ(name_of(trouble_of([&] {
                        session->fetch({1, 2}, {1000});
                      }).kind),
              name_of(row.kind))
        << row.name;
    if (row.kind == Kind::folder) {
      EXPECT_NO_THROW(session->select("INBOX")) << row.name;
    } else {
      EXPECT_EQ(name_of(trouble_of([&] { session->select("INBOX"); }).kind), name_of(row.kind)) << row.name;
    }
  }
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  EXPECT_LT(usage.ru_maxrss, 1'500'000);  // kB: the 4 GB that were announced were not taken
}

TEST(ImapClient, CrossesHolesInTheNumbers) {
  ImapScript script;
  script.answers = {{"EXAMINE", "* 2 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 4294967290] x\r\n"},
                    {"UID SEARCH", "* SEARCH\r\n"}};
  ImapStub stub(script);
  auto session = open(stub.port());
  session->select("INBOX");
  EXPECT_TRUE(session->fetch_uids(1, 100).empty());
  EXPECT_LT(stub.commands().size(), 25U);
}

TEST(ImapClient, PollsWhereThereIsNoIdle) {
  ImapScript script;
  script.capability = "IMAP4rev1 AUTH=PLAIN SASL-IR";
  script.answers = {{"EXAMINE", "* 2 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n"}};
  {
    ImapStub stub(script);
    auto session = open(stub.port());
    session->select("INBOX");
    EXPECT_EQ(session->idle(200ms), IdleEnd::timeout);
    EXPECT_TRUE(stub.heard("NOOP"));
    EXPECT_FALSE(stub.heard("IDLE"));
  }
  script.answers["NOOP"] = "* 3 EXISTS\r\n";
  {
    ImapStub stub(script);
    auto session = open(stub.port());
    session->select("INBOX");
    EXPECT_EQ(session->idle(10s), IdleEnd::new_mail);
  }
  script.answers["NOOP"] = "<drop>";
  ImapStub stub(script);
  auto session = open(stub.port());
  session->select("INBOX");
  EXPECT_EQ(session->idle(10s), IdleEnd::closed);
}

TEST(ImapClient, AsksOnlyToPeek) {
  ImapScript script;
  script.answers = {{"EXAMINE", "* 1 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 10] x\r\n"},
                    {"UID FETCH 5 (UID RFC822",
                     "* 1 FETCH (UID 5 RFC822.SIZE 5000 INTERNALDATE \" 3-Feb-2026 01:02:03 -0130\")\r\n"},
                    {"UID FETCH 5 (UID BODY",
                     "* 1 FETCH (FLAGS (\\Recent))\r\n* 1 FETCH (UID 5 BODY[]<0> {4}\r\nabcd)\r\n"}};
  ImapStub stub(script);
  auto session = open(stub.port());
  session->select("INBOX");
  const auto mails = session->fetch({5, 5}, {4});
  ASSERT_EQ(mails.size(), 1U);
  EXPECT_EQ(mails[0].raw, "abcd");
  EXPECT_EQ(mails[0].size, 5000U);
  EXPECT_FALSE(mails[0].complete);
  EXPECT_EQ(mails[0].internal_date, 1'770'085'923'000);  // 2026-02-03T02:32:03Z
  EXPECT_TRUE(stub.heard("UID FETCH 5 (UID BODY.PEEK[]<0.4>)")) << stub.commands().back();
  EXPECT_FALSE(stub.heard("SELECT"));
}

}  // namespace
}  // namespace overture::mailbox
