// Requests and responses as plain data: all that the API knows of HTTP.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace overture::http {

enum class Method { get, head, post, put, patch, delete_, options };
std::string_view method_name(Method method);

struct Header {
  std::string name;
  std::string value;
};

struct Request {
  Method method = Method::get;
  std::string target;  ///< as received: path and query, percent-encoded
  std::string path;    ///< the part of target before `?`, still encoded
  std::string query;   ///< the part after `?`, still encoded
  std::vector<Header> headers;
  std::string body;
  std::string id;  ///< X-Request-Id: the client's where it is sane, else made here

  /// The first value of a header, by case-insensitive name; empty when absent.
  std::string_view header(std::string_view name) const;
};

struct Response {
  int status = 200;
  std::string_view content_type = "application/json";
  std::vector<Header> headers;  ///< beyond Content-Type, Content-Length, Date, Connection, X-Request-Id
  std::string body;
};

/// Must be called exactly once per request, from any thread.
using Reply = std::function<void(Response&&)>;
/// Answers one request. Called on an I/O thread: it may take as long as a database read, not longer.
using Dispatch = std::function<void(Request&&, Reply)>;
/// The largest body accepted for this request head, in bytes (the body is still empty).
using BodyLimit = std::function<std::size_t(const Request&)>;

}  // namespace overture::http
