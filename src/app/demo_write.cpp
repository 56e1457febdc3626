// Opportunities, sites and people as rows.
#include "app/demo_write.hpp"

#include <algorithm>
#include <numeric>
#include <unordered_map>

#include "app/demo_rows.hpp"
#include "intake/batch.hpp"
#include "rules/host.hpp"

namespace overture::app {
namespace {

using base::Millis;

db::Value time_or_null(Millis time) { return time == 0 ? db::Value() : db::Value(time); }

class Writing {
 public:
  Writing(db::Connection& connection, const DemoHouse& house, const DemoWork& work)
      : connection_(connection), house_(house), work_(work) {}

  std::int64_t run() {
    const auto count = static_cast<std::int64_t>(work_.opportunities.size());
    first_ = connection_.reserve_ids("opportunities", count);
    write_partners();
    write_domains();
    write_people();
    write_opportunities();
    write_identities();
    write_contacts();
    write_tags();
    write_links();
    write_values("personalization_values", &DemoOpportunity::texts, house_.texts);
    write_values("custom_field_values", &DemoOpportunity::fields, house_.fields);
    return first_;
  }

 private:
  std::int64_t id_of(const DemoOpportunity& opportunity) const {
    return first_ + (&opportunity - work_.opportunities.data());
  }
  const DemoSite& site_of(const DemoOpportunity& opportunity) const {
    return work_.people.sites()[opportunity.place.site];
  }
  std::int64_t domain_of(const DemoOpportunity& opportunity) const {
    return opportunity.place.is_person ? 0 : domains_.at(site_of(opportunity).host);
  }

  void write_partners() {
    static constexpr db::Literal kColumns[] = {"id", "account_id", "host", "name", "created_at"};
    DemoRows rows("partners", kColumns);
    std::int64_t id =
        connection_.reserve_ids("partners", static_cast<std::int64_t>(work_.places.partners.size()));
    for (const std::size_t partner : work_.places.partners) {
      const DemoSite& site = work_.people.sites()[partner];
      rows.add(id++, house_.account, site.host, site.name, work_.opportunities.front().place.at);
    }
    rows.write(connection_);
  }

  void write_domains() {
    static constexpr db::Literal kColumns[] = {"id", "account_id", "name", "registrable_domain"};
    std::vector<std::string> hosts;
    for (const DemoOpportunity& opportunity : work_.opportunities) {
      if (opportunity.place.is_person) continue;
      const std::string& host = site_of(opportunity).host;
      if (domains_.emplace(host, 0).second) hosts.push_back(host);
    }
    DemoRows rows("domains", kColumns, hosts.size());
    std::int64_t id = connection_.reserve_ids("domains", static_cast<std::int64_t>(hosts.size()));
    for (const std::string& host : hosts) {
      domains_[host] = id;
      rows.add(id++, house_.account, host, rules::registrable_domain(host));
    }
    rows.write(connection_);
  }

  /// In the order in which they became known.
  void write_people() {
    static constexpr db::Literal kColumns[] = {"id",
                                               "account_id",
                                               "email",
                                               "first_name",
                                               "last_name",
                                               "age",
                                               "location",
                                               "organization_name",
                                               "organization_title",
                                               "is_unsubscribed",
                                               "unsubscribed_date",
                                               "unsubscribed_by",
                                               "last_communication_date",
                                               "created_at"};
    const std::vector<DemoPerson>& people = work_.people.all();
    std::vector<std::size_t> order(people.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return people[a].created_at < people[b].created_at;
    });
    people_.resize(people.size());
    DemoRows rows("contacts", kColumns, people.size());
    std::int64_t id = connection_.reserve_ids("contacts", static_cast<std::int64_t>(people.size()));
    for (const std::size_t place : order) {
      const DemoPerson& person = people[place];
      const bool enriched = !person.age.empty();
      const bool by_user = person.unsubscribed_by >= 0;
      people_[place] = id;
      rows.add(
          id++, house_.account, person.email, person.first_name, person.last_name, person.age,
          person.location, enriched ? person.company : std::string(),
          enriched ? person.job_title : std::string(), person.unsubscribed_at != 0,
          time_or_null(person.unsubscribed_at),
          by_user ? db::Value(house_.users[static_cast<std::size_t>(person.unsubscribed_by)]) : db::Value(),
          time_or_null(person.last_communication), person.created_at);
    }
    rows.write(connection_);
  }

