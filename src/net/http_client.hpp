// Outgoing HTTP: one guarded way out for everything that asks other servers.
#pragma once
#include <cstddef>
#include <string>

#include "base/clock.hpp"

namespace overture::net {

struct FetchOptions {
  std::size_t max_bytes = std::size_t{5} << 20U;  ///< of the body, once decompressed
  base::Millis timeout = 20 * base::kSecond;      ///< for everything together
  int max_redirects = 3;
  bool allow_private = false;  ///< also servers of this machine and its networks
  std::string accept = {};     ///< the Accept header; empty: anything
};

struct Fetched {
  int status = 0;
  std::string url;  ///< after redirects
  std::string content_type;
  std::string body;
};

/// May be used by any number of threads at once.
class HttpClient {
 public:
  virtual ~HttpClient() = default;
  /// GET of an http or https address, redirects followed. Any status is an answer. Throws Error(unavailable)
  /// with a sentence for people when there is none, or one beyond the bounds, or one from a server that is
  /// not public.
  virtual Fetched get(const std::string& url, const FetchOptions& options) = 0;
};

/// Over libcurl. The address of each connection is looked at when it is made, after the name was resolved, so
/// neither a redirect nor a name that changes its address leads inside. Proxies of the environment are not
/// used.
class CurlClient final : public HttpClient {
 public:
  CurlClient();
  Fetched get(const std::string& url, const FetchOptions& options) override;
};

}  // namespace overture::net
