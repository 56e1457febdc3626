// Graceful stop: idle connections go at once, requests under way finish, nothing outlives the deadline.
#include <gtest/gtest.h>

#include <future>
#include <optional>
#include <stdexcept>
#include <thread>
#include <utility>

#include "http/server.hpp"
#include "unit/http/raw_client.hpp"

namespace overture::http {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;
using testing::RawClient;

constexpr const char* kHold = "GET /hold HTTP/1.1\r\nHost: t\r\n\r\n";
constexpr const char* kGet = "GET / HTTP/1.1\r\nHost: t\r\n\r\n";

/// A server whose `/hold` waits for the test to answer.
class HoldingServer {
 public:
  HoldingServer()
      : server({.threads = 2, .linger_timeout = 100ms}, [this](Request&& request, Reply reply) {
          if (request.path == "/hold") return held_.set_value(std::move(reply));
          reply({});
        }) {
    server.start();
  }
  Reply wait_for_reply() { return held_.get_future().get(); }

 private:
  std::promise<Reply> held_;

 public:
  Server server;
};

Response done() {
  Response response;
  response.body = "done";
  return response;
}

TEST(ServerStopTest, RequestUnderWayFinishesAndIdleOnesGo) {
  HoldingServer holding;
  RawClient idle(holding.server.port());
  idle.send(kGet);
  ASSERT_TRUE(idle.read());
  RawClient busy(holding.server.port());
  busy.send(std::string(kHold) + kGet);
  Reply reply = holding.wait_for_reply();
  auto stopped = std::async(std::launch::async, [&] { holding.server.stop(5s); });
  EXPECT_TRUE(idle.wait_closed(2s));
  EXPECT_EQ(stopped.wait_for(50ms), std::future_status::timeout);
  EXPECT_THROW(RawClient(holding.server.port()), std::runtime_error) << "nobody is let in any more";
  reply(done());
  auto response = busy.read();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->body, "done");
  EXPECT_EQ(response->header("Connection"), "close");
  EXPECT_FALSE(busy.read(false, 1s)) << "a request behind it is not taken";
  EXPECT_EQ(stopped.wait_for(5s), std::future_status::ready);
  EXPECT_EQ(holding.server.metrics().connections_open, 0);
}

TEST(ServerStopTest, HalfReadRequestMayFinish) {
  HoldingServer holding;
  RawClient client(holding.server.port());
  client.send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 4\r\n\r\nab");
  std::this_thread::sleep_for(30ms);
  auto stopped = std::async(std::launch::async, [&] { holding.server.stop(5s); });
  std::this_thread::sleep_for(30ms);
  client.send("cd");
  auto response = client.read();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->header("Connection"), "close");
}

TEST(ServerStopTest, DeadlineCutsOffAndLateRepliesDoNoHarm) {
  Reply late;
  std::optional<HoldingServer> holding;
  holding.emplace();
  RawClient client(holding->server.port());
  client.send(kHold);
  late = holding->wait_for_reply();
  auto begin = steady_clock::now();
  holding->server.stop(100ms);
  auto took = steady_clock::now() - begin;
  EXPECT_GE(took, 100ms);
  EXPECT_LT(took, 2s);
  EXPECT_TRUE(client.wait_closed(1s));
  EXPECT_EQ(holding->server.metrics().requests_in_flight, 0);
  Reply copy = late;
  late(done());
  holding.reset();
  copy(done());
}

TEST(ServerStopTest, ReplyAfterTheServerIsGone) {
  Reply late;
  {
    HoldingServer holding;
    RawClient client(holding.server.port());
    client.send(kHold);
    late = holding.wait_for_reply();
  }
  late(done());
}

TEST(ServerStopTest, StopsWhileClientsHammer) {
  for (int round = 0; round < 5; ++round) {
    Server server({.threads = 2}, [](Request&&, Reply reply) { reply(done()); });
    server.start();
    std::atomic<bool> is_over{false};
    std::vector<std::thread> clients;
    for (int i = 0; i < 3; ++i) {
      clients.emplace_back([&, port = server.port()] {
        while (!is_over) {
          try {
            RawClient client(port);
            for (int n = 0; n < 20 && client.send(kGet); ++n) {
              if (auto response = client.read(false, 1s)) {
                EXPECT_EQ(response->body, "done");
              }
            }
          } catch (const std::runtime_error&) {
            std::this_thread::yield();
          }
        }
      });
    }
    std::this_thread::sleep_for(30ms);
    auto begin = steady_clock::now();
    server.stop(2s);
    EXPECT_LT(steady_clock::now() - begin, 2s);
    EXPECT_EQ(server.metrics().connections_open, 0);
    is_over = true;
    for (auto& client : clients) client.join();
  }
}

}  // namespace
}  // namespace overture::http
