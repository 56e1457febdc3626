// The parser without sockets: however the bytes are cut, the same requests come out.
#include "http/request_reader.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <random>
#include <string>
#include <vector>

namespace overture::http {
namespace {

using base::ErrorCode;
using Step = RequestReader::Step;

/// What came out, one line for each request or failure.
std::vector<std::string> read(const std::string& bytes, const std::vector<std::size_t>& pieces,
                              std::size_t limit = 1000) {
  ServerOptions options;
  RequestReader reader(options);
  std::vector<std::string> lines;
  std::size_t at = 0;
  std::size_t piece = 0;
  for (;;) {
    switch (reader.advance()) {
      case Step::need_more: {
        if (at == bytes.size()) return lines;
        auto room = reader.prepare();
        std::size_t wanted = pieces.empty() ? bytes.size() : pieces[piece++ % pieces.size()];
        std::size_t count = std::min({wanted, room.size(), bytes.size() - at});
        std::memcpy(room.data(), bytes.data() + at, count);
        reader.commit(count);
        at += count;
        break;
      }
      case Step::head:
        reader.accept_body(limit);
        break;
      case Step::complete: {
        Request& request = reader.request();
        lines.push_back(std::string(method_name(request.method)) + " " + request.target + " " + request.body +
                        " " + std::to_string(reader.consumed()) + (reader.keep_alive() ? " stays" : " goes"));
        reader.next();
        break;
      }
      case Step::failed:
        lines.push_back("failed " + std::string(base::error_kind(reader.failure()).name));
        return lines;
    }
  }
}

std::vector<std::string> requests_of(std::vector<std::string> lines) {
  std::erase_if(lines, [](const std::string& line) { return line.starts_with("failed"); });
  return lines;
}

const std::string kThree =
    "GET /a HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n"
    "\r\nPOST /b HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\n\r\nabc"
    "PUT /c HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nde\r\n1\r\nf\r\n0\r\nT: x\r\n\r\n"
    "TRACE / HTTP/1.1\r\nHost: t\r\n\r\n";

TEST(RequestReaderTest, AnyCutGivesTheSameRequests) {
  const std::vector<std::string> whole = read(kThree, {});
  ASSERT_EQ(whole.size(), 4U);
  EXPECT_EQ(whole[0], "GET /a  47 goes");
  EXPECT_EQ(whole[1], "POST /b abc 53 stays");
  EXPECT_EQ(whole[2].substr(0, 10), "PUT /c def");
  EXPECT_EQ(whole[3], "failed not_implemented");
  for (std::size_t size = 1; size < 80; ++size) EXPECT_EQ(read(kThree, {size}), whole) << size;
  std::mt19937 random(7);
  for (int round = 0; round < 500; ++round) {
    std::vector<std::size_t> pieces(40);
    for (auto& piece : pieces) piece = 1 + random() % 17;
    EXPECT_EQ(read(kThree, pieces), whole);
  }
}

TEST(RequestReaderTest, NoBytesCanMakeItThrowOrHang) {
  std::mt19937 random(11);
  const std::string alphabet = std::string("\r\n \t:;,%/0129afGETPOSTchunked\x80\xff") + '\0';
  for (int round = 0; round < 4000; ++round) {
    std::string bytes = kThree;
    for (unsigned i = 0; i < 1 + random() % 6; ++i) {
      std::size_t at = random() % bytes.size();
      char c = alphabet[random() % alphabet.size()];
      switch (random() % 3) {
        case 0:
          bytes[at] = c;
          break;
        case 1:
          bytes.insert(at, 1 + random() % 3, c);
          break;
        default:
          bytes.erase(at, 1 + random() % 4);
      }
    }
    // Cut into pieces a fault may be noticed later, when the rest of the header is there; what is taken as a
    // request may not differ.
    auto whole = requests_of(read(bytes, {}));
    EXPECT_EQ(requests_of(read(bytes, {1})), whole) << ::testing::PrintToString(bytes);
  }
}

TEST(RequestReaderTest, LimitsAreExact) {
  const std::string head = "POST / HTTP/1.1\r\nHost: t\r\n";
  auto sized = [&](std::size_t n) {
    return head + "Content-Length: " + std::to_string(n) + "\r\n\r\n" + std::string(n, 'x');
  };
  EXPECT_EQ(read(sized(10), {}, 10).at(0).substr(0, 5), "POST ");
  EXPECT_EQ(read(sized(11), {}, 10), std::vector<std::string>({"failed payload_too_large"}));
  auto chunked = [&](const std::string& chunks) {
    return head + "Transfer-Encoding: chunked\r\n\r\n" + chunks;
  };
  EXPECT_EQ(read(chunked("5\r\nxxxxx\r\n5\r\nxxxxx\r\n0\r\n\r\n"), {}, 10).at(0).substr(0, 17),
            "POST / xxxxxxxxxx");
  EXPECT_EQ(read(chunked("5\r\nxxxxx\r\n6\r\n"), {}, 10),
            std::vector<std::string>({"failed payload_too_large"}));
  ServerOptions options;
  std::string longest = "/" + std::string(options.target_bytes - 1, 'a');
  EXPECT_EQ(read("GET " + longest + " HTTP/1.1\r\nHost: t\r\n\r\n", {}).size(), 1U);
  EXPECT_EQ(read("GET " + longest + "a HTTP/1.1\r\nHost: t\r\n\r\n", {}),
            std::vector<std::string>({"failed uri_too_long"}));
}

TEST(RequestReaderTest, HoldsNoMoreThanItsBuffer) {
  ServerOptions options;
  RequestReader reader(options);
  std::string start = "POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n2;";
  auto room = reader.prepare();
  std::memcpy(room.data(), start.data(), start.size());
  reader.commit(start.size());
  ASSERT_EQ(reader.advance(), Step::head);
  ASSERT_TRUE(reader.accept_body(1000));
  while (reader.advance() == Step::need_more) {
    room = reader.prepare();
    ASSERT_FALSE(room.empty());
    std::fill(room.begin(), room.end(), 'e');
    reader.commit(room.size());
    ASSERT_LE(reader.buffered(), options.buffer_bytes);
  }
  EXPECT_EQ(reader.failure(), ErrorCode::headers_too_large);
}

}  // namespace
}  // namespace overture::http
