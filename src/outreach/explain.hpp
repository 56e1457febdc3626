// Why an opportunity has not been mailed, and when it will be: every gate with its state, for people.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "db/connection.hpp"
#include "outreach/install.hpp"
#include "rules/sending_gates.hpp"

namespace overture::outreach {

struct Explanation {
  bool may_send = false;
  std::string held_by;  ///< a gate_name(); empty when it may be sent
  /// The first moment at which the gates let its next mail pass and those that come first can have been sent;
  /// none when a person has to act first.
  std::optional<base::Millis> next_possible;
  std::string sentence;  ///< the answer in a few words, also where no gate says it
  std::int64_t attempt = 1;
  std::int64_t attempts = 0;  ///< how many the sequence has
  /// Whom the next mail goes to, and from where; 0 where nobody and nothing was found.
  std::int64_t contact = 0;
  std::int64_t email_account = 0;
  std::int64_t run = 0;   ///< 0: never launched
  std::string run_state;  ///< as outreach_runs has it; `not_launched` without a run
  std::string run_why;
  std::optional<base::Millis> due_at;
  std::int64_t ahead = 0;  ///< of a waiting one: others of its campaign whose turn comes first
  std::vector<rules::GateState> gates;
};

/// nullopt when there is no such opportunity. Changes nothing.
std::optional<Explanation> explain_opportunity(db::Connection& connection, const Install& install,
                                               std::int64_t account, std::int64_t opportunity,
                                               base::Millis now);

}  // namespace overture::outreach
