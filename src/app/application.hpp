// The composition root: every object of the server, built once in the order in which they need each other.
#pragma once
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "api/pipeline.hpp"
#include "api/services.hpp"
#include "api/unsubscribe_page.hpp"
#include "app/probes.hpp"
#include "base/log.hpp"
#include "base/seal.hpp"
#include "db/database.hpp"
#include "http/server.hpp"
#include "jobs/runner.hpp"
#include "mailbox/probe.hpp"
#include "net/http_client.hpp"
#include "outreach/install.hpp"
#include "rest/caches.hpp"
#include "work/engine.hpp"
#include "work/notifier.hpp"
#include "work/sources.hpp"

namespace overture::app {

class Application {
 public:
  struct Options {
    std::string database;                ///< `sqlite:PATH` or `postgresql://…`
    std::filesystem::path data;          ///< directory of the providers' files; empty: the working directory
    base::Secret secret_key;             ///< at least 32 bytes
    const base::Clock* clock = nullptr;  ///< null: the system's
    int readers = 4;                     ///< database connections for reading
    int rate_limit = 300;                ///< requests a minute of each user; 0 = no limit
    std::size_t cache_bytes = std::size_t{32} << 20U;
    int job_threads = 1;   ///< 0: start() starts no runner
    int send_threads = 0;  ///< 0: mail is neither sent nor read
    base::Millis poll_every = 2 * base::kMinute;
    std::string mail_ca_file = {};
    bool private_webhooks = false;    ///< webhooks may also lead to this machine and its networks
    std::string public_url = {};      ///< `https://host`, no slash at the end; empty: not known
    mailbox::Probe* probe = nullptr;  ///< null: asks real servers
    mailbox::TokenSource* token_source = nullptr;  ///< null: asks real services
  };

  /// Opens and migrates the database and builds everything; no thread but the database's runs yet.
  /// Throws base::Error.
  explicit Application(Options options);
  /// Stops as stop() does, in 5 s a step; returns when every request and job has ended.
  ~Application();
  Application(const Application&) = delete;
  Application& operator=(const Application&) = delete;

  /// Answers one request, in process; the reply may come from another thread.
  void dispatch(http::Request&& request, http::Reply reply);
  /// The same, waited for. For tests.
  http::Response handle(http::Request request);

  /// Starts the job runner and the ticker that looks at the maintenance switch.
  void start();
  /// Answers on a socket too; after start(). Returns the port. Throws base::Error when it cannot be had.
  unsigned short listen(http::ServerOptions options, http::AccessLog access_log);

  /// Stops accepting, finishes requests, lets jobs leave, writes usage. Each step that would last longer than
  /// the deadline is cut off; the database finishes what was acknowledged in any case.
  void stop(std::chrono::milliseconds deadline);

  db::Database& database() { return *database_; }
  const api::TokenKeys& token_keys() const { return tokens_; }
  api::Pipeline& pipeline() { return pipeline_; }
  jobs::Runner& runner() { return runner_; }

 private:
  void answer_outside(http::Request&& request, http::Reply reply);
  void tick();
  void wait_for_requests(std::chrono::milliseconds deadline);

  base::SystemClock system_clock_;
  const base::Clock& clock_;
  std::unique_ptr<db::Database> database_;
  api::TokenKeys tokens_;
  rest::Caches caches_;
  api::RateLimit rate_limit_;
  api::Usage usage_;
  api::LoginGuard login_guard_;
  base::Sealer sealer_;
  outreach::Install install_;
  std::unique_ptr<mailbox::Probe> own_probe_;
  std::unique_ptr<mailbox::TokenSource> own_token_source_;
  Probes probes_;
  api::UnsubscribePage unsubscribe_page_;
  api::Pipeline pipeline_;
  net::CurlClient outgoing_;
  work::Sources sources_;
  jobs::Runner runner_;
  const bool runs_jobs_;
  work::Notifier notifier_;               ///< runs where jobs do
  std::unique_ptr<work::Engine> engine_;  ///< of a process that sends

  std::atomic<int> in_flight_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread ticker_;
  std::unique_ptr<http::Server> server_;
};

}  // namespace overture::app
