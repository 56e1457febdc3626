// Brings deliveries to webhooks. The books are events/delivery; docs/webhooks.md has the promises.
#pragma once
#include <atomic>
#include <optional>
#include <string_view>

#include "base/clock.hpp"
#include "base/seal.hpp"
#include "db/database.hpp"
#include "events/delivery.hpp"
#include "net/http_client.hpp"
#include "work/injected.hpp"
#include "work/slow_receivers.hpp"

namespace overture::work {

class Courier {
 public:
  struct Parts {
    db::Database& database;
    const base::Clock& clock;
    const base::Sealer& sealer;
    net::HttpClient& client;
    Chance chance;
    bool allow_private = false;               ///< also receivers of this machine and its networks
    const std::atomic<bool>* stop = nullptr;  ///< once it is true, a try that is under way is given up
    Failpoint failpoint = {};
  };
  /// Receivers that take long are called by at most half of `threads`.
  explicit Courier(Parts parts, int threads = 2) : parts_(std::move(parts)), slow_(threads / 2) {}

  /// Makes deliveries that one webhook has due, on the calling thread, for some seconds at most, so that
  /// others come to their turn; false when there is none that nobody else calls already. Any number of
  /// threads and processes may call it at once.
  bool deliver_next();

  /// What a process that died has left; no other process uses this database.
  void rescue();

 private:
  struct Turn {
    events::ClaimedWebhook claim;
    std::optional<events::DueDelivery> due;
    events::WebhookKey key() const { return {claim.account, claim.webhook}; }
  };
  std::optional<Turn> begin(const std::vector<events::WebhookKey>& other_than);
  /// Empty when the server stops meanwhile: as if it had not been tried.
  std::optional<events::Attempt> attempt(const Turn& turn) const;
  net::Outgoing sign(const Turn& turn) const;
  /// Writes down how it went; then the next one is due, or the webhook is free.
  void settle(Turn& turn, const events::Attempt& attempt, bool may_go_on);
  void give_back(const Turn& turn);
  void reach(std::string_view name) const {
    if (parts_.failpoint) parts_.failpoint(name);
  }

  Parts parts_;
  SlowReceivers slow_;
};

}  // namespace overture::work
