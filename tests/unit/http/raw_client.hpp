// A client that sends bytes as they are and takes answers apart just far enough to count them.
#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace overture::http::testing {

struct RawResponse {
  int status = 0;
  std::string head;  ///< status line and headers
  std::string body;
  /// The value of a header, empty when absent.
  std::string header(std::string_view name) const;
};

class RawClient {
 public:
  /// Connects over 127.0.0.1; `receive_buffer` of 0 leaves the system's size.
  explicit RawClient(unsigned short port, int receive_buffer = 0);
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;
  RawClient(RawClient&& other) noexcept;

  /// False when the server does not take it all.
  bool send(std::string_view bytes);
  void finish_sending();
  void reset();  ///< leaves without a farewell (RST)

  /// The next response; empty when the connection ends or `limit` passes first. A response without
  /// Content-Length ends with its head, and so does one to HEAD (`is_head`).
  std::optional<RawResponse> read(bool is_head = false,
                                  std::chrono::milliseconds limit = std::chrono::milliseconds(5000));
  /// All responses until the server closes; `is_closed()` says whether it did.
  std::vector<RawResponse> read_all(std::chrono::milliseconds limit = std::chrono::milliseconds(5000));
  /// Waits until the server closes; anything that comes first is in rest(). False when `limit` passes.
  bool wait_closed(std::chrono::milliseconds limit);
  bool is_closed() const { return is_closed_; }
  bool was_reset() const { return was_reset_; }        ///< closed, and not in the orderly way
  const std::string& rest() const { return buffer_; }  ///< bytes that came and were not read

 private:
  bool fill(std::chrono::steady_clock::time_point until);

  int socket_ = -1;
  bool is_closed_ = false;
  bool was_reset_ = false;
  std::string buffer_;
};

}  // namespace overture::http::testing
