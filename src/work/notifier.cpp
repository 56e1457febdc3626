#include "work/notifier.hpp"

#include <algorithm>

#include "work/injected.hpp"

namespace overture::work {
namespace {

using namespace std::chrono_literals;

constexpr auto kPause = 500ms;
/// At the stop: for receivers to answer, and for the rest to be given up. A call looks once a second.
constexpr std::chrono::milliseconds kLastWords = 1500ms;
constexpr auto kGivingUp = 1500ms;
constexpr int kCouriers = 8;

}  // namespace

Notifier::Notifier(Parts parts)
    : database_(parts.database),
      herald_(parts.database, parts.clock, parts.install),
      courier_({.database = parts.database,
                .clock = parts.clock,
                .sealer = parts.sealer,
                .client = parts.client,
                .chance = random_number,
                .allow_private = parts.allow_private,
                .stop = &given_up_,
                .failpoint = stop_point()},
               kCouriers) {}

Notifier::~Notifier() { stop(std::chrono::minutes(30)); }

void Notifier::start() {
  if (database_.engine() == db::Engine::sqlite) courier_.rescue();
  loops_.begin("herald", kPause, [this] { return herald_.tell_next(); });
  for (int i = 0; i < kCouriers; ++i) {
    loops_.begin("courier", kPause, [this] { return courier_.deliver_next(); });
  }
}

bool Notifier::stop(std::chrono::milliseconds deadline) {
  loops_.ask_to_stop();
  if (loops_.wait(std::min(deadline, kLastWords))) return true;
  given_up_ = true;
  return loops_.wait(kGivingUp);
}

}  // namespace overture::work
