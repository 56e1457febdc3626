#include "work/herald.hpp"

#include "base/error.hpp"
#include "base/log.hpp"
#include "events/webhook.hpp"
#include "intake/automations.hpp"
#include "intake/counts.hpp"
#include "outreach/trial.hpp"
#include "work/outage.hpp"

namespace overture::work {
namespace {

constexpr std::size_t kTogether = 50;

/// Events are taken under one lock, so that no two processes tell the same ones.
std::vector<events::Noted> take(db::Connection& connection, std::size_t limit) {
  connection.lock("herald");
  return events::find_noted(connection, limit);
}

}  // namespace

bool Herald::tell_next() {
  try {
    return tell_together() > 0;
  } catch (const std::exception& error) {
    if (is_outage(error)) throw;
  }
  tell_singly();
  return true;
}

std::size_t Herald::tell_together() {
  const bool some =
      database_.read([](db::Connection& connection) { return !events::find_noted(connection, 1).empty(); });
  if (!some) return 0;
  return database_.write([this](db::Connection& connection) {
    const std::vector<events::Noted> noted = take(connection, kTogether);
    for (const events::Noted& event : noted) tell(connection, event, Audience::everybody);
    return noted.size();
  });
}

void Herald::tell_singly() {
  for (std::size_t i = 0; i < kTogether; ++i) {
    for (const Audience audience : {Audience::everybody, Audience::webhooks, Audience::nobody}) {
      events::Noted event;
      try {
        const bool told = database_.write([&](db::Connection& connection) {
          const std::vector<events::Noted> noted = take(connection, 1);
          if (noted.empty()) return false;
          event = noted.front();
          tell(connection, event, audience);
          return true;
        });
        if (!told) return;
        break;
      } catch (const std::exception& error) {
        if (is_outage(error)) throw;
        base::log_warning("an event could not be told to all", {{"account", event.account},
                                                                {"event", event.id},
                                                                {"kind", event.kind},
                                                                {"problem", error.what()}});
      }
    }
  }
}

void Herald::tell(db::Connection& connection, const events::Noted& event, Audience audience) const {
  if (audience != Audience::nobody && events::queue_deliveries(connection, event, clock_.now()) > 0) {
    intake::note_change(connection, event.account);
  }
  if (audience == Audience::everybody) {
    intake::run_triggered_automations(connection, event, clock_.now(),
                                      outreach::missing_at_launch(connection, install_, event.account));
  }
  events::forget(connection, event);
}

}  // namespace overture::work
