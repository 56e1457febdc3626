// Deliveries of webhooks: signed, tried again, one at a time, never lost.
#include "work/courier.hpp"

#include <gtest/gtest.h>

#include <future>
#include <map>
#include <stdexcept>
#include <thread>

#include "events/signature.hpp"
#include "events/webhook.hpp"
#include "webhook_house.hpp"

namespace overture::db {
namespace {

using test::ReceiverStub;

net::Fetched answered(int status, std::string body = {}, base::Millis retry_after = 0) {
  return {.status = status, .body = std::move(body), .retry_after = retry_after};
}

class Courier : public WebhookHouse {};
ON_EACH_ENGINE(Courier);

TEST_P(Courier, SignsAndDelivers) {
  add_webhook();
  note_some(2);
  tell();
  receiver.answer = [](const ReceiverStub::Call&) { return answered(204, "th\xc3\xa4nks\x01\xff"); };
  deliver();
  const auto calls = receiver.calls();
  ASSERT_EQ(calls.size(), 2U);
  EXPECT_NE(calls[0].id, calls[1].id);
  EXPECT_EQ(calls[0].url, "https://hooks.example/all");
  EXPECT_EQ(calls[0].timestamp, std::to_string(clock.now() / 1000));
  EXPECT_EQ(calls[0].body, text(Sql("SELECT payload FROM webhook_deliveries ORDER BY id LIMIT 1")));
  EXPECT_EQ(calls[0].signature,
            events::sign({std::string(kSecret)}, calls[0].id, clock.now(), calls[0].body));
  EXPECT_FALSE(receiver.options().allow_private);
  EXPECT_EQ(receiver.options().max_redirects, 0);
  EXPECT_EQ(state_of_all(), "delivered 1; delivered 1; ");
  EXPECT_EQ(text(Sql("SELECT response FROM webhook_deliveries LIMIT 1")), "thänks");
  EXPECT_EQ(integer(Sql("SELECT response_status FROM webhook_deliveries LIMIT 1")), 204);
  EXPECT_EQ(integer(Sql("SELECT COUNT(*) FROM webhooks WHERE next_look_at IS NOT NULL OR lease_until > 0")),
            0);
}

TEST_P(Courier, TheOldSecretSignsTooForADay) {
  const std::int64_t webhook = add_webhook();
  execute(Sql("UPDATE webhooks SET sealed_old_secret = ?, old_secret_until = ? WHERE id = ?",
              sealer.seal("the one before, 24 bytes", events::old_secret_place(account, webhook)),
              clock.now() + events::kOldSecretLife, webhook));
  const auto signatures = [&] {
    note_some();
    tell();
    deliver();
    const std::string signature = receiver.calls().back().signature;
    return std::count(signature.begin(), signature.end(), ' ') + 1;
  };
  EXPECT_EQ(signatures(), 2);
  clock.advance(events::kOldSecretLife - 1);
  EXPECT_EQ(signatures(), 2);
  clock.advance(1);
  EXPECT_EQ(signatures(), 1);
}

TEST_P(Courier, TriesAgainLaterAndLater) {
  const std::int64_t webhook = add_webhook();
  note_some();
  tell();
  receiver.answer = [](const ReceiverStub::Call&) { return answered(500, "oops"); };
  const std::vector<std::int64_t> pauses{5,         5 * 60,    30 * 60,   2 * 3600, 5 * 3600,
                                         10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600};
  for (std::size_t i = 0; i < pauses.size(); ++i) {
    chance = i * 7919;
    deliver();
    EXPECT_EQ(receiver.calls().size(), i + 1);
    const std::int64_t seconds = seconds_to_next_look(webhook);
    EXPECT_GE(seconds, pauses[i]);
    EXPECT_LE(seconds, pauses[i] * 6 / 5);
    clock.advance(seconds * base::kSecond - 1);
    deliver();
    EXPECT_EQ(receiver.calls().size(), i + 1) << "too early";
    clock.advance(1001);
  }
  EXPECT_EQ(state_of_all(), "pending 9; ");
  deliver();
  EXPECT_EQ(state_of_all(), "failed 10; ");
  EXPECT_EQ(text(Sql("SELECT error || '|' || response FROM webhook_deliveries")), "It answered 500|oops");
  EXPECT_EQ(integer(Sql("SELECT COUNT(*) FROM webhooks WHERE next_look_at IS NOT NULL")), 0);
  for (const auto& call : receiver.calls()) EXPECT_EQ(call.id, receiver.calls().front().id);

  // A person sends it again.
  receiver.answer = {};
  const std::int64_t id = integer(Sql("SELECT id FROM webhook_deliveries"));
  database().write(
      [&](Connection& connection) { events::redeliver(connection, account, webhook, id, clock.now()); });
  deliver();
  EXPECT_EQ(state_of_all(), "delivered 1; ");
  EXPECT_EQ(receiver.calls().back().id, receiver.calls().front().id);
  EXPECT_EQ(integer(Sql("SELECT COUNT(*) FROM webhooks WHERE failing_since IS NOT NULL OR failures > 0")), 0);
}

TEST_P(Courier, SlowOnesDoNotTakeEveryCourier) {
  add_webhook({.url = "https://slow.example/a"});
  add_webhook({.url = "https://slow.example/b"});
  note_some();
  tell();
  receiver.answer = [this](const ReceiverStub::Call&) {
    clock.advance(14 * base::kSecond);
    return answered(200);
  };
  work::Courier courier(parts());
  deliver(courier);
  ASSERT_EQ(receiver.calls().size(), 2U);

  add_webhook({.url = "https://quick.example"});
  note_some();
  tell();
  // While one of the two is called, by the only courier that may, another courier looks for work.
  std::vector<std::string> called;
  bool is_inside = false;
  receiver.answer = [&](const ReceiverStub::Call& call) {
    called.push_back(call.url);
    if (call.url == "https://quick.example" || is_inside) return answered(200);
    is_inside = true;
    while (courier.deliver_next()) {
    }
    is_inside = false;
    clock.advance(14 * base::kSecond);
    return answered(200);
  };
  while (courier.deliver_next()) {
  }
  EXPECT_EQ(called, (std::vector<std::string>{"https://slow.example/a", "https://quick.example",
                                              "https://slow.example/b"}));
}

TEST_P(Courier, OneThatIsDownIsNotCalledInVainForEach) {
  const std::int64_t webhook = add_webhook();
  note_some(100);
  tell();
  receiver.answer = [](const ReceiverStub::Call&) -> net::Fetched {
    throw base::Error(base::ErrorCode::unavailable, "https://hooks.example does not answer: timeout");
  };
  for (int second = 0; second < 3600; ++second) {
    deliver();
    clock.advance(base::kSecond);
  }
  EXPECT_LT(receiver.calls().size(), 20U);
  EXPECT_EQ(integer(Sql("SELECT COUNT(*) FROM webhook_deliveries WHERE state = 'pending'")), 100);
  receiver.answer = {};
  clock.advance(5 * base::kMinute);
  deliver();
  clock.advance(30 * base::kMinute);
  deliver();
  EXPECT_EQ(integer(Sql("SELECT COUNT(*) FROM webhook_deliveries WHERE state = 'delivered'")), 100);
  EXPECT_EQ(seconds_to_next_look(webhook), -1);
}

TEST_P(Courier, LeavesThoseAloneWhoAskForIt) {
  const std::int64_t webhook = add_webhook();
  note_some();
  tell();
  receiver.answer = [](const ReceiverStub::Call&) { return answered(503, {}, 90 * base::kSecond); };
  deliver();
  EXPECT_EQ(seconds_to_next_look(webhook), 90);
  clock.advance(90 * base::kSecond);
  receiver.answer = [](const ReceiverStub::Call&) { return answered(429, {}, 30 * base::kDay); };
  deliver();
  EXPECT_EQ(seconds_to_next_look(webhook), 3600) << "an hour at most";
  clock.advance(base::kHour);
  receiver.answer = [](const ReceiverStub::Call&) { return answered(500, {}, 30 * base::kDay); };
  deliver();
  EXPECT_EQ(seconds_to_next_look(webhook), 30 * 60) << "of 429 and 503 only";
}

TEST_P(Courier, RedirectsAreNoDelivery) {
  add_webhook();
  note_some();
  tell();
  receiver.answer = [](const ReceiverStub::Call&) { return answered(302); };
  deliver();
  EXPECT_EQ(text(Sql("SELECT error FROM webhook_deliveries")),
            "It answered 302, and redirects are not followed");
}

TEST_P(Courier, NothingLeavesWhileSendingIsPaused) {
  add_webhook();
  note_some();
  tell();
  execute(Sql("INSERT INTO settings (name, value) VALUES ('sending_paused', '1')"));
  deliver();
  EXPECT_TRUE(receiver.calls().empty());
  execute(Sql("UPDATE settings SET value = '0' WHERE name = 'sending_paused'"));
  deliver();
  EXPECT_EQ(state_of_all(), "delivered 1; ");
}

TEST_P(Courier, GoneEndsIt) {
  const std::int64_t webhook = add_webhook();
  note_some(3);
  tell();
  receiver.answer = [](const ReceiverStub::Call&) { return answered(410); };
  deliver();
  EXPECT_EQ(receiver.calls().size(), 1U);
  EXPECT_EQ(state_of_all(), "failed 1; failed 0; failed 0; ");
  EXPECT_EQ(text(Sql("SELECT off_why FROM webhooks WHERE is_active = 0")), "It answered 410 Gone");
  EXPECT_EQ(
      text(Sql("SELECT type || ': ' || name || ': ' || description FROM tasks WHERE assigned_to = ?", admin)),
      "webhook_error: Webhook " + std::to_string(webhook) +
          " (https://hooks.example) was switched off: It answered 410 Gone");
  EXPECT_EQ(integer(Sql("SELECT project_id FROM tasks")), project);
  note_some();
  EXPECT_EQ(count("events"), 0) << "nobody listens any more";
}

TEST_P(Courier, FiveDaysOfNothingButFailuresEndIt) {
  const std::int64_t webhook = add_webhook();
  receiver.answer = [](const ReceiverStub::Call&) { return answered(500); };
  for (int hour = 0; hour < 5 * 24; ++hour) {
    if (hour % 24 == 0) note_some();
    tell();
    deliver();
    clock.advance(base::kHour);
  }
  EXPECT_EQ(integer(Sql("SELECT is_active FROM webhooks WHERE id = ?", webhook)), 1);
  for (int hour = 0; hour < 24; ++hour) {
    deliver();
    clock.advance(base::kHour);
  }
  EXPECT_EQ(text(Sql("SELECT off_why FROM webhooks WHERE is_active = 0")),
            "Nothing could be delivered for 5 days. The last problem: It answered 500");
  EXPECT_EQ(count("tasks"), 1);
  EXPECT_EQ(integer(Sql("SELECT COUNT(*) FROM webhook_deliveries WHERE state = 'pending'")), 0);
}

TEST_P(Courier, OneAtATimeAndASlowOneHoldsUpNobody) {
  add_webhook({.url = "slow"});
  add_webhook({.url = "quick"});
  note_some(5);
  tell();
  std::promise<void> called;
  std::promise<void> release;
  std::shared_future<void> released = release.get_future().share();
  std::atomic<int> slow = 0;
  receiver.answer = [&](const ReceiverStub::Call& call) {
    if (call.url == "slow" && ++slow == 1) {
      called.set_value();
      released.wait();
    }
    return answered(200);
  };
  work::Courier courier(parts());
  std::thread first([&] { courier.deliver_next(); });
  called.get_future().wait();
  // Another process.
  deliver();
  EXPECT_EQ(slow, 1);
  EXPECT_EQ(receiver.calls().size(), 6U) << "all of the quick one";
  release.set_value();
  first.join();
  deliver();
  EXPECT_EQ(receiver.calls().size(), 10U);
  EXPECT_EQ(
      integer(Sql("SELECT COUNT(*) FROM webhook_deliveries WHERE state = 'delivered' AND attempts = 1")), 10);
}

TEST_P(Courier, AClaimThatRanOutWritesNothing) {
  const std::int64_t webhook = add_webhook();
  note_some();
  tell();
  receiver.answer = [&](const ReceiverStub::Call&) {
    if (receiver.calls().size() == 1) {
      // Frozen meanwhile; another process takes over.
      clock.advance(events::kDeliveryLease + 1);
      deliver();
      return answered(500);
    }
    return answered(200);
  };
  deliver();
  EXPECT_EQ(receiver.calls().size(), 2U);
  EXPECT_EQ(receiver.calls()[0].id, receiver.calls()[1].id);
  EXPECT_EQ(state_of_all(), "delivered 1; ");
  EXPECT_EQ(seconds_to_next_look(webhook), -1);
}

TEST_P(Courier, KilledBetweenAnyTwoStepsNothingIsLost) {
  const std::int64_t webhook = add_webhook();
  std::map<std::string, int> deaths;
  for (const std::string_view place : {"webhook claimed", "webhook answered", "webhook settled"}) {
    for (int passes = 1; passes <= 3; ++passes) {
      execute(Sql("DELETE FROM webhook_deliveries"));
      note_some(4);
      tell();
      const std::size_t before = receiver.calls().size();
      work::Courier::Parts dying = parts();
      dying.failpoint = [&, left = passes](std::string_view here) mutable {
        if (here == place && --left == 0) throw std::runtime_error("killed");
      };
      work::Courier victim(dying);
      try {
        deliver(victim);
      } catch (const std::runtime_error&) {
        ++deaths[std::string(place)];
      }
      deliver();
      clock.advance(events::kDeliveryLease + 1);
      deliver();
      EXPECT_EQ(state_of_all(), "delivered 1; delivered 1; delivered 1; delivered 1; ") << place << passes;
      std::map<std::string, int> seen;
      for (std::size_t i = before; i < receiver.calls().size(); ++i) ++seen[receiver.calls()[i].id];
      EXPECT_EQ(seen.size(), 4U);
      EXPECT_LE(receiver.calls().size() - before, place == "webhook answered" ? 5U : 4U);
      EXPECT_EQ(seconds_to_next_look(webhook), -1);
    }
  }
  EXPECT_EQ(deaths["webhook claimed"], 1) << "all are made in one turn";
  EXPECT_EQ(deaths["webhook answered"], 3);
  EXPECT_EQ(deaths["webhook settled"], 3);
}

TEST_P(Courier, WhatTheStopInterruptsWasNotTried) {
  const std::int64_t webhook = add_webhook();
  note_some();
  tell();
  std::atomic<bool> stop = false;
  receiver.answer = [&](const ReceiverStub::Call&) -> net::Fetched {
    stop = true;
    throw base::Error(base::ErrorCode::unavailable, "This server is stopping");
  };
  work::Courier::Parts stopping = parts();
  stopping.stop = &stop;
  work::Courier courier(stopping);
  deliver(courier);
  EXPECT_EQ(state_of_all(), "pending 0; ");
  EXPECT_EQ(seconds_to_next_look(webhook), 0);
  receiver.answer = {};
  deliver();
  EXPECT_EQ(state_of_all(), "delivered 1; ");
}

TEST_P(Courier, WithoutItsKeyNothingIsSent) {
  const std::int64_t webhook = add_webhook();
  execute(Sql("UPDATE webhooks SET sealed_secret = ? WHERE id = ?",
              sealer.seal(kSecret, events::secret_place(account, webhook + 1)), webhook));
  note_some();
  tell();
  deliver();
  EXPECT_TRUE(receiver.calls().empty());
  EXPECT_EQ(state_of_all(), "pending 1; ");
  EXPECT_NE(text(Sql("SELECT error FROM webhook_deliveries")), "");
}

TEST_P(Courier, ManyAtOnceDeliverEachOnce) {
  for (int i = 0; i < 4; ++i) add_webhook({.url = "hook " + std::to_string(i)});
  note_some(40);
  std::mutex mutex;
  std::map<std::string, int> in_flight;
  bool together = false;
  receiver.answer = [&](const ReceiverStub::Call& call) {
    {
      const std::lock_guard lock(mutex);
      together = together || ++in_flight[call.url] > 1;
    }
    std::this_thread::sleep_for(std::chrono::microseconds(200));
    const std::lock_guard lock(mutex);
    --in_flight[call.url];
    return answered(200);
  };
  std::vector<std::thread> threads;
  threads.emplace_back([&] { tell(); });
  std::atomic<bool> over = false;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      work::Courier courier(parts());
      while (!over) deliver(courier);
    });
  }
  threads.front().join();
  while (integer(Sql("SELECT COUNT(*) FROM webhook_deliveries WHERE state = 'pending'")) > 0)
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  over = true;
  for (std::size_t i = 1; i < threads.size(); ++i) threads[i].join();
  EXPECT_FALSE(together);
  std::map<std::string, int> seen;
  for (const auto& call : receiver.calls()) ++seen[call.url + call.id];
  EXPECT_EQ(seen.size(), 160U);
  EXPECT_EQ(receiver.calls().size(), 160U);
  EXPECT_EQ(integer(Sql("SELECT COUNT(*) FROM webhooks WHERE next_look_at IS NOT NULL OR lease_until > 0")),
            0);
}

}  // namespace
}  // namespace overture::db
