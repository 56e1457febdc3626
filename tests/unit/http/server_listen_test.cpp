// Where the server listens, and what it says when it cannot.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/error.hpp"
#include "http/server.hpp"

namespace overture::http {
namespace {

void ok(Request&&, Reply reply) { reply({}); }

ServerOptions on(const std::string& host, unsigned short port = 0) {
  ServerOptions options;
  options.host = host;
  options.port = port;
  options.threads = 1;
  return options;
}

bool reaches_v4(unsigned short port) {
  int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int result = ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  ::close(socket);
  return result == 0;
}

bool reaches_v6(unsigned short port) {
  int socket = ::socket(AF_INET6, SOCK_STREAM, 0);
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(port);
  address.sin6_addr = in6addr_loopback;
  int result = ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  ::close(socket);
  return result == 0;
}

bool has_v6() {
  int socket = ::socket(AF_INET6, SOCK_STREAM, 0);
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_addr = in6addr_loopback;
  bool can = ::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  if (socket >= 0) ::close(socket);
  return can;
}

TEST(ServerListenTest, EachHostMeansItsAddresses) {
  struct Row {
    const char* host;
    bool v4, v6;
  };
  for (const Row& row : {Row{"127.0.0.1", true, false},
                         {"0.0.0.0", true, false},
                         {"localhost", true, true},
                         {"::1", false, true},
                         {"[::1]", false, true},
                         {"::", true, true},
                         {"*", true, true},
                         {"", true, true}}) {
    SCOPED_TRACE(row.host);
    if (!row.v4 && !has_v6()) continue;
    if (std::string(row.host) == "::" && !has_v6()) continue;
    Server server(on(row.host), ok);
    server.start();
    EXPECT_NE(server.port(), 0);
    EXPECT_EQ(reaches_v4(server.port()), row.v4);
    if (has_v6()) {
      EXPECT_EQ(reaches_v6(server.port()), row.v6);
    }
  }
}

std::string refusal(const ServerOptions& options) {
  Server server(options, ok);
  try {
    server.start();
  } catch (const base::Error& error) {
    return error.message();
  }
  return "";
}

TEST(ServerListenTest, SaysWhyItCannot) {
  Server first(on("127.0.0.1"), ok);
  first.start();
  EXPECT_EQ(refusal(on("127.0.0.1", first.port())),
            "cannot listen on 127.0.0.1:" + std::to_string(first.port()) +
                ": the port is already in use by another program");
  EXPECT_EQ(refusal(on("192.0.2.1", 8099)),
            "cannot listen on 192.0.2.1:8099: this machine does not have that address");
  EXPECT_EQ(refusal(on("no-such-host.invalid", 8099)),
            "cannot listen on no-such-host.invalid:8099: the host name is not known");
}

TEST(ServerListenTest, PortIsFreeAgainAtOnce) {
  unsigned short port = 0;
  for (int round = 0; round < 3; ++round) {
    Server server(on("127.0.0.1", port), ok);
    server.start();
    port = server.port();
    EXPECT_TRUE(reaches_v4(port));
    server.stop(std::chrono::seconds(1));
    EXPECT_FALSE(reaches_v4(port));
  }
}

TEST(ServerListenTest, NeverStartedServerEndsQuietly) {
  Server server(on("127.0.0.1"), ok);
  server.stop(std::chrono::seconds(1));
}

}  // namespace
}  // namespace overture::http
