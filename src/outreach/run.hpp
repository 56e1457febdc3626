// Where an opportunity stands in its campaign's sequence: a row of outreach_runs.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "db/connection.hpp"

namespace overture::outreach {

struct Run {
  std::int64_t account = 0;
  std::int64_t opportunity = 0;
  std::int64_t project = 0;
  std::int64_t campaign = 0;
  std::int64_t run = 1;            ///< counts the restarts
  std::int64_t contact = 0;        ///< 0: not chosen yet
  std::int64_t email_account = 0;  ///< 0: not chosen yet
  std::int64_t user = 0;           ///< who launched it
  std::int64_t next_attempt = 1;
  base::Millis due_at = 0;
  std::string state;  ///< compose, waiting, review, outgoing, finishing, held, paused or over
  std::string why;
};

/// What stands for the run of an opportunity that is not in outreach: as a launch would begin it, numbered 0.
Run unlaunched_run(std::int64_t account, std::int64_t opportunity, std::int64_t project,
                   std::int64_t campaign);

std::optional<Run> find_run(db::Connection& connection, std::int64_t account, std::int64_t opportunity);

/// Why a mail of the opportunity's run `number` will never leave: for people. nullopt while that run goes on.
std::optional<std::string> why_over(const std::optional<Run>& run, std::int64_t number);

/// Writes what the engine decides: contact, email_account, next_attempt, due_at, state and why.
void store_run(db::Connection& connection, const Run& run);

}  // namespace overture::outreach
