#include "work/engine.hpp"

#include <unistd.h>

#include "base/crypto.hpp"
#include "base/log.hpp"

namespace overture::work {
namespace {

using namespace std::chrono_literals;

constexpr auto kPlannerPause = 1000ms;
constexpr auto kSenderPause = 500ms;
constexpr auto kReaderPause = 2000ms;
constexpr auto kTendPause = 10s;
constexpr std::chrono::milliseconds kIdle = 2min;

std::string make_owner() { return std::to_string(getpid()) + "-" + base::random_hex(8); }

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
  loops_.begin("planner", kPlannerPause, [this] { return planner_.tick() > 0; });
  for (int i = 0; i < parts_.senders; ++i) {
    loops_.begin("sender", kSenderPause, [this] { return sender_.send_next(); });
  }
  for (int i = 0; i < parts_.readers; ++i) {
    loops_.begin("reader", kReaderPause, [this] { return poller_.poll_next(idle_time()); });
  }
  loops_.begin("tending", kTendPause, [this] {
    tend();
    return false;
  });
}

bool Engine::stop(std::chrono::milliseconds deadline) {
  loops_.ask_to_stop();
  poller_.wake();
  if (!loops_.wait(deadline)) return false;
  try {
    sender_.write_down_left();
  } catch (const std::exception& error) {
    base::log_warning("sending", {{"part", "stop"}, {"error", error.what()}});
  }
  return true;
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
