// One request and its answer as seen from outside: reply, counters, access log, the response's head.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "http/message.hpp"
#include "http/response_head.hpp"
#include "http/server_state.hpp"

namespace overture::http {

/// Where the answer of a request goes; called at most once per request, from any thread.
class ReplyTarget {
 public:
  virtual ~ReplyTarget() = default;
  virtual void answer(Response&& response) = 0;
};

/// Used again for each request of a connection, so that its strings keep their memory.
class Exchange {
 public:
  explicit Exchange(ServerState& state) : state_(state) {}

  /// The first byte of a request is here.
  void begin() { started_ = std::chrono::steady_clock::now(); }
  std::chrono::steady_clock::time_point started() const { return started_; }

  /// Keeps what is needed of the request after it has been given away.
  void note_request(const Request& request, bool has_method);
  const std::string& request_id() const { return request_id_; }

  /// The largest body for this head, in bytes.
  std::size_t body_limit(const Request& head) const;

  /// Gives the request away. `target` is answered exactly once, whatever the dispatch does: when it throws,
  /// with the error; when it drops the Reply without calling it, with 500; a second call of the Reply does
  /// nothing.
  void dispatch(Request&& request, std::weak_ptr<ReplyTarget> target);

  /// The answer is here: the request is in flight no longer, and head() is its head.
  void write_head(const Response& response, bool stays, bool is_http10);
  const std::string& head() const { return head_; }
  /// What goes over the wire of the body: nothing for HEAD, 204 and 304.
  std::size_t body_size(const Response& response) const;

  /// The answer is out or has failed: counts it and writes the access log.
  void end(int status, std::uint64_t bytes_in, std::uint64_t bytes_out);
  /// The request is in flight no longer: answered, or its connection has ended.
  void settle();

 private:
  ServerState& state_;
  std::chrono::steady_clock::time_point started_{};
  std::string request_id_;
  std::string path_;
  std::string head_;
  Method method_ = Method::get;
  bool has_method_ = false;
  bool is_in_flight_ = false;
};

}  // namespace overture::http
