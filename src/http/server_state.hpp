// What the parts of the server share. It lives until the last session and the last late Reply are gone.
#pragma once
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <unordered_set>
#include <vector>

#include "http/access.hpp"
#include "http/message.hpp"
#include "http/metrics.hpp"
#include "http/options.hpp"

namespace boost::asio {
class io_context;
}

namespace overture::http {

class Session;

/// The open sessions. It owns them while they wait for a Reply.
class SessionSet {
 public:
  void add(std::shared_ptr<Session> session);
  void remove(const std::shared_ptr<Session>& session);
  std::vector<std::shared_ptr<Session>> all() const;
  std::vector<std::shared_ptr<Session>> due(std::chrono::steady_clock::time_point now) const;
  /// False when there are still some after `limit`.
  bool wait_empty(std::chrono::milliseconds limit);
  void clear();

 private:
  mutable std::mutex mutex_;
  std::condition_variable emptied_;
  std::unordered_set<std::shared_ptr<Session>> sessions_;
};

struct ServerState {
  ServerState(ServerOptions given, Dispatch on_request, BodyLimit limit, AccessLog log);
  ~ServerState();
  ServerState(const ServerState&) = delete;
  ServerState& operator=(const ServerState&) = delete;

  const ServerOptions options;
  const Dispatch dispatch;
  const BodyLimit body_limit;
  const AccessLog access_log;
  ServerMetrics metrics;
  std::atomic<bool> is_stopping{false};
  SessionSet sessions;
  std::unique_ptr<boost::asio::io_context> io;
};

}  // namespace overture::http
