// The engine in simulated worlds. OVERTURE_SIM_SEED=n runs every kind of world with that seed alone.
#include <gtest/gtest.h>

#include <cstdlib>

#include "base/log.hpp"
#include "sim/simulation.hpp"

namespace overture::sim {
namespace {

std::vector<std::uint64_t> seeds(std::uint64_t first, std::uint64_t count) {
  if (const char* only = std::getenv("OVERTURE_SIM_SEED")) return {std::strtoull(only, nullptr, 10)};
  std::vector<std::uint64_t> all;
  for (std::uint64_t i = 0; i < count; ++i) all.push_back(first + i);
  return all;
}

void live(Shape shape, std::uint64_t first, std::uint64_t count) {
  base::configure_log(std::getenv("OVERTURE_SIM_LOG") ? base::LogLevel::debug : base::LogLevel::off,
                      base::LogFormat::text);
  for (const std::uint64_t seed : seeds(first, count)) {
    shape.seed = seed;
    Simulation simulation(shape);
    const std::string wrong = simulation.run();
    EXPECT_EQ(wrong, "") << simulation.figures();
    if (!wrong.empty()) return;
    if (std::getenv("OVERTURE_SIM_VERBOSE"))
      std::printf("seed %llu: %s\n", static_cast<unsigned long long>(seed), simulation.figures().c_str());
  }
}

TEST(Sim, QuietTinyWorld) { live({.people = false}, 1, 5); }

}  // namespace
}  // namespace overture::sim
