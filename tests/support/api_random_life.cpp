// Texts are chosen to be awkward: quotes, wildcards, letters beyond ASCII, names that differ in case only.
#include "support/api_random_life.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace overture::test {

namespace json = boost::json;
using enum http::Method;

std::int64_t RandomLife::one_of(const std::vector<std::int64_t>& ids) {
  return ids[static_cast<std::size_t>(below(static_cast<int>(ids.size())))];
}

json::value RandomLife::send(http::Method method, const std::string& target, const json::value& body) {
  house_.clock().advance(1000);
  const auto answer = house_.ask(house_.request("ada", method, target, json::serialize(body)));
  EXPECT_EQ(answer.status, 200) << target << " " << json::serialize(body) << "\n" << answer.body;
  return json::parse(answer.body);
}

void RandomLife::begin() {
  for (const std::string name : {"VIP", "cold Ü", "50%_\\ \"x\"", "a|b"}) {
    tags_.push_back(
        send(post, "/api/tags", json::object{{"name", name}, {"type", "opportunity"}}).at("id").as_int64());
  }
  const json::array rows{json::object{{"url", "https://first.example.com"}}};
  for (const auto& [name, project] :
       {std::pair{"Spring", "site"}, {"Ärger & Co", "site"}, {"Autumn", "shop"}}) {
    const json::object campaign{{"name", name}, {"project", house_.id_of(project)}, {"import_json", rows}};
    campaigns_.push_back(send(post, "/api/campaigns/import", campaign).at("id").as_int64());
  }
  house_.run_jobs();
  for (int i = 0; i < 40; ++i) add_opportunity();
  for (int i = 0; i < 80; ++i) change_something();
}

void RandomLife::set_status(std::int64_t campaign, const std::string& status) {
  send(post, "/api/campaigns/" + std::to_string(campaign) + "/status", json::object{{"status", status}});
}

void RandomLife::add_opportunity() {
  static const std::vector<std::string> names = {"Jo", "Ögmund", "O'Neil", "юля", "JO"};
  const int n = ++made_;
  json::array contacts;
  for (int i = below(3); i > 0; --i) {
    const std::string& name = names[static_cast<std::size_t>(below(static_cast<int>(names.size())))];
    contacts.push_back(json::object{{"email", any_address()}, {"first_name", name}});
  }
  const std::int64_t campaign = one_of(campaigns_);
  set_status(campaign, "active");
  json::object body{{"campaign", campaign}, {"contacts", contacts}};
  if (contacts.empty() || below(4) > 0) {
    body["url"] = "https://s" + std::to_string(n) + (n % 2 == 0 ? ".example.com/Path" : ".example.org/");
  }
  opportunities_.insert(send(post, "/api/opportunities", body).at("id").as_int64());
}

void RandomLife::change_something() {
  const std::vector<std::int64_t> ids(opportunities_.begin(), opportunities_.end());
  const std::string one = "/api/opportunities/" + std::to_string(one_of(ids));
  const std::string tag = "/api/tags/" + std::to_string(one_of(tags_));
  switch (below(8)) {
    case 0:
      return add_opportunity();
    case 1:
      send(put, one, json::object{{"milestone", 1 + below(13)}});
      return;
    case 2:
      send(post, one + "/tags", json::object{{"tag", one_of(tags_)}});
      return;
    case 3:
      send(post, one + "/contacts", json::object{{"email", any_address()}});
      return;
    case 4:
      return set_status(one_of(campaigns_), below(2) == 0 ? "active" : "archived");
    case 5:
      send(put, tag, json::object{{"name", "tag " + std::to_string(below(4))}});
      return;
    default:
      return communicate();
  }
}

/// Straight into the tables, with the books kept as those do who write there.
void RandomLife::communicate() {
  static const std::vector<std::string> statuses = {"inspect", "personalize", "outreach", "rejected"};
  const std::vector<std::int64_t> ids(opportunities_.begin(), opportunities_.end());
  const std::string when = std::to_string(ApiHouse::kStart - 1000LL * below(400'000));
  const std::string script =
      "UPDATE opportunities SET version = version + 1, last_communication_date = " +
      (below(3) == 0 ? "NULL" : when) + ", last_communication_type = '" +
      (below(2) == 0 ? "inbound_email" : "") +
      "', outreach_started_date = " + (below(2) == 0 ? "NULL" : when) + ", workflow_status = '" +
      statuses[static_cast<std::size_t>(below(4))] + "' WHERE id = " + std::to_string(one_of(ids)) +
      "; DELETE FROM opportunity_counts; "
      "INSERT INTO opportunity_counts (account_id, project_id, campaign_id, workflow_status, milestone_id, "
      "slot, n) "
      "SELECT account_id, project_id, campaign_id, workflow_status, milestone_id, 0, count(*) FROM "
      "opportunities "
      "GROUP BY account_id, project_id, campaign_id, workflow_status, milestone_id; "
      "UPDATE contacts SET is_unsubscribed = 1, unsubscribed_date = " +
      when + ", unsubscribed_by = 1, location = 'Köln' WHERE id % 7 = " + std::to_string(below(7)) +
      "; UPDATE account_changes SET n = n + 1 WHERE account_id = 1;";
  house_.app().database().write([&](db::Connection& connection) { connection.run_script(script); });
}

}  // namespace overture::test
