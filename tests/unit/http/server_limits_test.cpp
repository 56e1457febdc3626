// Slow, silent, greedy and too many clients: each ends by its own deadline while the others are served.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "http/server.hpp"
#include "unit/http/raw_client.hpp"

namespace overture::http {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;
using testing::RawClient;

constexpr const char* kGet = "GET / HTTP/1.1\r\nHost: t\r\n\r\n";

ServerOptions patient() {
  ServerOptions options;
  options.threads = 2;
  return options;
}

void answer(Request&& request, Reply reply) {
  Response response;
  response.body =
      request.path == "/large" ? std::string(16'000'000, 'x') : std::to_string(request.body.size());
  reply(std::move(response));
}

bool is_served(unsigned short port) {
  RawClient client(port);
  client.send(kGet);
  auto response = client.read();
  return response && response->status == 200;
}

/// Sends `piece` every 20 ms until the server closes; how long that took.
std::chrono::milliseconds trickle(RawClient& client, const std::string& piece) {
  auto begin = steady_clock::now();
  while (!client.wait_closed(20ms) && steady_clock::now() - begin < 5s) client.send(piece);
  return std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - begin);
}

bool becomes_true(const std::function<bool()>& condition) {
  auto until = steady_clock::now() + 5s;
  while (!condition()) {
    if (steady_clock::now() > until) return false;
    std::this_thread::sleep_for(2ms);
  }
  return true;
}

TEST(ServerLimitsTest, OneDeadlineForTheWholeHeader) {
  ServerOptions options = patient();
  options.header_timeout = 300ms;
  Server server(options, answer);
  server.start();
  RawClient client(server.port());
  client.send("GET / HTTP/1.1\r\nHost: t\r\n");
  auto took = trickle(client, "X-A: 1\r\n");
  EXPECT_TRUE(client.is_closed());
  EXPECT_GE(took, 250ms);
  EXPECT_LT(took, 1500ms);
  RawClient silent(server.port());
  EXPECT_TRUE(silent.wait_closed(1500ms));
  RawClient only_empty_lines(server.port());
  EXPECT_LT(trickle(only_empty_lines, "\r\n"), 1500ms);
  EXPECT_EQ(server.metrics().timeouts, 2);
  EXPECT_TRUE(is_served(server.port()));
}

TEST(ServerLimitsTest, BodyMustKeepItsRate) {
  ServerOptions options = patient();
  options.body_grace = 200ms;
  options.body_min_rate = 10'000;
  Server server(options, answer);
  server.start();
  const std::string plain = "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 100000\r\n\r\n";
  const std::string chunked = "POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n";
  RawClient slow(server.port());
  slow.send(plain);
  EXPECT_LT(trickle(slow, "x"), 1500ms);
  // Bytes that are not body do not count for the rate.
  RawClient padded(server.port());
  padded.send(chunked);
  EXPECT_LT(trickle(padded, "1;" + std::string(2000, 'e') + "=1\r\nx\r\n"), 1500ms);
  RawClient endless_trailer(server.port());
  endless_trailer.send(chunked + "1\r\nx\r\n0\r\n");
  EXPECT_LT(trickle(endless_trailer, "X-A: 1\r\n"), 1500ms);
  EXPECT_EQ(server.metrics().timeouts, 3);
  // 50 kB per second is enough, though it takes longer than the grace.
  RawClient steady(server.port());
  steady.send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 20000\r\n\r\n");
  for (int i = 0; i < 20; ++i) {
    steady.send(std::string(1000, 'x'));
    std::this_thread::sleep_for(20ms);
  }
  auto response = steady.read();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->body, "20000");
}

TEST(ServerLimitsTest, SlowReaderIsCutOff) {
  ServerOptions options = patient();
  options.write_timeout = 200ms;
  options.write_min_rate = 1'000'000'000;
  Server server(options, answer);
  server.start();
  RawClient client(server.port(), 4096);
  client.send("GET /large HTTP/1.1\r\nHost: t\r\n\r\n");
  EXPECT_TRUE(becomes_true([&] { return server.metrics().timeouts == 1; }));
  EXPECT_TRUE(becomes_true([&] { return server.metrics().connections_open == 0; }));
  EXPECT_TRUE(is_served(server.port()));
}

TEST(ServerLimitsTest, LargeAnswerReachesAReaderThatReads) {
  Server server(patient(), answer);
  server.start();
  RawClient client(server.port(), 16384);
  client.send("GET /large HTTP/1.1\r\nHost: t\r\n\r\n");
  auto response = client.read(false, 20s);
  ASSERT_TRUE(response);
  EXPECT_EQ(response->body, std::string(16'000'000, 'x'));
  client.send(kGet);
  EXPECT_TRUE(client.read());
}

