// The set of sessions and the life of the io_context.
#include "http/server_state.hpp"

#include <boost/asio/io_context.hpp>
#include <utility>

#include "http/session.hpp"

namespace overture::http {

void SessionSet::add(std::shared_ptr<Session> session) {
  std::lock_guard lock(mutex_);
  sessions_.insert(std::move(session));
}

void SessionSet::remove(const std::shared_ptr<Session>& session) {
  std::lock_guard lock(mutex_);
  sessions_.erase(session);
  if (sessions_.empty()) emptied_.notify_all();
}

std::vector<std::shared_ptr<Session>> SessionSet::all() const {
  std::lock_guard lock(mutex_);
  return {sessions_.begin(), sessions_.end()};
}

std::vector<std::shared_ptr<Session>> SessionSet::due(std::chrono::steady_clock::time_point now) const {
  std::vector<std::shared_ptr<Session>> found;
  std::lock_guard lock(mutex_);
  for (const auto& session : sessions_) {
    if (session->is_due(now)) found.push_back(session);
  }
  return found;
}

bool SessionSet::wait_empty(std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  return emptied_.wait_for(lock, limit, [this] { return sessions_.empty(); });
}

void SessionSet::clear() {
  std::unordered_set<std::shared_ptr<Session>> rest;
  std::lock_guard lock(mutex_);
  rest.swap(sessions_);
}

ServerState::ServerState(ServerOptions given, Dispatch on_request, BodyLimit limit, AccessLog log)
    : options(std::move(given)),
      dispatch(std::move(on_request)),
      body_limit(std::move(limit)),
      access_log(std::move(log)),
      io(std::make_unique<boost::asio::io_context>(options.threads == 1 ? 1
                                                                        : BOOST_ASIO_CONCURRENCY_HINT_SAFE)) {
}

ServerState::~ServerState() = default;

}  // namespace overture::http
