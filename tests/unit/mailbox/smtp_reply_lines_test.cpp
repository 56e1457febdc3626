#include <gtest/gtest.h>

#include "mailbox/smtp_replies.hpp"

namespace overture::mailbox {
namespace {

TEST(SmtpReplies, AreParsed) {
  auto line = parse_reply_line("250-SIZE 35882577");
  ASSERT_TRUE(line);
  EXPECT_EQ(line->code, 250);
  EXPECT_FALSE(line->last);
  EXPECT_EQ(line->text, "SIZE 35882577");
  EXPECT_TRUE(parse_reply_line("354")->last);
  for (const char* bad : {"", "25", "abc", "2500 x", "199 x", "600 x", "250_x", " 250 x", "-250 x"}) {
    EXPECT_FALSE(parse_reply_line(bad)) << bad;
  }
  struct {
    std::string_view text;
    std::string_view enhanced;
    std::string_view rest;
  } const rows[] = {{"5.1.1 gone", "5.1.1", "gone"},
                    {"#5.1.0 gone", "5.1.0", "gone"},
                    {"4.7.650 x", "4.7.650", "x"},
                    {"5.1.1", "5.1.1", ""},
                    {"5.1 x", "", "5.1 x"},
                    {"5.1.1.1 x", "", "5.1.1.1 x"},
                    {"1.2.3 x", "", "1.2.3 x"},
                    {"55.1.1 x", "", "55.1.1 x"},
                    {"5.1234.1 x", "", "5.1234.1 x"},
                    {"192.0.2.1 x", "", "192.0.2.1 x"},
                    {"", "", ""},
                    {"5.", "", "5."}};
  for (const auto& row : rows) {
    std::string_view text = row.text;
    EXPECT_EQ(take_enhanced(text), row.enhanced) << row.text;
    EXPECT_EQ(text, row.rest);
  }
}

TEST(SmtpReplies, AreShownOnOneSafeLine) {
  EXPECT_EQ(safe_line("a\r\nb\tc\x1b[0m\x7f"), "a\\x0d\\x0ab c\\x1b[0m\\x7f");
  EXPECT_EQ(safe_line("caf\xC3\xA9 \xFF"), "caf\xC3\xA9 \\xff");
  EXPECT_EQ(safe_line(std::string(1000, 'x')).size(), 500U);
  EXPECT_EQ(safe_line(std::string(499, 'x') + "\xC3\xA9"), std::string(499, 'x'));
  EXPECT_EQ(safe_line("\xC2\x9B"), "\\xc29b");
}

}  // namespace
}  // namespace overture::mailbox
