// Two maps under one lock; flush takes them out and puts them back when the write fails.
#include "api/usage.hpp"

#include "base/time.hpp"

namespace overture::api {

void Usage::add(std::int64_t account, std::int64_t user, std::int64_t token, std::int64_t cost,
                base::Millis now) {
  std::lock_guard lock(mutex_);
  Day& day = gathered_.days[{account, user, now / base::kDay}];
  day.requests += 1;
  day.cost += cost;
  gathered_.tokens[token] = now;
}

void Usage::flush(db::Database& database) {
  Gathered taken;
  {
    std::lock_guard lock(mutex_);
    taken = std::exchange(gathered_, {});
  }
  if (taken.days.empty()) return;
  try {
    database.write([&taken](db::Connection& connection) {
      for (const auto& [key, day] : taken.days) {
        const auto& [account, user, number] = key;
        std::string date = base::rfc3339(number * base::kDay).substr(0, 10);
        connection.execute(db::Sql(
            "INSERT INTO usage_days (account_id, user_id, day, requests, cost) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (account_id, user_id, day) DO UPDATE SET "
            "requests = usage_days.requests + excluded.requests, cost = usage_days.cost + excluded.cost",
            account, user, date, day.requests, day.cost));
      }
      for (const auto& [token, time] : taken.tokens) {
        connection.execute(db::Sql("UPDATE tokens SET last_used_at = ? WHERE id = ?", time, token));
      }
    });
  } catch (...) {
    std::lock_guard lock(mutex_);
    for (const auto& [key, day] : taken.days) {
      Day& kept = gathered_.days[key];
      kept.requests += day.requests;
      kept.cost += day.cost;
    }
    for (const auto& [token, time] : taken.tokens) gathered_.tokens.try_emplace(token, time);
    throw;
  }
}

}  // namespace overture::api
