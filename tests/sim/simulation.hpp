// A world, its processes and its judge: time goes from one thing that happens to the next.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "sim/oracle.hpp"
#include "sim/process.hpp"
#include "sim/users.hpp"
#include "sim/world.hpp"
#include "work/outage.hpp"

namespace overture::sim {

class Simulation {
 public:
  explicit Simulation(const Shape& shape);

  /// Lives through all days, then through the peace after them. Empty when nothing was wrong.
  std::string run();
  /// What it was made of, a line for people.
  std::string figures() const;
  /// What a world of this shape should have had and did not; a small one need not have had everything.
  std::vector<std::string> missing() const;

  World& world() { return world_; }
  Oracle& oracle() { return oracle_; }
  std::uint64_t steps() const { return steps_; }
  std::uint64_t deaths() const;

 private:
  void live_until(base::Millis end);
  void move_on(base::Millis end);
  void make_peace();
  bool is_over();
  void at_failpoint(Process& process, std::string_view name);
  /// Throws while the database is away; `answer`: the commit is there, but who asked for it does not hear so.
  void reach_database(std::string_view what);
  void meddle(Process& process);
  /// The mailbox's session hears of new mail.
  void told_of_mail(const std::string& mailbox);
  void another_day();
  /// How often the clocks of a project were put forward or back.
  int clock_changes() const;

  World world_;
  const base::Millis start_ = world_.now();
  Oracle oracle_;
  Users users_;
  std::vector<std::unique_ptr<Process>> processes_;
  std::uint64_t steps_ = 0;
  std::uint64_t moments_ = 0;  ///< failpoints and transactions: where a process could have died
  int meddling_ = 0;
  const std::uint64_t faults_ = work::own_faults();
  int idle_steps_ = 0;        ///< one after the other, in which something remained due
  std::int64_t refused_ = 0;  ///< so many more times the database is away
  int days_ = 0;
  double seconds_ = 0;  ///< of real time, for the days before the peace
};

}  // namespace overture::sim
