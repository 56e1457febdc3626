// Tells events on: a delivery for each webhook that wants it, then the automations that wait for it.
#pragma once
#include <vector>

#include "base/clock.hpp"
#include "db/database.hpp"
#include "events/noted.hpp"

namespace overture::work {

/// One thread; processes take turns. What an event causes and its removal are one write: each event is told
/// on once, across kills.
class Herald {
 public:
  Herald(db::Database& database, const base::Clock& clock) : database_(database), clock_(clock) {}

  /// Tells on the oldest events, in order; false when there are none. When one of them cannot be told, the
  /// others are, and that one reaches webhooks only.
  bool tell_next();

 private:
  std::size_t tell_together();
  void tell_singly();
  void tell(db::Connection& connection, const events::Noted& event, bool with_automations) const;

  db::Database& database_;
  const base::Clock& clock_;
};

}  // namespace overture::work
