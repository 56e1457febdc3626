#include "mailbox/probe.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "support/smtp_stub.hpp"

namespace overture::mailbox {
namespace {

using testing::SmtpScript;
using testing::SmtpStub;
using testing::StubConnection;
using testing::StubServer;

/// INBOX and, if `folders` says so, Sent.
StubServer::Script imap(std::string folders, std::string login = "OK welcome") {
  return [folders, login](StubConnection& connection) {
    connection.say("* OK ready");
    for (;;) {
      const std::string line = connection.line();
      const std::string tag = line.substr(0, line.find(' '));
      const std::string command = line.substr(tag.size() + 1);
      if (command.starts_with("CAPABILITY")) connection.say("* CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR");
      if (command.starts_with("EXAMINE")) connection.send("* 12 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n");
      if (command.starts_with("LIST")) connection.send(folders);
      connection.say(tag + " " + (command.starts_with("AUTHENTICATE") ? login : "OK done"));
    }
  };
}
const char* const kFolders = "* LIST () \"/\" INBOX\r\n* LIST (\\Sent) \"/\" \"Sent Items\"\r\n";

std::string told(const std::vector<ProbeStep>& steps) {
  std::string text;
  for (const ProbeStep& step : steps) text += (step.ok ? "+" : "-") + step.name + " ";
  return text;
}

std::vector<ProbeStep> run(int smtp_port, int imap_port, Security security = Security::none) {
  return make_probe()->run({"127.0.0.1", smtp_port, security}, {"127.0.0.1", imap_port, security},
                           {"ada", "s3cret-word", ""}, "ada@in.test");
}

const ProbeStep& last_of(const std::vector<ProbeStep>& steps, const std::string& side) {
  const ProbeStep* found = nullptr;
  for (const ProbeStep& step : steps) {
    if (step.name.starts_with(side)) found = &step;
    EXPECT_EQ(step.message.find("s3cret"), std::string::npos);
    EXPECT_FALSE(step.message.empty());
  }
  return *found;
}

TEST(Probe, GoesTheWholeWay) {
  SmtpStub smtp;
  StubServer reading(imap(kFolders));
  const auto steps = run(smtp.port(), reading.port());
  EXPECT_EQ(told(steps),
            "+smtp_dns +smtp_connect +smtp_tls +smtp_login +smtp_sender "
            "+imap_dns +imap_connect +imap_tls +imap_login +imap_inbox +imap_sent ");
  EXPECT_TRUE(all_ok(steps));
  EXPECT_NE(last_of(steps, "imap").message.find("Sent Items"), std::string::npos);
  EXPECT_TRUE(smtp.taken().empty());
  const auto commands = smtp.commands();
  EXPECT_EQ(std::count(commands.begin(), commands.end(), "DATA"), 0);
  EXPECT_EQ(std::count(commands.begin(), commands.end(), "RSET"), 1);
}

TEST(Probe, SaysWhatFailedAndWhatToDo) {
  SmtpScript script;
  script.auth = "535 5.7.8 bad credentials";
  SmtpStub no_login(script);
  StubServer no_sent(imap("* LIST () \"/\" INBOX\r\n"));
  auto steps = run(no_login.port(), no_sent.port());
  EXPECT_EQ(told(steps),
            "+smtp_dns +smtp_connect +smtp_tls -smtp_login "
            "+imap_dns +imap_connect +imap_tls +imap_login +imap_inbox -imap_sent ");
  EXPECT_FALSE(all_ok(steps));
  EXPECT_NE(last_of(steps, "smtp").message.find("bad credentials"), std::string::npos);
  EXPECT_NE(last_of(steps, "smtp").message.find("Check user name"), std::string::npos);

  script = {};
  script.mail = "550 5.7.60 not allowed to send as this sender";
  SmtpStub no_sender(script);
  StubServer refuses(imap(kFolders, "NO [AUTHENTICATIONFAILED] go away"));
  steps = run(no_sender.port(), refuses.port());
  EXPECT_EQ(told(steps),
            "+smtp_dns +smtp_connect +smtp_tls +smtp_login -smtp_sender "
            "+imap_dns +imap_connect +imap_tls -imap_login ");
  EXPECT_NE(last_of(steps, "smtp").message.find("ada@in.test"), std::string::npos);
  EXPECT_NE(last_of(steps, "imap").message.find("go away"), std::string::npos);
}

TEST(Probe, NamesWrongServers) {
  auto steps = run(1, 1);
  EXPECT_EQ(told(steps), "+smtp_dns -smtp_connect +imap_dns -imap_connect ");
  EXPECT_NE(steps[1].message.find("Nothing listens at 127.0.0.1:1"), std::string::npos);
  steps = make_probe()->run({"no-such-host.invalid", 465, Security::tls},
                            {"no-such-host.invalid", 993, Security::tls}, {"a", "b", ""}, "a@b.test");
  EXPECT_EQ(told(steps), "-smtp_dns -imap_dns ");
  EXPECT_NE(steps[0].message.find("no-such-host.invalid is unknown"), std::string::npos);
  SmtpStub smtp;  // speaks first, in clear
  StubServer reading(imap(kFolders));
  steps = run(smtp.port(), reading.port(), Security::tls);
  EXPECT_EQ(told(steps), "+smtp_dns +smtp_connect -smtp_tls +imap_dns +imap_connect -imap_tls ");
}

TEST(Probe, TakesAnOddSenderForAWrongOne) {
  SmtpStub smtp;
  StubServer reading(imap(kFolders));
  const auto steps =
      make_probe()->run({"127.0.0.1", smtp.port(), Security::none},
                        {"127.0.0.1", reading.port(), Security::none}, {"ada", "x", ""}, "a b\r\n");
  EXPECT_FALSE(steps.at(0).ok);
  EXPECT_FALSE(all_ok(steps));
}

}  // namespace
}  // namespace overture::mailbox
