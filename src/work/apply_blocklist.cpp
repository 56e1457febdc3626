// Each write takes out some hundred opportunities that are still there, under the lease: a run that is
// repeated finds the rest, and an entry that was taken off the list in between takes out nothing more.
#include "work/apply_blocklist.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>
#include <string>
#include <vector>

#include "intake/blocklist.hpp"
#include "intake/counts.hpp"

namespace overture::work {
namespace {

jobs::JobEnd run(jobs::JobContext& context) {
  const jobs::Job& job = context.job;
  const boost::json::value payload = boost::json::parse(job.payload);
  const auto entries = boost::json::value_to<std::vector<std::int64_t>>(payload.at("entries"));
  std::int64_t done = job.done;
  for (;;) {
    if (context.stopping) throw jobs::Interrupted();
    const std::size_t removed = context.database.write([&](db::Connection& connection) {
      jobs::hold(connection, job);
      const std::size_t n = intake::apply_blocklist(connection, job.account, entries, context.clock.now());
      if (n == 0) return n;
      jobs::record(connection, job, {job.total, done + static_cast<std::int64_t>(n), "{}", "[]"});
      intake::note_change(connection, job.account);
      return n;
    });
    done += static_cast<std::int64_t>(removed);
    if (removed < intake::kBlocklistStep) return {};
  }
}

}  // namespace

jobs::JobKind apply_blocklist() { return {std::string(intake::kApplyBlocklistKind), run}; }

}  // namespace overture::work
