// One row for each step: what happens, where, under which condition, and where it leads.
#include "rules/stage.hpp"

#include <array>

namespace overture::rules {
namespace {

using enum StageEvent;

constexpr std::array<std::string_view, 24> kEventNames = {"accept",
                                                          "reject",
                                                          "approve",
                                                          "decline",
                                                          "restore",
                                                          "pause",
                                                          "stop",
                                                          "restart",
                                                          "launch",
                                                          "data_supplied",
                                                          "data_missing",
                                                          "contact_added",
                                                          "contact_search_begun",
                                                          "contact_search_ended",
                                                          "milestone_reached",
                                                          "blocklisted",
                                                          "released",
                                                          "attempt_sent",
                                                          "follow_up_due",
                                                          "sequence_finished",
                                                          "replied",
                                                          "all_bounced",
                                                          "opted_out",
                                                          "form_submitted"};
static_assert(kEventNames.size() == static_cast<std::size_t>(form_submitted) + 1);

constexpr Stage kNew{"inspect", "new"};
constexpr Stage kAwaitingApproval{"inspect", "awaiting_approval"};
constexpr Stage kPending{"personalize", "pending"};
constexpr Stage kFindingContacts{"personalize", "finding_contacts"};
constexpr Stage kMissingData{"personalize", "missing_data"};
constexpr Stage kReady{"personalize", "ready"};
constexpr Stage kReview{"compose", "review"};
constexpr Stage kQueued{"outreach", "queued"};
constexpr Stage kWaiting{"outreach", "waiting_follow_up"};
constexpr Stage kPaused{"outreach", "paused"};
constexpr Stage kReplied{"completed", "replied"};
constexpr Stage kFinished{"completed", "finished"};
constexpr Stage kBounced{"completed", "bounced"};
constexpr Stage kUnsubscribed{"completed", "unsubscribed"};
constexpr Stage kStopped{"completed", "stopped"};
constexpr Stage kFormSubmitted{"completed", "form_submitted"};
constexpr Stage kInspected{"rejected", "inspected"};
constexpr Stage kDeclined{"rejected", "declined"};
constexpr Stage kFiltered{"rejected", "filtered"};
constexpr Stage kBlocklisted{"deleted", "blocklisted"};

constexpr std::array kStages = {kNew,           kAwaitingApproval, kPending,  kFindingContacts, kMissingData,
                                kReady,         kReview,           kQueued,   kWaiting,         kPaused,
                                kReplied,       kFinished,         kBounced,  kUnsubscribed,    kStopped,
                                kFormSubmitted, kInspected,        kDeclined, kFiltered,        kBlocklisted};

enum class When { always, approval, no_approval, review, no_review, contacted, not_contacted };

struct Step {
  StageEvent event;
  Stage from;
  Stage to;
  When when = When::always;
};

constexpr Step kSteps[] = {
    {accept, kNew, kAwaitingApproval, When::approval},
    {accept, kNew, kPending, When::no_approval},
    {reject, kNew, kInspected},
    {reject, kPending, kInspected},
    {reject, kMissingData, kInspected},
    {reject, kReady, kInspected},
    {reject, kReview, kInspected},
    {approve, kAwaitingApproval, kPending},
    {decline, kAwaitingApproval, kDeclined},
    {restore, kInspected, kNew},
    {restore, kDeclined, kNew},
    {restore, kFiltered, kNew},
    {restore, kBlocklisted, kNew},
    {pause, kQueued, kPaused},
    {pause, kWaiting, kPaused},
    {stop, kReview, kStopped},
    {stop, kQueued, kStopped},
    {stop, kWaiting, kStopped},
    {stop, kPaused, kStopped},
    {stop, kPending, kStopped, When::contacted},
    {stop, kMissingData, kStopped, When::contacted},
    {stop, kReady, kStopped, When::contacted},
    {restart, kPaused, kQueued, When::not_contacted},
    {restart, kPaused, kWaiting, When::contacted},
    {restart, kReplied, kQueued},
    {restart, kFinished, kQueued},
    {restart, kStopped, kQueued},
    {restart, kFormSubmitted, kQueued},

    // Nothing is launched before a campaign's approver has seen it.
    {launch, kNew, kReview, When::review},
    {launch, kNew, kQueued, When::no_review},
    {launch, kPending, kReview, When::review},
    {launch, kPending, kQueued, When::no_review},
    {launch, kMissingData, kReview, When::review},
    {launch, kMissingData, kQueued, When::no_review},
    {launch, kReady, kReview, When::review},
    {launch, kReady, kQueued, When::no_review},

    {data_supplied, kPending, kReady},
    {data_supplied, kMissingData, kReady},
    {data_missing, kNew, kMissingData},
    {data_missing, kPending, kMissingData},
    {data_missing, kReady, kMissingData},
    {data_missing, kReview, kMissingData},
    {data_missing, kQueued, kMissingData},
    {data_missing, kWaiting, kMissingData},
    {contact_added, kBounced, kPending},
    {contact_search_begun, kPending, kFindingContacts},
    {contact_search_ended, kFindingContacts, kPending},
    {milestone_reached, kQueued, kStopped},
    {milestone_reached, kWaiting, kStopped},
    {milestone_reached, kPaused, kStopped},
    // What is still to be inspected is nobody's decision yet.
    {milestone_reached, kPending, kStopped},
    {milestone_reached, kFindingContacts, kStopped},
    {milestone_reached, kMissingData, kStopped},
    {milestone_reached, kReady, kStopped},
    {milestone_reached, kReview, kStopped},
    // What was contacted stays in history.
    {blocklisted, kNew, kBlocklisted},
    {blocklisted, kAwaitingApproval, kBlocklisted},
    {blocklisted, kPending, kBlocklisted},
    {blocklisted, kFindingContacts, kBlocklisted},
    {blocklisted, kMissingData, kBlocklisted},
    {blocklisted, kReady, kBlocklisted},
    {blocklisted, kReview, kBlocklisted},

    {released, kReview, kQueued},
    {attempt_sent, kQueued, kWaiting},
    {follow_up_due, kWaiting, kQueued},
    {sequence_finished, kQueued, kFinished},
    {sequence_finished, kWaiting, kFinished},
    {replied, kQueued, kReplied},
    {replied, kWaiting, kReplied},
    {replied, kPaused, kReplied},
    // A sequence that lacks something may stand in personalize.
    {replied, kPending, kReplied},
    {replied, kFindingContacts, kReplied},
    {replied, kMissingData, kReplied},
    {replied, kReady, kReplied},
    {replied, kReview, kReplied},
    {replied, kFinished, kReplied},
    {replied, kBounced, kReplied},
    {replied, kStopped, kReplied},
    {replied, kFormSubmitted, kReplied},
    {all_bounced, kQueued, kBounced},
    {all_bounced, kWaiting, kBounced},
    {all_bounced, kPaused, kBounced},
    {all_bounced, kPending, kBounced, When::contacted},
    {all_bounced, kMissingData, kBounced, When::contacted},
    {all_bounced, kReady, kBounced, When::contacted},
    {all_bounced, kReview, kBounced, When::contacted},
    // Before the first mail another contact may be found.
    {opted_out, kPending, kUnsubscribed, When::contacted},
    {opted_out, kMissingData, kUnsubscribed, When::contacted},
    {opted_out, kReady, kUnsubscribed, When::contacted},
    {opted_out, kReview, kUnsubscribed},
    {opted_out, kQueued, kUnsubscribed},
    {opted_out, kWaiting, kUnsubscribed},
    {opted_out, kPaused, kUnsubscribed},
    {opted_out, kReplied, kUnsubscribed},
    {opted_out, kFinished, kUnsubscribed},
    {opted_out, kStopped, kUnsubscribed},
    {opted_out, kFormSubmitted, kUnsubscribed},
    {form_submitted, kReview, kFormSubmitted},
    {form_submitted, kQueued, kFormSubmitted},
    {form_submitted, kWaiting, kFormSubmitted},
    {form_submitted, kPaused, kFormSubmitted},
};

constexpr bool holds(const Step& step, const StageFacts& facts) {
  // A campaign whose prospects are approved takes no short cut from inspection.
  if (step.from == kNew && (step.event == launch || step.event == data_missing)) {
    if (facts.approval_workflow) return false;
  }
  switch (step.when) {
    case When::always:
      return true;
    case When::approval:
      return facts.approval_workflow;
    case When::no_approval:
      return !facts.approval_workflow;
    case When::review:
      return facts.review_first;
    case When::no_review:
      return !facts.review_first;
    case When::contacted:
      return facts.contacted;
    case When::not_contacted:
      return !facts.contacted;
  }
  return false;
}

}  // namespace

std::string_view event_name(StageEvent event) { return kEventNames.at(static_cast<std::size_t>(event)); }

std::optional<StageEvent> find_person_event(std::string_view name) {
  for (StageEvent event : {accept, reject, approve, decline, restore, pause, stop, restart}) {
    if (event_name(event) == name) return event;
  }
  return std::nullopt;
}

std::optional<Stage> next_stage(const Stage& stage, StageEvent event, const StageFacts& facts) {
  for (const Step& step : kSteps) {
    if (step.event == event && step.from == stage && holds(step, facts)) return step.to;
  }
  return std::nullopt;
}

std::span<const Stage> all_stages() { return kStages; }

bool ends_outreach(const Stage& stage) {
  return stage.workflow == "completed" || stage.workflow == "rejected" || stage.workflow == "deleted";
}

}  // namespace overture::rules
