// The loops that tell others what has happened: events are told on, webhooks are called.
#pragma once
#include <chrono>

#include "base/clock.hpp"
#include "db/database.hpp"
#include "work/herald.hpp"
#include "work/loops.hpp"

namespace overture::work {

class Notifier {
 public:
  struct Parts {
    db::Database& database;
    const base::Clock& clock;
  };
  explicit Notifier(Parts parts);
  ~Notifier();
  Notifier(const Notifier&) = delete;
  Notifier& operator=(const Notifier&) = delete;

  void start();
  /// Steps get to their end, `deadline` at most; false when one did not. Nothing is lost in either case.
  bool stop(std::chrono::milliseconds deadline);

 private:
  Herald herald_;
  Loops loops_{"notifying"};
};

}  // namespace overture::work
