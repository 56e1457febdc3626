// The state machine of an opportunity: where it stands, what may happen to it there, and where that leads.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace overture::rules {

/// workflow_status and what refines it, stage_status.
struct Stage {
  std::string_view workflow;
  std::string_view status;
  friend bool operator==(const Stage&, const Stage&) = default;
};

/// The order is the order of event_name().
enum class StageEvent {
  // By people.
  accept,   ///< a prospect that fits
  reject,   ///< one that does not
  approve,  ///< what waits for approval may go on
  decline,  ///< it may not
  restore,  ///< a rejected or removed one is a prospect again
  pause,
  stop,
  restart,  ///< goes on after a pause; begins again after an end
  // By people and automations.
  launch,
  // By the data.
  data_supplied,  ///< a usable contact and all required fields are there
  data_missing,   ///< it should be launched, but something is not there
  contact_added,
  contact_search_begun,
  contact_search_ended,
  milestone_reached,  ///< a won or lost one
  blocklisted,
  // By outreach.
  released,  ///< the mail that waited for review may go
  attempt_sent,
  follow_up_due,
  sequence_finished,
  replied,
  all_bounced,
  opted_out,
  form_submitted,
};

/// As people and logs write it: `accept`, `data_supplied`.
std::string_view event_name(StageEvent event);
/// The events that people cause, by name.
std::optional<StageEvent> find_person_event(std::string_view name);

/// What decides between two ways.
struct StageFacts {
  bool approval_workflow = false;  ///< of the campaign
  bool review_first = false;       ///< its first attempt is looked at before it is sent
  bool contacted = false;          ///< something has been sent already
};

/// Where `event` leads; nullopt when it cannot happen there. Events that change nothing (a second pause) are
/// none.
std::optional<Stage> next_stage(const Stage& stage, StageEvent event, const StageFacts& facts = {});

/// Every stage there is, in the order of the journey.
std::span<const Stage> all_stages();

/// Waiting mails of an opportunity that comes here are not sent any more.
bool ends_outreach(const Stage& stage);

}  // namespace overture::rules
