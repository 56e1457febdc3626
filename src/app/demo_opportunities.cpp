// From a place to a page, a journey, and the people of it. Each opportunity has chances of its own, so that
// none of them changes when another does.
#include "app/demo_opportunities.hpp"

#include <algorithm>

#include "app/demo_articles.hpp"

namespace overture::app {
namespace {

using base::kDay;
using base::Millis;

constexpr std::string_view kGuestPages[] = {"/write-for-us", "/contribute", "/guest-posts",
                                            "/about/contributors"};
constexpr std::string_view kListPages[] = {"/resources", "/links", "/recommended", "/community/resources"};

bool has_pages(const DemoCampaign& campaign) { return campaign.type == "import" && !campaign.deduplicated; }

void name_page(const DemoSite& site, DemoOpportunity& opportunity) {
  const DemoPlace& place = opportunity.place;
  const DemoCampaign& campaign = kDemoCampaigns[place.campaign];
  const DemoArticle& article =
      kDemoArticles[(place.site * 7 + place.campaign * 5 + place.page * 11) % std::size(kDemoArticles)];
  opportunity.article = article.title;
  opportunity.niche = article.niche;
  opportunity.name = site.name;
  opportunity.page_title = article.title;
  if (place.is_person) return;
  if (campaign.data_source == "guest_posts") {
    opportunity.url = site.root;
    opportunity.url += kGuestPages[place.site % std::size(kGuestPages)];
    opportunity.page_title = "Write for " + site.name;
  } else if (campaign.data_source == "resource_pages") {
    opportunity.url = site.root;
    opportunity.url += kListPages[place.site % std::size(kListPages)];
    opportunity.page_title = "Resources we recommend";
  } else if (campaign.data_source == "roundups") {
    const std::string issue = std::to_string(12 + place.site * 37 % 280);
    opportunity.url = site.root + "/weekly/" + issue;
    opportunity.page_title = "Weekly links, issue " + issue;
  } else if (campaign.type == "import" && campaign.deduplicated) {
    opportunity.url = site.url;
    opportunity.page_title = site.name;
  } else {
    opportunity.url = site.root + "/blog/" + demo_slug(article.title);
  }
  if (has_pages(campaign)) opportunity.name = site.name + ": " + std::string(article.title);
}

void meet_people(DemoRandom& random, DemoPeople& people, DemoOpportunity& opportunity) {
  const DemoPlace& place = opportunity.place;
  const DemoJourney& journey = opportunity.journey;
  if (journey.contacts_at == 0) return;
  // Whoever opted out or cannot be reached must not turn up in another conversation.
  const bool alone = place.is_person || journey.bounced || journey.unsubscribed_at != 0;
  const std::size_t project = kDemoCampaigns[place.campaign].project;
  opportunity.contacts.push_back(alone ? people.stranger(place.site) : people.of_site(place.site, project));
  if (!alone && random.chance(30)) {
    const std::int64_t mailbox = people.mailbox(place.site);
    if (mailbox >= 0) opportunity.contacts.push_back(static_cast<std::size_t>(mailbox));
  }
  for (const std::size_t person : opportunity.contacts) people.known_since(person, journey.contacts_at);
  DemoPerson& first = people.at(opportunity.contacts.front());
  if (journey.last_communication != 0)
    people.communicated(opportunity.contacts.front(), journey.last_communication);
  first.unsubscribed_at = std::max(first.unsubscribed_at, journey.unsubscribed_at);
  if (journey.unsubscribed_at != 0 && random.chance(20)) {
    first.unsubscribed_by = static_cast<std::int64_t>(kDemoProjects[project].owner);
  }
  if (place.is_person) opportunity.name = first.first_name + " " + first.last_name;
}

void name_in_notes(const DemoPeople& people, DemoOpportunity& opportunity) {
  std::string name = "The editor";
  if (!opportunity.contacts.empty()) name = people.all()[opportunity.contacts.front()].first_name;
  for (DemoNote& note : opportunity.journey.notes) {
    constexpr std::string_view kName = "{name}";
    const std::size_t at = note.content.find(kName);
    if (at == std::string::npos) continue;
    note.content.replace(at, kName.size(), name);
    if (at > 0 && opportunity.contacts.empty()) note.content[at] = 't';
  }
}

void add_tags(DemoRandom& random, DemoOpportunity& opportunity) {
  DemoJourney& journey = opportunity.journey;
  if (journey.inspected_at == 0 || !random.chance(32)) return;
  const std::int64_t count = random.chance(25) ? 2 : 1;
  for (std::int64_t i = 0; i < count; ++i) {
    const auto tag = static_cast<std::size_t>(random.below(kDemoOpportunityTags.size()));
    const bool there =
        std::ranges::any_of(opportunity.tags, [tag](const auto& each) { return each.first == tag; });
    if (there) continue;
    opportunity.tags.emplace_back(
        tag, journey.inspected_at + random.below(journey.updated_at - journey.inspected_at + 1));
    ++journey.version;
  }
}

DemoOpportunity make_opportunity(const DemoPlace& place, std::uint64_t seed, DemoPeople& people, Millis now) {
  DemoRandom random(seed);
  const DemoSite& site = people.sites()[place.site];
  const DemoCampaign& campaign = kDemoCampaigns[place.campaign];
  DemoOpportunity opportunity;
  opportunity.place = place;
  name_page(site, opportunity);

  const std::int64_t with_contacts = campaign.type == "import" ? 62 : 6;
  const bool has_contacts = place.is_person || random.chance(with_contacts);
  const bool only_form = !has_contacts && random.chance(9);
  if (!place.is_person && (only_form || random.chance(18)))
    opportunity.contact_form_url = site.root + "/contact";
  opportunity.journey = make_demo_journey(random, {.campaign = place.campaign,
                                                   .created_at = place.at,
                                                   .today = now - campaign.end_days * kDay,
                                                   .has_contacts = has_contacts,
                                                   .only_form = only_form});
  meet_people(random, people, opportunity);
  name_in_notes(people, opportunity);
  add_tags(random, opportunity);
  fill_demo_values(random, people, opportunity);
  return opportunity;
}

}  // namespace

std::string demo_slug(std::string_view title) {
  std::string slug;
  for (const char c : title) {
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if ((lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9')) {
      slug += lower;
    } else if (!slug.empty() && slug.back() != '-') {
      slug += '-';
    }
  }
  while (slug.ends_with('-')) slug.pop_back();
  return slug;
}

DemoWork make_demo_work(Millis now) {
  DemoWork work;
  work.places = make_demo_places(work.people.sites(), now);
  work.opportunities.reserve(work.places.places.size());
  for (const DemoPlace& place : work.places.places) {
    const std::uint64_t seed = (place.campaign * 1000 + place.site) * 64 + place.page;
    work.opportunities.push_back(make_opportunity(place, seed, work.people, now));
  }
  return work;
}

}  // namespace overture::app
