#include "rules/discovery_queries.hpp"

#include <gtest/gtest.h>

#include "rules/page_filter.hpp"
#include "rules/page_title.hpp"

namespace overture::rules {
namespace {

std::vector<std::string> texts(std::string_view type, std::string_view keyword,
                               std::vector<std::string> own = {}) {
  std::vector<std::string> all;
  for (const DiscoveryQuery& query : discovery_queries(type, keyword, own)) all.push_back(query.text);
  return all;
}

TEST(DiscoveryQueries, FootprintsOfATypeAroundTheKeyword) {
  EXPECT_EQ(
      texts("resource_pages", " goat cheese "),
      (std::vector<std::string>{"goat cheese inurl:resources", "goat cheese intitle:resources",
                                "\"goat cheese\" \"useful links\"", "\"goat cheese\" \"helpful resources\"",
                                "goat cheese inurl:links", "\"best goat cheese tools\""}));
}

TEST(DiscoveryQueries, OperatorsGoThroughUnchanged) {
  const std::string query = R"(intitle:"goat cheese" -site:example.com OR brie)";
  EXPECT_EQ(texts("advanced_operator_search", query), std::vector<std::string>{query});
}

TEST(DiscoveryQueries, QuotesInsideQuotesAreDropped) {
  EXPECT_EQ(texts("product_reviews", "\"goat\" cheese").front(), "\"goat cheese\" review");
  EXPECT_EQ(texts("product_reviews", "\"goat\" cheese").at(1), "\"goat\" cheese intitle:review");
}

TEST(DiscoveryQueries, NewsOfTheWeekComesFirst) {
  const auto queries = discovery_queries("hot_off_the_press", "cheese");
  ASSERT_EQ(queries.size(), 4U);
  EXPECT_EQ(queries[0], (DiscoveryQuery{"cheese", true, 7}));
  EXPECT_EQ(queries[1], (DiscoveryQuery{"cheese", true, 30}));
  for (const DiscoveryQuery& query : discovery_queries("roundups", "cheese")) EXPECT_EQ(query.days, 365);
}

TEST(DiscoveryQueries, OwnSitesAreNoMentions) {
  EXPECT_EQ(texts("brand_mentions", "Acme", {"acme.test", "acme.example"}),
            std::vector<std::string>{"\"Acme\" -site:acme.test -site:acme.example"});
}

TEST(DiscoveryQueries, EveryTypeHasQueriesAndIsFoundByBothNames) {
  EXPECT_EQ(discovery_types().size(), 11U);
  for (const DiscoveryType& type : discovery_types()) {
    EXPECT_FALSE(discovery_queries(type.value, "x").empty()) << type.value;
    EXPECT_EQ(find_discovery_type(type.value), &type);
    EXPECT_EQ(find_discovery_type(type.label), &type);
  }
  EXPECT_EQ(find_discovery_type(" ROUNDUPS "), find_discovery_type("Roundups"));
  EXPECT_EQ(find_discovery_type("round"), nullptr);
  EXPECT_TRUE(discovery_queries("round", "x").empty());
}

bool junk(std::string_view url) { return is_junk_page(*parse_site(url)); }

TEST(PageFilter, EnginesNetworksAndFilesAreNoProspects) {
  for (const char* url :
       {"https://www.google.de/search?q=x", "https://news.google.co.uk/", "https://m.facebook.com/x",
        "https://x.com/somebody", "https://example.org/a/b.PDF", "https://example.org/b.zip?x=1.html"}) {
    EXPECT_TRUE(junk(url)) << url;
  }
  for (const char* url :
       {"https://googlewatch.example/", "https://example.org/a.pdf/b", "https://example.org/x?file=a.pdf",
        "https://box.com/", "https://blog.pdf.example/", "https://example.zip"}) {
    EXPECT_FALSE(junk(url)) << url;
  }
}

TEST(PageTitle, IsFoundInWhateverPagesSay) {
  EXPECT_EQ(find_title("<html><head><TITLE lang='en'>\n Goat &amp;\t Cheese &#8211; x </TITLE >"),
            "Goat & Cheese - x");
  EXPECT_EQ(find_title("<p>no"), "");
  EXPECT_EQ(find_title("<title"), "");
  EXPECT_EQ(find_title("<title>cut o"), "cut o");
  EXPECT_EQ(find_title("<title>" + std::string(5000, 'x')).size(), 300U);
}

TEST(PageTitle, TermsAreTheLongestPartWithoutSmallWords) {
  EXPECT_EQ(title_terms("How to make the best goat cheese at home | Farm Weekly"),
            "make best goat cheese home");
  EXPECT_EQ(title_terms("a b c d e f g h"), "b c d e f g");
  EXPECT_EQ(title_terms(""), "");
  EXPECT_EQ(title_terms("| - |"), "");
}

}  // namespace
}  // namespace overture::rules
