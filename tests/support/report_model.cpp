// Each figure by going through everything and comparing dates as text.
#include <date/tz.h>

#include <algorithm>
#include <boost/json.hpp>
#include <optional>
#include <sstream>

#include "support/report_world.hpp"

namespace overture::test {
namespace {

namespace json = boost::json;
using base::Millis;

std::string text_of(std::size_t n) { return std::to_string(n); }

}  // namespace

bool meets(const std::set<std::int64_t>& asked, const std::set<std::int64_t>& there) {
  if (asked.empty()) return true;
  for (const std::int64_t id : asked) {
    if (there.contains(id)) return true;
  }
  return false;
}

std::set<std::int64_t> ReportWorld::projects_of(const ReportQuestion& question) const {
  std::set<std::int64_t> projects;
  for (const std::int64_t project : projects_) {
    bool has_campaign = question.campaigns.empty();
    for (const ReportCampaign& campaign : campaigns_) {
      has_campaign =
          has_campaign || (campaign.project == project && question.campaigns.contains(campaign.id));
    }
    const bool granted = !question.restricted || project == projects_[0];
    if (granted && has_campaign && meets(question.projects, {project})) projects.insert(project);
  }
  return projects;
}

std::string ReportWorld::day_of(const std::set<std::int64_t>& projects, Millis at) const {
  const std::string zone = zones_.at(projects.size() == 1 ? *projects.begin() : 0);
  const auto moment = date::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(at));
  return date::format("%F", date::floor<date::days>(date::make_zoned(zone, moment).get_local_time()));
}

