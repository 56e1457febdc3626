// The footprints of each type as a table.
#include "rules/discovery_queries.hpp"

#include <array>

#include "base/text.hpp"

namespace overture::rules {
namespace {

constexpr int kWeek = 7;
constexpr int kMonth = 30;
constexpr int kQuarter = 90;
constexpr int kYear = 365;

constexpr DiscoveryType kTypes[] = {
    {"advanced_operator_search", "Advanced Operator Search"},
    {"blogger_outreach", "Blogger Outreach"},
    {"resource_pages", "Resource Pages"},
    {"roundups", "Roundups"},
    {"hot_off_the_press", "Hot Off The Press"},
    {"guest_posts", "Guest Posts"},
    {"product_reviews", "Product Reviews"},
    {"giveaways", "Giveaways & Contests"},
    {"infographics", "Infographic Outreach"},
    {"brand_mentions", "Brand Mentions"},
    {"similar_sites", "Similar Pages", true},
};

/// `{k}` is the keyword.
struct Footprint {
  std::string_view type;
  std::string_view pattern;
  int days = 0;
  bool news = false;
};

constexpr Footprint kFootprints[] = {
    {"advanced_operator_search", "{k}"},
    {"blogger_outreach", "{k} blog"},
    {"blogger_outreach", "{k} inurl:blog"},
    {"blogger_outreach", R"("{k}" "about the author")"},
    {"blogger_outreach", "{k} blogger"},
    {"blogger_outreach", R"("{k}" intitle:blog)"},
    {"blogger_outreach", R"({k} "leave a comment")"},
    {"resource_pages", "{k} inurl:resources"},
    {"resource_pages", "{k} intitle:resources"},
    {"resource_pages", R"("{k}" "useful links")"},
    {"resource_pages", R"("{k}" "helpful resources")"},
    {"resource_pages", "{k} inurl:links"},
    {"resource_pages", R"("best {k} tools")"},
    {"roundups", "{k} roundup", kYear},
    {"roundups", R"({k} intitle:"roundup")", kYear},
    {"roundups", R"("{k}" "weekly roundup")", kYear},
    {"roundups", R"("{k}" "best of the week")", kYear},
    {"roundups", R"("{k}" "this week in")", kYear},
    {"roundups", R"({k} "link roundup")", kYear},
    {"hot_off_the_press", "{k}", kWeek, true},
    {"hot_off_the_press", "{k}", kMonth, true},
    {"hot_off_the_press", R"("{k}" "study")", kMonth, true},
    {"hot_off_the_press", R"("{k}" "report")", kMonth, true},
    {"guest_posts", R"({k} "write for us")"},
    {"guest_posts", R"({k} intitle:"write for us")"},
    {"guest_posts", "{k} inurl:write-for-us"},
    {"guest_posts", "{k} inurl:guest-post"},
    {"guest_posts", R"({k} "become a contributor")"},
    {"guest_posts", R"({k} "contributor guidelines")"},
    {"guest_posts", R"({k} "submit an article")"},
    {"product_reviews", R"("{k}" review)"},
    {"product_reviews", "{k} intitle:review"},
    {"product_reviews", R"("best {k}")"},
    {"product_reviews", R"("{k} vs")"},
    {"product_reviews", R"("alternatives to {k}")"},
    {"giveaways", "{k} giveaway", kQuarter},
    {"giveaways", "{k} intitle:giveaway", kQuarter},
    {"giveaways", R"({k} "enter to win")", kQuarter},
    {"infographics", "{k} infographic"},
    {"infographics", "{k} intitle:infographic"},
    {"infographics", R"({k} "submit infographic")"},
    {"brand_mentions", R"("{k}")"},
    // The title's words among bloggers and on resource pages.
    {"similar_sites", "{k} blog"},
    {"similar_sites", "{k} inurl:blog"},
    {"similar_sites", "{k} inurl:resources"},
    {"similar_sites", "{k} intitle:resources"},
};

std::string without_quotes(std::string_view keyword) {
  std::string plain;
  for (const char c : keyword) {
    if (c != '"') plain += c;
  }
  return std::string(base::trim(plain));
}

/// Inside of quotes the keyword has none of its own.
std::string fill(std::string_view pattern, std::string_view keyword) {
  const std::size_t at = pattern.find("{k}");
  std::size_t quotes = 0;
  for (const char c : pattern.substr(0, at)) quotes += c == '"' ? 1 : 0;
  std::string text(pattern.substr(0, at));
  text += quotes % 2 == 1 ? without_quotes(keyword) : std::string(keyword);
  return text += pattern.substr(at + 3);
}

}  // namespace

std::span<const DiscoveryType> discovery_types() { return kTypes; }

const DiscoveryType* find_discovery_type(std::string_view text) {
  const std::string_view wanted = base::trim(text);
  for (const DiscoveryType& type : kTypes) {
    if (base::equal_ignoring_case(type.value, wanted) || base::equal_ignoring_case(type.label, wanted))
      return &type;
  }
  return nullptr;
}

std::vector<DiscoveryQuery> discovery_queries(std::string_view type, std::string_view keyword,
                                              std::span<const std::string> own_sites) {
  std::vector<DiscoveryQuery> queries;
  for (const Footprint& footprint : kFootprints) {
    if (footprint.type != type) continue;
    DiscoveryQuery query{fill(footprint.pattern, base::trim(keyword)), footprint.news, footprint.days};
    if (type == "brand_mentions") {
      for (const std::string& site : own_sites) query.text += " -site:" + site;
    }
    queries.push_back(std::move(query));
  }
  return queries;
}

}  // namespace overture::rules
