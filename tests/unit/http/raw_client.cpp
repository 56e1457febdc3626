// Blocking sockets and poll: as little between the test and the wire as possible.
#include "unit/http/raw_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace overture::http::testing {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

std::string RawResponse::header(std::string_view name) const {
  std::string start = "\r\n" + std::string(name) + ": ";
  std::size_t at = head.find(start);
  if (at == std::string::npos) return {};
  at += start.size();
  return head.substr(at, head.find("\r\n", at) - at);
}

RawClient::RawClient(unsigned short port, int receive_buffer)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (socket_ < 0) throw std::runtime_error("no socket");
  if (receive_buffer > 0)
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(socket_);
    throw std::runtime_error("cannot connect");
  }
}

RawClient::RawClient(RawClient&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)),
      is_closed_(other.is_closed_),
      was_reset_(other.was_reset_),
      buffer_(std::move(other.buffer_)) {}

RawClient::~RawClient() {
  if (socket_ >= 0) ::close(socket_);
}

bool RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void RawClient::finish_sending() { ::shutdown(socket_, SHUT_WR); }

void RawClient::reset() {
  linger now{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  ::close(std::exchange(socket_, -1));
}

bool RawClient::fill(steady_clock::time_point until) {
  if (is_closed_) return false;
  auto left = std::chrono::ceil<milliseconds>(until - steady_clock::now());
  pollfd waiting{.fd = socket_, .events = POLLIN, .revents = 0};
  if (left.count() < 0 || ::poll(&waiting, 1, static_cast<int>(left.count())) <= 0) return false;
  std::array<char, 65536> bytes{};
  ssize_t count = ::recv(socket_, bytes.data(), bytes.size(), 0);
  if (count <= 0) {
    is_closed_ = true;
    was_reset_ = count < 0;
    return false;
  }
  buffer_.append(bytes.data(), static_cast<std::size_t>(count));
  return true;
}

std::optional<RawResponse> RawClient::read(bool is_head, milliseconds limit) {
  auto until = steady_clock::now() + limit;
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (!fill(until)) return std::nullopt;
  }
  RawResponse response;
  response.head = buffer_.substr(0, end + 2);
  buffer_.erase(0, end + 4);
  response.status = std::atoi(response.head.c_str() + std::min<std::size_t>(9, response.head.size()));
  if (is_head) return response;
  auto length = static_cast<std::size_t>(std::atoll(response.header("Content-Length").c_str()));
  while (buffer_.size() < length) {
    if (!fill(until)) return std::nullopt;
  }
  response.body = buffer_.substr(0, length);
  buffer_.erase(0, length);
  return response;
}

std::vector<RawResponse> RawClient::read_all(milliseconds limit) {
  auto until = steady_clock::now() + limit;
  std::vector<RawResponse> responses;
  while (auto response = read(false, std::chrono::ceil<milliseconds>(until - steady_clock::now()))) {
    responses.push_back(std::move(*response));
  }
  return responses;
}

bool RawClient::wait_closed(milliseconds limit) {
  auto until = steady_clock::now() + limit;
  while (fill(until)) {
  }
  return is_closed_;
}

}  // namespace overture::http::testing
