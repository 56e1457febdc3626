// The loops that tell others what has happened: events are told on, webhooks are called.
#pragma once
#include <atomic>
#include <chrono>

#include "base/clock.hpp"
#include "base/seal.hpp"
#include "db/database.hpp"
#include "net/http_client.hpp"
#include "work/courier.hpp"
#include "work/herald.hpp"
#include "work/loops.hpp"

namespace overture::work {

class Notifier {
 public:
  struct Parts {
    db::Database& database;
    const base::Clock& clock;
    const outreach::Install& install;
    const base::Sealer& sealer;
    net::HttpClient& client;
    bool allow_private = false;  ///< webhooks may also lead to this machine and its networks
  };
  explicit Notifier(Parts parts);
  ~Notifier();
  Notifier(const Notifier&) = delete;
  Notifier& operator=(const Notifier&) = delete;

  void start();
  /// Calls get to their end, `deadline` or a second and a half at most; then they are given up, and made
  /// again after the next start. False when a step did not end even so. Nothing is lost in any case.
  bool stop(std::chrono::milliseconds deadline);

 private:
  db::Database& database_;
  std::atomic<bool> given_up_ = false;
  Herald herald_;
  Courier courier_;
  Loops loops_{"notifying"};
};

}  // namespace overture::work
