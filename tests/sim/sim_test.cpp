// The engine in simulated worlds. OVERTURE_SIM_SEED=n runs every kind of world with that seed alone.
#include <gtest/gtest.h>

#include <algorithm>
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
    shape.trace = std::getenv("OVERTURE_SIM_TRACE") != nullptr;
    Simulation simulation(shape);
    const std::string wrong = simulation.run();
    EXPECT_EQ(wrong, "") << simulation.figures();
    // Those that always run are chosen so that they have everything.
    if (std::getenv("OVERTURE_SIM_SEED") == nullptr) {
      for (const std::string& missing : simulation.missing()) ADD_FAILURE() << "a world without " << missing;
    }
    if (!wrong.empty() && std::getenv("OVERTURE_SIM_GO_ON") == nullptr) return;
    if (std::getenv("OVERTURE_SIM_VERBOSE"))
      std::printf("seed %llu: %s\n", static_cast<unsigned long long>(seed), simulation.figures().c_str());
  }
}

/// How many worlds: OVERTURE_SIM_SCALE makes it more or fewer.
std::uint64_t scaled(std::uint64_t worlds) {
  const char* scale = std::getenv("OVERTURE_SIM_SCALE");
  const double times = scale == nullptr ? 1 : std::strtod(scale, nullptr);
  return std::max<std::uint64_t>(1, static_cast<std::uint64_t>(static_cast<double>(worlds) * times));
}

TEST(Sim, QuietTinyWorld) { live({.people = false}, 1, 3); }

TEST(Sim, PeopleAnswer) {
  live({.projects = 2, .campaigns = 3, .mailboxes = 3, .opportunities = 60, .days = 40}, 100, scaled(4));
}

TEST(Sim, ServersMisbehave) {
  live({.projects = 2, .campaigns = 3, .mailboxes = 3, .opportunities = 60, .days = 40, .trouble = 1}, 200,
       scaled(4));
}

TEST(Sim, UsersMeddle) {
  live({.projects = 2, .campaigns = 5, .mailboxes = 4, .opportunities = 80, .days = 40, .users = 4}, 300,
       scaled(4));
}

TEST(Sim, ProcessesDie) {
  live({.projects = 2,
        .campaigns = 3,
        .mailboxes = 3,
        .opportunities = 80,
        .days = 40,
        .trouble = 1,
        .kills = 1},
       400, scaled(4));
}

TEST(Sim, EverythingAtOnce) {
  live({.projects = 2,
        .campaigns = 5,
        .mailboxes = 4,
        .opportunities = 80,
        .days = 60,
        .trouble = 1,
        .kills = 1,
        .meddling = 0.02,
        .users = 4,
        .clock_jumps = true},
       500, scaled(6));
}

/// Two processes whose steps mix at every failpoint.
TEST(Sim, TwoProcesses) {
  live({.workers = 2,
        .projects = 2,
        .campaigns = 4,
        .mailboxes = 3,
        .opportunities = 60,
        .days = 40,
        .trouble = 1,
        .kills = 1,
        .meddling = 0.1,
        .users = 3},
       600, scaled(6));
}

TEST(Sim, TwoProcessesOnPostgres) {
  live({.engine = db::Engine::postgres,
        .workers = 2,
        .projects = 2,
        .campaigns = 3,
        .mailboxes = 2,
        .opportunities = 20,
        .days = 14,
        .trouble = 1,
        .kills = 1,
        .meddling = 0.1,
        .users = 2,
        .poll_every = 8 * base::kHour},
       700, scaled(1));
}

/// Half a year of twenty campaigns. OVERTURE_SIM_OPPORTUNITIES=n makes it larger or smaller.
Shape half_a_year(int opportunities) {
  if (const char* wanted = std::getenv("OVERTURE_SIM_OPPORTUNITIES")) opportunities = std::atoi(wanted);
  return {.projects = 5,
          .campaigns = 20,
          .mailboxes = 20,
          .opportunities = opportunities,
          .days = 182,
          .trouble = 0.3,
          .kills = 0.1,
          .meddling = 0.001,
          .users = 2,
          .poll_every = 8 * base::kHour};
}

TEST(Sim, HalfAYear) { live(half_a_year(1500), 831, 1); }

/// Those that are run by themselves, with --gtest_also_run_disabled_tests: docs/sending.md says when.
TEST(Sim, DISABLED_HalfAYearInFull) { live(half_a_year(20000), 900, 1); }

TEST(Sim, DISABLED_HalfAYearOnPostgres) {
  Shape shape = half_a_year(20000);
  shape.engine = db::Engine::postgres;
  shape.workers = 2;
  live(shape, 1000, 1);
}

}  // namespace
}  // namespace overture::sim
