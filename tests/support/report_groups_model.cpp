// Outreach by groups: each reply and each opt-out looks for what was sent last before it.
#include <algorithm>
#include <boost/json.hpp>
#include <optional>

#include "support/report_world.hpp"

namespace overture::test {
namespace {

namespace json = boost::json;

struct Counted {
  std::int64_t sent = 0, follow_ups = 0, bounced = 0, responded = 0, unsubscribed = 0;
  std::set<std::size_t> contacted;
};

}  // namespace

json::value ReportWorld::groups(const ReportQuestion& question, const std::string& group) const {
  const std::set<std::int64_t> projects = projects_of(question);
  struct Sent {
    base::Millis at;
    std::int64_t key;
    const ReportEvent* event;
  };
  std::vector<Sent> sent;
  const auto add = [&](const ReportEvent& event) {
    const std::int64_t campaign = campaigns_[opportunities_[event.opportunity].campaign].id;
    const std::int64_t mailbox = event.mailbox == 0 ? 0 : 800 + event.mailbox;
    sent.push_back({event.at,
                    group == "campaign"        ? campaign
                    : group == "email_account" ? mailbox
                                               : event.number + 1,
                    &event});
  };
  for (const ReportEvent& event : mails_) {
    if (event.a == "sent" || event.a == "bounced") add(event);
  }
  const std::size_t mails = sent.size();
  for (const ReportEvent& event : forms_) {
    if (event.a == "submitted") add(event);
  }
  const auto counts = [&](const ReportEvent& event) {
    const ReportOpportunity& opportunity = opportunities_[event.opportunity];
    const ReportCampaign& campaign = campaigns_[opportunity.campaign];
    const std::string day = day_of(projects, event.at);
    return projects.contains(campaign.project) && meets(question.campaigns, {campaign.id}) &&
           meets(question.campaign_tags, campaign.tags) &&
           meets(question.opportunity_tags, opportunity.tags) &&
           (question.start.empty() || day >= question.start) && (question.end.empty() || day <= question.end);
  };

  std::map<std::int64_t, Counted> all;
  for (const Sent& each : sent) {
    if (!counts(*each.event)) continue;
    Counted& of = all[each.key];
    ++of.sent;
    if (each.event->number > 0) ++of.follow_ups;
    if (each.event->a == "bounced") ++of.bounced;
    of.contacted.insert(each.event->opportunity);
  }
  /// The last before `at` that `fits`, when it counts.
  const auto credit = [&](base::Millis at, std::size_t among, auto fits) -> Counted* {
    const Sent* last = nullptr;
    for (std::size_t i = 0; i < among; ++i) {
      const Sent& each = sent[i];
      if (each.at > at || !fits(*each.event)) continue;
      if (last == nullptr || std::pair(each.at, each.key) > std::pair(last->at, last->key)) last = &each;
    }
    return last != nullptr && counts(*last->event) ? &all[last->key] : nullptr;
  };
  for (std::size_t i = 0; i < opportunities_.size(); ++i) {
    std::optional<base::Millis> first;
    for (const ReportEvent& reply : replies_) {
      if (reply.opportunity == i && reply.a == "human") first = std::min(first.value_or(reply.at), reply.at);
    }
    if (!first) continue;
    Counted* of =
        credit(*first, sent.size(), [i](const ReportEvent& event) { return event.opportunity == i; });
    if (of != nullptr) ++of->responded;
  }
  std::map<std::int64_t, base::Millis> opted_out;
  for (const ReportOptOut& each : opt_outs_) {
    const auto known = opted_out.try_emplace(each.contact, each.at).first;
    known->second = std::min(known->second, each.at);
  }
  for (const auto& [contact, at] : opted_out) {
    Counted* of =
        credit(at, mails, [contact = contact](const ReportEvent& event) { return event.contact == contact; });
    if (of != nullptr) ++of->unsubscribed;
  }

  json::array items;
  for (const auto& [key, of] : all) {
    json::object item{{"id", key}, {"name", nullptr}};
    if (key == 0) item["id"] = nullptr;
    if (group == "campaign") item["name"] = "c";
    if (group == "email_account" && key != 0) item["name"] = "m" + std::to_string(key - 800);
    item["sent"] = of.sent;
    item["follow_ups"] = of.follow_ups;
    item["bounced"] = of.bounced;
    item["contacted"] = of.contacted.size();
    item["responded"] = of.responded;
    item["unsubscribed"] = of.unsubscribed;
    const double share = of.contacted.empty() ? 0 : double(of.responded) / double(of.contacted.size());
    item["response_rate_percent"] = static_cast<std::int64_t>(100.0 * share + 0.5);
    items.push_back(item);
  }
  return json::object{{"group", group}, {"items", items}};
}

}  // namespace overture::test
