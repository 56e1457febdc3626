#include "net/http_client.hpp"

#include <curl/curl.h>
#include <sys/socket.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <string_view>

#include "base/error.hpp"
#include "net/address.hpp"

namespace overture::net {
namespace {

using base::Error;
using base::ErrorCode;

/// What the callbacks share. They must not throw through libcurl.
struct Transfer {
  const FetchOptions& options;
  std::string body = {};
  bool too_large = false;
  bool refused_address = false;

  bool is_cut() const { return too_large && options.cut_body; }
  bool is_stopped() const { return options.stop != nullptr && options.stop->load(); }
};

std::size_t take_body(char* data, std::size_t size, std::size_t count, void* to) {
  auto& transfer = *static_cast<Transfer*>(to);
  const std::size_t bytes = size * count;
  const std::size_t room = transfer.options.max_bytes - transfer.body.size();
  transfer.too_large = bytes > room;
  if (!transfer.too_large || transfer.options.cut_body) transfer.body.append(data, std::min(bytes, room));
  return transfer.too_large ? 0 : bytes;
}

/// Called about once a second; anything but 0 ends the transfer.
int look_around(void* to, curl_off_t /*to_load*/, curl_off_t /*loaded*/, curl_off_t /*to_send*/,
                curl_off_t /*sent*/) {
  return static_cast<const Transfer*>(to)->is_stopped() ? 1 : 0;
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
  if (transfer.is_stopped()) throw Error(ErrorCode::unavailable, "This server is stopping");
  throw Error(ErrorCode::unavailable, host_text + " does not answer: " + problem);
}

/// Scheme and authority: what may be shown of an address.
std::string shown(const std::string& url) {
  const std::size_t scheme = url.find("://");
  return scheme == std::string::npos ? "The address" : url.substr(0, url.find_first_of("/?#", scheme + 3));
}

using CurlPtr = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using HeadersPtr = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

void add_header(HeadersPtr& headers, const std::string& line) {
  curl_slist* longer = curl_slist_append(headers.get(), line.c_str());
  if (longer == nullptr) throw Error(ErrorCode::unavailable, {}, "curl_slist_append");
  // The first one begins the list; later ones are hung on to it.
  static_cast<void>(headers.release());
  headers.reset(longer);
}

void set_up(CURL* curl, const std::string& url, Transfer& transfer, const std::string& user_agent) {
  const FetchOptions& options = transfer.options;
  set(curl, CURLOPT_URL, url.c_str());
  set(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  set(curl, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  set(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(options.timeout));
  set(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.timeout));
  set(curl, CURLOPT_NOSIGNAL, 1L);
  set(curl, CURLOPT_PROXY, "");
  set(curl, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  set(curl, CURLOPT_ACCEPT_ENCODING, "gzip, deflate");
  set(curl, CURLOPT_USERAGENT, user_agent.c_str());
  set(curl, CURLOPT_WRITEFUNCTION, &take_body);
  set(curl, CURLOPT_WRITEDATA, static_cast<void*>(&transfer));
  set(curl, CURLOPT_OPENSOCKETFUNCTION, &open_socket);
  set(curl, CURLOPT_OPENSOCKETDATA, static_cast<void*>(&transfer));
  set(curl, CURLOPT_NOPROGRESS, 0L);
  set(curl, CURLOPT_XFERINFOFUNCTION, &look_around);
  set(curl, CURLOPT_XFERINFODATA, static_cast<void*>(&transfer));
}

/// The Retry-After header, from now, a day at most; 0 without one. libcurl makes 0 of a number of seconds
/// that does not fit (delay-seconds, RFC 9110, 10.2.3): that is very long, not at once.
base::Millis find_retry_after(CURL* curl) {
  curl_off_t seconds = 0;
  if (curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &seconds) == CURLE_OK && seconds > 0) {
    return std::min<base::Millis>(seconds, base::kDay / base::kSecond) * base::kSecond;
  }
  curl_header* header = nullptr;
  if (curl_easy_header(curl, "Retry-After", 0, CURLH_HEADER, -1, &header) != CURLHE_OK) return 0;
  const std::string_view value(header->value);
  const bool is_number = value.find_first_not_of("0123456789") == std::string_view::npos;
  const bool is_zero = value.find_first_not_of('0') == std::string_view::npos;
  return is_number && !is_zero ? base::kDay : 0;
}

Fetched perform(CURL* curl, const std::string& url, Transfer& transfer) {
  std::string problem(CURL_ERROR_SIZE, '\0');
  set(curl, CURLOPT_ERRORBUFFER, problem.data());
  const CURLcode code = curl_easy_perform(curl);
  problem.resize(problem.find('\0') == std::string::npos ? problem.size() : problem.find('\0'));
  if (code != CURLE_OK && !transfer.is_cut()) {
    fail(transfer, shown(url), problem.empty() ? curl_easy_strerror(code) : problem);
  }
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
  fetched.retry_after = find_retry_after(curl);
  fetched.body = std::move(transfer.body);
  return fetched;
}

CurlPtr make_curl() {
  CurlPtr curl(curl_easy_init(), curl_easy_cleanup);
  if (!curl) throw Error(ErrorCode::unavailable, {}, "curl_easy_init");
  return curl;
}

}  // namespace

CurlClient::CurlClient(std::string user_agent) : user_agent_(std::move(user_agent)) {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

Fetched CurlClient::get(const std::string& url, const FetchOptions& options) {
  const CurlPtr curl = make_curl();
  Transfer transfer{options};
  HeadersPtr headers(nullptr, curl_slist_free_all);
  set_up(curl.get(), url, transfer, user_agent_);
  if (!options.accept.empty()) {
    add_header(headers, "Accept: " + options.accept);
    set(curl.get(), CURLOPT_HTTPHEADER, headers.get());
  }
  set(curl.get(), CURLOPT_FOLLOWLOCATION, options.max_redirects > 0 ? 1L : 0L);
  set(curl.get(), CURLOPT_MAXREDIRS, static_cast<long>(options.max_redirects));
  return perform(curl.get(), url, transfer);
}

Fetched CurlClient::post(const std::string& url, const Outgoing& outgoing, const FetchOptions& options) {
  const CurlPtr curl = make_curl();
  Transfer transfer{options};
  HeadersPtr headers(nullptr, curl_slist_free_all);
  set_up(curl.get(), url, transfer, user_agent_);
  // No "100 Continue" is waited for.
  add_header(headers, "Expect:");
  if (!options.accept.empty()) add_header(headers, "Accept: " + options.accept);
  for (const auto& [name, value] : outgoing.headers) add_header(headers, name + ": " + value);
  set(curl.get(), CURLOPT_HTTPHEADER, headers.get());
  set(curl.get(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(outgoing.body.size()));
  set(curl.get(), CURLOPT_POSTFIELDS, outgoing.body.data());
  return perform(curl.get(), url, transfer);
}

}  // namespace overture::net
