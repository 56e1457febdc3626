// Every stage with every event: the steps there are, and none besides.
#include "rules/stage.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

namespace overture::rules {
namespace {

using enum StageEvent;

constexpr auto kLast = static_cast<int>(form_submitted);

Stage stage_of(std::string_view text) {
  auto slash = text.find('/');
  return {text.substr(0, slash), text.substr(slash + 1)};
}

std::string text_of(const std::optional<Stage>& stage) {
  return stage ? std::string(stage->workflow) + "/" + std::string(stage->status) : "-";
}

std::string next(std::string_view from, StageEvent event, const StageFacts& facts = {}) {
  return text_of(next_stage(stage_of(from), event, facts));
}

/// Without approval, review and contact.
const std::map<std::string, std::map<StageEvent, std::string>> kPlain = {
    {"inspect/new",
     {{accept, "personalize/pending"},
      {reject, "rejected/inspected"},
      {launch, "outreach/queued"},
      {data_missing, "personalize/missing_data"},
      {blocklisted, "deleted/blocklisted"}}},
    {"inspect/awaiting_approval",
     {{approve, "personalize/pending"},
      {decline, "rejected/declined"},
      {blocklisted, "deleted/blocklisted"}}},
    {"personalize/pending",
     {{reject, "rejected/inspected"},
      {launch, "outreach/queued"},
      {data_supplied, "personalize/ready"},
      {data_missing, "personalize/missing_data"},
      {contact_search_begun, "personalize/finding_contacts"},
      {milestone_reached, "completed/stopped"},
      {replied, "completed/replied"},
      {blocklisted, "deleted/blocklisted"}}},
    {"personalize/finding_contacts",
     {{contact_search_ended, "personalize/pending"},
      {milestone_reached, "completed/stopped"},
      {replied, "completed/replied"},
      {blocklisted, "deleted/blocklisted"}}},
    {"personalize/missing_data",
     {{reject, "rejected/inspected"},
      {launch, "outreach/queued"},
      {data_supplied, "personalize/ready"},
      {milestone_reached, "completed/stopped"},
      {replied, "completed/replied"},
      {blocklisted, "deleted/blocklisted"}}},
    {"personalize/ready",
     {{reject, "rejected/inspected"},
      {launch, "outreach/queued"},
      {data_missing, "personalize/missing_data"},
      {milestone_reached, "completed/stopped"},
      {replied, "completed/replied"},
      {blocklisted, "deleted/blocklisted"}}},
    {"compose/review",
     {{reject, "rejected/inspected"},
      {data_missing, "personalize/missing_data"},
      {stop, "completed/stopped"},
      {milestone_reached, "completed/stopped"},
      {replied, "completed/replied"},
      {released, "outreach/queued"},
      {opted_out, "completed/unsubscribed"},
      {form_submitted, "completed/form_submitted"},
      {blocklisted, "deleted/blocklisted"}}},
    {"outreach/queued",
     {{pause, "outreach/paused"},
      {data_missing, "personalize/missing_data"},
      {stop, "completed/stopped"},
      {milestone_reached, "completed/stopped"},
      {attempt_sent, "outreach/waiting_follow_up"},
      {sequence_finished, "completed/finished"},
      {replied, "completed/replied"},
      {all_bounced, "completed/bounced"},
      {opted_out, "completed/unsubscribed"},
      {form_submitted, "completed/form_submitted"}}},
    {"outreach/waiting_follow_up",
     {{pause, "outreach/paused"},
      {data_missing, "personalize/missing_data"},
      {stop, "completed/stopped"},
      {milestone_reached, "completed/stopped"},
      {follow_up_due, "outreach/queued"},
      {sequence_finished, "completed/finished"},
      {replied, "completed/replied"},
      {all_bounced, "completed/bounced"},
      {opted_out, "completed/unsubscribed"},
      {form_submitted, "completed/form_submitted"}}},
    {"outreach/paused",
     {{stop, "completed/stopped"},
      {restart, "outreach/queued"},
      {milestone_reached, "completed/stopped"},
      {replied, "completed/replied"},
      {all_bounced, "completed/bounced"},
      {opted_out, "completed/unsubscribed"},
      {form_submitted, "completed/form_submitted"}}},
    {"completed/replied", {{restart, "outreach/queued"}, {opted_out, "completed/unsubscribed"}}},
    {"completed/finished",
     {{restart, "outreach/queued"}, {replied, "completed/replied"}, {opted_out, "completed/unsubscribed"}}},
    {"completed/bounced", {{contact_added, "personalize/pending"}, {replied, "completed/replied"}}},
    {"completed/unsubscribed", {}},
    {"completed/stopped",
     {{restart, "outreach/queued"}, {replied, "completed/replied"}, {opted_out, "completed/unsubscribed"}}},
    {"completed/form_submitted",
     {{restart, "outreach/queued"}, {replied, "completed/replied"}, {opted_out, "completed/unsubscribed"}}},
    {"rejected/inspected", {{restore, "inspect/new"}}},
    {"rejected/declined", {{restore, "inspect/new"}}},
    {"rejected/filtered", {{restore, "inspect/new"}}},
    {"deleted/blocklisted", {{restore, "inspect/new"}}},
};

TEST(Stage, every_event_everywhere) {
  EXPECT_EQ(all_stages().size(), kPlain.size());
  for (const Stage& stage : all_stages()) {
    const std::string from = text_of(stage);
    ASSERT_TRUE(kPlain.contains(from)) << from;
    for (int event = 0; event <= kLast; ++event) {
      const auto& steps = kPlain.at(from);
      const auto step = steps.find(static_cast<StageEvent>(event));
      EXPECT_EQ(next(from, static_cast<StageEvent>(event)), step == steps.end() ? "-" : step->second)
          << from << " " << event_name(static_cast<StageEvent>(event));
    }
  }
}

/// What ends an outreach that has begun, also where it lacks something or waits for review.
const std::map<StageEvent, std::string> kEndsOfContacted = {{stop, "completed/stopped"},
                                                            {milestone_reached, "completed/stopped"},
                                                            {all_bounced, "completed/bounced"},
                                                            {opted_out, "completed/unsubscribed"}};

std::string next_of_contacted(const std::string& from, StageEvent event, const std::string& plain) {
  if (event == restart && from == "outreach/paused") return "outreach/waiting_follow_up";
  const bool may_end = from == "personalize/pending" || from == "personalize/missing_data" ||
                       from == "personalize/ready" || from == "compose/review";
  const auto end = kEndsOfContacted.find(event);
  return may_end && end != kEndsOfContacted.end() ? end->second : plain;
}

TEST(Stage, facts_change_only_what_they_are_about) {
  for (const Stage& stage : all_stages()) {
    const std::string from = text_of(stage);
    for (int number = 0; number <= kLast; ++number) {
      const auto event = static_cast<StageEvent>(number);
      const std::string plain = next(from, event);
      std::string approved = plain;
      if (from == "inspect/new" && event == accept) approved = "inspect/awaiting_approval";
      if (from == "inspect/new" && (event == launch || event == data_missing)) approved = "-";
      EXPECT_EQ(next(from, event, {.approval_workflow = true}), approved) << from << " " << event_name(event);
      EXPECT_EQ(next(from, event, {.review_first = true}),
                event == launch && plain != "-" ? "compose/review" : plain)
          << from << " " << event_name(event);
      EXPECT_EQ(next(from, event, {.contacted = true}), next_of_contacted(from, event, plain))
          << from << " " << event_name(event);
    }
  }
}

TEST(Stage, every_step_leads_to_a_stage_there_is_and_somewhere_else) {
  for (const Stage& stage : all_stages()) {
    for (int event = 0; event <= kLast; ++event) {
      for (int bits = 0; bits < 8; ++bits) {
        const auto to = next_stage(stage, static_cast<StageEvent>(event),
                                   {.approval_workflow = (bits & 1) != 0,
                                    .review_first = (bits & 2) != 0,
                                    .contacted = (bits & 4) != 0});
        if (!to) continue;
        EXPECT_NE(*to, stage);
        EXPECT_TRUE(kPlain.contains(text_of(to))) << text_of(to);
      }
    }
  }
}

TEST(Stage, unknown_stages_lead_nowhere) {
  EXPECT_EQ(next("inspect/ready", accept), "-");
  EXPECT_EQ(next("/", accept), "-");
  EXPECT_EQ(next("outreach/new", stop), "-");
}

TEST(Stage, names) {
  std::set<std::string_view> names;
  for (int event = 0; event <= kLast; ++event) names.insert(event_name(static_cast<StageEvent>(event)));
  EXPECT_EQ(names.size(), static_cast<std::size_t>(kLast) + 1);
  EXPECT_EQ(find_person_event("accept"), accept);
  EXPECT_EQ(find_person_event("restart"), restart);
  EXPECT_EQ(find_person_event("restore"), restore);
  // What only the server or another operation may say.
  for (std::string_view name : {"launch", "replied", "blocklisted", "released", "", "Accept"}) {
    EXPECT_FALSE(find_person_event(name).has_value()) << name;
  }
}

TEST(Stage, outreach_ends_where_nothing_more_is_sent) {
  for (const Stage& stage : all_stages()) {
    EXPECT_EQ(ends_outreach(stage),
              stage.workflow == "completed" || stage.workflow == "rejected" || stage.workflow == "deleted");
  }
}

}  // namespace
}  // namespace overture::rules
