// What a client may rely on: order, keep-alive, ids, bodies in pieces; and what the access log says.
#include "http/server.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <mutex>
#include <thread>

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

void echo(Request&& request, Reply reply) {
  reply(text(std::string(method_name(request.method)) + "|" + request.path + "|" + request.query + "|" +
             request.body));
}

TEST(ServerTest, TakesTheRequestApart) {
  std::promise<Request> seen;
  Server server(two_threads(), [&](Request&& request, Reply reply) {
    seen.set_value(std::move(request));
    reply(text("ok"));
  });
  server.start();
  RawClient client(server.port());
  client.send(
      "PATCH http://t/a%20b?q=%41+c&d HTTP/1.1\r\nHost: t\r\nX-One:  padded \r\nContent-Length: "
      "3\r\n\r\nabc");
  auto response = client.read();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->header("Content-Type"), "application/json");
  EXPECT_EQ(response->header("Content-Length"), "2");
  EXPECT_EQ(response->header("Connection"), "");
  EXPECT_TRUE(response->header("Date").ends_with(" GMT"));
  EXPECT_EQ(response->header("Date").size(), 29U);
  Request request = seen.get_future().get();
  EXPECT_EQ(request.method, Method::patch);
  EXPECT_EQ(request.target, "http://t/a%20b?q=%41+c&d");
  EXPECT_EQ(request.path, "/a%20b");
  EXPECT_EQ(request.query, "q=%41+c&d");
  EXPECT_EQ(request.header("x-one"), "padded");
  EXPECT_EQ(request.body, "abc");
  EXPECT_EQ(request.id, response->header("X-Request-Id"));
}

