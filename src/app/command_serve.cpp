// `overture serve`: the server until SIGTERM or SIGINT.
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>

#include "app/application.hpp"
#include "app/commands.hpp"
#include "app/demo_key.hpp"
#include "app/secret_key.hpp"
#include "app/stop_signals.hpp"
#include "app/store.hpp"
#include "app/version.hpp"
#include "base/processors.hpp"

namespace overture::app {
namespace {

using namespace std::chrono_literals;

/// Connections, requests and jobs get this long each; the whole of it is cut off at kStopDeadline.
constexpr auto kStepDeadline = 3s;
constexpr auto kStopDeadline = 10s;

/// As many connections as the system allows: the soft limit is often 1,024.
void raise_descriptor_limit() {
  struct rlimit limit {};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

http::AccessLog make_access_log(AccessLogging which) {
  if (which == AccessLogging::off) return {};
  return [which](const http::AccessEntry& entry) {
    const bool failed = entry.status >= 500;
    if (which == AccessLogging::errors && !failed) return;
    base::log(failed ? base::LogLevel::error : base::LogLevel::info, "request",
              {{"method", entry.method},
               {"path", entry.path},
               {"status", entry.status},
               {"us", entry.duration_us},
               {"in", entry.bytes_in},
               {"out", entry.bytes_out},
               {"request", entry.request_id}});
  };
}

/// Where a person reaches it: all addresses includes this machine's own.
std::string shown_address(const ListenAddress& address) {
  ListenAddress shown = address;
  if (shown.host == "*" || shown.host == "0.0.0.0" || shown.host == "::") shown.host = "127.0.0.1";
  return shown.text();
}

void print_demo(const DemoLogin& demo, const std::string& key, const std::string& url) {
  fmt::print("\nDemo workspace\n  account   {}\n  e-mail    {}\n  password  {}\n", demo.account, demo.email,
             demo.password);
  fmt::print(
      "  API key   {}\n\nTry it:\n  curl -H 'Authorization: Bearer {}' '{}/api/opportunities?limit=2'\n", key,
      key, url);
}

}  // namespace

int run_serve(const Config& config) {
  raise_descriptor_limit();
  hold_stop_signals();
  const base::SystemClock clock;
  const int threads = config.threads > 0 ? config.threads : base::available_processors();
  const std::optional<FileLock> lock = lock_beside_others(config);
  Application application({.database = config.database,
                           .data = config.data,
                           .secret_key = load_secret_key(config),
                           .clock = &clock,
                           // Beside those that answer: passwords, the ticker, jobs, webhooks.
                           .readers = threads + config.job_threads + config.send_threads + 3,
                           .rate_limit = config.rate_limit,
                           .cache_bytes = config.cache_bytes,
                           .job_threads = config.job_threads,
                           .send_threads = config.send_threads,
                           .poll_every = config.poll_seconds * base::kSecond,
                           .mail_ca_file = config.mail_ca_file,
                           .private_webhooks = config.private_webhooks,
                           .public_url = config.public_url});
  std::optional<DemoLogin> demo;
  std::string demo_key;
  if (config.demo) {
    demo = ensure_demo(application.database(), clock);
    demo_key = ensure_demo_key(config, application.database(), application.token_keys(), clock, *demo);
  }
  application.start();
  ListenAddress address = config.listen;
  address.port = application.listen({.host = config.listen.host,
                                     .port = config.listen.port,
                                     .threads = threads,
                                     .max_connections = config.max_connections},
                                    make_access_log(config.access_logging));
  const std::string url = "http://" + shown_address(address);
  fmt::print("listening on http://{}\n", address.host == "*" ? shown_address(address) : address.text());
  if (demo) print_demo(*demo, demo_key, config.public_url.empty() ? url : config.public_url);
  std::fflush(stdout);
  base::log_info("started", {{"version", kVersion},
                             {"address", address.text()},
                             {"database", config.database_name()},
                             {"threads", threads},
                             {"job_threads", config.job_threads}});

  wait_for_stop(kStopDeadline);
  base::log_info("stopping");
  application.stop(kStepDeadline);
  base::log_info("stopped");
  return 0;
}

}  // namespace overture::app