TEST(ServerLimitsTest, IdleConnectionsEndAndBusyOnesDoNot) {
  ServerOptions options = patient();
  options.idle_timeout = 200ms;
  Server server(options, answer);
  server.start();
  RawClient client(server.port());
  for (int i = 0; i < 6; ++i) {
    client.send(kGet);
    ASSERT_TRUE(client.read()) << i;
    std::this_thread::sleep_for(60ms);
  }
  EXPECT_TRUE(client.wait_closed(1500ms));
  EXPECT_EQ(server.metrics().timeouts, 0) << "an idle end is no fault";
}

TEST(ServerLimitsTest, ConnectionsAboveTheMostAreClosed) {
  ServerOptions options = patient();
  options.max_connections = 3;
  Server server(options, answer);
  server.start();
  std::vector<RawClient> clients;
  for (int i = 0; i < 3; ++i) clients.emplace_back(server.port());
  for (auto& client : clients) {
    client.send(kGet);
    ASSERT_TRUE(client.read());
  }
  RawClient extra(server.port());
  EXPECT_TRUE(extra.wait_closed(2s));
  EXPECT_EQ(server.metrics().connections_refused, 1);
  clients.pop_back();
  EXPECT_TRUE(becomes_true([&] { return server.metrics().connections_open == 2; }));
  EXPECT_TRUE(is_served(server.port()));
}

TEST(ServerLimitsTest, OutOfDescriptorsWaitsAndRecovers) {
  ServerOptions options = patient();
  Server server(options, answer);
  server.start();
  ASSERT_TRUE(is_served(server.port()));
  ASSERT_TRUE(becomes_true([&] { return server.metrics().connections_open == 0; }));
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  std::vector<int> fillers;
  int next = ::dup(0);
  // The client has its descriptor; the server will find none.
  rlimit tight = before;
  tight.rlim_cur = static_cast<rlim_t>(next) + 1;
  ::close(next);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &tight), 0);
  for (int i = 0; i < 64; ++i) {
    // Holes below the limit are filled but for the one the client takes.
    int filler = ::dup(0);
    if (filler < 0) break;
    fillers.push_back(filler);
  }
  ASSERT_FALSE(fillers.empty());
  ::close(fillers.back());
  fillers.pop_back();
  {
    RawClient client(server.port());
    client.send(kGet);
    auto cpu_before = std::clock();
    std::this_thread::sleep_for(450ms);
    double cpu = static_cast<double>(std::clock() - cpu_before) / CLOCKS_PER_SEC;
    EXPECT_GE(server.metrics().accept_failures, 2);
    EXPECT_LE(server.metrics().accept_failures, 10) << "one try each 100 ms";
    EXPECT_LT(cpu, 0.2) << "never spins";
    for (int filler : fillers) ::close(filler);
    ::setrlimit(RLIMIT_NOFILE, &before);
    auto response = client.read();
    EXPECT_TRUE(response) << "the connection waited in the backlog";
  }
  EXPECT_TRUE(is_served(server.port()));
}

TEST(ServerLimitsTest, TenThousandIdleConnectionsLeaveTheOthersServed) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit raised{.rlim_cur = 22'000, .rlim_max = std::max<rlim_t>(before.rlim_max, 22'000)};
  if (::setrlimit(RLIMIT_NOFILE, &raised) != 0) {
    raised = {.rlim_cur = before.rlim_max, .rlim_max = before.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &raised), 0);
  }
  // Both ends are in this process.
  auto count = std::min<std::size_t>(10'000, (raised.rlim_cur - 500) / 2);
  {
    Server server(patient(), answer);
    server.start();
    std::vector<RawClient> clients;
    clients.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
      clients.emplace_back(server.port());
      if (i % 2 == 0) clients.back().send("GET / HTTP/1.1\r\nHost: t\r\nX-Half: ");
    }
    EXPECT_TRUE(becomes_true([&] {
      return server.metrics().connections_open == static_cast<std::int64_t>(count);
    })) << server.metrics().connections_open;
    auto begin = steady_clock::now();
    for (int i = 0; i < 20; ++i) EXPECT_TRUE(is_served(server.port()));
    EXPECT_LT(steady_clock::now() - begin, 2s);
    clients[0].send("1\r\n\r\n");
    EXPECT_TRUE(clients[0].read());
    begin = steady_clock::now();
    server.stop(0ms);
    EXPECT_LT(steady_clock::now() - begin, 3s);
    EXPECT_EQ(server.metrics().connections_open, 0);
  }
  ::setrlimit(RLIMIT_NOFILE, &before);
}

}  // namespace
}  // namespace overture::http
