// Books mails that servers have taken, several in one write. See outreach/taken.hpp.
#pragma once
#include <mutex>
#include <vector>

#include "base/clock.hpp"
#include "db/database.hpp"
#include "outreach/outbox.hpp"

namespace overture::work {

class Bookkeeper {
 public:
  Bookkeeper(db::Database& database, const base::Clock& clock) : database_(database), clock_(clock) {}

  /// What the database cannot book now is kept for book_kept(); the rows of the outbox have it in any case.
  void book(std::vector<outreach::ClaimedMail> mails);
  void keep(const std::vector<outreach::ClaimedMail>& mails);
  void book_kept();
  /// What other processes have left since before `before`.
  void rescue(base::Millis before);

 private:
  bool try_to_book(const std::vector<outreach::ClaimedMail>& mails);

  db::Database& database_;
  const base::Clock& clock_;
  std::mutex mutex_;
  std::vector<outreach::ClaimedMail> kept_;
};

}  // namespace overture::work