json::value ReportWorld::answer(const ReportQuestion& question) const {
  const std::set<std::int64_t> projects = projects_of(question);
  const std::string zone = zones_.at(projects.size() == 1 ? *projects.begin() : 0);
  const auto local_day = [&zone](Millis at) {
    const auto moment = date::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(at));
    return date::floor<date::days>(date::make_zoned(zone, moment).get_local_time());
  };
  const auto text_day = [&](Millis at) { return day_of(projects, at); };

  const auto campaign_counts = [&](const ReportCampaign& campaign) {
    return projects.contains(campaign.project) && meets(question.campaigns, {campaign.id}) &&
           meets(question.campaign_tags, campaign.tags);
  };
  std::string first = question.start;
  for (const ReportCampaign& campaign : campaigns_) {
    if (!question.start.empty() || !campaign_counts(campaign)) continue;
    if (first.empty() || text_day(campaign.at) < first) first = text_day(campaign.at);
  }
  if (first.empty()) first = text_day(ApiHouse::kStart);
  const std::string last = question.end.empty() ? text_day(ApiHouse::kStart) : question.end;

  std::vector<date::local_days> days;
  date::local_days day;
  std::istringstream(first) >> date::parse("%F", day);
  for (; date::format("%F", day) <= last; day += date::days(1)) days.push_back(day);
  const auto key_of = [&](date::local_days of) {
    if (days.size() <= 31) return date::format("%F", of);
    if (days.size() <= 180) {
      while (date::weekday(of) != date::Monday) of -= date::days(1);
      return date::format("%F", of);
    }
    return date::format("%Y-%m-01", of);
  };
  std::set<std::string> keys;
  for (const date::local_days each : days) keys.insert(key_of(each));
  const auto in_period = [&](Millis at) {
    return (question.start.empty() || text_day(at) >= question.start) &&
           (question.end.empty() || text_day(at) <= question.end) && !days.empty();
  };
  // What came before the first campaign is shown with it.
  const auto key_at = [&](Millis at) {
    return std::clamp(key_of(local_day(at)), *keys.begin(), *keys.rbegin());
  };
  const auto counts = [&](const ReportEvent& event) {
    const ReportOpportunity& opportunity = opportunities_[event.opportunity];
    return campaign_counts(campaigns_[opportunity.campaign]) &&
           meets(question.opportunity_tags, opportunity.tags) && in_period(event.at);
  };

  std::map<std::string, std::map<std::string, std::size_t>> n;
  std::size_t created = 0;
  std::size_t sent = 0;
  for (const ReportCampaign& campaign : campaigns_) {
    if (!campaign_counts(campaign) || campaign.status == "deleted" || !in_period(campaign.at)) continue;
    ++created;
    ++n[key_at(campaign.at)]["count"];
  }
  std::map<std::int64_t, std::pair<std::size_t, std::size_t>> attempts;
  const auto add_sent = [&](const ReportEvent& event) {
    ++sent;
    ++n[key_at(event.at)]["sent"];
    if (event.number + 1 > 1) ++n[key_at(event.at)]["follow_ups"];
    if (event.a == "bounced") ++n[key_at(event.at)]["bounced"];
    ++attempts[event.number + 1].first;
  };
  for (const ReportEvent& event : mails_) {
    if (counts(event) && (event.a == "sent" || event.a == "bounced")) add_sent(event);
  }
  for (const ReportEvent& event : forms_) {
    if (counts(event) && event.a == "submitted") add_sent(event);
  }
  std::set<std::pair<std::string, std::size_t>> responded_on;
  std::map<std::size_t, std::pair<Millis, std::int64_t>> first_reply;
  for (const ReportEvent& event : replies_) {
    if (!counts(event) || event.a != "human") continue;
    if (responded_on.emplace(key_at(event.at), event.opportunity).second) ++n[key_at(event.at)]["responded"];
    const auto candidate = std::pair(event.at, event.number);
    const auto found = first_reply.try_emplace(event.opportunity, candidate).first;
    found->second = std::min(found->second, candidate);
  }
  for (const auto& [opportunity, reply] : first_reply) {
    if (reply.second > 0) ++attempts[reply.second].second;
  }
  std::size_t won = 0;
  for (std::size_t i = 0; i < opportunities_.size(); ++i) {
    for (const std::string wanted : {"won", "lost"}) {
      std::optional<Millis> entered;
      for (const ReportEvent& event : changes_) {
        if (event.opportunity == i && counts(event) && kind(event.number) == wanted) {
          entered = std::max(entered.value_or(event.at), event.at);
        }
      }
      if (!entered || kind(opportunities_[i].milestone) != wanted) continue;
      ++n[key_at(*entered)][wanted];
      if (wanted == "won") ++won;
    }
  }
  for (const ReportEvent& event : moves_) {
    if (!counts(event)) continue;
    auto& here = n[key_at(event.at)];
    const std::map<std::string, int> way = {
        {"inspect", 0}, {"personalize", 1}, {"compose", 2}, {"outreach", 3}};
    if (event.b == "rejected") ++here["rejected"];
    if (!way.contains(event.a) || !way.contains(event.b)) continue;
    for (int step = way.at(event.a) + 1; step <= way.at(event.b); ++step) {
      ++here[step == 1 ? "inspected" : step == 2 ? "personalized" : "outreached"];
    }
  }

  const auto series = [&](std::initializer_list<const char*> columns) {
    json::array all;
    for (const std::string& key : keys) {
      json::object item{{"date", key}};
      for (const char* column : columns) item[column] = text_of(n[key][column]);
      all.push_back(item);
    }
    return all;
  };
  json::array by_attempt;
  for (const auto& [number, of] : attempts) {
    const auto rate =
        of.first == 0 ? 0 : static_cast<std::size_t>(100.0 * double(of.second) / double(of.first) + 0.5);
    by_attempt.push_back({{"attempt", std::to_string(number)},
                          {"sent", text_of(of.first)},
                          {"responded", text_of(of.second)},
                          {"attempt_number", std::to_string(number)},
                          {"rate", text_of(rate)}});
  }
  return json::object{{"campaign_count", text_of(created)},
                      {"sent_count", text_of(sent)},
                      {"responded_count", text_of(first_reply.size())},
                      {"won_count", text_of(won)},
                      {"campaigns_over_time", series({"count"})},
                      {"workflow_over_time", series({"inspected", "personalized", "outreached", "rejected"})},
                      {"outreach_over_time", series({"sent", "responded", "follow_ups", "bounced"})},
                      {"won_lost_over_time", series({"won", "lost"})},
                      {"responses_by_attempt", by_attempt}};
}

}  // namespace overture::test
