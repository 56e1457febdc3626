// Threads, the sweeper of deadlines, start and stop.
#include "http/server.hpp"

#include <unistd.h>

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "base/processors.hpp"
#include "http/listener.hpp"
#include "http/server_state.hpp"
#include "http/session.hpp"

namespace overture::http {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;

/// How long connections that were cut off may take to end; they only have to be told.
constexpr milliseconds kCutOff{500};

ServerOptions with_threads(ServerOptions options) {
  if (options.threads <= 0) options.threads = base::available_processors();
  return options;
}

/// Deadlines are late by this much at most.
milliseconds sweep_interval(const ServerOptions& options) {
  auto shortest = std::min({options.header_timeout, options.idle_timeout, options.body_grace,
                            options.write_timeout, options.linger_timeout});
  return std::clamp(shortest / 4, milliseconds(5), milliseconds(250));
}

}  // namespace

struct Server::Running {
  Running(ServerOptions options, Dispatch dispatch, BodyLimit limit, AccessLog log)
      : state(std::make_shared<ServerState>(with_threads(std::move(options)), std::move(dispatch),
                                            std::move(limit), std::move(log))),
        listener(*state->io, state->options, state->metrics),
        sweeper(*state->io) {}

  void accept(int descriptor, bool is_v6) {
    auto& metrics = state->metrics;
    if (metrics.connections_open >= state->options.max_connections || state->is_stopping) {
      ++metrics.connections_refused;
      ::close(descriptor);
      return;
    }
    ++metrics.connections_accepted;
    std::shared_ptr<Session> session;
    try {
      session = make_session(state, descriptor, is_v6);
    } catch (...) {
      // Out of memory or of epoll watches.
      ++metrics.accept_failures;
      ::close(descriptor);
      return;
    }
    try {
      session->start();
    } catch (...) {
      ++metrics.accept_failures;
    }
  }

  /// One timer for all connections: rearming one per connection and request would cost more than this walk.
  void sweep() {
    sweeper.expires_after(sweep_interval(state->options));
    sweeper.async_wait([this](const boost::system::error_code& error) {
      if (error) return;
      for (const auto& session : state->sessions.due(Deadline::Clock::now())) session->expire();
      sweep();
    });
  }

  void run() {
    for (;;) {
      try {
        state->io->run();
        return;
      } catch (...) {
        ++state->metrics.handler_exceptions;
      }
    }
  }

  void run_rest() {
    for (;;) {
      try {
        state->io->poll();
        return;
      } catch (...) {
        ++state->metrics.handler_exceptions;
      }
    }
  }

  std::shared_ptr<ServerState> state;
  Listener listener;
  asio::steady_timer sweeper;
  std::optional<asio::executor_work_guard<asio::io_context::executor_type>> work;
  std::vector<std::thread> threads;
  bool is_started = false;
  bool is_stopped = false;
};

Server::Server(ServerOptions options, Dispatch dispatch, BodyLimit body_limit, AccessLog access_log)
    : running_(std::make_unique<Running>(std::move(options), std::move(dispatch), std::move(body_limit),
                                         std::move(access_log))) {}

Server::~Server() { stop(milliseconds(0)); }

void Server::start() {
  Running& server = *running_;
  // A client that goes away is an error of its socket, not the end of the program.
  std::signal(SIGPIPE, SIG_IGN);
  server.listener.open();
  server.is_started = true;
  server.work.emplace(server.state->io->get_executor());
  server.listener.start([&server](int descriptor, bool is_v6) { server.accept(descriptor, is_v6); });
  server.sweep();
  for (int i = 0; i < server.state->options.threads; ++i)
    server.threads.emplace_back([&server] { server.run(); });
}

unsigned short Server::port() const { return running_->listener.port(); }

void Server::stop(milliseconds deadline) {
  Running& server = *running_;
  if (!server.is_started || std::exchange(server.is_stopped, true)) return;
  auto& state = *server.state;
  state.is_stopping = true;
  server.listener.close();
  for (const auto& session : state.sessions.all()) session->wind_down();
  if (!state.sessions.wait_empty(deadline)) {
    for (const auto& session : state.sessions.all()) session->abort();
    state.sessions.wait_empty(kCutOff);
  }
  server.work.reset();
  state.io->stop();
  for (auto& thread : server.threads) thread.join();
  // What is still queued holds sessions, which hold the state, which holds the queue: run it off here.
  for (const auto& session : state.sessions.all()) session->abort();
  server.sweeper.cancel();
  state.io->restart();
  server.run_rest();
  state.sessions.clear();
}

const ServerMetrics& Server::metrics() const { return running_->state->metrics; }

}  // namespace overture::http
