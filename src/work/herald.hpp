// Tells events on: a delivery for each webhook that wants it, then the automations that wait for it.
#pragma once
#include <vector>

#include "base/clock.hpp"
#include "db/database.hpp"
#include "events/noted.hpp"
#include "outreach/install.hpp"

namespace overture::work {

/// One thread; processes take turns. What an event causes and its removal are one write: each event is told
/// on once, across kills.
class Herald {
 public:
  Herald(db::Database& database, const base::Clock& clock, const outreach::Install& install)
      : database_(database), clock_(clock), install_(install) {}

  /// Tells on the oldest events, in order; false when there are none. One that automations fail on reaches
  /// webhooks only, and does not hold up the others.
  bool tell_next();

 private:
  enum class Audience { everybody, webhooks, nobody };
  std::size_t tell_together();
  void tell_singly();
  void tell(db::Connection& connection, const events::Noted& event, Audience audience) const;

  db::Database& database_;
  const base::Clock& clock_;
  const outreach::Install& install_;
};

}  // namespace overture::work
