#include "net/http_client.hpp"

#include <curl/curl.h>
#include <sys/socket.h>

#include <memory>
#include <mutex>

#include "base/error.hpp"
#include "net/address.hpp"

namespace overture::net {
namespace {

using base::Error;
using base::ErrorCode;

/// What the callbacks share. They must not throw through libcurl.
struct Transfer {
  const FetchOptions& options;
  std::string body;
  bool too_large = false;
  bool refused_address = false;
};

std::size_t take_body(char* data, std::size_t size, std::size_t count, void* to) {
  auto& transfer = *static_cast<Transfer*>(to);
  const std::size_t bytes = size * count;
  if (transfer.body.size() + bytes > transfer.options.max_bytes) {
    transfer.too_large = true;
    return 0;
  }
  transfer.body.append(data, bytes);
  return bytes;
}

curl_socket_t open_socket(void* to, curlsocktype /*purpose*/, curl_sockaddr* address) {
  auto& transfer = *static_cast<Transfer*>(to);
  if (!transfer.options.allow_private && !is_public_address(address->addr)) {
    transfer.refused_address = true;
    return CURL_SOCKET_BAD;
  }
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/// curl_easy_setopt is a macro over variadic arguments: the types must be exactly what the option wants.
template <class T>
void set(CURL* curl, CURLoption option, T value) {
  if (curl_easy_setopt(curl, option, value) != CURLE_OK) {
    throw Error(ErrorCode::internal, {}, "curl option " + std::to_string(option));
  }
}

[[noreturn]] void fail(const Transfer& transfer, const std::string& host_text, const std::string& problem) {
  if (transfer.too_large) {
    throw Error(ErrorCode::unavailable, host_text + " answers more than " +
                                            std::to_string(transfer.options.max_bytes >> 20U) + " MiB");
  }
  if (transfer.refused_address) {
    throw Error(ErrorCode::unavailable, host_text + " is not on the public Internet");
  }
  throw Error(ErrorCode::unavailable, host_text + " does not answer: " + problem);
}

/// Scheme and authority: what may be shown of an address.
std::string shown(const std::string& url) {
  const std::size_t scheme = url.find("://");
  return scheme == std::string::npos ? "The address" : url.substr(0, url.find_first_of("/?#", scheme + 3));
}

}  // namespace

CurlClient::CurlClient() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

Fetched CurlClient::get(const std::string& url, const FetchOptions& options) {
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> owner(curl_easy_init(), curl_easy_cleanup);
  CURL* curl = owner.get();
  if (curl == nullptr) throw Error(ErrorCode::unavailable, {}, "curl_easy_init");
  Transfer transfer{options, {}, false, false};
  std::string problem(CURL_ERROR_SIZE, '\0');
  std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers(nullptr, curl_slist_free_all);
  if (!options.accept.empty()) {
    headers.reset(curl_slist_append(nullptr, ("Accept: " + options.accept).c_str()));
    set(curl, CURLOPT_HTTPHEADER, headers.get());
  }
  set(curl, CURLOPT_URL, url.c_str());
  set(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  set(curl, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  set(curl, CURLOPT_FOLLOWLOCATION, options.max_redirects > 0 ? 1L : 0L);
  set(curl, CURLOPT_MAXREDIRS, static_cast<long>(options.max_redirects));
  set(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(options.timeout));
  set(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.timeout));
  set(curl, CURLOPT_NOSIGNAL, 1L);
  set(curl, CURLOPT_PROXY, "");
  set(curl, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  set(curl, CURLOPT_ACCEPT_ENCODING, "gzip, deflate");
  set(curl, CURLOPT_USERAGENT, "Overture/1.0");
  set(curl, CURLOPT_ERRORBUFFER, problem.data());
  set(curl, CURLOPT_WRITEFUNCTION, &take_body);
  set(curl, CURLOPT_WRITEDATA, static_cast<void*>(&transfer));
  set(curl, CURLOPT_OPENSOCKETFUNCTION, &open_socket);
  set(curl, CURLOPT_OPENSOCKETDATA, static_cast<void*>(&transfer));

  const CURLcode code = curl_easy_perform(curl);
  problem.resize(problem.find('\0') == std::string::npos ? problem.size() : problem.find('\0'));
  if (code != CURLE_OK) fail(transfer, shown(url), problem.empty() ? curl_easy_strerror(code) : problem);
  Fetched fetched;
  long status = 0;
  const char* text = nullptr;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  fetched.status = static_cast<int>(status);
  if (curl_easy_getinfo(curl, CURLINFO_EFFECTIVE_URL, &text) == CURLE_OK && text != nullptr)
    fetched.url = text;
  if (curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &text) == CURLE_OK && text != nullptr) {
    fetched.content_type = text;
  }
  fetched.body = std::move(transfer.body);
  return fetched;
}

}  // namespace overture::net
