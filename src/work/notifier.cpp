#include "work/notifier.hpp"

namespace overture::work {
namespace {

using namespace std::chrono_literals;

constexpr auto kHeraldPause = 500ms;

}  // namespace

Notifier::Notifier(Parts parts) : herald_(parts.database, parts.clock) {}

Notifier::~Notifier() { stop(std::chrono::minutes(30)); }

void Notifier::start() {
  loops_.begin("herald", kHeraldPause, [this] { return herald_.tell_next(); });
}

bool Notifier::stop(std::chrono::milliseconds deadline) {
  loops_.ask_to_stop();
  return loops_.wait(deadline);
}

}  // namespace overture::work
