#include "work/engine.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "base/crypto.hpp"
#include "base/log.hpp"

namespace overture::work {
namespace {

using namespace std::chrono_literals;

constexpr auto kPlannerPause = 1000ms;
constexpr auto kSenderPause = 500ms;
constexpr auto kReaderPause = 2000ms;
constexpr auto kAfterFailure = 3000ms;
constexpr auto kTendPause = 10s;
constexpr std::chrono::milliseconds kIdle = 2min;

std::string make_owner() { return std::to_string(getpid()) + "-" + base::random_hex(8); }

std::uint64_t random_number() {
  const std::string bytes = base::random_bytes(sizeof(std::uint64_t));
  std::uint64_t number = 0;
  std::memcpy(&number, bytes.data(), sizeof number);
  return number;
}

/// Where tests stop the process: OVERTURE_STOP_AT names a place and, after a colon, how often it is passed
/// before.
Failpoint stop_point() {
  const char* text = std::getenv("OVERTURE_STOP_AT");
  if (text == nullptr) return {};
  const std::string_view wanted(text);
  const std::size_t colon = wanted.find(':');
  auto left = std::make_shared<std::atomic<int>>(
      colon == std::string_view::npos ? 1 : std::max(1, std::atoi(text + colon + 1)));
  return [name = std::string(wanted.substr(0, colon)), left](std::string_view place) {
    if (place == name && --*left == 0) std::abort();
  };
}

}  // namespace

Engine::Engine(Parts parts)
    : parts_(std::move(parts)),
      door_(parts_.database, parts_.clock, parts_.sealer, parts_.tokens),
      smtp_({.trust = {parts_.ca_file}}),
      imap_({.trust = {parts_.ca_file}}),
      folder_(parts_.outbox_folder),
      planner_(parts_.database, parts_.clock, parts_.install, random_number),
      sender_({.database = parts_.database,
               .clock = parts_.clock,
               .install = parts_.install,
               .door = door_,
               .smtp = smtp_,
               .folder = folder_,
               .chance = random_number,
               .owner = make_owner(),
               .failpoint = stop_point()}),
      poller_({.database = parts_.database,
               .clock = parts_.clock,
               .install = parts_.install,
               .door = door_,
               .imap = imap_,
               .chance = random_number,
               .owner = make_owner(),
               .every = parts_.poll_every,
               .failpoint = stop_point()}) {}

Engine::~Engine() { stop(std::chrono::minutes(30)); }

void Engine::start() {
  sender_.rescue(parts_.database.engine() == db::Engine::sqlite);
  const auto begin = [this](auto body) {
    ++working_;
    threads_.emplace_back(body);
  };
  begin([this] { loop("planner", kPlannerPause, [this] { return planner_.tick() > 0; }); });
  for (int i = 0; i < parts_.senders; ++i) {
    begin([this] { loop("sender", kSenderPause, [this] { return sender_.send_next(); }); });
  }
  for (int i = 0; i < parts_.readers; ++i) {
    begin([this] { loop("reader", kReaderPause, [this] { return poller_.poll_next(idle_time()); }); });
  }
  begin([this] {
    loop("tending", kTendPause, [this] {
      tend();
      return false;
    });
  });
}

bool Engine::stop(std::chrono::milliseconds deadline) {
  std::unique_lock lock(mutex_);
  stopping_ = true;
  changed_.notify_all();
  lock.unlock();
  poller_.wake();
  lock.lock();
  const bool ended = changed_.wait_for(lock, deadline, [this] { return working_ == 0; });
  lock.unlock();
  if (!ended) return false;
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  return true;
}

void Engine::loop(std::string_view name, std::chrono::milliseconds pause, const std::function<bool()>& step) {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    std::chrono::milliseconds wait = pause;
    try {
      if (step()) wait = 0ms;
    } catch (const std::exception& error) {
      base::log_warning("sending", {{"part", name}, {"error", error.what()}});
      wait = kAfterFailure;
    }
    lock.lock();
    if (wait > 0ms) changed_.wait_for(lock, wait, [this] { return stopping_; });
  }
  --working_;
  changed_.notify_all();
}

void Engine::tend() {
  sender_.tend();
  if (parts_.database.engine() != db::Engine::sqlite) sender_.rescue(false);
}

std::chrono::milliseconds Engine::idle_time() {
  const std::int64_t mailboxes = parts_.database.read([](db::Connection& connection) {
    return connection.integer(
        db::Sql("SELECT COUNT(*) FROM (SELECT 1 FROM mailboxes WHERE imap_host <> '' AND authentication <> "
                "'outbox' LIMIT "
                "1000) x"));
  });
  return mailboxes <= parts_.readers ? kIdle : 0ms;
}

}  // namespace overture::work