  void write_opportunities() {
    static constexpr db::Literal kColumns[] = {"id",
                                               "account_id",
                                               "project_id",
                                               "campaign_id",
                                               "domain_id",
                                               "milestone_id",
                                               "version",
                                               "url",
                                               "name",
                                               "contact_form_url",
                                               "workflow_status",
                                               "stage_status",
                                               "last_communication_type",
                                               "milestone_date",
                                               "last_communication_date",
                                               "outreach_started_date",
                                               "created_at",
                                               "updated_at"};
    DemoRows rows("opportunities", kColumns, work_.opportunities.size());
    for (const DemoOpportunity& each : work_.opportunities) {
      const DemoJourney& journey = each.journey;
      const std::size_t campaign = each.place.campaign;
      rows.add(id_of(each), house_.account, house_.projects[kDemoCampaigns[campaign].project],
               house_.campaigns[campaign], domain_of(each),
               journey.milestone ? house_.milestones[static_cast<std::size_t>(*journey.milestone)] : 0,
               journey.version, each.url, each.name, each.contact_form_url, journey.workflow_status,
               journey.stage_status, journey.last_communication_type, time_or_null(journey.milestone_date),
               time_or_null(journey.last_communication), time_or_null(journey.outreach_started),
               each.place.at, journey.updated_at);
    }
    rows.write(connection_);
  }

  /// So that the same rows are found again when they are imported once more.
  void write_identities() {
    static constexpr db::Literal kColumns[] = {"account_id", "campaign_id", "identity", "opportunity_id"};
    DemoRows rows("import_rows", kColumns, work_.opportunities.size());
    for (const DemoOpportunity& each : work_.opportunities) {
      if (kDemoCampaigns[each.place.campaign].type != "import") continue;
      intake::Prospect row;
      if (!each.url.empty()) row.site = rules::Site{each.url, site_of(each).host};
      if (each.journey.contacts_at == each.place.at) {
        for (const std::size_t person : each.contacts)
          row.contacts.push_back({work_.people.all()[person].email, {}, {}});
      }
      rows.add(house_.account, house_.campaigns[each.place.campaign],
               intake::row_identity(domain_of(each), intake::row_text(row)), id_of(each));
    }
    rows.write(connection_);
  }

  void write_contacts() {
    static constexpr db::Literal kColumns[] = {"account_id", "opportunity_id", "contact_id"};
    DemoRows rows("opportunity_contacts", kColumns, work_.opportunities.size() * 2);
    for (const DemoOpportunity& each : work_.opportunities) {
      for (const std::size_t person : each.contacts) rows.add(house_.account, id_of(each), people_[person]);
    }
    rows.write(connection_);
  }

  void write_tags() {
    static constexpr db::Literal kColumns[] = {"account_id", "opportunity_id", "tag_id", "tagged_at"};
    DemoRows rows("opportunity_tags", kColumns);
    for (const DemoOpportunity& each : work_.opportunities) {
      for (const auto& [tag, at] : each.tags) rows.add(house_.account, id_of(each), house_.tags[tag], at);
    }
    rows.write(connection_);
  }

  void write_links() {
    static constexpr db::Literal kColumns[] = {"id", "account_id", "opportunity_id", "url", "created_at"};
    std::int64_t count = 0;
    for (const DemoOpportunity& each : work_.opportunities)
      count += static_cast<std::int64_t>(each.links.size());
    std::int64_t id = connection_.reserve_ids("opportunity_links", count);
    DemoRows rows("opportunity_links", kColumns);
    for (const DemoOpportunity& each : work_.opportunities) {
      for (const std::string& link : each.links)
        rows.add(id++, house_.account, id_of(each), link, each.journey.won_at);
    }
    rows.write(connection_);
  }

  template <class Field, std::size_t N>
  void write_values(db::Literal table, std::vector<std::pair<Field, std::string>> DemoOpportunity::*values,
                    const std::array<std::int64_t, N>& fields) {
    static constexpr db::Literal kColumns[] = {"id", "account_id", "opportunity_id", "field_id", "value"};
    std::int64_t count = 0;
    for (const DemoOpportunity& each : work_.opportunities)
      count += static_cast<std::int64_t>((each.*values).size());
    std::int64_t id = connection_.reserve_ids(table, count);
    DemoRows rows(table, kColumns, static_cast<std::size_t>(count));
    for (const DemoOpportunity& each : work_.opportunities) {
      for (const auto& [field, value] : each.*values) {
        rows.add(id++, house_.account, id_of(each), fields[static_cast<std::size_t>(field)], value);
      }
    }
    rows.write(connection_);
  }

  db::Connection& connection_;
  const DemoHouse& house_;
  const DemoWork& work_;
  std::int64_t first_ = 0;
  std::unordered_map<std::string, std::int64_t> domains_;
  std::vector<std::int64_t> people_;
};

}  // namespace

std::int64_t write_demo_opportunities(db::Connection& connection, const DemoHouse& house,
                                      const DemoWork& work) {
  return Writing(connection, house, work).run();
}

}  // namespace overture::app
