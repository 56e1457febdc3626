// The figures of reports: how time is cut into buckets, and what is counted from events. Pure; events come in
// any order, each with its time in Unix milliseconds.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"

namespace overture::rules {

/// The first moment of a day, `YYYY-MM-DD`, in an IANA zone; nullopt for a day that does not exist or a year
/// outside 1970 to 9999. `days` is added to the day first.
std::optional<base::Millis> start_of_day(const std::string& zone, std::string_view date, int days = 0);

enum class BucketSize { day, week, month };

/// A stretch of time in a series: it ends where the next one begins.
struct Bucket {
  std::string date;       ///< the first day of its day, week (Monday) or month, as the zone's calendar has it
  base::Millis from = 0;  ///< the first moment of that day
};

/// All buckets that [from, to) touches, at least one. Days for at most 31 of them, weeks for at most 180
/// days, months for more. `from` is before `to`; nullopt for more than kMaxBuckets.
inline constexpr std::size_t kMaxBuckets = 1200;
std::optional<std::vector<Bucket>> make_buckets(const std::string& zone, base::Millis from, base::Millis to);

/// Gathers events of one period and says the figures.
class Report {
 public:
  explicit Report(std::vector<Bucket> buckets);

  void add_campaigns(base::Millis at, std::int64_t count);
  /// Opportunities whose workflow status changed. Leaving `inspect` forwards is inspected, passing
  /// `personalize` is personalized, reaching `outreach` from before it is outreached; a restart is none of
  /// them.
  void add_moves(base::Millis at, std::string_view from, std::string_view to, std::int64_t count);
  /// Mails that were sent or have bounced, and submitted forms.
  void add_sent(base::Millis at, std::int64_t attempt, bool bounced, std::int64_t count);
  /// A mail of a person; `attempt` is the highest one that was sent before it, 0 for none.
  void add_reply(base::Millis at, std::int64_t opportunity, std::int64_t attempt);
  enum class Outcome { won, lost };
  /// An opportunity entered a won or lost milestone and stands in one of that kind today.
  void add_outcome(base::Millis at, std::int64_t opportunity, Outcome outcome);

  struct Figures {
    std::string date;
    std::int64_t campaigns = 0;
    std::int64_t inspected = 0;
    std::int64_t personalized = 0;
    std::int64_t outreached = 0;
    std::int64_t rejected = 0;
    std::int64_t sent = 0;
    std::int64_t follow_ups = 0;
    std::int64_t responded = 0;  ///< distinct opportunities in this bucket
    std::int64_t bounced = 0;
    std::int64_t won = 0;  ///< each opportunity once, where it entered last
    std::int64_t lost = 0;
  };
  struct Attempt {
    std::int64_t number = 0;
    std::int64_t sent = 0;
    std::int64_t responded = 0;     ///< opportunities whose first reply of the period came after it
    std::int64_t rate_percent = 0;  ///< responded of sent, rounded
  };
  struct Totals {
    std::int64_t campaigns = 0;
    std::int64_t sent = 0;
    std::int64_t responded = 0;
    std::int64_t won = 0;
  };

  Totals totals() const;
  std::vector<Figures> figures() const;   ///< one for each bucket
  std::vector<Attempt> attempts() const;  ///< those that were sent or answered, ascending

 private:
  struct Reply {
    base::Millis at;
    std::int64_t attempt;
  };
  std::size_t bucket_of(base::Millis at) const;

  std::vector<Bucket> buckets_;
  std::vector<Figures> figures_;
  std::map<std::int64_t, std::int64_t> sent_by_attempt_;
  std::map<std::int64_t, Reply> first_replies_;
  std::set<std::pair<std::size_t, std::int64_t>> replies_;
  std::map<std::int64_t, base::Millis> outcomes_[2];
};

/// `of` in a hundred of `all`, rounded; 0 of nothing.
constexpr std::int64_t percent_of(std::int64_t of, std::int64_t all) {
  return all == 0 ? 0 : (200 * of + all) / (2 * all);
}

}  // namespace overture::rules
