#include "app/application.hpp"

#include <future>

#include "app/version.hpp"
#include "base/crypto.hpp"
#include "work/apply_blocklist.hpp"
#include "work/discover.hpp"
#include "work/filter_by_metrics.hpp"
#include "work/find_backlinks.hpp"
#include "work/import_prospects.hpp"

namespace overture::app {
namespace {

using namespace std::chrono_literals;

constexpr auto kTick = 500ms;

std::unique_ptr<db::Database> open_migrated(const Application::Options& options) {
  auto database = db::Database::open({.url = options.database, .readers = options.readers});
  const int steps = db::migrate(*database);
  if (steps > 0)
    base::log_info("database migrated", {{"steps", steps}, {"schema", db::latest_schema_version()}});
  return database;
}

std::vector<jobs::JobKind> job_kinds(const work::Sources& sources) {
  const work::MetricsFilter filter = work::filter_by_metrics(sources);
  return {work::import_prospects(filter), work::discover(sources, filter),
          work::find_backlinks(sources, filter), work::apply_blocklist()};
}

/// Message-IDs and unsubscribe links are made with a key of their own.
outreach::Install make_install(const Application::Options& options) {
  const base::Digest key = base::hmac_sha256(options.secret_key.reveal(), "outreach");
  return {base::HmacKey(base::bytes_of(key)), options.public_url};
}

void report_job(const jobs::Job& job, std::string_view problem) {
  base::log_warning("job",
                    {{"kind", job.kind}, {"job", job.id}, {"account", job.account}, {"problem", problem}});
}

}  // namespace

Application::Application(Options options)
    : clock_(options.clock != nullptr ? *options.clock : system_clock_),
      database_(open_migrated(options)),
      tokens_(options.secret_key.reveal()),
      caches_(options.cache_bytes),
      rate_limit_(options.rate_limit),
      sealer_(options.secret_key.reveal()),
      install_(make_install(options)),
      own_probe_(options.probe == nullptr ? mailbox::make_probe(options.mail_ca_file) : nullptr),
      own_token_source_(options.token_source == nullptr
                            ? std::make_unique<mailbox::OauthTokenSource>(
                                  clock_, mailbox::Trust{.ca_file = options.mail_ca_file})
                            : nullptr),
      probes_({.database = *database_, .caches = caches_}),
      unsubscribe_page_(*database_, clock_, install_),
      pipeline_({.database = *database_,
                 .clock = clock_,
                 .tokens = tokens_,
                 .caches = caches_,
                 .rate_limit = rate_limit_,
                 .usage = usage_,
                 .login_guard = login_guard_,
                 .sealer = sealer_,
                 .probe = options.probe == nullptr ? *own_probe_ : *options.probe,
                 .token_source = options.token_source == nullptr ? *own_token_source_ : *options.token_source,
                 .install = install_},
                [this](http::Request&& request, http::Reply reply) {
                  answer_outside(std::move(request), std::move(reply));
                }),
      outgoing_("Overture/" + std::string(kVersion)),
      sources_(options.data, outgoing_),
      runner_(*database_, clock_, job_kinds(sources_),
              {.threads = options.job_threads, .report = report_job}),
      runs_jobs_(options.job_threads > 0),
      notifier_({.database = *database_,
                 .clock = clock_,
                 .install = install_,
                 .sealer = sealer_,
                 .client = outgoing_,
                 .allow_private = options.private_webhooks}) {
  if (options.send_threads == 0) return;
  engine_ = std::make_unique<work::Engine>(work::Engine::Parts{
      .database = *database_,
      .clock = clock_,
      .sealer = sealer_,
      .install = install_,
      .tokens = options.token_source == nullptr ? *own_token_source_ : *options.token_source,
      .outbox_folder = options.data / "outbox",
      .ca_file = options.mail_ca_file,
      .senders = options.send_threads,
      .readers = options.send_threads,
      .poll_every = options.poll_every});
}

Application::~Application() {
  stop(5s);
  // Writes that are still queued refer to the pipeline.
  wait_for_requests(std::chrono::hours(24));
}

void Application::dispatch(http::Request&& request, http::Reply reply) {
  ++in_flight_;
  pipeline_.dispatch(std::move(request), [this, reply = std::move(reply)](http::Response&& response) {
    reply(std::move(response));
    --in_flight_;
  });
}

void Application::answer_outside(http::Request&& request, http::Reply reply) {
  if (api::UnsubscribePage::is_here(request.path)) {
    unsubscribe_page_.answer(std::move(request), pipeline_.in_maintenance(), std::move(reply));
  } else {
    reply(probes_.answer(request, pipeline_, server_ ? &server_->metrics() : nullptr));
  }
}

http::Response Application::handle(http::Request request) {
  std::promise<http::Response> answered;
  dispatch(std::move(request),
           [&answered](http::Response&& response) { answered.set_value(std::move(response)); });
  return answered.get_future().get();
}

void Application::start() {
  pipeline_.tick();
  if (runs_jobs_) {
    runner_.start();
    notifier_.start();
  }
  if (engine_) engine_->start();
  ticker_ = std::thread([this] { tick(); });
}

unsigned short Application::listen(http::ServerOptions options, http::AccessLog access_log) {
  server_ = std::make_unique<http::Server>(
      std::move(options),
      [this](http::Request&& request, http::Reply reply) { dispatch(std::move(request), std::move(reply)); },
      [this](const http::Request& head) { return pipeline_.body_limit(head); }, std::move(access_log));
  server_->start();
  return server_->port();
}

void Application::stop(std::chrono::milliseconds deadline) {
  if (server_) server_->stop(deadline);
  wait_for_requests(deadline);
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    stopping_ = true;
    changed_.notify_all();
  }
  if (runs_jobs_ && !runner_.stop(deadline.count())) {
    base::log_warning("a job did not leave in time; it goes on after the next start");
  }
  if (!notifier_.stop(deadline)) {
    base::log_warning("a webhook is still being called; it may be called again after the next start");
  }
  if (engine_ && !engine_->stop(deadline)) {
    base::log_warning(
        "a mail is still being handed over; what became of it is found out after the next start");
  }
  if (ticker_.joinable()) ticker_.join();
  pipeline_.flush();
}

void Application::tick() {
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, kTick, [this] { return stopping_; })) {
    lock.unlock();
    pipeline_.tick();
    lock.lock();
  }
}

void Application::wait_for_requests(std::chrono::milliseconds deadline) {
  const auto give_up = std::chrono::steady_clock::now() + deadline;
  while (in_flight_ > 0 && std::chrono::steady_clock::now() < give_up) std::this_thread::sleep_for(2ms);
}

}  // namespace overture::app
