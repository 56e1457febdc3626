// Handing over a request so that it is answered exactly once, and what is counted and logged of it.
#include "http/exchange.hpp"

#include <atomic>
#include <utility>

#include "base/error.hpp"

namespace overture::http {
namespace {

constexpr std::size_t kDefaultBodyLimit = 1024 * 1024;

/// The state behind a Reply: all its copies share one.
class PendingReply {
 public:
  PendingReply(std::weak_ptr<ReplyTarget> target, std::string request_id)
      : target_(std::move(target)), request_id_(std::move(request_id)) {}
  PendingReply(const PendingReply&) = delete;
  PendingReply& operator=(const PendingReply&) = delete;
  ~PendingReply() {
    if (is_done_) return;
    try {
      fail(base::ErrorCode::internal);
    } catch (...) {
      // Out of memory while giving up: the connection stays until the server stops, nothing else is touched.
      is_done_ = true;
    }
  }

  void answer(Response&& response) {
    if (is_done_.exchange(true)) return;
    if (auto target = target_.lock()) target->answer(std::move(response));
  }

  void fail(base::ErrorCode code) { answer(error_response(code, request_id_)); }

 private:
  std::weak_ptr<ReplyTarget> target_;
  std::string request_id_;
  std::atomic<bool> is_done_{false};
};

}  // namespace

void Exchange::note_request(const Request& request, bool has_method) {
  request_id_ = request.id;
  method_ = request.method;
  has_method_ = has_method;
  if (state_.access_log) path_ = request.path;
}

std::size_t Exchange::body_limit(const Request& head) const {
  return state_.body_limit ? state_.body_limit(head) : kDefaultBodyLimit;
}

void Exchange::dispatch(Request&& request, std::weak_ptr<ReplyTarget> target) {
  is_in_flight_ = true;
  state_.metrics.requests_in_flight.fetch_add(1, std::memory_order_relaxed);
  auto pending = std::make_shared<PendingReply>(std::move(target), request_id_);
  try {
    state_.dispatch(std::move(request),
                    [pending](Response&& response) { pending->answer(std::move(response)); });
  } catch (const base::Error& error) {
    pending->fail(error.code());
  } catch (...) {
    ++state_.metrics.handler_exceptions;
    pending->fail(base::ErrorCode::internal);
  }
}

void Exchange::write_head(const Response& response, bool stays, bool is_http10) {
  auto connection = !stays ? Connection::close : is_http10 ? Connection::keep_alive : Connection::implicit;
  settle();
  head_.clear();
  append_response_head(head_, response, request_id_, connection);
}

std::size_t Exchange::body_size(const Response& response) const {
  bool is_head = has_method_ && method_ == Method::head;
  return is_head || is_bodiless(response.status) ? 0 : response.body.size();
}

void Exchange::end(int status, std::uint64_t bytes_in, std::uint64_t bytes_out) {
  auto status_class = static_cast<std::size_t>(status / 100);
  state_.metrics.responses_by_class.at(status_class).fetch_add(1, std::memory_order_relaxed);
  if (!state_.access_log) return;
  auto took = std::chrono::steady_clock::now() - started_;
  AccessEntry entry;
  entry.method = has_method_ ? method_name(method_) : std::string_view{"-"};
  entry.path = path_;
  entry.status = status;
  entry.bytes_in = bytes_in;
  entry.bytes_out = bytes_out;
  entry.duration_us = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
  entry.request_id = request_id_;
  state_.access_log(entry);
}

void Exchange::settle() {
  if (is_in_flight_) state_.metrics.requests_in_flight.fetch_sub(1, std::memory_order_relaxed);
  is_in_flight_ = false;
}

}  // namespace overture::http
