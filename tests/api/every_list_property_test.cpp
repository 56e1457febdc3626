// Random searches of every documented list against a model that goes through all of its items: items and
// items_count are what the documentation of `q` says, page by page, for each role. What changes meanwhile,
// and orders and cursors, are list_property_test's. OVERTURE_PROPERTY_QUERIES (1000) and
// OVERTURE_PROPERTY_SEED as there.
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cstdlib>
#include <map>
#include <regex>

#include "support/api_query_maker.hpp"
#include "support/api_runner.hpp"

namespace overture::test {
namespace {

namespace json = boost::json;

int number_from_environment(const char* name, int otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr || *text == '\0' ? otherwise : std::stoi(text);
}

/// Mails, forms, replies and tasks of all opportunities, with some of everything in them.
constexpr std::string_view kCommunications[] = {
    "INSERT INTO outreach_emails (account_id, project_id, campaign_id, opportunity_id, contact_id, "
    "email_account_id, "
    "user_id, attempt_number, subject, status, from_name, to_email, sent_at, created_at) SELECT account_id, "
    "project_id, "
    "campaign_id, id, 0, 1, #, #, 'Grüße # and 100%', CASE WHEN # % 3 = 0 THEN 'bounced' ELSE 'sent' END, "
    "'Ava', "
    "'p#@people.example', 1772000000000 + 86399000 * #, 0 FROM opportunities ORDER BY id",
    "INSERT INTO form_submissions (account_id, project_id, campaign_id, opportunity_id, user_id, "
    "attempt_number, subject, "
    "status, sent_at, created_at) SELECT account_id, project_id, campaign_id, id, #, #, 'Form #', CASE WHEN "
    "# % 2 = 0 "
    "THEN 'pending' ELSE 'submitted' END, CASE WHEN # % 2 = 0 THEN NULL ELSE 1772000000000 + 3600000 * # "
    "END, 0 "
    "FROM opportunities ORDER BY id",
    "INSERT INTO inbound_emails (account_id, project_id, campaign_id, opportunity_id, email_account_id, "
    "subject, status, "
    "from_email, from_name, snooze_until, created_at) SELECT account_id, project_id, campaign_id, id, 1, "
    "'Re: #_\\', "
    "CASE WHEN # % 2 = 0 THEN 'read' ELSE 'snoozed' END, 'q#@sites.example', '', CASE WHEN # % 2 = 0 THEN "
    "NULL ELSE "
    "1774000000000 END, 1772000000000 + 61000 * # FROM opportunities ORDER BY id",
    "INSERT INTO sent_replies (account_id, project_id, campaign_id, opportunity_id, email_account_id, "
    "user_id, subject, "
    "status, to_email, sent_at, schedule_for, stop_schedule_on_communication, created_at) SELECT account_id, "
    "project_id, "
    "campaign_id, id, 1, #, 'Reply # ''x''', 'sent', 'q#@sites.example', CASE WHEN # % 3 = 0 THEN NULL ELSE "
    "1772000000000 + 1000 * # END, CASE WHEN # % 3 = 0 THEN 1775000000000 ELSE NULL END, # % 2, 0 FROM "
    "opportunities "
    "ORDER BY id",
    "INSERT INTO tasks (account_id, project_id, campaign_id, opportunity_id, assigned_to, completed_by, "
    "name, description, "
    "due_date, completed_at, autocomplete_on_milestone, created_by, created_at) SELECT account_id, "
    "project_id, campaign_id, "
    "id, #, CASE WHEN # % 2 = 0 THEN # ELSE 0 END, 'Task #', '', CASE WHEN # % 3 = 0 THEN NULL ELSE "
    "1773000000000 + "
    "86400000 * # END, CASE WHEN # % 2 = 0 THEN 1772500000000 ELSE NULL END, # % 2, 1, 1772000000000 FROM "
    "opportunities "
    "ORDER BY id"};

/// What one person sees in one list, and what can be asked of it.
struct AskedList {
  std::string target;  ///< ends where a parameter may follow
  std::vector<json::value> items;
  std::vector<AskedField> fields;
};

class EveryListProperty : public testing::TestWithParam<db::Engine> {
 protected:
  void fill();
  std::vector<std::string> targets();
  json::value get(const std::string& person, const std::string& target);
  AskedList ask(const std::string& person, const std::string& target);
  void run_query(const std::string& person, const std::string& target);
  int below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(random_); }

