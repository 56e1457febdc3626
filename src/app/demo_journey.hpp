// The life of one opportunity of the demo workspace: step by step through the stages, until today.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/demo_house.hpp"
#include "app/demo_random.hpp"
#include "base/clock.hpp"

namespace overture::app {

inline constexpr std::int64_t kDemoNobody = -1;

struct DemoMilestoneChange {
  base::Millis at;
  std::int64_t user;  ///< place in kDemoUsers, or kDemoNobody for automation
  std::optional<DemoMilestone> previous;
  DemoMilestone next;
};

struct DemoNote {
  base::Millis at;
  std::int64_t user;    ///< as above
  std::string content;  ///< may still hold `{name}`
  bool is_system = false;
  bool is_zapier = false;
};

/// From one workflow status to another.
struct DemoStageMove {
  base::Millis at;
  std::string_view from;
  std::string_view to;
};

/// Something that was sent or came in; the type as in last_communication_type.
struct DemoExchange {
  base::Millis at;
  std::string_view type;
};

/// What decides about the way.
struct DemoPlan {
  std::size_t campaign = 0;
  base::Millis created_at = 0;
  base::Millis today = 0;     ///< when the campaign was archived, for one that was
  bool has_contacts = false;  ///< they came with the import
  bool only_form = false;     ///< the site has a contact form and no address
};

/// Where it stands today, and how it got there.
struct DemoJourney {
  std::string_view workflow_status = "inspect";
  std::string_view stage_status = "new";
  std::optional<DemoMilestone> milestone;
  base::Millis milestone_date = 0;
  base::Millis outreach_started = 0;  ///< 0 for not yet
  base::Millis last_communication = 0;
  std::string_view last_communication_type;
  base::Millis updated_at = 0;
  std::int64_t version = 1;
  base::Millis inspected_at = 0;     ///< accepted; 0 for not
  base::Millis contacts_at = 0;      ///< its contacts are known since then; 0 for none
  base::Millis personalized_at = 0;  ///< all fields are filled; 0 for not
  base::Millis won_at = 0;
  bool answered = false;
  bool bounced = false;
  base::Millis unsubscribed_at = 0;
  std::vector<DemoMilestoneChange> history;
  std::vector<DemoNote> notes;
  std::vector<DemoStageMove> moves;
  std::vector<DemoExchange> exchanges;

  bool reached(DemoMilestone milestone) const;
};

/// Steps keep the order of time and never pass today; people work from Monday to Friday.
DemoJourney make_demo_journey(DemoRandom& random, const DemoPlan& plan);

/// What a milestone is called when it comes from automation: the reason, for the system note.
std::string_view demo_reason(DemoMilestone milestone);

}  // namespace overture::app
