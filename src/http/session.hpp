// One connection: reads requests, hands them over, writes the answers, keeps the deadlines.
#pragma once
#include <atomic>
#include <cstdint>
#include <memory>

namespace overture::http {

struct ServerState;

/// Milliseconds of a clock that never goes back.
std::int64_t steady_millis();

/// Safe to use from any thread: everything but the constructor is put on the connection's own strand.
class Session {
 public:
  virtual ~Session() = default;
  virtual void start() = 0;
  /// Closes the connection if it is idle; else the request under way is the last one.
  virtual void wind_down() = 0;
  /// Closes the connection now.
  virtual void abort() = 0;
  /// Closes the connection if its deadline has really passed.
  virtual void expire() = 0;

  bool is_due(std::int64_t now) const { return deadline_.load(std::memory_order_relaxed) <= now; }

 protected:
  static constexpr std::int64_t kNever = INT64_MAX;
  /// When the connection is closed unless something happens; read by the sweeper.
  std::atomic<std::int64_t> deadline_{kNever};
};

/// Takes over the connected descriptor; `is_v6` is its family. The session puts itself in and out of
/// state->sessions.
std::shared_ptr<Session> make_session(std::shared_ptr<ServerState> state, int descriptor, bool is_v6);

}  // namespace overture::http