  const int seed_ = number_from_environment("OVERTURE_PROPERTY_SEED", 20260302);
  std::mt19937 random_{static_cast<unsigned>(seed_)};
  ApiHouse house_{GetParam()};
  std::map<std::pair<std::string, std::string>, AskedList> lists_;
  int telling_ = 0;  ///< queries that leave out some items and not all
};

void EveryListProperty::fill() {
  const Scenario scenario = load_scenario(std::string(OVERTURE_TESTS_DIR) + "/api/everyone.setup");
  ScenarioRunner(scenario, house_).run();
  using enum http::Method;
  const auto send = [this](http::Method method, const std::string& target, const std::string& body) {
    const auto answer = house_.ask(house_.request("ada", method, target, body));
    ASSERT_EQ(answer.status, 200) << target << answer.body;
  };
  // The first opportunity has some of everything that opportunities have.
  for (const std::string field : {"1", "3", "5"}) {
    send(post, "/api/opportunities/1/personalization",
         R"({"value": "Ärger 5%", "personalization_field": )" + field + "}");
    send(put, "/api/opportunities/1", R"({"milestone": )" + field + "}");
  }
  send(post, "/api/opportunities/1/custom_fields", R"({"custom_field": 1, "value": "50"})");
  for (const std::string_view table : kCommunications) {
    for (char number = '1'; number <= '6'; ++number) {
      std::string script(table);
      std::replace(script.begin(), script.end(), '#', number);
      house_.app().database().write([&](db::Connection& connection) { connection.run_script(script); });
    }
  }
}

/// The documented lists, of the first opportunity and project where they need one.
std::vector<std::string> EveryListProperty::targets() {
  std::vector<std::string> found;
  for (const api::Route& route : house_.app().pipeline().routes()) {
    if (!route.is_list || route.number == 0) continue;
    std::string target(route.path);
    if (const auto part = target.find("{opportunity}"); part != std::string::npos)
      target.replace(part, 13, "1");
    target += "?";
    if (target.starts_with("/api/outreach_emails"))
      target += "sent_at_from=2026-02-20&sent_at_to=2026-03-20&";
    if (target.starts_with("/api/personalization?") || target.starts_with("/api/tasks"))
      target += "project.id=" + house_.facts().at("site") + "&";
    found.push_back(target);
  }
  return found;
}

json::value EveryListProperty::get(const std::string& person, const std::string& target) {
  house_.clock().advance(1000);
  const auto answer = house_.ask(house_.request(person, http::Method::get, target));
  EXPECT_EQ(answer.status, 200) << target << "\n" << answer.body << "\nseed " << seed_;
  if (answer.status == 200) return json::parse(answer.body);
  return json::object{{"items", json::array{}}, {"items_count", -1}};
}

/// Each property with the type that its values have. Arrays of plain texts have no order, and what a template
/// says of metrics is no property.
void find_fields(const json::value& value, const std::string& path,
                 std::map<std::string, FieldType>& fields) {
  static const std::regex time(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)");
  static const std::regex metrics(
      "moz|semrush|majestic|google|cemper|ahrefs|choices|own_sites|link_monitoring_urls");
  if (value.is_object()) {
    for (const auto& [key, inner] : value.get_object()) {
      const std::string name(key);
      if (!std::regex_match(name, metrics))
        find_fields(inner, path.empty() ? name : path + "." + name, fields);
    }
  } else if (value.is_array()) {
    for (const json::value& inner : value.get_array()) find_fields(inner, path, fields);
  } else if (value.is_number()) {
    fields.emplace(path, FieldType::number);
  } else if (value.is_bool()) {
    fields.emplace(path, FieldType::boolean);
  } else if (value.is_string()) {
    const std::string text(std::string_view(value.get_string()));
    fields.emplace(path, std::regex_match(text, time) ? FieldType::time : FieldType::text);
  }
}

AskedList EveryListProperty::ask(const std::string& person, const std::string& target) {
  AskedList list{target, {}, {}};
  const json::value all = get(person, target + "limit=1000");
  std::map<std::string, FieldType> fields;
  for (const json::value& item : all.at("items").as_array()) {
    list.items.push_back(item);
    find_fields(item, "", fields);
  }
  EXPECT_EQ(all.at("items_count").as_int64(), static_cast<std::int64_t>(list.items.size()));
  for (const auto& [path, type] : fields) list.fields.push_back({path, {path, type}});
  return list;
}

void EveryListProperty::run_query(const std::string& person, const std::string& target) {
  for (const std::string& each : {person, std::string("ada")}) {
    const auto key = std::pair(each, target);
    if (!lists_.contains(key)) lists_.emplace(key, ask(each, target));
  }
  // Names and operands are of everything there is: also of what this person cannot see.
  const AskedList& everything = lists_.at({"ada", target});
  const AskedList& list = lists_.at({person, target});
  ASSERT_FALSE(everything.items.empty()) << target;
  QueryMaker maker(random_, everything.fields, everything.items);
  const ListQuery query = maker.make_tree(below(4));
  std::vector<std::string> expected;
  for (const json::value& item : list.items) {
    if (matches(item, query)) expected.push_back(json::serialize(item));
  }
  if (!expected.empty() && expected.size() < list.items.size()) ++telling_;
  const std::string asked = target + "q=" + percent_encoded(maker.write(query));
  const int limit = below(3) == 0 ? 1 + below(9) : 1000;
  std::vector<std::string> found;
  for (int page = 1; page <= static_cast<int>(expected.size()) / limit + 1; ++page) {
    const json::value got =
        get(person, asked + "&limit=" + std::to_string(limit) + "&page=" + std::to_string(page));
    ASSERT_EQ(got.at("items_count").as_int64(), static_cast<std::int64_t>(expected.size()))
        << person << " " << asked << "\n"
        << maker.write(query) << "\nseed " << seed_;
    for (const json::value& item : got.at("items").as_array()) found.push_back(json::serialize(item));
  }
  ASSERT_EQ(found, expected) << person << " " << asked << " by " << limit << "\nseed " << seed_;
}

TEST_P(EveryListProperty, ListsAreWhatTheModelSays) {
  fill();
  const std::vector<std::string> lists = targets();
  ASSERT_EQ(lists.size(), 19U);
  const std::vector<std::string> people{"ada", "ada", "ulf", "ina", "una"};
  const int queries = number_from_environment("OVERTURE_PROPERTY_QUERIES", 1000);
  for (int i = 0; i < queries && !HasFailure(); ++i) {
    std::string person = people[static_cast<std::size_t>(below(5))];
    const std::string& target = lists[static_cast<std::size_t>(i) % lists.size()];
    // Whoever has no project gets a 404 for an opportunity's lists.
    if (person == "una" && target.find("/1/") != std::string::npos) person = "ada";
    run_query(person, target);
  }
  ASSERT_FALSE(HasFailure());
  EXPECT_GT(telling_, queries / 5) << "the queries find too little to prove anything";
}

INSTANTIATE_TEST_SUITE_P(Api, EveryListProperty, testing::Values(db::Engine::sqlite, db::Engine::postgres),
                         [](const auto& engine) {
                           return engine.param == db::Engine::sqlite ? "sqlite" : "postgres";
                         });

}  // namespace
}  // namespace overture::test
