// Random lists against a model: whatever is asked, by whomever, and however the data changed in between,
// items and items_count are what the documentation says, as one page, page by page and cursor by cursor.
// OVERTURE_PROPERTY_QUERIES (1000) sets how many queries, OVERTURE_PROPERTY_SEED repeats a run.
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <cstdlib>

#include "support/api_house.hpp"
#include "support/api_query_maker.hpp"
#include "support/api_random_life.hpp"

namespace overture::test {
namespace {

namespace json = boost::json;
using enum FieldType;

const std::vector<AskedField> kOpportunityFields = {
    {"id", {"id", number}},
    {"name", {"name", text}},
    {"url", {"url", text}},
    {"domain.name", {"domain.name", text}},
    {"campaign.id", {"campaign.id", number}},
    {"campaign.name", {"campaign.name", text}},
    {"campaign.status", {"campaign.status", text}},
    {"project.id", {"project.id", number}},
    {"project.name", {"project.name", text}},
    {"project.status", {"project.status", text}},
    {"milestone.id", {"milestone.id", number}},
    {"milestone.name", {"milestone.name", text}},
    {"workflow_status", {"workflow_status", text}},
    {"stage_status", {"stage_status", text}},
    {"outreach_in_progress", {"outreach_in_progress", boolean}},
    {"created_at", {"created_at", time}},
    {"updated_at", {"updated_at", time}},
    {"milestone_date", {"milestone_date", time}},
    {"last_communication_date", {"last_communication_date", time}},
    {"last_communication_type", {"last_communication_type", text}},
    {"outreach_started_date", {"outreach_started_date", time}},
    {"tag_name", {"tags.name", text}},
    {"tags.tag.name", {"tags.tag.name", text}},
    {"tags.id", {"tags.id", number}},
    {"tags.tagged_at", {"tags.tagged_at", time}},
    {"contacts.email", {"contacts.email", text}},
    {"contacts.first_name", {"contacts.first_name", text}},
};

const std::vector<AskedField> kContactFields = {
    {"id", {"id", number}},
    {"email", {"email", text}},
    {"first_name", {"first_name", text}},
    {"last_name", {"last_name", text}},
    {"enhancement.location", {"enhancement.location", text}},
    {"is_unsubscribed", {"is_unsubscribed", boolean}},
    {"unsubscribed_date", {"unsubscribed_date", time}},
    {"unsubscribed_by", {"unsubscribed_by", number}},
    {"opportunity_ids", {"opportunity_ids", number}},
    {"opportunity.id", {"opportunity.id", number}},
    {"campaign.id", {"campaign.id", number}},
    {"project.id", {"project.id", number}},
};

int number_from_environment(const char* name, int otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr || *text == '\0' ? otherwise : std::stoi(text);
}

class ListProperty : public testing::TestWithParam<db::Engine> {
 protected:
  json::value get(const std::string& person, const std::string& target);
  std::vector<json::value> all_of(const std::string& person, const std::string& target);
  std::vector<json::value> contacts_of(const std::string& person,
                                       const std::vector<json::value>& opportunities);
  std::vector<json::value> items_for(const std::string& person, bool contacts);
  void check(const std::string& person, const std::string& target, const std::string& query,
             std::vector<std::int64_t> expected, const std::vector<json::value>& items);
  void run_query(int number);
  int below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(random_); }

