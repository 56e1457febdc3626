#include "work/outage.hpp"

#include <atomic>

#include "base/error.hpp"

namespace overture::work {
namespace {

std::atomic<std::uint64_t> faults = 0;

}  // namespace

bool is_outage(const std::exception& error) {
  const auto* ours = dynamic_cast<const base::Error*>(&error);
  return ours != nullptr && ours->code() == base::ErrorCode::unavailable;
}

void note_own_fault(std::string_view message, base::LogFields fields) {
  ++faults;
  base::log_error(message, fields);
}

std::uint64_t own_faults() { return faults; }

}  // namespace overture::work
