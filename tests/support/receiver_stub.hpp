// Receivers of webhooks that do what a test tells them, without a network.
#pragma once
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "net/http_client.hpp"

namespace overture::test {

class ReceiverStub final : public net::HttpClient {
 public:
  struct Call {
    std::string url;
    std::string id;         ///< webhook-id
    std::string timestamp;  ///< webhook-timestamp
    std::string signature;  ///< webhook-signature
    std::string body;
  };

  /// What is answered; may throw as a client does. Without it: 200.
  std::function<net::Fetched(const Call&)> answer;

  net::Fetched get(const std::string& url, const net::FetchOptions& options) override;
  net::Fetched post(const std::string& url, const net::Outgoing& outgoing,
                    const net::FetchOptions& options) override;

  std::vector<Call> calls() const;
  /// The options of the last call.
  net::FetchOptions options() const;

 private:
  mutable std::mutex mutex_;
  std::vector<Call> calls_;
  net::FetchOptions options_;
};

}  // namespace overture::test
