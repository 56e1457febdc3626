// The guarded client against a loopback server that misbehaves.
#include "net/http_client.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/search_stub.hpp"

namespace overture::net {
namespace {

using test::SearchStub;

std::string problem_of(const std::string& url, const FetchOptions& options) {
  try {
    CurlClient().get(url, options);
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), base::ErrorCode::unavailable);
    return error.message();
  }
  return "none";
}

TEST(HttpClient, FetchesAndFollows) {
  SearchStub server([](const std::string& target) {
    if (target == "/from")
      return std::string("HTTP/1.1 302 Found\r\nLocation: /to\r\nContent-Length: 3\r\n\r\nold");
    return SearchStub::json("{}");
  });
  const Fetched fetched = CurlClient().get(server.url() + "/from", {.allow_private = true});
  EXPECT_EQ(fetched.status, 200);
  EXPECT_EQ(fetched.url, server.url() + "/to");
  EXPECT_EQ(fetched.content_type, "application/json");
  EXPECT_EQ(fetched.body, "{}");
}

TEST(HttpClient, AnyStatusIsAnAnswer) {
  SearchStub server(
      [](const std::string&) { return std::string("HTTP/1.1 404 No\r\nContent-Length: 2\r\n\r\nno"); });
  EXPECT_EQ(CurlClient().get(server.url(), {.allow_private = true}).status, 404);
}

TEST(HttpClient, PrivateServersAreRefusedBeforeAByteIsSent) {
  SearchStub server([](const std::string&) { return SearchStub::json("{}"); });
  EXPECT_EQ(problem_of(server.url() + "/x", {}), server.url() + " is not on the public Internet");
  EXPECT_TRUE(server.targets().empty());
}

TEST(HttpClient, BoundsOfSizeRedirectsTimeAndScheme) {
  SearchStub server([](const std::string& target) {
    if (target == "/large") return SearchStub::json(std::string(2 << 20, 'x'));
    return std::string("HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n");
  });
  EXPECT_EQ(problem_of(server.url() + "/large", {.max_bytes = 1 << 20, .allow_private = true}),
            server.url() + " answers more than 1 MiB");
  EXPECT_NE(problem_of(server.url() + "/again", {.max_redirects = 2, .allow_private = true}), "none");
  EXPECT_EQ(server.targets().size(), 4U) << "one large, and two redirects after the first";
  EXPECT_NE(problem_of("file:///etc/passwd", {.allow_private = true}), "none");
  EXPECT_NE(problem_of("gopher://127.0.0.1/", {.allow_private = true}), "none");
}

TEST(HttpClient, PostsHeadersAndBody) {
  SearchStub server([](const std::string&) { return SearchStub::json("{}"); });
  CurlClient client("Overture/9.9");
  const Fetched fetched =
      client.post(server.url() + "/hook?a=b",
                  {{{"content-type", "application/json"}, {"webhook-id", "msg_1"}}, "{\"a\":1}"},
                  {.allow_private = true});
  EXPECT_EQ(fetched.status, 200);
  const std::string request = server.last_request();
  EXPECT_TRUE(request.starts_with("POST /hook?a=b HTTP/1.1\r\n")) << request;
  for (const char* line : {"\r\ncontent-type: application/json\r\n", "\r\nwebhook-id: msg_1\r\n",
                           "\r\nUser-Agent: Overture/9.9\r\n", "\r\nContent-Length: 7\r\n"}) {
    EXPECT_NE(request.find(line), std::string::npos) << line << request;
  }
  EXPECT_EQ(request.find("Expect"), std::string::npos);
  EXPECT_TRUE(request.ends_with("\r\n\r\n{\"a\":1}")) << request;
}

TEST(HttpClient, ARedirectAnswersAPost) {
  SearchStub server([](const std::string&) {
    return std::string(
        "HTTP/1.1 307 Elsewhere\r\nLocation: /to\r\nRetry-After: 90\r\nContent-Length: 0\r\n\r\n");
  });
  const Fetched fetched = CurlClient().post(server.url(), {{}, "x"}, {.allow_private = true});
  EXPECT_EQ(fetched.status, 307);
  EXPECT_EQ(fetched.retry_after, 90 * base::kSecond);
  EXPECT_EQ(server.targets().size(), 1U);
}

TEST(HttpClient, ATooLargeRetryAfterIsVeryLong) {
  const auto retry_after = [](const std::string& value) {
    SearchStub server([&](const std::string&) {
      return "HTTP/1.1 429 Busy\r\nRetry-After: " + value + "\r\nContent-Length: 0\r\n\r\n";
    });
    return CurlClient().post(server.url(), {{}, "x"}, {.allow_private = true}).retry_after;
  };
  EXPECT_EQ(retry_after("99999999999999999999"), base::kDay);
  EXPECT_EQ(retry_after("9223372036854775807"), base::kDay) << "fits just so";
  EXPECT_EQ(retry_after("0"), 0);
  EXPECT_EQ(retry_after("0000000000000000000000"), 0);
  EXPECT_EQ(retry_after("later"), 0);
  EXPECT_EQ(retry_after("-5"), 0);
}

TEST(HttpClient, PostsNothingInside) {
  SearchStub server([](const std::string&) { return SearchStub::json("{}"); });
  EXPECT_THROW(CurlClient().post(server.url(), {{}, "x"}, {}), base::Error);
  EXPECT_TRUE(server.targets().empty());
}

TEST(HttpClient, ALongAnswerMayBeCutOff) {
  SearchStub server([](const std::string&) { return SearchStub::json(std::string(100'000, 'x')); });
  const Fetched fetched = CurlClient().post(server.url(), {{}, "x"},
                                            {.max_bytes = 1000, .allow_private = true, .cut_body = true});
  EXPECT_EQ(fetched.status, 200);
  EXPECT_EQ(fetched.body, std::string(1000, 'x'));
}

TEST(HttpClient, IsGivenUpWhenTold) {
  SearchStub server([](const std::string&) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1500));
    return std::string();
  });
  const std::atomic<bool> stop = true;
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_THROW(CurlClient().post(server.url(), {{}, "x"}, {.allow_private = true, .stop = &stop}),
               base::Error);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::milliseconds(1200));
}

TEST(HttpClient, SilenceEnds) {
  SearchStub server([](const std::string&) {
    std::this_thread::sleep_for(std::chrono::milliseconds(400));
    return std::string();
  });
  EXPECT_NE(problem_of(server.url(), {.timeout = 100, .allow_private = true}), "none");
}

TEST(HttpClient, NobodyThereIsSaidPlainly) {
  EXPECT_TRUE(problem_of("http://127.0.0.1:1/secret?q=x", {.allow_private = true})
                  .starts_with("http://127.0.0.1:1 does not answer: "));
}

}  // namespace
}  // namespace overture::net
