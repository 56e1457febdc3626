// Whose fault a failure is.
#pragma once
#include <cstdint>
#include <exception>
#include <string_view>

#include "base/clock.hpp"
#include "base/log.hpp"

namespace overture::work {

/// It says something about the database and nothing about the work: whoever comes next would fare the same.
/// Of other failures the one work is to blame, and it shall not hold up the rest.
bool is_outage(const std::exception& error);

/// When what failed by its own fault is tried again.
inline constexpr base::Millis kAfterOwnFault = 10 * base::kMinute;

/// One work was left behind so that the others go on: an error in the log.
void note_own_fault(std::string_view message, base::LogFields fields);
/// How often that was so in this process.
std::uint64_t own_faults();

}  // namespace overture::work
