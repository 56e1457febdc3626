// Books mails that servers have taken, several in one write. See outreach/taken.hpp.
#pragma once
#include <chrono>
#include <mutex>
#include <vector>

#include "base/clock.hpp"
#include "db/database.hpp"
#include "outreach/outbox.hpp"

namespace overture::work {

class Bookkeeper {
 public:
  Bookkeeper(db::Database& database, const base::Clock& clock) : database_(database), clock_(clock) {}

  /// It was taken, and that is durable: it waits to be booked with others. Never blocks.
  void note(const outreach::ClaimedMail& mail);
  /// Books what was noted, once it is much or has waited for a second; false when nothing was to be done.
  /// What cannot be booked stays in the outbox, where book_left() finds it.
  bool book_due();
  bool book_noted();
  /// What was taken before `before`, whoever has left it; of very many the oldest. Any number of threads and
  /// processes may book the same mails at once.
  void book_left(base::Millis before);

 private:
  using Steady = std::chrono::steady_clock;

  bool book_noted(std::size_t at_least, Steady::duration after);
  void book(const std::vector<outreach::ClaimedMail>& mails);
  enum class Booked { all, none, database_is_away };
  Booked try_to_book(const std::vector<outreach::ClaimedMail>& mails);

  db::Database& database_;
  const base::Clock& clock_;
  std::mutex mutex_;
  std::vector<outreach::ClaimedMail> noted_;
  Steady::time_point first_noted_;
};

}  // namespace overture::work
