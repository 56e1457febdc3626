#include "app/demo_walk.hpp"

namespace overture::app {

using base::kDay;
using base::kMinute;

base::Millis in_working_hours(base::Millis time, DemoRandom& random) {
  base::Millis day = time / kDay;
  // 1970-01-01 was a Thursday.
  const base::Millis weekday = (day + 3) % 7;
  if (weekday > 4) day += 7 - weekday;
  return day * kDay + random.between(7 * 60, 17 * 60 - 1) * kMinute + random.below(60) * base::kSecond;
}

DemoWalk::DemoWalk(DemoRandom& random, const DemoPlan& plan)
    : random_(random),
      plan_(plan),
      campaign_(kDemoCampaigns[plan.campaign]),
      project_(kDemoProjects[campaign_.project]),
      now_(plan.created_at) {
  journey_.updated_at = now_;
  if (plan.has_contacts) journey_.contacts_at = now_;
}

bool DemoWalk::wait(base::Millis mean) {
  base::Millis next = in_working_hours(now_ + random_.about(mean), random_);
  if (next <= now_) next = now_ + random_.between(5, 90) * kMinute;
  if (next > plan_.today) return false;
  now_ = next;
  return true;
}

void DemoWalk::enter(std::string_view workflow_status, std::string_view stage_status) {
  if (journey_.workflow_status != workflow_status) {
    journey_.moves.push_back({now_, journey_.workflow_status, workflow_status});
  }
  journey_.workflow_status = workflow_status;
  journey_.stage_status = stage_status;
  touch();
}

void DemoWalk::touch() {
  journey_.updated_at = now_;
  ++journey_.version;
}

void DemoWalk::maybe_note(std::int64_t percent, std::size_t user, std::span<const std::string_view> texts) {
  if (!random_.chance(percent)) return;
  journey_.notes.push_back(
      {now_, static_cast<std::int64_t>(user), std::string(random_.pick(texts)), false, false});
}

void DemoWalk::mark(DemoMilestone milestone, std::int64_t user) {
  if (journey_.milestone == milestone) return;
  journey_.history.push_back({now_, user, journey_.milestone, milestone});
  journey_.milestone = milestone;
  journey_.milestone_date = now_;
  touch();
}

void DemoWalk::mark(DemoMilestone milestone) { mark(milestone, static_cast<std::int64_t>(project_.owner)); }

void DemoWalk::communicate(std::string_view type) {
  journey_.exchanges.push_back({now_, type});
  journey_.last_communication = now_;
  journey_.last_communication_type = type;
  touch();
}

}  // namespace overture::app
