#include "outreach/absence.hpp"

#include <algorithm>
#include <string>

#include "intake/runs.hpp"
#include "outreach/facts.hpp"
#include "outreach/run.hpp"
#include "rules/follow_up.hpp"

namespace overture::outreach {

void wait_for_return(db::Connection& connection, std::int64_t account, std::int64_t opportunity,
                     const Absence& absence) {
  connection.lock("opportunity " + std::to_string(opportunity));
  std::optional<Run> run = find_run(connection, account, opportunity);
  if (!run || (run->state != "waiting" && run->state != "finishing")) return;
  const rules::SendingWindow window = load_window(connection, account, run->campaign);
  std::optional<std::int64_t> last_day;
  if (absence.back_on) last_day = *absence.back_on / base::kDay - 1;
  const std::optional<base::Millis> resume =
      rules::resume_after_out_of_office(window, absence.told_at, last_day, run->due_at);
  if (!resume) return;
  run->due_at = std::max(run->due_at, *resume);
  // Also where it changes nothing: the sequence may become another one before they are back.
  run->why = intake::kOutOfOffice;
  store_run(connection, *run);
}

}  // namespace overture::outreach
