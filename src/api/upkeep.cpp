// What the pipeline does by itself now and then: looks at the maintenance switch, writes usage, forgets old
// answers and deliveries.
#include "api/idempotency.hpp"
#include "api/pipeline.hpp"
#include "base/log.hpp"
#include "events/webhook.hpp"
#include "intake/snooze.hpp"

namespace overture::api {
namespace {

constexpr base::Millis kFlushEvery = 5 * base::kSecond;

}  // namespace

void Pipeline::tick() {
  try {
    maintenance_ = services_.database.read([](db::Connection& connection) {
      return connection.text(db::Sql("SELECT value FROM settings WHERE name = 'maintenance'")) == "on";
    });
    if (database_away_.exchange(false)) base::log_info("the database is back");
  } catch (const std::exception& problem) {
    // Said once, not twice a second.
    if (!database_away_.exchange(true))
      base::log_warning("the database is away", {{"problem", problem.what()}});
    return;
  }
  base::Millis now = services_.clock.now();
  if (now - flushed_at_ < kFlushEvery && now >= flushed_at_) return;
  flushed_at_ = now;
  flush();
  wake_snoozed(now);
  if (now - forgotten_at_ < base::kHour && now >= forgotten_at_) return;
  forgotten_at_ = now;
  try {
    services_.database.write([now](db::Connection& connection) { forget_old_answers(connection, now); });
    const auto forget_some = [now](db::Connection& connection) {
      return events::forget_old_deliveries(connection, now);
    };
    while (services_.database.write(forget_some)) {
    }
  } catch (const std::exception& problem) {
    base::log_warning("what is too old could not be removed", {{"problem", problem.what()}});
  }
}

void Pipeline::wake_snoozed(base::Millis now) {
  try {
    const bool due = services_.database.read(
        [now](db::Connection& connection) { return intake::is_snooze_over(connection, now); });
    if (!due) return;
    services_.database.write([now](db::Connection& connection) { intake::wake_snoozed(connection, now); });
  } catch (const std::exception& problem) {
    base::log_warning("snoozed mails could not be brought back", {{"problem", problem.what()}});
  }
}

void Pipeline::flush() {
  try {
    services_.usage.flush(services_.database);
  } catch (const std::exception& problem) {
    base::log_warning("usage could not be written", {{"problem", problem.what()}});
  }
}

}  // namespace overture::api
