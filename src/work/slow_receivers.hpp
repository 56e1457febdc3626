// Webhooks whose receivers took long the last time: they share a part of the couriers, so that the others are
// never waited for.
#pragma once
#include <mutex>
#include <set>
#include <vector>

#include "base/clock.hpp"
#include "events/delivery.hpp"

namespace overture::work {

/// Any number of threads may use it at once.
class SlowReceivers {
 public:
  /// At most `places` of them are called at once.
  explicit SlowReceivers(int places) : places_(places) {}

  /// A courier that may call a slow one; given back when it is destroyed.
  class Place {
   public:
    explicit Place(SlowReceivers& of) : of_(of), taken_(of.take()) {}
    ~Place() { give_back(); }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    bool taken() const { return taken_; }
    void give_back();

   private:
    SlowReceivers& of_;
    bool taken_;
  };

  void note(const events::WebhookKey& webhook, base::Millis took);
  bool contains(const events::WebhookKey& webhook) const;
  /// Some of them, where there are very many.
  std::vector<events::WebhookKey> all() const;

 private:
  bool take();

  mutable std::mutex mutex_;
  std::set<events::WebhookKey> slow_;
  int places_;
};

}  // namespace overture::work
