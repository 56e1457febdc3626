#include "sim/process.hpp"

namespace overture::sim {
namespace {

/// More rounds than this at one moment would be a loop without end.
constexpr int kMostRounds = 2000;

}  // namespace

Process::Process(World& world, int number, std::function<void(Process&, std::string_view)> at)
    : world_(world),
      number_(number),
      at_(std::move(at)),
      door_(*world.database, world.clock, world.sealer, tokens_) {
  begin();
}

void Process::begin() {
  const std::string owner = "process " + name();
  const auto chance = [this] { return world_.dice.next(); };
  const auto failpoint = [this](std::string_view name) { at_(*this, name); };
  planner_ = std::make_unique<work::Planner>(*world_.database, world_.clock, world_.install, chance);
  sender_ = std::make_unique<work::Sender>(work::Sender::Parts{.database = *world_.database,
                                                               .clock = world_.clock,
                                                               .install = world_.install,
                                                               .door = door_,
                                                               .smtp = world_.post,
                                                               .folder = world_.post,
                                                               .chance = chance,
                                                               .owner = owner,
                                                               .failpoint = failpoint});
  poller_ = std::make_unique<work::Poller>(work::Poller::Parts{.database = *world_.database,
                                                               .clock = world_.clock,
                                                               .install = world_.install,
                                                               .door = door_,
                                                               .imap = world_.post,
                                                               .chance = chance,
                                                               .owner = owner,
                                                               .every = world_.shape.poll_every,
                                                               .failpoint = failpoint});
  sender_->rescue(world_.shape.workers == 1);
}

void Process::rest() {
  const auto repeat = [](const char* what, const std::function<bool()>& step) {
    for (int round = 0; step(); ++round) {
      if (round == kMostRounds) throw std::runtime_error(std::string("no end of ") + what);
    }
  };
  if (world_.shape.workers > 1) sender_->rescue(false);
  planner_->tick();
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
    begin();
    busy_ = false;
  } catch (...) {
    busy_ = false;
    throw;
  }
}

}  // namespace overture::sim
