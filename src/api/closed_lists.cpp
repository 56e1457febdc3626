// Lists whose names live in lower layers.
#include "api/closed_lists.hpp"

#include <algorithm>

#include "jobs/job.hpp"
#include "rules/stage.hpp"

namespace overture::api {
namespace {

std::vector<std::string_view> names_of_stages(std::string_view rules::Stage::*part) {
  std::vector<std::string_view> names;
  for (const rules::Stage& stage : rules::all_stages()) {
    if (std::find(names.begin(), names.end(), stage.*part) == names.end()) names.push_back(stage.*part);
  }
  return names;
}

}  // namespace

const std::vector<std::string_view>& workflow_statuses() {
  static const std::vector<std::string_view> names = names_of_stages(&rules::Stage::workflow);
  return names;
}

const std::vector<std::string_view>& stage_statuses() {
  static const std::vector<std::string_view> names = names_of_stages(&rules::Stage::status);
  return names;
}

const std::vector<std::string_view>& job_states() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> made;
    for (int i = 0; i <= static_cast<int>(jobs::JobState::cancelled); ++i)
      made.push_back(jobs::state_name(static_cast<jobs::JobState>(i)));
    return made;
  }();
  return names;
}

}  // namespace overture::api
