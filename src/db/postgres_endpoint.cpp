// Connecting with patience for restarts and none for outages.
#include "db/postgres_endpoint.hpp"

#include <array>
#include <thread>

#include "db/postgres_error.hpp"

namespace overture::db {
namespace {

using namespace std::chrono_literals;

constexpr auto kPatience = 2s;
constexpr auto kBetweenProbes = 250ms;
constexpr auto kBetweenLooks = 50ms;

void ignore_notice(void*, const PGresult*) {}

PostgresHandle try_once(const std::string& url) {
  // What stands before dbname is a default: the address may say otherwise.
  static constexpr std::array kNames{"connect_timeout",           "keepalives_idle",
                                     "keepalives_interval",       "keepalives_count",
                                     "tcp_user_timeout",          "target_session_attrs",
                                     "fallback_application_name", "dbname",
                                     "client_encoding",           static_cast<const char*>(nullptr)};
  const std::array<const char*, kNames.size()> values{"3",          "5",        "2",         "3",    "3000",
                                                      "read-write", "overture", url.c_str(), "UTF8", nullptr};
  PostgresHandle connection(PQconnectdbParams(kNames.data(), values.data(), 1));
  if (connection != nullptr) PQsetNoticeReceiver(connection.get(), ignore_notice, nullptr);
  return connection;
}

}  // namespace

PostgresHandle PostgresEndpoint::connect() {
  const auto started = Clock::now();
  for (;;) {
    PostgresHandle connection;
    if (may_try()) {
      connection = try_once(url_);
      const bool reached = PQstatus(connection.get()) == CONNECTION_OK;
      note(reached);
      if (reached) return connection;
    }
    if (away_for_long() || Clock::now() - started >= kPatience) {
      if (connection == nullptr) {
        throw base::Error(base::ErrorCode::unavailable, "The database cannot be reached", "still away");
      }
      throw postgres_error(connection.get(), "The database cannot be reached");
    }
    std::this_thread::sleep_for(kBetweenLooks);
  }
}

bool PostgresEndpoint::may_try() {
  const std::lock_guard guard(mutex_);
  if (away_ && Clock::now() - last_try_ < kBetweenProbes) return false;
  last_try_ = Clock::now();
  return true;
}

void PostgresEndpoint::note(bool reached) {
  const std::lock_guard guard(mutex_);
  if (!reached && !away_) away_since_ = Clock::now();
  away_ = !reached;
}

bool PostgresEndpoint::away_for_long() {
  const std::lock_guard guard(mutex_);
  return away_ && Clock::now() - away_since_ >= kPatience;
}

}  // namespace overture::db
