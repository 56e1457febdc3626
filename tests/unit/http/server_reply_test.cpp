// Every request is answered exactly once, however late, twice or never its Reply is called.
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include "base/error.hpp"
#include "http/server.hpp"
#include "unit/http/raw_client.hpp"

namespace overture::http {
namespace {

using namespace std::chrono_literals;
using testing::RawClient;

ServerOptions two_threads() {
  ServerOptions options;
  options.threads = 2;
  options.linger_timeout = 100ms;
  return options;
}

/// `GET /x` with more header lines, each ended by CRLF.
std::string get(const std::string& target, const std::string& headers = "") {
  return "GET " + target + " HTTP/1.1\r\nHost: t\r\n" + headers + "\r\n";
}

Response text(std::string body) {
  Response response;
  response.body = std::move(body);
  return response;
}

TEST(ServerReplyTest, ReplyAfterTheClientHasGone) {
  std::promise<Reply> held;
  Server server(two_threads(), [&](Request&& request, Reply reply) {
    if (request.path == "/late") return held.set_value(std::move(reply));
    reply(text("ok"));
  });
  server.start();
  {
    RawClient client(server.port());
    client.send(get("/late"));
    Reply reply = held.get_future().get();
    client.reset();
    EXPECT_EQ(server.metrics().requests_in_flight, 1);
    reply(text(std::string(1'000'000, 'x')));
  }
  RawClient other(server.port());
  other.send(get("/"));
  EXPECT_EQ(other.read()->status, 200);
  auto until = std::chrono::steady_clock::now() + 2s;
  while (server.metrics().connections_open > 1 && std::chrono::steady_clock::now() < until)
    std::this_thread::yield();
  EXPECT_EQ(server.metrics().connections_open, 1);
  EXPECT_EQ(server.metrics().requests_in_flight, 0);
}

TEST(ServerReplyTest, EveryRequestIsAnsweredOnceWhateverTheDispatchDoes) {
  Server server(two_threads(), [](Request&& request, Reply reply) {
    if (request.path == "/lost") return;
    if (request.path == "/throws") throw std::runtime_error("secret");
    if (request.path == "/refuses") throw base::Error(base::ErrorCode::maintenance);
    if (request.path == "/splits") {
      Response response = text("x");
      response.headers.push_back({"Location", "/\r\nSet-Cookie: a=b"});
      return reply(std::move(response));
    }
    if (request.path == "/throws-after") {
      reply(text("answered"));
      throw std::runtime_error("late");
    }
    reply(text("first"));
    reply(text("second"));
  });
  server.start();
  RawClient client(server.port());
  client.send(get("/lost") + get("/throws") + get("/refuses") + get("/splits") + get("/throws-after") +
              get("/twice") + get("/twice"));
  for (int status : {500, 500, 503, 500}) {
    auto response = client.read();
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, status);
    EXPECT_EQ(response->body.find("secret"), std::string::npos);
    EXPECT_NE(response->body.find(response->header("X-Request-Id")), std::string::npos);
    EXPECT_EQ(response->head.find("Cookie"), std::string::npos);
  }
  EXPECT_EQ(client.read()->body, "answered");
  EXPECT_EQ(client.read()->body, "first");
  EXPECT_EQ(client.read()->body, "first");
  EXPECT_FALSE(client.read(false, 20ms));
  EXPECT_EQ(server.metrics().responses_by_class[5], 4);
  EXPECT_EQ(server.metrics().responses_by_class[2], 3);
}

TEST(ServerReplyTest, ErrorTextsOfAThrownErrorReachTheClient) {
  Server server(two_threads(), [](Request&&, Reply) { throw base::Error(base::ErrorCode::rate_limited); });
  server.start();
  RawClient client(server.port());
  client.send(get("/", "X-Request-Id: abc\r\n"));
  auto response = client.read();
  EXPECT_EQ(response->status, 429);
  EXPECT_EQ(response->body, R"({"message":"Too many requests","code":"rate_limited","request_id":"abc"})");
}

}  // namespace
}  // namespace overture::http
