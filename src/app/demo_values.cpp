// Personalization and custom field values, as far as an opportunity has got.
#include <algorithm>

#include "app/demo_articles.hpp"
#include "app/demo_opportunities.hpp"
#include "base/time.hpp"

namespace overture::app {
namespace {

void replace_all(std::string& text, std::string_view name, std::string_view value) {
  for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at + value.size())) {
    text.replace(at, name.size(), value);
  }
}

std::string filled(std::string_view pattern, const DemoSite& site, const DemoOpportunity& opportunity) {
  std::string text(pattern);
  replace_all(text, "{site}", site.name);
  replace_all(text, "{title}", opportunity.article);
  replace_all(text, "{niche}", opportunity.niche);
  return text;
}

class Values {
 public:
  Values(DemoRandom& random, DemoPeople& people, DemoOpportunity& opportunity)
      : random_(random),
        people_(people),
        opportunity_(opportunity),
        journey_(opportunity.journey),
        site_(people.sites()[opportunity.place.site]) {}

  void fill() {
    const bool imported = kDemoCampaigns[opportunity_.place.campaign].type == "import";
    if (imported || journey_.personalized_at != 0) fill_facts();
    // Somebody may have begun before all fields are full.
    if (journey_.personalized_at != 0 || (journey_.inspected_at != 0 && random_.chance(35))) {
      const auto project = kDemoCampaigns[opportunity_.place.campaign].project;
      const auto opening = static_cast<std::size_t>(DemoText::opening_line_ledgerleaf) + project;
      set(static_cast<DemoText>(opening), filled(random_.pick(kDemoOpeningLines), site_, opportunity_));
    }
    if (journey_.personalized_at != 0) fill_own();
    if (journey_.inspected_at != 0 && random_.chance(88))
      set(DemoField::niche, std::string(opportunity_.niche));
    fill_deal();
    if (journey_.reached(DemoMilestone::won_link) || journey_.reached(DemoMilestone::won_other))
      fill_placement();
  }

 private:
  void set(DemoText field, std::string value) {
    if (!value.empty()) opportunity_.texts.emplace_back(field, std::move(value));
  }
  void set(DemoField field, std::string value) { opportunity_.fields.emplace_back(field, std::move(value)); }

  void fill_facts() {
    set(DemoText::website, opportunity_.url);
    if (!opportunity_.contacts.empty()) {
      const DemoPerson& person = people_.at(opportunity_.contacts.front());
      set(DemoText::email_address, person.email);
      set(DemoText::first_name, person.first_name);
      set(DemoText::last_name, person.last_name);
      if (random_.chance(30)) set(DemoText::job_title, person.job_title);
    }
    set(DemoText::opportunity_name, opportunity_.name);
    if (random_.chance(40)) set(DemoText::company, site_.name);
    set(DemoText::site_name, site_.name);
    if (!opportunity_.place.is_person) set(DemoText::page_title, opportunity_.page_title);
  }

  /// The fields of the campaign.
  void fill_own() {
    switch (opportunity_.place.campaign) {
      case 0:
        return set(DemoText::article_idea, filled(random_.pick(kDemoArticleIdeas), site_, opportunity_));
      case 2:
        return set(DemoText::list_section, std::string(random_.pick(kDemoListSections)));
      case 3:
        set(DemoText::dead_link, "https://calculators.example/" + demo_slug(opportunity_.niche));
        return set(DemoText::anchor_text, std::string(random_.pick(kDemoAnchors)));
      case 6:
        return set(DemoText::mentioned_with, std::string(random_.pick(kRivals)));
      case 8:
        return set(DemoText::round_up_issue, opportunity_.page_title);
      default:
        return;
    }
  }

  void fill_deal() {
    const bool refused = journey_.reached(DemoMilestone::asked_payment);
    const bool talked = journey_.reached(DemoMilestone::negotiating) || journey_.won_at != 0;
    if (!refused && !talked) return;
    if (talked) set(DemoField::link_type, std::string(random_.pick(kLinkTypes)));
    const std::int64_t price = refused              ? random_.between(3, 18) * 50
                               : random_.chance(70) ? 0
                                                    : random_.between(2, 9) * 25;
    set(DemoField::link_price, std::to_string(price));
    if (journey_.reached(DemoMilestone::content)) {
      set(DemoField::word_count, std::to_string(random_.between(6, 18) * 100));
    }
    if (journey_.won_at != 0 && price > 0) set(DemoField::invoice, random_.chance(70) ? "true" : "false");
  }

  void fill_placement() {
    set(DemoField::publish_date, base::rfc3339(journey_.won_at).substr(0, 10));
    if (!journey_.reached(DemoMilestone::won_link)) return;
    const DemoArticle& article = random_.pick(kDemoArticles);
    std::string live =
        site_.root + "/" + base::rfc3339(journey_.won_at).substr(0, 4) + "/" + demo_slug(article.title);
    set(DemoField::attributes, std::string(random_.pick(kAttributes)));
    set(DemoField::live_url, live);
    if (random_.chance(12))
      opportunity_.links.push_back(site_.root + "/newsletter/" + demo_slug(article.niche));
    opportunity_.links.insert(opportunity_.links.begin(), std::move(live));
  }

  static constexpr std::string_view kRivals[] = {"Vibrasense", "Maschinenblick", "PlantPulse", "Gearwatch"};
  static constexpr std::string_view kLinkTypes[] = {
      "Guest article", "Guest article", "Link in existing article", "Link in existing article",
      "Resource list", "Interview",     "Newsletter mention"};
  static constexpr std::string_view kAttributes[] = {"dofollow", "dofollow",      "dofollow",
                                                     "nofollow", "nofollow, ugc", "sponsored"};

  DemoRandom& random_;
  DemoPeople& people_;
  DemoOpportunity& opportunity_;
  const DemoJourney& journey_;
  const DemoSite& site_;
};

}  // namespace

void fill_demo_values(DemoRandom& random, DemoPeople& people, DemoOpportunity& opportunity) {
  Values(random, people, opportunity).fill();
}

}  // namespace overture::app
