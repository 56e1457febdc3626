// The SMTP client: what it keeps to, whatever the server does.
#include "mailbox/smtp_client.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "unit/mailbox/smtp_sending.hpp"

namespace overture::mailbox {
namespace {

TEST(SmtpClient, HoldsTheMailBackWhenItIsToldTo) {
  for (bool throws : {false, true}) {
    SmtpStub stub;
    SmtpClient client(quick());
    int asked = 0;
    const SendResult result = client.send(plain(stub.port()), kLogin, kEnvelope, kMail, [&]() -> bool {
      ++asked;
      if (throws) throw std::runtime_error("no");
      return false;
    });
    EXPECT_EQ(result.outcome, SendOutcome::withheld);
    EXPECT_EQ(asked, 1);
    EXPECT_EQ(client.idle_connections(), 0U);
    // The next mail takes a new connection, and only that one arrives.
    EXPECT_EQ(send(client, plain(stub.port())).result.outcome, SendOutcome::accepted);
    EXPECT_EQ(stub.taken().size(), 1U);
    EXPECT_EQ(stub.connections(), 2);
  }
}

TEST(SmtpClient, HandsTheBodyOverBeforeItAsks) {
  SmtpStub stub;
  SmtpClient client(quick());
  std::size_t taken_when_asked = 9;
  client.send(plain(stub.port()), kLogin, kEnvelope, kMail, [&] {
    std::this_thread::sleep_for(50ms);
    taken_when_asked = stub.taken().size();
    return true;
  });
  EXPECT_EQ(taken_when_asked, 0U);
  EXPECT_EQ(stub.taken().size(), 1U);
}

TEST(SmtpClient, StuffsDotsExactlyOnce) {
  SmtpStub stub;
  SmtpClient client(quick());
  std::string large = "Subject: s\r\n\r\n";
  for (int i = 0; i < 20'000; ++i) large += i % 3 == 0 ? ".\r\n" : i % 3 == 1 ? "..two\r\n" : "a.b\r\n";
  const std::vector<std::string> mails = {
      ".starts\r\n", "a\r\n.\r\nb\r\n", "a\r\n..\r\n", "a\r\n.", "no end", large, "\r\n", ".\r\n"};
  for (const std::string& mail : mails) {
    EXPECT_EQ(send(client, plain(stub.port()), mail).result.outcome, SendOutcome::accepted);
    EXPECT_EQ(stub.taken().back(), mail.ends_with("\r\n") ? mail : mail + "\r\n");
  }
  EXPECT_EQ(stub.connections(), 1);
}

TEST(SmtpClient, RefusesWhatSmtpCannotCarry) {
  SmtpStub stub;
  SmtpClient client(quick());
  const std::vector<std::string> mails = {"",
                                          "a\nb\r\n",
                                          "a\rb\r\n",
                                          "a\r\r\n",
                                          "a\r\n\r",
                                          "a\n",
                                          std::string("a\0b\r\n", 5),
                                          std::string(999, 'x') + "\r\n"};
  for (const std::string& mail : mails)
    EXPECT_THROW(send(client, plain(stub.port()), mail), base::Error) << mail;
  EXPECT_EQ(send(client, plain(stub.port()), std::string(998, 'x') + "\r\n").result.outcome,
            SendOutcome::accepted);
  for (const char* bad :
       {"a b@x.test", "a@x.test>\r\nRCPT TO:<c@x.test", "<a@x.test", "a@x.test\n", "", "a@x.test\t"}) {
    EXPECT_THROW(send(client, plain(stub.port()), kMail, {"a@in.test", {bad}, false}), base::Error) << bad;
  }
  EXPECT_THROW(send(client, plain(stub.port()), kMail, {"a@in.test", {}, false}), base::Error);
  EXPECT_THROW(send(client, plain(stub.port()), kMail, {"a@in\r\n.test", {"b@x.test"}, false}), base::Error);
  EXPECT_EQ(stub.taken().size(), 1U);
}

TEST(SmtpClient, SendsToAllOrNobody) {
  for (bool pipelining : {true, false}) {
    SmtpScript script;
    script.rcpt = {"250 fine", "550 5.1.1 no such user", "250 fine"};
    if (!pipelining) script.ehlo = "250-stub\r\n250 AUTH PLAIN";
    SmtpStub stub(script);
    SmtpClient client(quick());
    const auto [result, asked] =
        send(client, plain(stub.port()), kMail, {"a@in.test", {"b@x.test", "c@x.test", "d@x.test"}, false});
    EXPECT_EQ(result.outcome, SendOutcome::refused);
    EXPECT_EQ(result.enhanced, "5.1.1");
    EXPECT_EQ(asked, 0);
    EXPECT_TRUE(stub.taken().empty());
  }
}

TEST(SmtpClient, GoesOnWithTheConnectionAfterARefusal) {
  SmtpScript script;
  script.rcpt = {"550 5.1.1 no such user"};
  SmtpStub stub(script);
  SmtpClient client(quick());
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(send(client, plain(stub.port())).result.outcome, SendOutcome::refused);
  EXPECT_EQ(stub.connections(), 1);
}

TEST(SmtpClient, ReplacesAKeptConnectionThatDied) {
  for (bool silently : {false, true}) {
    SmtpScript script;
    script.mails_per_connection = 2;
    script.hang_up_silently = silently;
    SmtpStub stub(script);
    SmtpClient client(quick());
    for (int i = 0; i < 6; ++i) {
      const auto [result, asked] = send(client, plain(stub.port()));
      EXPECT_EQ(result.outcome, SendOutcome::accepted) << result.text;
      EXPECT_EQ(asked, 1);
    }
    EXPECT_EQ(stub.taken().size(), 6U);
    EXPECT_EQ(stub.connections(), 3);
  }
}

TEST(SmtpClient, KeepsConnectionsApartAndNotForEver) {
  SmtpStub stub;
  SmtpOptions options = quick();
  options.keep = 150ms;
  options.max_idle = 2;
  SmtpClient client(options);
  for (const char* user : {"a", "b", "c"}) {
    const Login login{user, "x", ""};
    for (int i = 0; i < 2; ++i) send(client, plain(stub.port()), kMail, kEnvelope, login);
  }
  EXPECT_EQ(stub.connections(), 3);
  EXPECT_EQ(client.idle_connections(), 2U);
  std::this_thread::sleep_for(400ms);
  EXPECT_EQ(client.idle_connections(), 0U);
  const auto commands = stub.commands();
  EXPECT_GE(std::count(commands.begin(), commands.end(), "QUIT"), 2);
}

TEST(SmtpClient, LogsInByTokenWhenThereIsOne) {
  SmtpStub stub;
  SmtpClient client(quick());
  const auto [result, asked] = send(client, plain(stub.port()), kMail, kEnvelope, {"ada", "unused", "tok"});
  EXPECT_EQ(result.outcome, SendOutcome::accepted) << result.text;
  const auto commands = stub.commands();
  EXPECT_NE(std::find_if(commands.begin(), commands.end(),
                         [](const std::string& c) { return c.starts_with("AUTH XOAUTH2"); }),
            commands.end());
  // base64 of "user=ada\1auth=Bearer tok\1\1"
  EXPECT_NE(std::find(commands.begin(), commands.end(), "dXNlcj1hZGEBYXV0aD1CZWFyZXIgdG9rAQE="),
            commands.end());
}

TEST(SmtpClient, UsesWhatTheServerOffers) {
  SmtpStub stub;
  SmtpClient client(quick());
  send(client, plain(stub.port()), "Subject: \xC3\xA4\r\n\r\n", {"a@in.test", {"\xC3\xA4@x.test"}, true});
  const auto commands = stub.commands();
  EXPECT_NE(
      std::find(commands.begin(), commands.end(), "MAIL FROM:<a@in.test> SIZE=15 SMTPUTF8 BODY=8BITMIME"),
      commands.end());

  SmtpScript small;
  small.ehlo = "250-stub\r\n250-SIZE 1000\r\n250 AUTH PLAIN";
  SmtpStub poor(small);
  auto result = send(client, plain(poor.port()), kMail, {"a@in.test", {"\xC3\xA4@x.test"}, true}).result;
  EXPECT_EQ(result.outcome, SendOutcome::refused);
  EXPECT_EQ(result.enhanced, "5.6.7");
  result =
      send(client, plain(poor.port()), kMail + std::string(900, 'x') + "\r\n" + std::string(200, 'y')).result;
  EXPECT_EQ(result.outcome, SendOutcome::refused);
  EXPECT_EQ(result.enhanced, "5.3.4");
}

TEST(SmtpClient, HearsANoInTheMiddleOfTheBody) {
  SmtpScript script;
  script.ehlo = "250-stub\r\n250-PIPELINING\r\n250 AUTH PLAIN";
  script.within_body = "552 5.3.4 too large";
  SmtpStub stub(script);
  SmtpClient client(quick());
  std::string large = "Subject: s\r\n\r\n";
  while (large.size() < 12'000'000) large += std::string(900, 'x') + "\r\n";
  const auto [result, asked] = send(client, plain(stub.port()), large);
  EXPECT_EQ(result.outcome, SendOutcome::refused) << result.text;
  EXPECT_EQ(result.code, 552);
  EXPECT_EQ(asked, 0);
}

TEST(SmtpClient, NamesWhatIsNotThere) {
  SmtpClient client(quick());
  int closed_port = 0;
  {
    SmtpStub stub;
    closed_port = stub.port();
  }
  auto result = send(client, plain(closed_port)).result;
  EXPECT_EQ(result.outcome, SendOutcome::deferred);
  EXPECT_EQ(result.phase, "connect");
  EXPECT_NE(result.text.find("Nothing listens at 127.0.0.1:"), std::string::npos) << result.text;
  for (const char* host : {"no-such-host.invalid", "a b", "x/y", "user@host", ""}) {
    result = send(client, {host, 25, Security::none}).result;
    EXPECT_EQ(result.outcome, SendOutcome::deferred) << host;
    EXPECT_EQ(result.phase, "connect") << host;
  }
}

TEST(SmtpClient, ChecksASenderWithoutSending) {
  SmtpScript script;
  SmtpStub good(script);
  script.mail = "550 5.7.60 not allowed to send as this sender";
  SmtpStub bad(script);
  script.auth = "535 5.7.8 wrong";
  SmtpStub closed(script);
  SmtpClient client(quick());
  EXPECT_EQ(client.check_sender(plain(good.port()), kLogin, "a@in.test").outcome, SendOutcome::accepted);
  EXPECT_EQ(client.check_sender(plain(bad.port()), kLogin, "a@in.test").outcome, SendOutcome::sender_refused);
  try {
    client.check_sender(plain(closed.port()), kLogin, "a@in.test");
    FAIL();
  } catch (const MailboxError& error) {
    EXPECT_EQ(error.kind(), Trouble::Kind::login);
    EXPECT_NE(error.trouble().text.find("wrong"), std::string::npos);
  }
  EXPECT_TRUE(good.taken().empty());
}

TEST(SmtpClient, ServesManyThreads) {
  SmtpStub stub;
  SmtpClient client(quick());
  std::vector<std::thread> threads;
  std::atomic<int> accepted = 0;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      const Login login{"user" + std::to_string(i % 2), "x", ""};
      for (int n = 0; n < 50; ++n) {
        if (send(client, plain(stub.port()), kMail, kEnvelope, login).result.outcome == SendOutcome::accepted)
          ++accepted;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(accepted, 200);
  EXPECT_EQ(stub.taken().size(), 200U);
  EXPECT_LE(stub.connections(), 8);
}

}  // namespace
}  // namespace overture::mailbox
