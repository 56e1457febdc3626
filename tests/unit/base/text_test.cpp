// Text and bytes: case, UTF-8, encodings.
#include "base/text.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <string>

namespace overture::base {
namespace {

TEST(Text, trims_ascii_white_space_only) {
  EXPECT_EQ(trim(" \t\r\n a b \v\f"), "a b");
  EXPECT_EQ(trim(" \n "), "");
  EXPECT_EQ(trim(""), "");
  EXPECT_EQ(trim("\xC2\xA0x"), "\xC2\xA0x");
}

TEST(Text, lowers_as_postgresql_does) {
  const std::pair<const char*, const char*> cases[] = {
      {"ABC xyz 09[@", "abc xyz 09[@"},
      {"ÄÖÜß", "äöüß"},
      {"ΣΑΣ", "σασ"},
      {"ЖЁ", "жё"},
      {"İI", "ii"},
      {"ẞ", "ß"},
      {"Ǆǅ", "ǆǆ"},
      {"𐐀", "𐐨"},
      {"日本", "日本"},
      {"", ""},
      {"K(Kelvin)", "k(kelvin)"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(lower(text), expected) << text;
}

TEST(Text, lower_passes_invalid_bytes_unchanged) {
  EXPECT_EQ(lower("A\xFF\xC3(B\xED\xA0\x80\xF4\x90\x80\x80Z\xC3"),
            "a\xFF\xC3(b\xED\xA0\x80\xF4\x90\x80\x80z\xC3");
}

TEST(Text, utf8_is_strict) {
  for (const char* valid :
       {"", "a", "ä", "€", "𐐀", "\xF4\x8F\xBF\xBF", "\xEF\xBF\xBF", "\xED\x9F\xBF", "\xEE\x80\x80"}) {
    EXPECT_TRUE(is_valid_utf8(valid)) << hex(valid);
  }
  for (const char* invalid : {"\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xF0\x8F\xBF\xBF",
                              "\xED\xA0\x80", "\xED\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF",
                              "\xC3", "\xE2\x82", "\xF0\x90\x90", "\xC3(", "a\xE2(\xA1"}) {
    EXPECT_FALSE(is_valid_utf8(invalid)) << hex(invalid);
  }
}

TEST(Text, every_code_point_survives_a_round_trip) {
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c == 0xD800) c = 0xE000;
    std::string text;
    append_utf8(text, c);
    std::string_view rest = text;
    ASSERT_EQ(take_code_point(rest), c);
    ASSERT_TRUE(rest.empty());
    ASSERT_TRUE(is_valid_utf8(lower(text)));
  }
}

TEST(Text, finds_control_characters) {
  using std::string_view_literals::operator""sv;
  for (const auto text : {"\0"sv, "a\n"sv, "\x1F"sv, "\x7F"sv, "\xC2\x80"sv, "x\xC2\x9F"sv})
    EXPECT_TRUE(has_control(text));
  for (const auto text : {""sv, " ~"sv, "\xC2\xA0"sv, "Â€"sv}) EXPECT_FALSE(has_control(text));
  EXPECT_TRUE(has_nul("a\0b"sv));
  EXPECT_FALSE(has_nul("ab"sv));
}

TEST(Text, hex_reads_what_it_writes) {
  EXPECT_EQ(hex(std::string_view("\x00\xAB\xff", 3)), "00abff");
  EXPECT_EQ(parse_hex("00ABff"), std::string("\x00\xAB\xff", 3));
  for (const char* bad : {"a", "0g", "0x12", " 12", "+1"}) EXPECT_FALSE(parse_hex(bad)) << bad;
  rc::check("hex round trip", [](const std::string& bytes) { RC_ASSERT(parse_hex(hex(bytes)) == bytes); });
}

TEST(Text, base64url_has_the_vectors_of_rfc_4648) {
  const std::pair<const char*, const char*> cases[] = {
      {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
      {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xfb\xff", "-_8"}};
  for (const auto& [bytes, text] : cases) {
    EXPECT_EQ(base64url(bytes), text);
    EXPECT_EQ(parse_base64url(text), bytes);
  }
  for (const char* bad : {"Z", "Zg==", "Zh", "Zm9", "+/8", "Zm 9v", "Zm9vY"})
    EXPECT_FALSE(parse_base64url(bad)) << bad;
  rc::check("base64url round trip",
            [](const std::string& bytes) { RC_ASSERT(parse_base64url(base64url(bytes)) == bytes); });
}

TEST(Text, splits_and_joins) {
  EXPECT_EQ(split("a,,b", ',').size(), 3U);
  EXPECT_EQ(split("", ',').size(), 1U);
  EXPECT_EQ(split("a,", ',').back(), "");
  EXPECT_EQ(join({"a", "", "b"}, ", "), "a, , b");
  EXPECT_EQ(join({}, ","), "");
}

TEST(Text, escapes_like_patterns) { EXPECT_EQ(like_escape("50%_\\x"), "50\\%\\_\\\\x"); }

TEST(Text, ascii_case) {
  EXPECT_EQ(lower_ascii("AZaz@[Ä"), "azaz@[Ä");
  EXPECT_TRUE(equal_ignoring_case("HeLLo", "hEllO"));
  EXPECT_FALSE(equal_ignoring_case("ab", "abc"));
  EXPECT_FALSE(equal_ignoring_case("[", "{"));
}

}  // namespace
}  // namespace overture::base
