// Books mails that servers have taken, several in one write. See outreach/taken.hpp.
#pragma once
#include <vector>

#include "base/clock.hpp"
#include "db/database.hpp"
#include "outreach/outbox.hpp"

namespace overture::work {

class Bookkeeper {
 public:
  Bookkeeper(db::Database& database, const base::Clock& clock) : database_(database), clock_(clock) {}

  /// What cannot be booked now stays in the outbox, where book_left() finds it. Any number of threads and
  /// processes may book the same mails at once.
  void book(const std::vector<outreach::ClaimedMail>& mails);
  /// What was taken before `before`, whoever has left it; of very many the oldest.
  void book_left(base::Millis before);

 private:
  enum class Booked { all, none, database_is_away };
  Booked try_to_book(const std::vector<outreach::ClaimedMail>& mails);

  db::Database& database_;
  const base::Clock& clock_;
};

}  // namespace overture::work
