// A house with webhooks, a herald and couriers.
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "events/event.hpp"
#include "house.hpp"
#include "support/receiver_stub.hpp"
#include "work/courier.hpp"
#include "work/herald.hpp"

namespace overture::db {

class WebhookHouse : public House {
 protected:
  void SetUp() override;

  std::int64_t add_user(std::string_view role);
  struct Webhook {
    std::string url = "https://hooks.example/all";
    std::int64_t project = 0;
    std::string event_types = "[]";
    std::int64_t maker = 0;  ///< 0: the admin
  };
  std::int64_t add_webhook(const Webhook& webhook);
  std::int64_t add_webhook() { return add_webhook(Webhook{}); }
  void note(const events::Event& event);
  /// A finished job of no project, as a cheap event.
  void note_some(int count = 1);

  work::Courier::Parts parts();
  /// Until there is nothing more to do at this moment.
  void tell();
  void deliver();
  void deliver(work::Courier& courier);
  std::string state_of_all();
  std::int64_t seconds_to_next_look(std::int64_t webhook);

  static constexpr std::string_view kSecret = "a secret of twenty-four b";
  base::Sealer sealer{"0123456789abcdef0123456789abcdef"};
  test::ReceiverStub receiver;
  std::uint64_t chance = 0;
  std::int64_t account = 0;
  std::int64_t admin = 0;
  std::int64_t project = 0;
};

}  // namespace overture::db