TEST(ServerTest, RequestIdIsTheClientsWhenItIsSane) {
  Server server(two_threads(), echo);
  server.start();
  RawClient client(server.port());
  auto ask = [&](const std::string& id) {
    client.send(get("/", "X-Request-Id: " + id + "\r\n"));
    return client.read()->header("X-Request-Id");
  };
  EXPECT_EQ(ask("aZ09._-"), "aZ09._-");
  EXPECT_EQ(ask(std::string(64, 'x')), std::string(64, 'x'));
  std::string made = ask(std::string(65, 'x'));
  EXPECT_EQ(made.size(), 16U);
  EXPECT_EQ(made.find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_NE(ask("a b"), "a b");
  EXPECT_NE(ask("\"}"), "\"}");
  EXPECT_NE(ask("\"}"), made);
}

TEST(ServerTest, HeadAnd204HaveNoBody) {
  Server server(two_threads(), [](Request&& request, Reply reply) {
    Response response = text("12345");
    if (request.path == "/none") response.status = 204;
    reply(std::move(response));
  });
  server.start();
  RawClient client(server.port());
  client.send("HEAD / HTTP/1.1\r\nHost: t\r\n\r\n" + get("/none") + get("/"));
  auto head = client.read(true);
  ASSERT_TRUE(head);
  EXPECT_EQ(head->header("Content-Length"), "5");
  auto none = client.read();
  ASSERT_TRUE(none);
  EXPECT_EQ(none->status, 204);
  EXPECT_EQ(none->header("Content-Length"), "");
  EXPECT_EQ(client.read()->body, "12345");
}

TEST(ServerTest, Http10KeepsAliveOnlyWhenAsked) {
  Server server(two_threads(), echo);
  server.start();
  RawClient client(server.port());
  client.send("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(client.read()->header("Connection"), "keep-alive");
  client.send("GET /b HTTP/1.0\r\n\r\n");
  EXPECT_EQ(client.read()->header("Connection"), "close");
  EXPECT_TRUE(client.wait_closed(2s));
}

TEST(ServerTest, PipelinedRequestsAreAnsweredInOrderThoughRepliesAreLate) {
  std::vector<std::thread> workers;
  std::mutex mutex;
  std::atomic<int> at_once{0};
  std::atomic<int> most{0};
  Server server(two_threads(), [&](Request&& request, Reply reply) {
    most = std::max(most.load(), ++at_once);
    if (request.path.back() % 2 == 0) {
      --at_once;
      return reply(text(request.path));
    }
    std::lock_guard lock(mutex);
    workers.emplace_back([&, path = request.path, reply = std::move(reply)] {
      std::this_thread::sleep_for(1ms);
      --at_once;
      reply(text(path));
    });
  });
  server.start();
  std::string all;
  for (int i = 0; i < 40; ++i) all += get("/" + std::to_string(i));
  RawClient client(server.port());
  client.send(all);
  for (int i = 0; i < 40; ++i) {
    auto response = client.read();
    ASSERT_TRUE(response) << i;
    EXPECT_EQ(response->body, "/" + std::to_string(i));
  }
  EXPECT_EQ(most, 1) << "one request of a connection at a time";
  server.stop(1s);
  for (auto& worker : workers) worker.join();
}

TEST(ServerTest, ThousandsOfPipelinedRequestsDoNotDeepenTheStack) {
  Server server(two_threads(), echo);
  server.start();
  RawClient client(server.port());
  std::string all;
  for (int i = 0; i < 5000; ++i) all += "GET / HTTP/1.1\r\nHost:\r\n\r\n";
  std::thread sender([&] { client.send(all); });
  int count = 0;
  while (count < 5000 && client.read()) ++count;
  sender.join();
  EXPECT_EQ(count, 5000);
}

TEST(ServerTest, BodyComesInAnyPieces) {
  Server server(two_threads(), echo);
  server.start();
  std::string request =
      "POST /p HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1;e\r\n!\r\n0\r\nT: "
      "1\r\n\r\n";
  RawClient client(server.port());
  for (char c : request) client.send({&c, 1});
  EXPECT_EQ(client.read()->body, "POST|/p||hello!");
  std::string large(900'000, 'z');
  client.send("POST /l HTTP/1.1\r\nHost: t\r\nContent-Length: 900000\r\n\r\n" + large);
  EXPECT_EQ(client.read()->body, "POST|/l||" + large);
}

TEST(ServerTest, ContinueIsSentOnlyForABodyThatIsWanted) {
  Server server(two_threads(), echo, [](const Request& head) { return head.path == "/big" ? 100U : 3U; });
  server.start();
  auto expecting = [](const std::string& path, int length) {
    return "POST " + path +
           " HTTP/1.1\r\nHost: t\r\nExpect: 100-Continue\r\nContent-Length: " + std::to_string(length) +
           "\r\n\r\n";
  };
  RawClient client(server.port());
  client.send(expecting("/big", 5));
  EXPECT_EQ(client.read()->status, 100);
  client.send("hello");
  EXPECT_EQ(client.read()->body, "POST|/big||hello");
  client.send(expecting("/big", 5) + "hello");
  EXPECT_EQ(client.read()->status, 200) << "the body is here: nothing to wait for";
  client.send(expecting("/small", 5));
  auto refused = client.read();
  EXPECT_EQ(refused->status, 413);
  EXPECT_NE(refused->body.find("payload_too_large"), std::string::npos);
  EXPECT_TRUE(client.wait_closed(5s));
}

TEST(ServerTest, AccessLogSaysWhatHappenedAndNothingPrivate) {
  struct Line {
    std::string method, path, id;
    int status;
    std::uint64_t in, out;
    std::int64_t took;
  };
  std::mutex mutex;
  std::vector<Line> lines;
  Server server(two_threads(), echo, {}, [&](const AccessEntry& entry) {
    std::lock_guard lock(mutex);
    lines.push_back({std::string(entry.method), std::string(entry.path), std::string(entry.request_id),
                     entry.status, entry.bytes_in, entry.bytes_out, entry.duration_us});
  });
  server.start();
  RawClient client(server.port());
  std::string first = get("/a?token=secret", "X-Request-Id: one\r\n");
  std::string second = "POST /b HTTP/1.1\r\nHost: t\r\nContent-Length: 4\r\n\r\nbody";
  client.send(first + second + "BREW /pot HTTP/1.1\r\nHost: t\r\n\r\n");
  auto answers = client.read_all();
  ASSERT_EQ(answers.size(), 3U);
  server.stop(1s);
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[0].method, "GET");
  EXPECT_EQ(lines[0].path, "/a");
  EXPECT_EQ(lines[0].id, "one");
  EXPECT_EQ(lines[0].status, 200);
  EXPECT_EQ(lines[0].in, first.size());
  EXPECT_EQ(lines[0].out, answers[0].head.size() + 2 + answers[0].body.size());
  EXPECT_GE(lines[0].took, 0);
  EXPECT_LT(lines[0].took, 5'000'000);
  EXPECT_EQ(lines[1].in, second.size());
  EXPECT_EQ(lines[2].method, "-");
  EXPECT_EQ(lines[2].status, 501);
}

TEST(ServerTest, HalfClosedClientGetsItsAnswer) {
  Server server(two_threads(), echo);
  server.start();
  RawClient client(server.port());
  client.send(get("/a"));
  client.finish_sending();
  EXPECT_EQ(client.read()->status, 200);
  EXPECT_TRUE(client.wait_closed(2s));
}

}  // namespace
}  // namespace overture::http
