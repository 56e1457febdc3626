// Messages that came in: limits, charsets, what is broken.
#include "mail/inbound.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"

namespace overture::mail {
namespace {

TEST(Inbound, reads_charsets_and_lies_about_them) {
  const auto text = [](const std::string& charset, const std::string& body) {
    return parse_message("From: a@b.example\nContent-Type: text/plain; charset=" + charset + "\n\n" + body)
        .text;
  };
  EXPECT_EQ(text("iso-8859-1", "Gr\xFC\xDF"), "Grüß");
  EXPECT_EQ(text("windows-1252", "\x80"), "€");
  EXPECT_EQ(text("utf-8", "Grüß"), "Grüß");
  EXPECT_EQ(text("utf-8", "Gr\xFC\xDF"), "Grüß");
  EXPECT_EQ(text("us-ascii", "Grüß"), "Grüß");
  EXPECT_EQ(text("x-no-such-thing", "Grüß"), "Grüß");
  EXPECT_EQ(text("x-no-such-thing", "Gr\xFC\xDF"), "Grüß");
  EXPECT_EQ(text("koi8-r", "\xE4\xC1"), "Да");
  EXPECT_EQ(text("shift_jis", "\x93\xFA\x96\x7B"), "日本");
  EXPECT_EQ(text("iso-2022-jp", "\x1b$BF|K\\\x1b(B"), "日本");
  EXPECT_EQ(text("", "\x1b$BF|K\\\x1b(B"), "日本");
  EXPECT_EQ(text("gb2312", "\xD6\xD0\xCE\xC4"), "中文");
  EXPECT_EQ(text("utf-7", "Gr+APwA3w-"), "Grüß");
}

TEST(Inbound, reads_parts) {
  const auto message = parse_message(
      "From: =?utf-8?Q?J=C3=B6rg?= <j@x.example>\r\nTo: \"B, C\" <b@x.example>, Team: d@x.example, "
      "e@x.example;\r\n"
      "Subject: =?utf-8?B?SGVsbG8=?=\r\n =?utf-8?B?IHlvdQ==?=\r\nMessage-ID: <1@x.example>\r\n"
      "References: <a@y.example>\r\n <b@y.example>\r\nDate: Mon, 2 Mar 2026 10:00:00 +0100\r\n"
      "Content-Type: multipart/mixed; boundary=\"o\"\r\n\r\npreamble\r\n--o\r\n"
      "Content-Type: multipart/alternative; boundary=i\r\n\r\n--i\r\nContent-Type: "
      "text/plain\r\n\r\nplain\r\n--i\r\n"
      "Content-Type: text/html\r\nContent-Transfer-Encoding: "
      "quoted-printable\r\n\r\n<b>html</b>=\r\n\r\n--i--\r\n"
      "--o\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment;\r\n "
      "filename*=utf-8''..%2F%C3%BC.pdf\r\n"
      "Content-Transfer-Encoding: base64\r\n\r\nAAAA\r\n--o--\r\nepilogue\r\n");
  EXPECT_EQ(message.problem, "");
  EXPECT_EQ(message.from, (std::vector<Mailbox>{{"Jörg", "j@x.example"}}));
  ASSERT_EQ(message.to.size(), 3U);
  EXPECT_EQ(message.to[0].name, "B, C");
  EXPECT_EQ(message.to[2].address, "e@x.example");
  EXPECT_EQ(message.subject, "Hello you");
  EXPECT_EQ(message.references, (std::vector<std::string>{"a@y.example", "b@y.example"}));
  EXPECT_EQ(message.date, 1772442000000);
  EXPECT_EQ(message.text, "plain");
  EXPECT_EQ(message.html, "<b>html</b>");
  ASSERT_EQ(message.attachments.size(), 1U);
  EXPECT_EQ(message.attachments[0].name, "ü.pdf");
  EXPECT_EQ(message.attachments[0].size, 3U);
}

TEST(Inbound, is_bounded) {
  std::string deep = "From: a@b.example\nContent-Type: multipart/mixed; boundary=b0\n\n";
  for (int i = 0; i < 2000; ++i) {
    deep += "--b" + std::to_string(i) + "\nContent-Type: multipart/mixed; boundary=b" +
            std::to_string(i + 1) + "\n\n";
  }
  EXPECT_NE(parse_message(deep).problem, "");

  std::string wide = "From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n";
  for (int i = 0; i < 10000; ++i) wide += "--b\nContent-Type: application/x\n\nx\n";
  const auto message = parse_message(wide + "--b--\n");
  EXPECT_LE(message.attachments.size(), kInboundMaxParts);
  EXPECT_NE(message.problem, "");

  const auto large = parse_message("From: a@b.example\n\n" + std::string(20U << 20U, 'x'));
  EXPECT_LE(large.text.size(), kInboundMaxText);
  EXPECT_NE(large.problem, "");

  std::string groups = "To: ";
  for (int i = 0; i < 20000; ++i) groups += "a:";
  static_cast<void>(parse_message(groups + "\n\nx"));
  static_cast<void>(parse_message("To: " + std::string(60000, '(') + "\n\nx"));
  static_cast<void>(parse_message("To: " + std::string(60000, '<') + "\n\nx"));
}

TEST(Inbound, of_wrong_charsets_is_text) {
  for (const std::string_view charset :
       {"utf-8", "us-ascii", "utf-16", "iso-2022-jp", "x-unknown", "", "\xff"}) {
    std::string raw = "From: =?" + std::string(charset) + "?B?/////w==?= <a@b.example>\nSubject: \xe9t\xe9\n";
    raw +=
        "Content-Type: text/plain; charset=\"" + std::string(charset) + "\"\n\nd\xe9j\xe0 vu \xff\xfe\x80\n";
    const auto message = parse_message(raw);
    EXPECT_TRUE(base::is_valid_utf8(message.subject)) << charset;
    EXPECT_TRUE(base::is_valid_utf8(message.text)) << charset;
    EXPECT_FALSE(message.text.empty()) << charset;
    ASSERT_EQ(message.from.size(), 1U) << charset;
    EXPECT_EQ(message.from[0].address, "a@b.example") << charset;
  }
}

TEST(Inbound, reads_what_is_there_of_broken_ones) {
  EXPECT_EQ(parse_message("").headers.size(), 0U);
  EXPECT_EQ(parse_message("no header at all\nsecond").text, "no header at all\nsecond");
  EXPECT_EQ(parse_message("Subject: x\nbody without an empty line").text, "body without an empty line");
  const auto cut = parse_message("Content-Type: multipart/mixed; boundary=b\n\n--b\n\ntext");
  EXPECT_EQ(cut.text, "text");
  EXPECT_NE(cut.problem, "");
}

}  // namespace
}  // namespace overture::mail
