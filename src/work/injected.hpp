// What the loops are given from outside, so that tests and simulations own it.
#pragma once
#include <cstdint>
#include <functional>
#include <string_view>

namespace overture::work {

/// Any 64 bits, evenly spread. Simulations give seeded ones.
using Chance = std::function<std::uint64_t()>;
/// From the operating system.
std::uint64_t random_number();

/// Named places between two steps where tests stop the process or throw; nothing happens there otherwise.
using Failpoint = std::function<void(std::string_view name)>;
/// Stops the process: OVERTURE_STOP_AT names a place and, after a colon, how often it is passed before.
Failpoint stop_point();

}  // namespace overture::work
