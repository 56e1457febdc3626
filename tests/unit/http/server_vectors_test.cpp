// Raw bytes that must not be read as another request than they are: framing, smuggling, abuse of headers.
// Each row says the statuses that come back and whether the server closes; a second answer would be a
// smuggled request.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "http/server.hpp"
#include "unit/http/raw_client.hpp"

namespace overture::http {
namespace {

using namespace std::chrono_literals;
using testing::RawClient;

const std::string kHost = "Host: t\r\n";
const std::string kSmuggled = "0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: t\r\n\r\n";
const std::string kChunked = "Transfer-Encoding: chunked\r\n";

std::string post(const std::string& headers, const std::string& body = "",
                 const std::string& version = "1.1") {
  return "POST /a HTTP/" + version + "\r\n" + kHost + headers + "\r\n" + body;
}
std::string get(const std::string& target, const std::string& method = "GET",
                const std::string& version = "1.1") {
  return method + " " + target + " HTTP/" + version + "\r\n" + kHost + "\r\n";
}
std::string many_headers(int count) {
  std::string headers;
  for (int i = 0; i < count; ++i) headers += "X-" + std::to_string(i) + ": 1\r\n";
  return headers;
}
std::string length(std::size_t count) { return "Content-Length: " + std::to_string(count) + "\r\n"; }

struct Vector {
  const char* name;
  std::string bytes;
  std::vector<int> statuses;
  bool closes;
};

std::vector<Vector> vectors() {
  const std::string big(65536, 'a');
  const std::string chunks = "2\r\nhi\r\n3;x=y\r\nabc\r\n0\r\n\r\n";
  return {
      // What must work.
      {"plain", post(length(2), "hi"), {200}, false},
      {"get", get("/a?q=1"), {200}, false},
      {"two pipelined", post(length(2), "hi") + post(length(2), "hi"), {200, 200}, false},
      {"three pipelined, chunked in the middle",
       get("/a") + post(kChunked, chunks) + get("/b"),
       {200, 200, 200},
       false},
      {"chunked", post(kChunked, chunks), {200}, false},
      {"chunked in capitals", post("Transfer-Encoding: CHUNKED\r\n", chunks), {200}, false},
      {"chunked with a trailer", post(kChunked, "2\r\nhi\r\n0\r\nX-Sum: 1\r\n\r\n"), {200}, false},
      {"empty chunked body", post(kChunked, "0\r\n\r\n"), {200}, false},
      {"length 0", post(length(0)), {200}, false},
      {"get with a body",
       "GET /a HTTP/1.1\r\n" + kHost + length(2) + "\r\nhi" + get("/b"),
       {200, 200},
       false},
      {"empty lines first", "\r\n\r\n" + get("/a"), {200}, false},
      {"HTTP/1.0 closes", get("/a", "GET", "1.0"), {200}, true},
      {"connection close",
       "GET /a HTTP/1.1\r\n" + kHost + "Connection: close\r\n\r\n" + get("/b"),
       {200},
       true},
      {"100 headers", post(many_headers(99)), {200}, false},
      {"target in UTF-8", get("/\xc3\xa9"), {200}, false},
      {"escaped NUL", get("/%00"), {200}, false},
      {"absolute form", get("http://t/a"), {200}, false},
      {"options star", get("*", "OPTIONS"), {200}, false},
      // Two lengths, or a length that is none.
      {"length and chunked", post(length(kSmuggled.size()) + kChunked, kSmuggled), {400}, true},
      {"chunked and length", post(kChunked + length(4), kSmuggled), {400}, true},
      {"two lengths that differ", post(length(2) + length(40), "hi" + kSmuggled), {400}, true},
      {"two lengths that agree", post(length(2) + length(2), "hi"), {400}, true},
      {"list of lengths", post("Content-Length: 2, 2\r\n", "hi"), {400}, true},
      {"length +2", post("Content-Length: +2\r\n", "hi"), {400}, true},
      {"length -1", post("Content-Length: -1\r\n", "hi"), {400}, true},
      {"length 0x2", post("Content-Length: 0x2\r\n", "hi"), {400}, true},
      {"length 2 2", post("Content-Length: 2 2\r\n", "hi"), {400}, true},
      {"length 1e1", post("Content-Length: 1e1\r\n", "hi"), {400}, true},
      {"length beyond 64 bits", post("Content-Length: 99999999999999999999999\r\n", "hi"), {400}, true},
      {"length empty", post("Content-Length: \r\n", "hi"), {400}, true},
      // Transfer codings that another server might read as chunked, or not.
      {"xchunked", post("Transfer-Encoding: xchunked\r\n", kSmuggled), {400}, true},
      {"identity", post("Transfer-Encoding: identity\r\n" + length(2), "hi"), {400}, true},
      {"identity alone", post("Transfer-Encoding: identity\r\n", "hi"), {400}, true},
      {"chunked, identity", post("Transfer-Encoding: chunked, identity\r\n", kSmuggled), {400}, true},
      {"gzip, chunked", post("Transfer-Encoding: gzip, chunked\r\n", kSmuggled), {400}, true},
      {"chunked, chunked", post("Transfer-Encoding: chunked, chunked\r\n", kSmuggled), {400}, true},
      {"chunked with a parameter", post("Transfer-Encoding: chunked;a=b\r\n", kSmuggled), {400}, true},
      {"coding twice", post(kChunked + "Transfer-Encoding: identity\r\n", kSmuggled), {400}, true},
      {"coding empty", post("Transfer-Encoding: \r\n", kSmuggled), {400}, true},
      {"coding after a vertical tab",
       post("Transfer-Encoding:\x0b"
            "chunked\r\n",
            kSmuggled),
       {400},
       true},
      {"chunked on HTTP/1.0", post(kChunked, "2\r\nhi\r\n0\r\n\r\n", "1.0"), {400}, true},
      // Chunks.
      {"chunk size +2", post(kChunked, "+2\r\nhi\r\n0\r\n\r\n"), {400}, true},
      {"chunk size 0x2", post(kChunked, "0x2\r\nhi\r\n0\r\n\r\n"), {400}, true},
      {"chunk size -1", post(kChunked, "-1\r\nhi\r\n0\r\n\r\n"), {400}, true},
      {"chunk size empty", post(kChunked, "\r\nhi\r\n0\r\n\r\n"), {400}, true},
      {"chunk size overflows", post(kChunked, "FFFFFFFFFFFFFFFFF\r\nhi\r\n0\r\n\r\n"), {400}, true},
      {"chunk longer than its size", post(kChunked, "2\r\nhi!\r\n0\r\n\r\n"), {400}, true},
      {"chunk extension of 64 KiB", post(kChunked, "2;" + big + "\r\nhi\r\n0\r\n\r\n"), {431}, true},
      {"trailer of 64 KiB", post(kChunked, "2\r\nhi\r\n0\r\nX: " + big + "\r\n\r\n"), {431}, true},
      {"length in the trailer", post(kChunked, "2\r\nhi\r\n0\r\nContent-Length: 9\r\n\r\n"), {400}, true},
      // Lines and headers.
      {"space before the colon", post("Content-Length : 2\r\n", "hi"), {400}, true},
      {"header without a name", post(": 2\r\n"), {400}, true},
      {"header without a colon", post("Nonsense\r\n"), {400}, true},
      {"bare LF lines", "POST /a HTTP/1.1\nHost: t\nContent-Length: 2\n\nhi", {400}, true},
      {"bare CR in a value", post("X-A: a\rb\r\n" + length(2), "hi"), {400}, true},
      {"NUL in a value", post(std::string("X-A: a\0b\r\n", 10) + length(2), "hi"), {400}, true},
      {"no Host", "GET /a HTTP/1.1\r\n\r\n", {400}, true},
      {"two Hosts", "GET /a HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", {400}, true},
      {"header of 64 KiB", post("X-A: " + big + "\r\n"), {431}, true},
      {"101 headers", post(many_headers(100)), {431}, true},
      {"1000 headers", post(many_headers(1000)), {431}, true},
      // Request lines.
      {"target of 64 KiB", get("/" + big), {414}, true},
      {"target of 9 KiB", get("/" + big.substr(0, 9216)), {414}, true},
      {"target with a space", get("/a b"), {400}, true},
      {"target with a fragment", get("/a#b"), {400}, true},
      {"target without a slash", get("a"), {400}, true},
      {"absolute form without a host", get("http:///a"), {400}, true},
      {"star for get", get("*"), {400}, true},
      {"TRACE", get("/a", "TRACE"), {501}, true},
      {"CONNECT", get("t:80", "CONNECT"), {501}, true},
      {"method in lower case", get("/a", "get"), {501}, true},
      {"HTTP/1.2", get("/a", "GET", "1.2"), {400}, true},
      {"HTTP/0.9", "GET /a\r\n", {400}, true},
      {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {400}, true},
      {"TLS hello",
       std::string("\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03", 11) + std::string(160, '\0'),
       {400},
       true},
      // Bodies above the limit of 1 MiB.
      {"body of 2 MiB", post(length(2097152), std::string(2097152, 'a')), {413}, true},
      {"announced 2 MiB, nothing sent", post(length(2097152)), {413}, true},
      {"announced 2 MiB, waits for 100", post(length(2097152) + "Expect: 100-continue\r\n"), {413}, true},
      {"chunk above the limit", post(kChunked, "200000\r\nhi"), {413}, true},
      {"second chunk above the limit", post(kChunked, "2\r\nhi\r\nfffff\r\n"), {413}, true},
  };
}

TEST(ServerVectorsTest, EachIsReadAsWhatItIs) {
  ServerOptions options;
  options.threads = 1;
  Server server(options, [](Request&& request, Reply reply) {
    EXPECT_EQ(request.path.find("smuggled"), std::string::npos);
    Response response;
    response.body = "{\"size\":" + std::to_string(request.body.size()) + "}";
    reply(std::move(response));
  });
  server.start();
  auto rows = vectors();
  EXPECT_GE(rows.size(), 46U);
  for (const Vector& row : rows) {
    SCOPED_TRACE(row.name);
    RawClient client(server.port());
    client.send(row.bytes);
    std::vector<int> statuses;
    while (statuses.size() < row.statuses.size()) {
      auto response = client.read();
      if (!response) break;
      statuses.push_back(response->status);
      if (response->status >= 400) {
        EXPECT_NE(response->body.find("\"code\":\""), std::string::npos) << response->body;
        EXPECT_NE(response->body.find(response->header("X-Request-Id")), std::string::npos);
        EXPECT_EQ(response->header("Connection"), "close");
      }
    }
    EXPECT_EQ(statuses, row.statuses);
    // The client does not close first: when the server means to, it must end its side by itself.
    EXPECT_EQ(client.wait_closed(row.closes ? 3000ms : 20ms), row.closes);
    EXPECT_FALSE(client.was_reset()) << "a reset may take the answer from the client";
    EXPECT_EQ(client.rest(), "");
  }
  EXPECT_EQ(server.metrics().handler_exceptions, 0);
  RawClient after(server.port());
  after.send(get("/a"));
  EXPECT_TRUE(after.read());
}

}  // namespace
}  // namespace overture::http
