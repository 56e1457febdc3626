// The ground that an opportunity's journey goes on: waiting, changing stage, notes and milestones.
#pragma once
#include <span>

#include "app/demo_journey.hpp"

namespace overture::app {

/// `time` moved to the hours between 7 and 17 (UTC) of a day from Monday to Friday.
base::Millis in_working_hours(base::Millis time, DemoRandom& random);

class DemoWalk {
 protected:
  DemoWalk(DemoRandom& random, const DemoPlan& plan);

  /// False when it would be over after today: nothing more happens then.
  bool wait(base::Millis mean);
  void enter(std::string_view workflow_status, std::string_view stage_status);
  void touch();
  void maybe_note(std::int64_t percent, std::size_t user, std::span<const std::string_view> texts);
  void mark(DemoMilestone milestone, std::int64_t user);
  /// By the owner of the project.
  void mark(DemoMilestone milestone);
  void communicate(std::string_view type);

  DemoRandom& random_;
  const DemoPlan& plan_;
  const DemoCampaign& campaign_;
  const DemoProject& project_;
  base::Millis now_;
  DemoJourney journey_;
};

}  // namespace overture::app
