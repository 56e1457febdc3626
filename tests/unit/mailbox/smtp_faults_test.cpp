// The SMTP client against a server that does everything wrong, one thing at a time.
#include <gtest/gtest.h>

#include "unit/mailbox/smtp_sending.hpp"

namespace overture::mailbox {
namespace {

struct Fault {
  std::string name;
  SmtpScript script;
  SendOutcome outcome;
  int code;
  std::string phase;
  int asked;
};

SmtpScript with(auto change) {
  SmtpScript script;
  change(script);
  return script;
}

std::vector<Fault> faults() {
  using enum SendOutcome;
  return {
      {"accepts", {}, accepted, 250, "dot", 1},
      {"greeting_554", with([](auto& s) { s.greeting = "554 5.7.1 no service for you"; }), sender_refused,
       554, "greeting", 0},
      {"greeting_421", with([](auto& s) { s.greeting = "421 4.3.2 busy"; }), sender_refused, 421, "greeting",
       0},
      {"greeting_hangs", with([](auto& s) { s.greeting = "<hang>"; }), deferred, 0, "greeting", 0},
      {"greeting_drops", with([](auto& s) { s.greeting = "<drop>"; }), deferred, 0, "greeting", 0},
      {"auth_535", with([](auto& s) { s.auth = "535 5.7.8 wrong"; }), login_failed, 535, "login", 0},
      {"auth_454", with([](auto& s) { s.auth = "454 4.7.0 later"; }), sender_refused, 454, "login", 0},
      {"auth_hangs", with([](auto& s) { s.auth = "<hang>"; }), deferred, 0, "login", 0},
      {"auth_drops", with([](auto& s) { s.auth = "<drop>"; }), deferred, 0, "login", 0},
      {"no_auth_offered", with([](auto& s) { s.ehlo = "250 stub"; }), login_failed, 0, "login", 0},
      {"mail_550", with([](auto& s) { s.mail = "550 5.7.60 not allowed to send as this sender"; }),
       sender_refused, 550, "mail", 0},
      {"mail_451", with([](auto& s) { s.mail = "451 4.3.0 later"; }), deferred, 451, "mail", 0},
      {"mail_421", with([](auto& s) { s.mail = "421 4.3.2 going down"; }), sender_refused, 421, "mail", 0},
      {"mail_drops", with([](auto& s) { s.mail = "<drop>"; }), deferred, 0, "mail", 0},
      {"rcpt_550", with([](auto& s) { s.rcpt = {"550 5.1.1 no such user"}; }), refused, 550, "rcpt", 0},
      {"rcpt_451", with([](auto& s) { s.rcpt = {"451 4.7.1 greylisted"}; }), deferred, 451, "rcpt", 0},
      {"rcpt_hangs", with([](auto& s) { s.rcpt = {"<hang>"}; }), deferred, 0, "rcpt", 0},
      {"data_451", with([](auto& s) { s.data = "451 4.3.0 later"; }), deferred, 451, "data", 0},
      {"data_554", with([](auto& s) { s.data = "554 5.5.1 no valid recipients"; }), refused, 554, "data", 0},
      {"data_drops", with([](auto& s) { s.data = "<drop>"; }), deferred, 0, "data", 0},
      {"data_hangs", with([](auto& s) { s.data = "<hang>"; }), deferred, 0, "data", 0},
      {"dot_452", with([](auto& s) { s.dot = "452 4.3.1 no room"; }), deferred, 452, "dot", 1},
      {"dot_554_content", with([](auto& s) { s.dot = "554 5.6.0 broken"; }), refused, 554, "dot", 1},
      {"dot_550_policy", with([](auto& s) { s.dot = "550 5.7.26 unauthenticated mail"; }), sender_refused,
       550, "dot", 1},
      {"dot_421", with([](auto& s) { s.dot = "421 4.7.0 too fast"; }), sender_refused, 421, "dot", 1},
      {"dot_hangs", with([](auto& s) { s.dot = "<hang>"; }), unknown, 0, "dot", 1},
      {"dot_drops", with([](auto& s) { s.dot = "<drop>"; }), unknown, 0, "dot", 1},
      {"dot_resets", with([](auto& s) { s.dot = "<reset>"; }), unknown, 0, "dot", 1},
      {"dot_nonsense", with([](auto& s) { s.dot = "hello there"; }), unknown, 0, "dot", 1},
  };
}

class SmtpFault : public ::testing::TestWithParam<Fault> {};

TEST_P(SmtpFault, IsTold) {
  const Fault& fault = GetParam();
  for (bool pipelining : {true, false}) {
    SmtpScript script = fault.script;
    if (!pipelining && script.ehlo.find("250-PIPELINING\r\n") != std::string::npos) {
      script.ehlo.erase(script.ehlo.find("250-PIPELINING\r\n"), 16);
    }
    SmtpStub stub(script);
    SmtpClient client(quick());
    const auto [result, asked] = send(client, plain(stub.port()));
    EXPECT_EQ(name_of(result.outcome), name_of(fault.outcome)) << result.text;
    EXPECT_EQ(result.code, fault.code) << result.text;
    EXPECT_EQ(result.phase, fault.phase) << result.text;
    EXPECT_EQ(asked, fault.asked);
    EXPECT_FALSE(result.text.empty());
    EXPECT_EQ(result.text.find("s3cret"), std::string::npos);
    // No byte of a mail is taken for one that was not offered, and none is taken twice.
    EXPECT_EQ(stub.taken().size(), static_cast<std::size_t>(fault.asked));
  }
}

INSTANTIATE_TEST_SUITE_P(Each, SmtpFault, ::testing::ValuesIn(faults()),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace overture::mailbox
