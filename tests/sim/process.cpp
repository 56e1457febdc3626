#include "sim/process.hpp"

#include "base/error.hpp"

namespace overture::sim {
namespace {

/// More rounds than this at one moment would be a loop without end.
constexpr int kMostRounds = 2000;

}  // namespace

Process::Process(World& world, int number, std::function<void(Process&, std::string_view)> at)
    : world_(world),
      number_(number),
      at_(std::move(at)),
      database_(*world.database,
                [this](std::string_view name) {
                  try {
                    at_(*this, name);
                  } catch (const base::Error&) {
                    troubled_ = true;
                    throw;
                  }
                }),
      door_(database_, world.clock, world.sealer, tokens_) {
  begin();
}

void Process::begin() {
  const std::string owner = "process " + name();
  const auto chance = [this] { return world_.dice.next(); };
  const auto failpoint = [this](std::string_view name) { at_(*this, name); };
  planner_ = std::make_unique<work::Planner>(database_, world_.clock, world_.install, chance);
  sender_ = std::make_unique<work::Sender>(work::Sender::Parts{.database = database_,
                                                               .clock = world_.clock,
                                                               .install = world_.install,
                                                               .door = door_,
                                                               .smtp = world_.post,
                                                               .folder = world_.post,
                                                               .chance = chance,
                                                               .owner = owner,
                                                               .failpoint = failpoint});
  poller_ = std::make_unique<work::Poller>(work::Poller::Parts{.database = database_,
                                                               .clock = world_.clock,
                                                               .install = world_.install,
                                                               .door = door_,
                                                               .imap = world_.post,
                                                               .chance = chance,
                                                               .owner = owner,
                                                               .every = world_.shape.poll_every,
                                                               .failpoint = failpoint});
  is_new_ = true;
}

/// As the engine's loops do: a failure ends what was begun, and the next time it is tried again.
void Process::repeat(const char* what, const std::function<bool()>& step) {
  try {
    for (int round = 0; step(); ++round) {
      if (round == kMostRounds) throw std::runtime_error(std::string("no end of ") + what);
    }
  } catch (const base::Error& error) {
    if (!troubled_ || error.code() != base::ErrorCode::unavailable) throw;
  }
}

void Process::rest() {
  repeat("rescuing", [this] {
    const bool alone = world_.shape.workers == 1;
    if (is_new_ || !alone) sender_->rescue(is_new_ && alone);
    is_new_ = false;
    return false;
  });
  // The engine tends every few seconds; here only where it would find something.
  const bool waits_for_books =
      world_.integer(db::Sql("SELECT COUNT(*) FROM outbox WHERE state = 'taken'")) > 0;
  if (troubled_ || waits_for_books) {
    troubled_ = false;
    repeat("tending", [this] {
      sender_->tend();
      return false;
    });
  }
  repeat("planning", [this] {
    planner_->tick();
    return false;
  });
  repeat("sending", [this] { return sender_->send_next(); });
  repeat("reading", [this] { return poller_->poll_next(std::chrono::milliseconds(0)); });
}

void Process::work() {
  if (busy_) return;
  busy_ = true;
  try {
    rest();
    busy_ = false;
  } catch (const Killed&) {
    ++deaths;
    troubled_ = false;
    begin();
    at_(*this, "died");
    busy_ = false;
  } catch (...) {
    busy_ = false;
    throw;
  }
}

}  // namespace overture::sim
