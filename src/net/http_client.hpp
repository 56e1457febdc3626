// Outgoing HTTP: one guarded way out for everything that asks or tells other servers.
#pragma once
#include <atomic>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"

namespace overture::net {

struct FetchOptions {
  std::size_t max_bytes = std::size_t{5} << 20U;  ///< of the body, once decompressed
  base::Millis timeout = 20 * base::kSecond;      ///< for everything together
  int max_redirects = 3;
  bool allow_private = false;               ///< also servers of this machine and its networks
  std::string accept = {};                  ///< the Accept header; empty: anything
  bool cut_body = false;                    ///< a longer body is cut off at max_bytes, and no error
  const std::atomic<bool>* stop = nullptr;  ///< once it is true there is no answer, within a second
};

/// What is sent.
struct Outgoing {
  std::vector<std::pair<std::string, std::string>> headers;  ///< without line ends
  std::string body;
};

struct Fetched {
  int status = 0;
  std::string url;  ///< after redirects
  std::string content_type;
  std::string body;
  base::Millis retry_after = 0;  ///< the Retry-After header, from now; 0 without one
};

/// May be used by any number of threads at once.
class HttpClient {
 public:
  virtual ~HttpClient() = default;
  /// GET of an http or https address, redirects followed. Any status is an answer. Throws Error(unavailable)
  /// with a sentence for people when there is none, or one beyond the bounds, or one from a server that is
  /// not public.
  virtual Fetched get(const std::string& url, const FetchOptions& options) = 0;
  /// POST, the same way. Redirects are never followed: they are answers.
  virtual Fetched post(const std::string& url, const Outgoing& outgoing, const FetchOptions& options) = 0;
};

/// Over libcurl. The address of each connection is looked at when it is made, after the name was resolved, so
/// neither a redirect nor a name that changes its address leads inside. Proxies of the environment are not
/// used.
class CurlClient final : public HttpClient {
 public:
  explicit CurlClient(std::string user_agent = "Overture");
  Fetched get(const std::string& url, const FetchOptions& options) override;
  Fetched post(const std::string& url, const Outgoing& outgoing, const FetchOptions& options) override;

 private:
  std::string user_agent_;
};

}  // namespace overture::net
