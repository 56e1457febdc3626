// The one doorbell of the process.
#include "jobs/doorbell.hpp"

namespace overture::jobs {

Doorbell& Doorbell::instance() {
  static Doorbell doorbell;
  return doorbell;
}

void Doorbell::ring() {
  {
    const std::lock_guard lock(mutex_);
    ++rings_;
  }
  rang_.notify_all();
}

std::uint64_t Doorbell::rings() {
  const std::lock_guard lock(mutex_);
  return rings_;
}

}  // namespace overture::jobs
