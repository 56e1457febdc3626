// Addresses of contacts in their one spelling.
#include "rules/email_address.hpp"

#include <gtest/gtest.h>

namespace overture::rules {
namespace {

std::string address(std::string_view text) {
  const auto parsed = parse_email_address(text);
  if (!parsed) return "(none)";
  EXPECT_EQ(parse_email_address(*parsed), parsed) << "not stable: " << text;
  return *parsed;
}

TEST(EmailAddress, normalises) {
  const std::pair<const char*, const char*> cases[] = {
      {"ann@example.com", "ann@example.com"},
      {" Ann.Lee@Example.COM\n", "ann.lee@example.com"},
      {"ann+tag@example.co.uk", "ann+tag@example.co.uk"},
      {"o'brien/x!#$%&*-=?^_`{|}~@example.com", "o'brien/x!#$%&*-=?^_`{|}~@example.com"},
      {"ann@Bücher.example", "ann@xn--bcher-kva.example"},
      {"JÖRG@example.com", "jörg@example.com"},
      {"用户@例え.jp", "用户@xn--r8jz45g.jp"},
      {"ann@example.com.", "ann@example.com"},
      {"1@2.example", "1@2.example"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(address(text), expected) << text;
}

TEST(EmailAddress, refuses) {
  for (const char* text : {"",
                           "@",
                           "ann",
                           "ann@",
                           "@example.com",
                           "ann@example",
                           "ann@localhost",
                           "a b@example.com",
                           "ann@exam ple.com",
                           ".ann@example.com",
                           "ann.@example.com",
                           "a..b@example.com",
                           "a@b@example.com",
                           "\"a b\"@example.com",
                           "Ann <ann@example.com>",
                           "<ann@example.com>",
                           "mailto:ann@example.com",
                           "ann@[127.0.0.1]",
                           "ann@127.0.0.1",
                           "ann@exa_mple.com",
                           "ann@-example.com",
                           "ann@example..com",
                           "ann,bob@example.com",
                           "ann@example.com,bob@example.com",
                           "ann\n@example.com",
                           "ann\r\nBcc: x@example.com",
                           "ann@example.com\r\nBcc: b@example.org",
                           "a\x7F@example.com",
                           "\xFF@example.com",
                           "a\xE2\x80\x8B@example.com",
                           "a\xE2\x80\xAE@example.com",
                           "😀@example.com",
                           "ann@ex\xFFmple.com",
                           "a(b)@example.com",
                           "a\\b@example.com"}) {
    EXPECT_EQ(address(text), "(none)") << text;
  }
  EXPECT_FALSE(parse_email_address(std::string_view("a\0@example.com", 14)));
  EXPECT_FALSE(parse_email_address(std::string_view("a@example.com\0x.com", 19)));
}

TEST(EmailAddress, has_the_limits_of_rfc_5321) {
  EXPECT_TRUE(parse_email_address(std::string(64, 'a') + "@example.com"));
  EXPECT_FALSE(parse_email_address(std::string(65, 'a') + "@example.com"));
  const std::string label(60, 'd');
  const std::string domain = label + '.' + label + '.' + label + '.';  // 183 bytes
  EXPECT_TRUE(parse_email_address(std::string(60, 'a') + '@' + domain + std::string(10, 'd')));
  EXPECT_FALSE(parse_email_address(std::string(60, 'a') + '@' + domain + std::string(11, 'd')));
}

TEST(EmailAddress, knows_roles) {
  for (const char* role : {"info@example.com", "no-reply@example.com", "webmaster@example.com",
                           "info+x@example.com", "mailer-daemon@example.com"}) {
    EXPECT_TRUE(is_role_address(role)) << role;
  }
  for (const char* person :
       {"ann@example.com", "informant@example.com", "ann.info@example.com", "ann+info@example.com"}) {
    EXPECT_FALSE(is_role_address(person)) << person;
  }
}

TEST(EmailAddress, gives_its_domain) {
  EXPECT_EQ(email_domain("ann@example.com"), "example.com");
  EXPECT_EQ(email_domain("ann"), "");
}

}  // namespace
}  // namespace overture::rules
