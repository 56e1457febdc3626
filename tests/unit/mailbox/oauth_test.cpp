#include "mailbox/oauth.hpp"

#include <gtest/gtest.h>

#include "support/mail_stub.hpp"

namespace overture::mailbox {
namespace {

using testing::StubConnection;
using testing::StubServer;

/// Answers each request with `status` and `body`; keeps what was posted.
struct TokenServer {
  std::string status = "200 OK";
  std::string body;
  std::string posted;
  StubServer server{[this](StubConnection& connection) {
    std::size_t length = 0;
    for (std::string line = connection.line(); !line.empty(); line = connection.line()) {
      if (line.starts_with("Content-Length: ")) length = std::stoul(line.substr(16));
    }
    posted = connection.bytes(length);
    if (body == "<hang>") connection.hang();
    connection.send("HTTP/1.1 " + status + "\r\nConnection: close\r\nContent-Length: " +
                    std::to_string(body.size()) + "\r\nLocation: http://127.0.0.1:1/\r\n\r\n" + body);
  }};
  std::string url() const { return "http://127.0.0.1:" + std::to_string(server.port()) + "/token"; }
};

Trouble::Kind trouble_of(const std::string& url, const std::string& token = "r0") {
  const base::FakeClock clock(0);
  try {
    OauthTokenSource(clock, {}, std::chrono::milliseconds(500))
        .refresh({url, "id", "very-secret", ""}, token);
  } catch (const MailboxError& error) {
    EXPECT_EQ(error.trouble().text.find("very-secret"), std::string::npos);
    EXPECT_FALSE(error.trouble().text.empty());
    return error.kind();
  }
  ADD_FAILURE() << "no trouble";
  return Trouble::Kind::dns;
}

TEST(Oauth, BringsAFreshToken) {
  TokenServer server;
  server.body = R"({"access_token":"a1","expires_in":3599,"refresh_token":"r1","token_type":"Bearer"})";
  const base::FakeClock clock(1'000'000);
  OauthTokenSource source(clock);
  auto tokens = source.refresh({server.url(), "the id", "a&b=c", "https://x/y offline"}, "r0+/=");
  EXPECT_EQ(tokens.access_token, "a1");
  EXPECT_EQ(tokens.refresh_token, "r1");
  EXPECT_EQ(tokens.expires_at, 1'000'000 + 3'599'000);
  EXPECT_EQ(
      server.posted,
      "grant_type=refresh_token&client_id=the%20id&client_secret=a%26b%3Dc&refresh_token=r0%2B%2F%3D&scope="
      "https%3A%2F%2Fx%2Fy%20offline");
  server.body = R"({"access_token":"a2","expires_in":"60"})";
  tokens = source.refresh({server.url(), "id", "", ""}, "r0");
  EXPECT_EQ(tokens.refresh_token, "r0");  // not rotated
  EXPECT_EQ(tokens.expires_at, 1'060'000);
  EXPECT_EQ(server.posted, "grant_type=refresh_token&client_id=id&refresh_token=r0");
  server.body = R"({"access_token":"a3"})";
  EXPECT_EQ(source.refresh({server.url(), "id", "", ""}, "r0").expires_at, 1'000'000 + base::kHour);
}

TEST(Oauth, TellsTroublesApart) {
  using Kind = Trouble::Kind;
  TokenServer server;
  server.status = "400 Bad Request";
  server.body = R"({"error":"invalid_grant","error_description":"Token has been expired or revoked."})";
  EXPECT_EQ(trouble_of(server.url()), Kind::login);
  server.status = "401 Unauthorized";
  server.body = R"({"error":"invalid_client"})";
  EXPECT_EQ(trouble_of(server.url()), Kind::login);
  server.status = "503 Busy";
  server.body = "<html>";
  EXPECT_EQ(trouble_of(server.url()), Kind::protocol);
  server.status = "302 Found";
  EXPECT_EQ(trouble_of(server.url()), Kind::protocol);
  server.status = "200 OK";
  for (const char* body :
       {"", "[]", "{}", R"({"access_token":""})", R"({"access_token":"a\r\nb"})", "{\"access_token\":7}"}) {
    server.body = body;
    EXPECT_EQ(trouble_of(server.url()), Kind::protocol) << body;
  }
  server.body = std::string(100'000, ' ');
  EXPECT_EQ(trouble_of(server.url()), Kind::protocol);
  server.body = "<hang>";
  EXPECT_EQ(trouble_of(server.url()), Kind::timeout);
  EXPECT_EQ(trouble_of("https://no-such-host.invalid/token"), Kind::dns);
  EXPECT_EQ(trouble_of("http://127.0.0.1:1/token"), Kind::connect);
  EXPECT_EQ(trouble_of(server.url(), ""), Kind::login);
}

TEST(Oauth, SendsSecretsOnlyUnderTlsOrToThisMachine) {
  for (const char* url : {"http://provider.test/token", "http://127.0.0.1.evil.test/token", "ftp://x/", "",
                          "file:///etc/passwd", "http://127.0.0.1:80@evil.test/token",
                          "http://localhost:x@evil.test/", "https://a b/", "HTTP://x/"}) {
    EXPECT_EQ(trouble_of(url), Trouble::Kind::protocol) << url;
  }
}

}  // namespace
}  // namespace overture::mailbox
