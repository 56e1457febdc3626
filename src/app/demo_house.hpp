// What an agency sets up before there is any prospect: its people, projects, campaigns, tags and fields.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "db/connection.hpp"

namespace overture::app {

struct DemoUser {
  std::string_view email;
  std::string_view first_name;
  std::string_view last_name;
  std::string_view role;
  /// Projects this user may see, as bits; admins see all of them without.
  unsigned projects;
};

inline constexpr std::array<DemoUser, 6> kDemoUsers = {{
    {"demo@example.com", "Nora", "Whitfield", "admin", 0b000},
    {"tomas.reyes@example.com", "Tomas", "Reyes", "user", 0b011},
    {"amara.osei@example.com", "Amara", "Osei", "user", 0b110},
    {"ingrid.halvorsen@example.com", "Ingrid", "Halvorsen", "inspector", 0b111},
    {"declan.burke@example.com", "Declan", "Burke", "personalizer", 0b101},
    {"yuki.tanaka@example.com", "Yuki", "Tanaka", "inspector_personalizer", 0b010},
}};

struct DemoProject {
  std::string_view name;
  std::string_view description;
  std::string_view country;
  std::string_view timezone;
  std::string_view own_sites;  ///< JSON
  int age_days;
  int win_percent;  ///< of replies
  /// Who does what, as places in kDemoUsers.
  std::size_t owner;
  std::size_t inspector;
  std::size_t personalizer;
};

inline constexpr std::array<DemoProject, 3> kDemoProjects = {{
    {"Ledgerleaf",
     "Cloud cost reporting for finance teams. Northlight Outreach looks after guest articles and broken "
     "links; no "
     "paid placements.",
     "us", "America/New_York", R"(["ledgerleaf.example","blog.ledgerleaf.example"])", 186, 56, 1, 3, 4},
    {"Harbour & Finch",
     "Online courses for software people. Aim: resource pages and reading lists of engineering teams in "
     "Britain "
     "and Ireland.",
     "gb", "Europe/London", R"(["harbourandfinch.example"])", 180, 48, 2, 5, 5},
    {"Kranwerk",
     "Monitoring for industrial machines. Looking for mentions in technical round-ups ahead of the spring "
     "trade "
     "fair.",
     "de", "Europe/Berlin", R"(["kranwerk.example","docs.kranwerk.example"])", 130, 66, 2, 3, 4},
}};

struct DemoCampaign {
  std::size_t project;
  std::string_view name;
  std::string_view type;
  std::string_view data_source;
  std::string_view country;  ///< empty for none
  bool metrics;
  bool contacts;
  bool deduplicated;
  bool without_partners;
  bool approval;
  bool reviewed;  ///< messages are looked at before they leave
  int age_days;
  int end_days;   ///< when it was archived, in days ago; 0 for one that is active
  int size;       ///< opportunities at most
  unsigned tags;  ///< places in kDemoCampaignTags, as bits
};

inline constexpr std::array<DemoCampaign, 9> kDemoCampaigns = {{
    {0, "Guest articles: cloud costs", "discovery", "guest_posts", "us", true, true, true, false, false, true,
     178, 0, 215, 0b00011},
    {1, "Reading lists of engineering teams", "import", "import", "gb", false, true, true, true, false, true,
     171, 0, 225, 0b00110},
    {1, "Resource pages, first round", "discovery", "resource_pages", "gb", true, true, true, false, false,
     false, 166, 78, 140, 0b10100},
    {0, "Broken links to retired calculators", "backlink", "ahrefs-broken", "us", true, true, true, false,
     false, false, 143, 0, 165, 0b01000},
    {2, "Trade press and engineering blogs", "import", "import", "de", false, true, false, false, false, true,
     122, 0, 690, 0b00001},
    {1, "Course mentions, second round", "discovery", "blogger_outreach", "ie", false, true, false, false,
     false, true, 96, 0, 355, 0b00110},
    {2, "Competitor mentions", "backlink", "majestic", "", true, true, false, false, false, false, 76, 0, 375,
     0b01001},
    {0, "Authors we have met before", "import", "import", "us", false, false, false, false, false, true, 63,
     0, 560, 0b00011},
    {2, "Weekly round-ups", "discovery", "roundups", "at", true, true, false, false, true, true, 47, 0, 270,
     0b10000},
}};

struct DemoTag {
  std::string_view name;
  std::string_view color;
};

inline constexpr std::array<DemoTag, 5> kDemoCampaignTags = {{{"Evergreen", "#2e8b57"},
                                                              {"Content-led", "#3366cc"},
                                                              {"Education", "#8e44ad"},
                                                              {"Link reclamation", "#d35400"},
                                                              {"Seasonal", "#c0392b"}}};
inline constexpr std::array<DemoTag, 8> kDemoOpportunityTags = {{{"Priority", "#c0392b"},
                                                                 {"Warm introduction", "#e67e22"},
                                                                 {"Large audience", "#2980b9"},
                                                                 {"Personal blog", "#16a085"},
                                                                 {"Newsletter", "#8e44ad"},
                                                                 {"Interview", "#27ae60"},
                                                                 {"Needs legal review", "#7f8c8d"},
                                                                 {"Write again in autumn", "#b7950b"}}};

/// Places in the milestones that every new account has.
enum class DemoMilestone : std::size_t {
  fresh,
  contacted,
  responded,
  negotiating,
  content,
  awaiting_link,
  won_link,
  won_other,
  not_interested,
  no_response,
  bad_contact,
  asked_payment,
  unsubscribed,
};
inline constexpr std::size_t kDemoMilestones = 13;

/// Custom fields, by place.
enum class DemoField : std::size_t {
  niche,
  link_type,
  link_price,
  attributes,
  word_count,
  publish_date,
  live_url,
  invoice
};
inline constexpr std::size_t kDemoFields = 8;

/// Personalization fields, by place: those of every account that the demo fills, then its own.
enum class DemoText : std::size_t {
  website,
  email_address,
  opportunity_name,
  first_name,
  last_name,
  company,
  job_title,
  site_name,
  page_title,
  opening_line_ledgerleaf,
  opening_line_harbour,
  opening_line_kranwerk,
  article_idea,    ///< of campaign 0
  list_section,    ///< of campaign 2
  dead_link,       ///< of campaign 3
  anchor_text,     ///< of campaign 3
  mentioned_with,  ///< of campaign 6
  round_up_issue,  ///< of campaign 8
};
inline constexpr std::size_t kDemoTexts = 18;

/// The numbers of what was written.
struct DemoHouse {
  std::int64_t account = 0;
  std::array<std::int64_t, kDemoUsers.size()> users{};
  std::array<std::int64_t, kDemoProjects.size()> projects{};
  std::array<std::int64_t, kDemoCampaigns.size()> campaigns{};
  std::array<std::int64_t, kDemoOpportunityTags.size()> tags{};
  std::array<std::int64_t, kDemoFields> fields{};
  std::array<std::int64_t, kDemoTexts> texts{};
  std::array<std::int64_t, kDemoMilestones> milestones{};
  std::array<std::string, kDemoMilestones> milestone_names{};
};

/// Inside the write that makes the whole workspace.
DemoHouse write_demo_house(db::Connection& connection, base::Millis now, std::string_view account,
                           std::string_view password_hash);

}  // namespace overture::app
