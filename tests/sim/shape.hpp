// How large a simulated world is and what goes wrong in it; and the one source of chance, so that a seed says
// all.
#pragma once
#include <cstdint>
#include <string>

#include "base/clock.hpp"
#include "db/connection.hpp"

namespace overture::sim {

/// splitmix64: the same numbers everywhere, for ever.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ULL);
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31U);
  }
  /// 0 to n - 1; n > 0.
  std::int64_t below(std::int64_t n) {
    return static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(n));
  }
  std::int64_t between(std::int64_t from, std::int64_t to) { return from + below(to - from + 1); }
  bool chance(double of_one) { return static_cast<double>(next() >> 11U) * 0x1.0p-53 < of_one; }

 private:
  std::uint64_t state_;
};

struct Shape {
  std::uint64_t seed = 1;
  db::Engine engine = db::Engine::sqlite;
  int workers = 1;  ///< processes on one database
  int projects = 1;
  int campaigns = 1;
  int mailboxes = 1;
  int opportunities = 3;
  int attempts = 3;
  int days = 30;  ///< in which things happen and go wrong; then the world is left in peace until all is over
  double trouble = 0;   ///< how often servers misbehave; 1 is a bad world
  double kills = 0;     ///< how often a process dies at a failpoint
  double meddling = 0;  ///< how often something else happens between two steps of one process
  double users = 0;     ///< how many things people change on a day
  bool people = true;   ///< recipients answer, bounce and opt out; else nobody does
  bool clock_jumps = false;
  bool trace = false;                         ///< prints every failpoint that is come to
  base::Millis poll_every = 2 * base::kHour;  ///< new mail is mostly told at once, as by IDLE
};

}  // namespace overture::sim
