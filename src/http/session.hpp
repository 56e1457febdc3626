// One connection: reads requests, hands them over, writes the answers, keeps the deadlines.
#pragma once
#include <memory>

#include "http/deadline.hpp"

namespace overture::http {

struct ServerState;

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

  bool is_due(Deadline::Clock::time_point now) const { return deadline_.is_due(now); }

 protected:
  Deadline deadline_;
};

/// Takes over the connected descriptor; `is_v6` is its family. The session puts itself in and out of
/// state->sessions.
std::shared_ptr<Session> make_session(std::shared_ptr<ServerState> state, int descriptor, bool is_v6);

}  // namespace overture::http
