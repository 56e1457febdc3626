#include "providers/page_query.hpp"

#include <gtest/gtest.h>

namespace overture::providers {
namespace {

bool matches(std::string_view query, std::string_view url = "https://blog.farm.example/write-for-us",
             std::string_view title = "Write for us", std::string_view text = "All about Goat Cheese\nbrie") {
  return PageQuery(query).matches(url, title, text);
}

TEST(PageQuery, WordsAndPhrasesStandAnywhere) {
  EXPECT_TRUE(matches("goat BRIE"));
  EXPECT_TRUE(matches("\"goat cheese\" farm.example"));
  EXPECT_FALSE(matches("\"cheese goat\""));
  EXPECT_FALSE(matches("goat sheep"));
  EXPECT_TRUE(matches(""));
  EXPECT_TRUE(matches("\"goat cheese"));
}

TEST(PageQuery, OperatorsLookInTheirPlace) {
  EXPECT_TRUE(matches("inurl:write-for-us intitle:\"write for us\""));
  EXPECT_FALSE(matches("intitle:goat"));
  EXPECT_FALSE(matches("inurl:goat"));
  EXPECT_TRUE(matches("site:farm.example"));
  EXPECT_TRUE(matches("SITE:blog.farm.example"));
  EXPECT_FALSE(matches("site:arm.example"));
  EXPECT_FALSE(matches("site:example.org"));
}

TEST(PageQuery, ExclusionsMustNotMatch) {
  EXPECT_FALSE(matches("goat -site:farm.example"));
  EXPECT_TRUE(matches("goat -site:other.example -sheep"));
  EXPECT_FALSE(matches("goat -\"goat cheese\""));
}

}  // namespace
}  // namespace overture::providers
