// Which sites an entry covers, and that asking by host finds the same.
#include "rules/blocklist.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "rules/host.hpp"

namespace overture::rules {
namespace {

TEST(Blocklist, ReadsEntriesInOneSpelling) {
  EXPECT_EQ(parse_block_pattern("example.com"), "example.com");
  EXPECT_EQ(parse_block_pattern(" WWW.Example.COM. "), "example.com");
  EXPECT_EQ(parse_block_pattern("https://www.example.com:8080/path?x#y"), "example.com");
  EXPECT_EQ(parse_block_pattern("*.Example.com"), "*.example.com");
  EXPECT_EQ(parse_block_pattern("*.www.example.com"), "*.www.example.com");
  EXPECT_EQ(parse_block_pattern("www.com"), "www.com");
  EXPECT_EQ(parse_block_pattern("münchen.example"), "xn--mnchen-3ya.example");
  EXPECT_EQ(parse_block_pattern("*.münchen.example"), "*.xn--mnchen-3ya.example");
  EXPECT_EQ(parse_block_pattern("192.0.2.7"), "192.0.2.7");
  for (const char* text :
       {"", "*", "*.", "*.com", "com", "*.*.example.com", "a.*.example.com", "*example.com", "*.192.0.2.7",
        "not a host.example", "ftp://example.com", "*.example.com/path"}) {
    EXPECT_EQ(parse_block_pattern(text), std::nullopt) << text;
  }
}

TEST(Blocklist, CoversWithAndWithoutWww) {
  EXPECT_TRUE(blocks("a.com", "a.com"));
  EXPECT_TRUE(blocks("a.com", "www.a.com"));
  EXPECT_TRUE(blocks(*parse_block_pattern("www.a.com"), "a.com"));
  EXPECT_FALSE(blocks("a.com", "x.a.com"));
  EXPECT_FALSE(blocks("a.com", "ba.com"));
  EXPECT_FALSE(blocks("a.com", "a.com.example"));
}

TEST(Blocklist, CoversEverythingBelowAStar) {
  for (const char* host : {"a.com", "www.a.com", "x.a.com", "y.x.a.com", "www.x.a.com"}) {
    EXPECT_TRUE(blocks("*.a.com", host)) << host;
  }
  EXPECT_FALSE(blocks("*.a.com", "ba.com"));
  EXPECT_FALSE(blocks("*.a.com", "com"));
  EXPECT_TRUE(blocks("192.0.2.7", "192.0.2.7"));
  EXPECT_FALSE(blocks("*.2.7", "192.0.2.7"));
}

RC_GTEST_PROP(Blocklist, AskingByHostFindsExactlyWhatCovers, ()) {
  const auto labels = *rc::gen::container<std::vector<std::string>>(
      *rc::gen::inRange<std::size_t>(2, 6), rc::gen::element<std::string>("www", "a", "b", "com", "x"));
  std::string host = labels.front();
  for (std::size_t i = 1; i < labels.size(); ++i) host += "." + labels[i];
  const auto asked = patterns_blocking(host);
  for (const std::string& pattern : asked) RC_ASSERT(blocks(pattern, host));
  // Every entry over the same labels.
  static constexpr std::string_view kAll[] = {"www", "a", "b", "com", "x"};
  std::vector<std::string> names;
  for (std::string_view first : kAll) {
    for (std::string_view second : kAll) {
      names.push_back(std::string(first) + "." + std::string(second));
      for (std::string_view third : kAll) names.push_back(std::string(third) + "." + names.back());
    }
  }
  names.push_back(host);
  for (const std::string& name : names) {
    for (const std::string& text : {name, "*." + name}) {
      const std::string pattern = *parse_block_pattern(text);
      const bool found = std::find(asked.begin(), asked.end(), pattern) != asked.end();
      RC_ASSERT(blocks(pattern, host) == found);
    }
  }
}

}  // namespace
}  // namespace overture::rules
