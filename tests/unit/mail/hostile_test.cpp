// Mails made to be expensive: a look at each ends soon.
#include <gtest/gtest.h>

#include <chrono>

#include "mail/inspect.hpp"

namespace overture::mail {
namespace {

const std::string kHeaders = "From: Ann <ann@there.example>\nTo: us@ours.example\nSubject: Re: hi\n";

std::string repeat(std::string_view text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

std::string of_type(std::string_view type, const std::string& body) {
  return kHeaders + "Content-Type: " + std::string(type) + "\n\n" + body;
}

/// A report with these fields, under this text.
std::string report(const std::string& fields, const std::string& text = "It failed.\n") {
  return of_type("multipart/report; report-type=delivery-status; boundary=r",
                 "--r\n\n" + text + "--r\nContent-Type: message/delivery-status\n\n" + fields + "\n--r--\n");
}

Inspection inspect_soon(const std::string& raw) {
  // Many times what it takes, under sanitizers too.
  constexpr std::chrono::seconds kSoon(30);
  const auto begin = std::chrono::steady_clock::now();
  Inspection found = inspect(raw, {});
  EXPECT_LT(std::chrono::steady_clock::now() - begin, kSoon);
  return found;
}

TEST(Hostile, LinesOfAReportThatAreNoFields) {
  const std::string row = "\nFinal-Recipient: rfc822; bob@ours.example\nAction: failed\nStatus: 5.1.1\n";
  for (const std::string_view line : {" \n", "From x\n", ">From x\n", " y\n", "none\n"}) {
    const Inspection found = inspect_soon(report(repeat(line, 100'000) + row));
    ASSERT_EQ(found.bounce.recipients.size(), 1U) << line;
    EXPECT_EQ(found.bounce.recipients[0].status, "5.1.1");
  }
}

TEST(Hostile, RecipientsOfAReport) {
  std::string rows;
  for (int i = 0; i < 3000; ++i)
    rows += "Final-Recipient: rfc822; " + std::string(30, 'a') + std::to_string(i) +
            "@ours.example\nAction: failed\n\n";
  EXPECT_EQ(inspect_soon(report(rows, std::string(500'000, 'a') + "\n")).bounce.recipients.size(), 1000U);
}

TEST(Hostile, AttributesOfATag) {
  std::string attributes;
  for (int i = 0; i < 90'000; ++i) attributes += " a" + std::to_string(i);
  EXPECT_NE(inspect_soon(of_type("text/html", "<p" + attributes + ">Hello")).text.find("Hello"),
            std::string::npos);
  // What seems to be a tag before it, and a value that seems to end it, hide nothing.
  inspect_soon(of_type("text/html", "<!-- <a x=\" --><p x=\">\"" + attributes + " \">Hello"));
  inspect_soon(of_type("text/html", repeat("<a b=\"<p c='", 50'000)));
}

TEST(Hostile, GroupsInGroups) {
  inspect_soon(repeat("From: " + repeat("a:", 15'000) + "\n", 100) + kHeaders + "\nx\n");
}

TEST(Hostile, PartsInParts) {
  std::string parts = kHeaders;
  for (int i = 0; i < 200; ++i) {
    const std::string name = "b" + std::to_string(i);
    parts += "Content-Type: multipart/mixed; boundary=" + name + "\n\n--" + name + "\n";
  }
  inspect_soon(parts + repeat("\n", 20 << 20));
}

TEST(Hostile, WrapsInANotification) {
  inspect_soon(kHeaders + "\n{\"notificationType\":\"Bounce\"" + repeat("!\n ", 600'000) + "}\n");
}

TEST(Hostile, NotificationsAroundNothing) {
  for (const std::string_view inside :
       {"5", "[]", "null", "\\\"x\\\"", "{}", "{\\\"mail\\\":5,\\\"bounce\\\":[]}"}) {
    const std::string raw =
        kHeaders + "\n{\"notificationType\":\"Bounce\",\"Message\":\"" + std::string(inside) + "\"}\n";
    EXPECT_TRUE(inspect_soon(raw).bounce.recipients.empty()) << inside;
  }
}

}  // namespace
}  // namespace overture::mail
