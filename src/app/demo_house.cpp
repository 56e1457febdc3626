// Users through the same functions as the command line; everything else as rows.
#include "app/demo_house.hpp"

#include <algorithm>

#include "app/accounts.hpp"
#include "app/demo_rows.hpp"
#include "base/error.hpp"

namespace overture::app {
namespace {

using base::kDay;
using base::kHour;

struct CustomField {
  std::string_view name;
  std::string_view description;
  std::string_view group;
  std::string_view token;
  std::string_view type;
  std::string_view currency;
  std::string_view choices;  ///< JSON
  bool required_details;
  bool required_personalization;
};

/// In the order of DemoField.
constexpr std::array<CustomField, kDemoFields> kFields = {{
    {"Niche", "What the page is mainly about", "Prospect", "niche", "text", "", "[]", false, true},
    {"Link type", "What was agreed on", "Placement", "link_type", "dropdown", "",
     R"(["Guest article","Link in existing article","Resource list","Interview","Newsletter mention"])", true,
     false},
    {"Link price", "What the publisher asks for; 0 when free", "Placement", "link_price", "currency", "USD",
     "[]", false, false},
    {"Link attributes", "As found on the live page", "Placement", "link_attributes", "multiselect", "",
     R"(["dofollow","nofollow","sponsored","ugc"])", false, false},
    {"Word count", "Length of the article that was agreed on", "Content", "word_count", "number", "", "[]",
     false, false},
    {"Publish date", "When the link went live", "Content", "publish_date", "date", "", "[]", false, false},
    {"Live address", "Where the link can be seen", "Content", "live_url", "url", "", "[]", false, false},
    {"Invoice received", "", "Placement", "invoice_received", "checkbox", "", "[]", false, false},
}};

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

struct PersonalizationField {
  std::size_t project;
  std::size_t campaign;  ///< kNone for all of the project's
  std::string_view token;
  std::string_view label;
  std::string_view description;
  std::string_view type;
  bool required;
};

/// In the order of DemoText, after the account's own.
constexpr std::size_t kSystemTexts = static_cast<std::size_t>(DemoText::opening_line_ledgerleaf);
constexpr std::array<PersonalizationField, kDemoTexts - kSystemTexts> kOwnTexts = {{
    {0, kNone, "opening_line", "Opening line", "One sentence that only fits this reader", "textarea", true},
    {1, kNone, "opening_line", "Opening line", "One sentence that only fits this reader", "textarea", true},
    {2, kNone, "opening_line", "Opening line", "Why we write to them and nobody else", "textarea", true},
    {0, 0, "article_idea", "Article idea", "Headline and angle, one sentence", "textarea", true},
    {1, 2, "list_section", "Section of the list", "Under which heading our course would stand", "text",
     false},
    {0, 3, "dead_link", "Dead link", "Address that no longer answers", "url", true},
    {0, 3, "anchor_text", "Anchor text", "Words the dead link stands on", "text", false},
    {2, 6, "mentioned_with", "Mentioned with", "Which competitor the page names", "text", true},
    {2, 8, "round_up_issue", "Issue", "Number or date of the issue we refer to", "text", false},
}};

constexpr std::array<std::string_view, kSystemTexts> kSystemTokens = {
    "website", "email_address", "opportunity_name", "first_name", "last_name",
    "company", "job_title",     "site_name",        "page_title"};

void write_users(db::Connection& connection, base::Millis now, std::string_view hash, DemoHouse& house) {
  for (std::size_t i = 0; i < kDemoUsers.size(); ++i) {
    const DemoUser& user = kDemoUsers[i];
    house.users[i] = create_user(connection, now - 188 * kDay + static_cast<base::Millis>(i) * kHour,
                                 {.account_id = house.account,
                                  .email = std::string(user.email),
                                  .first_name = std::string(user.first_name),
                                  .last_name = std::string(user.last_name),
                                  .role = std::string(user.role),
                                  .password_hash = std::string(hash)});
  }
}

void write_projects(db::Connection& connection, base::Millis now, DemoHouse& house) {
  static constexpr db::Literal kColumns[] = {"id",       "account_id", "name",       "description", "country",
                                             "timezone", "own_sites",  "created_by", "created_at"};
  static constexpr db::Literal kAccess[] = {"account_id", "user_id", "project_id"};
  DemoRows rows("projects", kColumns);
  DemoRows access("project_access", kAccess);
  std::int64_t id = connection.reserve_ids("projects", kDemoProjects.size());
  for (std::size_t i = 0; i < kDemoProjects.size(); ++i) {
    const DemoProject& project = kDemoProjects[i];
    house.projects[i] = id;
    rows.add(id++, house.account, project.name, project.description, project.country, project.timezone,
             project.own_sites, house.users[0], now - project.age_days * kDay);
    for (std::size_t user = 0; user < kDemoUsers.size(); ++user) {
      if ((kDemoUsers[user].projects >> i & 1U) != 0)
        access.add(house.account, house.users[user], house.projects[i]);
    }
  }
  rows.write(connection);
  access.write(connection);
}

/// Returns the id of the first; the others follow.
std::int64_t write_tags(db::Connection& connection, base::Millis now, std::int64_t account,
                        std::span<const DemoTag> tags, std::string_view type) {
  static constexpr db::Literal kColumns[] = {"id", "account_id", "name", "color", "type", "created_at"};
  DemoRows rows("tags", kColumns);
  const std::int64_t first = connection.reserve_ids("tags", static_cast<std::int64_t>(tags.size()));
  std::int64_t id = first;
  for (const DemoTag& tag : tags) rows.add(id++, account, tag.name, tag.color, type, now - 187 * kDay);
  rows.write(connection);
  return first;
}

void write_campaigns(db::Connection& connection, base::Millis now, std::int64_t first_tag, DemoHouse& house) {
  static constexpr db::Literal kColumns[] = {"id",
                                             "account_id",
                                             "project_id",
                                             "name",
                                             "status",
                                             "type",
                                             "data_source",
                                             "country",
                                             "domain_metrics",
                                             "domain_contact",
                                             "disable_deduplication",
                                             "disable_deduplication_partners",
                                             "approval_workflow",
                                             "opportunities_limit",
                                             "created_by",
                                             "created_at"};
  static constexpr db::Literal kLinks[] = {"account_id", "campaign_id", "tag_id", "tagged_at"};
  DemoRows rows("campaigns", kColumns);
  static constexpr db::Literal kCollaborators[] = {"account_id", "campaign_id", "user_id"};
  DemoRows links("campaign_tags", kLinks);
  DemoRows collaborators("campaign_collaborators", kCollaborators);
  std::int64_t id = connection.reserve_ids("campaigns", kDemoCampaigns.size());
  for (std::size_t i = 0; i < kDemoCampaigns.size(); ++i) {
    const DemoCampaign& campaign = kDemoCampaigns[i];
    const base::Millis created = now - campaign.age_days * kDay;
    house.campaigns[i] = id;
    rows.add(id++, house.account, house.projects[campaign.project], campaign.name,
             std::string_view(campaign.end_days > 0 ? "archived" : "active"), campaign.type,
             campaign.data_source,
             campaign.country.empty() ? db::Value() : db::Value(std::string(campaign.country)),
             campaign.metrics, campaign.contacts, !campaign.deduplicated, !campaign.without_partners,
             campaign.approval, campaign.type == "discovery" ? db::Value(std::int64_t{500}) : db::Value(),
             house.users[kDemoProjects[campaign.project].owner], created);
    const DemoProject& project = kDemoProjects[campaign.project];
    collaborators.add(house.account, house.campaigns[i], house.users[project.inspector]);
    if (project.personalizer != project.inspector) {
      collaborators.add(house.account, house.campaigns[i], house.users[project.personalizer]);
    }
    for (std::size_t tag = 0; tag < kDemoCampaignTags.size(); ++tag) {
      if ((campaign.tags >> tag & 1U) == 0) continue;
      links.add(house.account, house.campaigns[i], first_tag + static_cast<std::int64_t>(tag),
                created + 2 * kHour);
    }
  }
  rows.write(connection);
  links.write(connection);
  collaborators.write(connection);
}

void write_custom_fields(db::Connection& connection, base::Millis now, DemoHouse& house) {
  static constexpr db::Literal kColumns[] = {"id",
                                             "account_id",
                                             "name",
                                             "label",
                                             "description",
                                             "group_name",
                                             "token",
                                             "type",
                                             "currency",
                                             "choices",
                                             "is_required_opp_details",
                                             "is_required_personalization",
                                             "created_at"};
  DemoRows rows("custom_fields", kColumns);
  std::int64_t id = connection.reserve_ids("custom_fields", kDemoFields);
  for (std::size_t i = 0; i < kDemoFields; ++i) {
    const CustomField& field = kFields[i];
    house.fields[i] = id;
    rows.add(id++, house.account, field.name, field.name, field.description, field.group, field.token,
             field.type, field.currency, field.choices, field.required_details,
             field.required_personalization, now - 187 * kDay);
  }
  rows.write(connection);
}

void write_personalization_fields(db::Connection& connection, base::Millis now, DemoHouse& house) {
  static constexpr db::Literal kColumns[] = {"id",       "account_id", "project_id",  "campaign_id",
                                             "token",    "label",      "description", "type",
                                             "required", "created_at"};
  for (std::size_t i = 0; i < kSystemTexts; ++i) {
    house.texts[i] = connection.integer(
        db::Sql("SELECT id FROM personalization_fields WHERE account_id = ? AND is_system = 1 AND token = ?",
                house.account, kSystemTokens[i]));
  }
  DemoRows rows("personalization_fields", kColumns);
  std::int64_t id = connection.reserve_ids("personalization_fields", kOwnTexts.size());
  for (std::size_t i = 0; i < kOwnTexts.size(); ++i) {
    const PersonalizationField& field = kOwnTexts[i];
    const bool of_campaign = field.campaign != kNone;
    const int age =
        of_campaign ? kDemoCampaigns[field.campaign].age_days : kDemoProjects[field.project].age_days;
    house.texts[kSystemTexts + i] = id;
    rows.add(id++, house.account, house.projects[field.project],
             of_campaign ? house.campaigns[field.campaign] : std::int64_t{0}, field.token, field.label,
             field.description, field.type, field.required, now - age * kDay);
  }
  rows.write(connection);
}

void read_milestones(db::Connection& connection, DemoHouse& house) {
  auto rows = connection.query(
      db::Sql("SELECT id, name FROM milestones WHERE account_id = ? ORDER BY position", house.account));
  std::size_t place = 0;
  for (; rows->next(); ++place) {
    house.milestones.at(place) = rows->integer(0);
    house.milestone_names.at(place) = rows->text(1);
  }
  if (place != kDemoMilestones) throw base::Error(base::ErrorCode::internal, {}, "milestones of the demo");
}

}  // namespace

DemoHouse write_demo_house(db::Connection& connection, base::Millis now, std::string_view account,
                           std::string_view password_hash) {
  DemoHouse house;
  house.account = create_account(connection, now - 188 * kDay, account);
  write_users(connection, now, password_hash, house);
  write_projects(connection, now, house);
  const std::int64_t campaign_tags =
      write_tags(connection, now, house.account, kDemoCampaignTags, "campaign");
  const std::int64_t tags = write_tags(connection, now, house.account, kDemoOpportunityTags, "opportunity");
  for (std::size_t i = 0; i < house.tags.size(); ++i) house.tags[i] = tags + static_cast<std::int64_t>(i);
  write_campaigns(connection, now, campaign_tags, house);
  write_custom_fields(connection, now, house);
  write_personalization_fields(connection, now, house);
  read_milestones(connection, house);
  return house;
}

}  // namespace overture::app
