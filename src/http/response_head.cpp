// Rendering of response heads by appending to one string that the connection keeps.
#include "http/response_head.hpp"

#include <ostream>  // Boost 1.81 needs it and does not say so

#include <array>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/status.hpp>
#include <charconv>
#include <cstdint>
#include <ctime>
#include <random>

namespace overture::http {
namespace {

bool is_token_char(char c) {
  if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) return true;
  return std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool is_token(std::string_view text) {
  if (text.empty()) return false;
  for (char c : text) {
    if (!is_token_char(c)) return false;
  }
  return true;
}

bool is_field_value(std::string_view text) {
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && byte != '\t') || byte == 0x7f) return false;
  }
  return true;
}

bool is_own_header(std::string_view name) {
  for (std::string_view own : {"Content-Length", "Transfer-Encoding", "Connection", "Date"}) {
    if (boost::beast::iequals(name, own)) return true;
  }
  return false;
}

void append_number(std::string& out, std::uint64_t number) {
  std::array<char, 20> digits{};
  auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), static_cast<std::size_t>(end - digits.data()));
}

/// The IMF-fixdate of now (RFC 9110 section 5.6.7), made once a second per thread. Not strftime: that obeys
/// the locale.
std::string_view http_date() {
  static thread_local std::time_t made_at = -1;
  static thread_local std::string text;
  std::time_t now = std::time(nullptr);
  if (now == made_at) return text;
  constexpr std::string_view kDays = "SunMonTueWedThuFriSat";
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  std::tm parts{};
  gmtime_r(&now, &parts);
  auto two = [](int n) {
    return std::string{static_cast<char>('0' + n / 10 % 10), static_cast<char>('0' + n % 10)};
  };
  text.assign(kDays.substr(static_cast<std::size_t>(parts.tm_wday) * 3, 3));
  text.append(", ").append(two(parts.tm_mday)).append(" ");
  text.append(kMonths.substr(static_cast<std::size_t>(parts.tm_mon) * 3, 3)).append(" ");
  append_number(text, static_cast<std::uint64_t>(parts.tm_year + 1900));
  text.append(" ").append(two(parts.tm_hour)).append(":").append(two(parts.tm_min)).append(":");
  text.append(two(parts.tm_sec)).append(" GMT");
  made_at = now;
  return text;
}

void append_status_line(std::string& out, int status) {
  if (status == 200) {
    out += "HTTP/1.1 200 OK\r\n";
    return;
  }
  out += "HTTP/1.1 ";
  append_number(out, static_cast<std::uint64_t>(status));
  out += ' ';
  // The reason may be empty, its space may not (RFC 9112 section 4).
  auto known = boost::beast::http::int_to_status(static_cast<unsigned>(status));
  if (known != boost::beast::http::status::unknown) out += boost::beast::http::obsolete_reason(known);
  out += "\r\n";
}

void append_header(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

bool is_bodiless(int status) { return status < 200 || status == 204 || status == 304; }

void append_response_head(std::string& out, const Response& response, std::string_view request_id,
                          Connection connection) {
  append_status_line(out, response.status);
  append_header(out, "Date", http_date());
  if (!is_bodiless(response.status)) {
    if (!response.content_type.empty()) append_header(out, "Content-Type", response.content_type);
    out += "Content-Length: ";
    append_number(out, response.body.size());
    out += "\r\n";
  }
  append_header(out, "X-Request-Id", request_id);
  if (connection == Connection::close) out += "Connection: close\r\n";
  if (connection == Connection::keep_alive) out += "Connection: keep-alive\r\n";
  for (const Header& header : response.headers) {
    if (!is_own_header(header.name)) append_header(out, header.name, header.value);
  }
  out += "\r\n";
}

bool is_sane(const Response& response) {
  if (response.status < 200 || response.status > 599 || !is_field_value(response.content_type)) return false;
  for (const Header& header : response.headers) {
    if (!is_token(header.name) || !is_field_value(header.value)) return false;
  }
  return true;
}

Response error_response(base::ErrorCode code, std::string_view request_id) {
  const base::ErrorKind& kind = base::error_kind(code);
  Response response;
  response.status = kind.status;
  // None of the three needs escaping: the table is ours, and ids are letters, digits, dots and dashes.
  response.body.append(R"({"message":")").append(kind.message);
  response.body.append(R"(","code":")").append(kind.name);
  response.body.append(R"(","request_id":")").append(request_id).append(R"("})");
  return response;
}

bool is_sane_request_id(std::string_view id) {
  if (id.empty() || id.size() > 64) return false;
  for (char c : id) {
    bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
                    c == '_' || c == '-';
    if (!is_plain) return false;
  }
  return true;
}

std::string make_request_id() {
  static thread_local std::uint64_t state = [] {
    std::random_device device;
    return (static_cast<std::uint64_t>(device()) << 32) | device();
  }();
  // splitmix64: each step a different number for 2^64 steps.
  state += 0x9e3779b97f4a7c15U;
  std::uint64_t bits = state;
  bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9U;
  bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebU;
  bits ^= bits >> 31;
  std::string id(16, '0');
  for (char& c : id) {
    c = "0123456789abcdef"[bits & 15];
    bits >>= 4;
  }
  return id;
}

}  // namespace overture::http