  const int seed_ = number_from_environment("OVERTURE_PROPERTY_SEED", 20260302);
  std::mt19937 random_{static_cast<unsigned>(seed_)};
  ApiHouse house_{GetParam()};
  RandomLife life_{house_, random_};
};

json::value ListProperty::get(const std::string& person, const std::string& target) {
  house_.clock().advance(1000);
  const auto answer = house_.ask(house_.request(person, http::Method::get, target));
  EXPECT_EQ(answer.status, 200) << target << "\n" << answer.body;
  if (answer.status == 200) return json::parse(answer.body);
  return json::object{{"items", json::array{}}, {"items_count", -1}};
}

std::vector<json::value> ListProperty::all_of(const std::string& person, const std::string& target) {
  const json::value list =
      json::parse(house_.ask_elsewhere(house_.request(person, http::Method::get, target)).body);
  const json::array& items = list.at("items").as_array();
  return {items.begin(), items.end()};
}

/// With what they can be asked for beside their own properties.
std::vector<json::value> ListProperty::contacts_of(const std::string& person,
                                                   const std::vector<json::value>& opportunities) {
  std::vector<json::value> contacts = all_of(person, "/api/contacts?limit=1000");
  for (json::value& contact : contacts) {
    json::array found;
    json::array campaigns;
    json::array projects;
    for (const json::value& opportunity : opportunities) {
      for (const json::value& its : opportunity.at("contacts").as_array()) {
        if (its.at("id") != contact.at("id")) continue;
        found.push_back(json::object{{"id", opportunity.at("id")}});
        campaigns.push_back(opportunity.at("campaign"));
        projects.push_back(opportunity.at("project"));
      }
    }
    json::object& object = contact.as_object();
    object["opportunity"] = found;
    object["campaign"] = campaigns;
    object["project"] = projects;
  }
  return contacts;
}

std::vector<json::value> ListProperty::items_for(const std::string& person, bool contacts) {
  std::vector<json::value> items = all_of(person, "/api/opportunities?limit=1000&include_contacts=true");
  return contacts ? contacts_of(person, items) : items;
}

void ListProperty::check(const std::string& person, const std::string& target, const std::string& query,
                         std::vector<std::int64_t> expected, const std::vector<json::value>& items) {
  std::string shape = query;
  bool by_cursor = true;
  if (target == "/api/opportunities" && below(4) == 0) {
    shape += "&group=by_domain";
    by_cursor = false;
    const auto domain_of = [&items](std::int64_t id) {
      for (const json::value& item : items) {
        if (item.at("id") == id && item.at("domain").is_object())
          return std::string(std::string_view(item.at("domain").at("name").as_string()));
      }
      return std::string();
    };
    std::stable_sort(expected.begin(), expected.end(),
                     [&](auto left, auto right) { return domain_of(left) < domain_of(right); });
  }
  const int limit = below(3) == 0 ? 1 + below(9) : 1000;
  by_cursor = by_cursor && below(2) == 0;
  std::string cursor;
  std::vector<std::int64_t> found;
  const int pages = static_cast<int>(expected.size()) / limit + 2;
  for (int page = 1; page <= pages; ++page) {
    const std::string address = target + "?" + shape + "&limit=" + std::to_string(limit) +
                                (by_cursor ? cursor : "&page=" + std::to_string(page));
    const json::value list = get(person, address);
    ASSERT_EQ(list.at("items_count").as_int64(), static_cast<std::int64_t>(expected.size()))
        << person << " " << address << "\nseed " << seed_;
    const json::array& got = list.at("items").as_array();
    for (const json::value& item : got) found.push_back(item.at("id").as_int64());
    if (got.empty()) break;
    ASSERT_LE(got.size(), static_cast<std::size_t>(limit));
    if (!by_cursor) continue;
    // The last page says that it is the last.
    ASSERT_EQ(list.at("next_cursor").is_null(), found.size() == expected.size())
        << address << "\nseed " << seed_;
    if (list.at("next_cursor").is_null()) break;
    cursor = "&cursor=" + std::string(std::string_view(list.at("next_cursor").as_string()));
  }
  ASSERT_EQ(found, expected) << person << " " << target << "?" << shape << " by " << limit << "\nseed "
                             << seed_;
}

void ListProperty::run_query(int number) {
  const std::string person = below(3) == 0 ? "ulf" : "ada";
  const bool contacts = below(3) == 0;
  const std::vector<json::value> items = items_for(person, contacts);
  // Operands are of everything there is: also of what this person cannot see.
  const std::vector<json::value> everything = items_for("ada", contacts);
  QueryMaker maker(random_, contacts ? kContactFields : kOpportunityFields, everything);
  std::vector<ListQuery> meaning;
  std::string query = "n=" + std::to_string(number);
  for (int i = below(3); i > 0; --i) {
    // The first parameter of a name counts, so each name is asked for once.
    std::vector<ListQuery> one;
    const std::string parameter = maker.make_parameter(one);
    const std::string name = parameter.substr(0, parameter.find('='));
    if (query.find("&" + name + "=") != std::string::npos || !meaning.empty()) continue;
    query += "&" + parameter;
    meaning.push_back(one.front());
  }
  for (int i = meaning.empty() ? 1 : below(2); i > 0; --i) {
    meaning.push_back(maker.make_tree(below(4)));
    query += "&q=" + percent_encoded(maker.write(meaning.back()));
  }
  check(person, contacts ? "/api/contacts" : "/api/opportunities", query, matching_ids(items, meaning),
        items);
}

TEST_P(ListProperty, ListsAreWhatTheModelSays) {
  life_.begin();
  const int queries = number_from_environment("OVERTURE_PROPERTY_QUERIES", 1000);
  for (int i = 0; i < queries && !HasFailure(); ++i) {
    if (i % 3 == 0) life_.change_something();
    run_query(i);
  }
}

INSTANTIATE_TEST_SUITE_P(Api, ListProperty, testing::Values(db::Engine::sqlite, db::Engine::postgres),
                         [](const auto& engine) {
                           return engine.param == db::Engine::sqlite ? "sqlite" : "postgres";
                         });

}  // namespace
}  // namespace overture::test
