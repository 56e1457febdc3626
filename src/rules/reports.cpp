// Calendar arithmetic with date's zones, and the counting.
#include "rules/reports.hpp"

#include <date/tz.h>

#include <algorithm>
#include <charconv>
#include <chrono>

namespace overture::rules {
namespace {

using base::Millis;
using std::chrono::milliseconds;

constexpr int kMaxDays = 31;
constexpr int kMaxWeekDays = 180;

using SysTime = std::chrono::time_point<std::chrono::system_clock, milliseconds>;

date::local_days day_of(const date::time_zone& zone, Millis at) {
  return date::floor<date::days>(zone.to_local(SysTime(milliseconds(at))));
}

/// Where midnight is skipped or there twice: the first moment of the day.
Millis moment_of(const date::time_zone& zone, date::local_days day) {
  const auto local = date::local_time<milliseconds>(day.time_since_epoch());
  return zone.to_sys(local, date::choose::earliest).time_since_epoch().count();
}

date::local_days first_day(date::local_days day, BucketSize size) {
  if (size == BucketSize::week) return day - (date::weekday(day) - date::Monday);
  if (size == BucketSize::day) return day;
  const date::year_month_day parts(day);
  return date::local_days(parts.year() / parts.month() / 1);
}

date::local_days next_day(date::local_days first, BucketSize size) {
  if (size == BucketSize::week) return first + date::days(7);
  if (size == BucketSize::day) return first + date::days(1);
  const date::year_month_day parts(first);
  return date::local_days((parts.year() / parts.month() + date::months(1)) / 1);
}

std::optional<int> number_of(std::string_view digits) {
  int number = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (problem != std::errc() || end != digits.data() + digits.size() || digits.front() == '-')
    return std::nullopt;
  return number;
}

/// How far a workflow status is on the way; what is off the way has none.
std::optional<int> rank_of(std::string_view workflow) {
  constexpr std::string_view kWay[] = {"inspect", "personalize", "compose", "outreach"};
  const auto* found = std::find(std::begin(kWay), std::end(kWay), workflow);
  if (found == std::end(kWay)) return std::nullopt;
  return static_cast<int>(found - std::begin(kWay));
}

}  // namespace

std::optional<Millis> start_of_day(const std::string& zone, std::string_view text, int days) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const std::optional<int> year = number_of(text.substr(0, 4));
  const std::optional<int> month = number_of(text.substr(5, 2));
  const std::optional<int> day = number_of(text.substr(8, 2));
  if (!year || !month || !day || *year < 1970) return std::nullopt;
  const date::year_month_day parts(date::year(*year), date::month(static_cast<unsigned>(*month)),
                                   date::day(static_cast<unsigned>(*day)));
  if (!parts.ok()) return std::nullopt;
  return moment_of(*date::locate_zone(zone), date::local_days(parts) + date::days(days));
}

std::optional<std::vector<Bucket>> make_buckets(const std::string& zone_name, Millis from, Millis to) {
  const date::time_zone& zone = *date::locate_zone(zone_name);
  const date::local_days first = day_of(zone, from);
  const date::local_days last = day_of(zone, to - 1);
  const auto days = (last - first).count() + 1;
  const BucketSize size = days <= kMaxDays       ? BucketSize::day
                          : days <= kMaxWeekDays ? BucketSize::week
                                                 : BucketSize::month;
  std::vector<Bucket> buckets;
  for (date::local_days day = first_day(first, size); day <= last; day = next_day(day, size)) {
    if (buckets.size() == kMaxBuckets) return std::nullopt;
    buckets.push_back({date::format("%F", day), moment_of(zone, day)});
  }
  return buckets;
}

Report::Report(std::vector<Bucket> buckets) : buckets_(std::move(buckets)), figures_(buckets_.size()) {
  for (std::size_t i = 0; i < buckets_.size(); ++i) figures_[i].date = buckets_[i].date;
}

std::size_t Report::bucket_of(Millis at) const {
  const auto after = std::upper_bound(buckets_.begin(), buckets_.end(), at,
                                      [](Millis time, const Bucket& bucket) { return time < bucket.from; });
  return after == buckets_.begin() ? 0 : static_cast<std::size_t>(after - buckets_.begin()) - 1;
}

void Report::add_campaigns(Millis at, std::int64_t count) { figures_[bucket_of(at)].campaigns += count; }

void Report::add_moves(Millis at, std::string_view from, std::string_view to, std::int64_t count) {
  Figures& figures = figures_[bucket_of(at)];
  if (to == "rejected") figures.rejected += count;
  const std::optional<int> before = rank_of(from);
  const std::optional<int> after = rank_of(to);
  if (!before || !after) return;
  const auto passed = [&](int rank) { return *before < rank && *after >= rank; };
  if (passed(1)) figures.inspected += count;
  if (passed(2)) figures.personalized += count;
  if (passed(3)) figures.outreached += count;
}

void Report::add_sent(Millis at, std::int64_t attempt, bool bounced, std::int64_t count) {
  Figures& figures = figures_[bucket_of(at)];
  figures.sent += count;
  if (attempt > 1) figures.follow_ups += count;
  if (bounced) figures.bounced += count;
  sent_by_attempt_[attempt] += count;
}

void Report::add_reply(Millis at, std::int64_t opportunity, std::int64_t attempt) {
  const std::size_t bucket = bucket_of(at);
  if (replies_.emplace(bucket, opportunity).second) ++figures_[bucket].responded;
  const auto [found, is_new] = first_replies_.try_emplace(opportunity, Reply{at, attempt});
  if (is_new) return;
  Reply& first = found->second;
  if (at < first.at || (at == first.at && attempt < first.attempt)) first = {at, attempt};
}

void Report::add_outcome(Millis at, std::int64_t opportunity, Outcome outcome) {
  Millis& last = outcomes_[static_cast<std::size_t>(outcome)][opportunity];
  last = std::max(last, at);
}

Report::Totals Report::totals() const {
  Totals totals;
  for (const Figures& figures : figures_) {
    totals.campaigns += figures.campaigns;
    totals.sent += figures.sent;
  }
  totals.responded = static_cast<std::int64_t>(first_replies_.size());
  totals.won = static_cast<std::int64_t>(outcomes_[static_cast<std::size_t>(Outcome::won)].size());
  return totals;
}

std::vector<Report::Figures> Report::figures() const {
  std::vector<Figures> all = figures_;
  for (const auto& [opportunity, at] : outcomes_[static_cast<std::size_t>(Outcome::won)])
    ++all[bucket_of(at)].won;
  for (const auto& [opportunity, at] : outcomes_[static_cast<std::size_t>(Outcome::lost)])
    ++all[bucket_of(at)].lost;
  return all;
}

std::vector<Report::Attempt> Report::attempts() const {
  std::map<std::int64_t, Attempt> all;
  for (const auto& [number, sent] : sent_by_attempt_) all[number].sent = sent;
  for (const auto& [opportunity, reply] : first_replies_) {
    if (reply.attempt > 0) ++all[reply.attempt].responded;
  }
  std::vector<Attempt> list;
  for (auto& [number, attempt] : all) {
    attempt.number = number;
    attempt.rate_percent = percent_of(attempt.responded, attempt.sent);
    list.push_back(attempt);
  }
  return list;
}

}  // namespace overture::rules
