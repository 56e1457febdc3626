#include "mailbox/oauth.hpp"

#include <curl/curl.h>

#include <boost/json.hpp>
#include <memory>

#include "base/text.hpp"
#include "mailbox/smtp_replies.hpp"

namespace overture::mailbox {
namespace {

constexpr std::size_t kMaxAnswer = std::size_t{64} << 10U;  // tokens of Microsoft have some 3 kB

using Curl = std::unique_ptr<CURL, void (*)(CURL*)>;

[[noreturn]] void fail(Trouble::Kind kind, const std::string& text) {
  throw MailboxError({kind, safe_line(text)});
}

/// Through libcurl nothing may be thrown.
std::size_t take(char* data, std::size_t size, std::size_t count, void* to) {
  auto& body = *static_cast<std::string*>(to);
  if (body.size() + size * count > kMaxAnswer) return 0;
  try {
    body.append(data, size * count);
  } catch (const std::bad_alloc&) {
    return 0;
  }
  return size * count;
}

bool may_be_asked(std::string_view url) {
  if (url.size() > 2000 || base::has_control(url) || url.find(' ') != std::string_view::npos) return false;
  if (url.starts_with("https://")) return true;
  for (std::string_view own : {"http://127.0.0.1:", "http://localhost:", "http://[::1]:"}) {
    // The port and then the path: nothing like http://127.0.0.1:x@elsewhere/.
    const std::size_t slash = url.find('/', own.size());
    if (url.starts_with(own) && slash != std::string_view::npos &&
        url.substr(own.size(), slash - own.size()).find_first_not_of("0123456789") ==
            std::string_view::npos) {
      return true;
    }
  }
  return false;
}

std::string form_of(CURL* curl, const OauthClient& client, const std::string& refresh_token) {
  std::string form = "grant_type=refresh_token";
  const auto add = [&](std::string_view key, const std::string& value) {
    if (value.empty()) return;
    const std::unique_ptr<char, void (*)(void*)> escaped(
        curl_easy_escape(curl, value.c_str(), static_cast<int>(value.size())), &curl_free);
    if (!escaped) throw base::Error(base::ErrorCode::unavailable, "Out of memory.");
    form.append("&").append(key).append("=").append(escaped.get());
  };
  add("client_id", client.client_id);
  add("client_secret", client.client_secret);
  add("refresh_token", refresh_token);
  add("scope", client.scope);
  return form;
}

std::string text_at(const boost::json::object& object, std::string_view key) {
  const boost::json::value* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

/// Google and Microsoft write a number, some a string.
std::int64_t seconds_at(const boost::json::object& object) {
  const boost::json::value* value = object.if_contains("expires_in");
  std::int64_t seconds = 0;
  if (value != nullptr && value->is_int64()) seconds = value->get_int64();
  if (value != nullptr && value->is_string())
    seconds = std::strtoll(value->get_string().c_str(), nullptr, 10);
  return seconds > 0 && seconds <= 10L * 365 * 24 * 3600 ? seconds : 3600;
}

void check_transfer(CURLcode result) {
  using Kind = Trouble::Kind;
  switch (result) {
    case CURLE_OK:
      return;
    case CURLE_COULDNT_RESOLVE_HOST:
      fail(Kind::dns, "The host name of the token address is unknown.");
    case CURLE_COULDNT_CONNECT:
      fail(Kind::connect, "Nobody answers at the token address.");
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
      fail(Kind::certificate, "The certificate of the token address cannot be trusted.");
    case CURLE_SSL_CONNECT_ERROR:
      fail(Kind::tls, "No encryption could be agreed on with the token address.");
    case CURLE_OPERATION_TIMEDOUT:
      fail(Kind::timeout, "The token address did not answer in time.");
    case CURLE_WRITE_ERROR:
      fail(Kind::protocol, "The answer of the token address is too large.");
    default:
      fail(Kind::closed, "The token address did not answer.");
  }
}

}  // namespace

OauthTokenSource::OauthTokenSource(const base::Clock& clock, Trust trust, std::chrono::milliseconds timeout)
    : clock_(clock), trust_(std::move(trust)), timeout_(timeout) {}

OauthTokens OauthTokenSource::refresh(const OauthClient& client, const std::string& refresh_token) {
  if (!may_be_asked(client.token_url))
    fail(Trouble::Kind::protocol, "The token address has to begin with https://.");
  if (refresh_token.empty()) fail(Trouble::Kind::login, "Nobody has signed in to this mailbox yet.");
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  const Curl curl(started == CURLE_OK ? curl_easy_init() : nullptr, &curl_easy_cleanup);
  if (!curl) throw base::Error(base::ErrorCode::unavailable, "Out of memory.");
  const std::string form = form_of(curl.get(), client, refresh_token);
  std::string body;
  const std::unique_ptr<curl_slist, void (*)(curl_slist*)> headers(
      curl_slist_append(nullptr, "Accept: application/json"), &curl_slist_free_all);
  curl_easy_setopt(curl.get(), CURLOPT_URL, client.token_url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl.get(), CURLOPT_PROXY, "");
  curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_FOLLOWLOCATION, 0L);  // secrets go nowhere else
  curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(timeout_.count()));
  curl_easy_setopt(curl.get(), CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!trust_.ca_file.empty()) {
    curl_easy_setopt(curl.get(), CURLOPT_CAINFO, trust_.ca_file.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_CAPATH, "/etc/ssl/certs");
  }
  curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDSIZE, static_cast<long>(form.size()));
  curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, form.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, &take);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &body);
  check_transfer(curl_easy_perform(curl.get()));

  long status = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  boost::system::error_code problem;
  boost::json::value parsed = boost::json::parse(body, problem);
  const boost::json::object* answer = problem || !parsed.is_object() ? nullptr : &parsed.get_object();
  const std::string error = answer == nullptr ? "" : text_at(*answer, "error");
  // RFC 6749 section 5.2.
  if (error == "invalid_grant" || error == "interaction_required" || error == "consent_required") {
    fail(Trouble::Kind::login,
         "The permission to use this mailbox has ended or was taken back. Sign in again.");
  }
  if (error == "invalid_client" || error == "unauthorized_client" || error == "invalid_scope") {
    fail(Trouble::Kind::login, "The provider does not accept this program's OAuth client (" + error +
                                   "). Its id, secret or scope has to be corrected.");
  }
  if (status != 200 || answer == nullptr) {
    fail(Trouble::Kind::protocol, "The token address answered " + std::to_string(status) +
                                      (error.empty() ? "." : ": " + error.substr(0, 100)));
  }
  OauthTokens tokens;
  tokens.access_token = text_at(*answer, "access_token");
  tokens.refresh_token = text_at(*answer, "refresh_token");
  if (tokens.refresh_token.empty()) tokens.refresh_token = refresh_token;
  tokens.expires_at = clock_.now() + seconds_at(*answer) * base::kSecond;
  if (tokens.access_token.empty() || base::has_control(tokens.access_token)) {
    fail(Trouble::Kind::protocol, "The token address gave no token.");
  }
  return tokens;
}

}  // namespace overture::mailbox
