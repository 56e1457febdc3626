// A search server on loopback that speaks as much of SearXNG as is asked for.
#pragma once
#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace overture::test {

/// Answers one connection after the other with what `answer` makes of the request's target: status line,
/// headers and body as they go over the wire.
class SearchStub {
 public:
  explicit SearchStub(std::function<std::string(const std::string& target)> answer);
  ~SearchStub();
  SearchStub(const SearchStub&) = delete;
  SearchStub& operator=(const SearchStub&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  std::vector<std::string> targets();
  /// As it came over the wire.
  std::string last_request();

  /// A 200 with this JSON.
  static std::string json(const std::string& body);

 private:
  void serve();

  std::function<std::string(const std::string&)> answer_;
  int listener_ = -1;
  int port_ = 0;
  std::mutex mutex_;
  std::vector<std::string> targets_;
  std::string last_request_;
  std::thread thread_;
};

}  // namespace overture::test
