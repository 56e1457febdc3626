#include "mailbox/connection.hpp"

#include <curl/curl.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <mutex>

#include "base/text.hpp"
#include "base/time.hpp"
#include "mailbox/opening.hpp"

namespace overture::mailbox {
namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void fail(Trouble::Kind kind, const char* text) { throw MailboxError(Trouble{kind, text}); }

/// False when nothing came in time.
bool wait_for(int socket, short events, Clock::time_point deadline) {
  for (;;) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now()).count();
    pollfd entry{socket, events, 0};
    const int ready = ::poll(&entry, 1, static_cast<int>(std::clamp<long>(left, 0, 60'000)));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
    if (ready == 0 && Clock::now() >= deadline) return false;
  }
}

void start_libcurl() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

/// Host names go into a URL: letters of any script, digits, and what names and addresses are made of.
bool is_host(std::string_view host) {
  return !host.empty() && host.size() <= 255 && std::all_of(host.begin(), host.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || std::isalnum(byte) != 0 || c == '.' || c == '-' || c == '_' || c == ':';
  });
}

std::string write_url(const Opening& opening) {
  const bool smtp = opening.protocol == Protocol::smtp;
  std::string url = smtp ? "smtp" : "imap";
  if (opening.server.security == Security::tls) url += 's';
  url += "://" + write_address(opening.server) + "/";
  if (smtp && is_host(opening.hello)) url += opening.hello;
  return url;
}

void set_login(CURL* curl, const Opening& opening, const char* methods) {
  const Login& login = opening.login;
  if (login.user.empty()) return;
  curl_easy_setopt(curl, CURLOPT_USERNAME, login.user.c_str());
  if (login.access_token.empty()) {
    curl_easy_setopt(curl, CURLOPT_PASSWORD, login.password.c_str());
    curl_easy_setopt(curl, CURLOPT_LOGIN_OPTIONS, methods);
  } else {
    curl_easy_setopt(curl, CURLOPT_XOAUTH2_BEARER, login.access_token.c_str());
    curl_easy_setopt(curl, CURLOPT_LOGIN_OPTIONS, "AUTH=XOAUTH2;AUTH=OAUTHBEARER");
  }
}

void set_options(CURL* curl, const Opening& opening) {
  const milliseconds all = opening.connect * 2 + opening.greeting + opening.command * 5;
  const milliseconds one = std::max({opening.connect, opening.greeting, opening.command});
  curl_easy_setopt(curl, CURLOPT_URL, write_url(opening).c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps,imap,imaps");
  curl_easy_setopt(curl, CURLOPT_PROXY, "");  // not those of the environment
  curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_TCP_KEEPALIVE, 1L);
  // The finer limits are OpeningProgress's, once a second; these are the last ones.
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(all.count()));
  curl_easy_setopt(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, static_cast<long>(one.count() / 1000 + 1));
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!opening.trust.ca_file.empty()) {
    // CAINFO replaces the system's file, so the system's directory is named besides.
    curl_easy_setopt(curl, CURLOPT_CAINFO, opening.trust.ca_file.c_str());
    curl_easy_setopt(curl, CURLOPT_CAPATH, "/etc/ssl/certs");
  }
  if (opening.server.security == Security::starttls) {
    curl_easy_setopt(curl, CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
  }
}

/// libcurl's GnuTLS says only that the verification failed. A second look, without a log-in, tells what
/// people can act on: expired or self-signed.
std::string look_at_certificate(const Opening& opening) {
  Opening bare = opening;
  bare.login = {};
  const std::unique_ptr<CURL, void (*)(CURL*)> curl(curl_easy_init(), &curl_easy_cleanup);
  if (!curl) return {};
  set_options(curl.get(), bare);
  curl_easy_setopt(curl.get(), CURLOPT_SSL_VERIFYPEER, 0L);
  curl_easy_setopt(curl.get(), CURLOPT_SSL_VERIFYHOST, 0L);
  curl_easy_setopt(curl.get(), CURLOPT_CERTINFO, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_CONNECTTIMEOUT_MS, 5000L);
  curl_easy_setopt(curl.get(), CURLOPT_SERVER_RESPONSE_TIMEOUT, 2L);
  curl_easy_perform(curl.get());
  curl_certinfo* chain = nullptr;
  std::string issuer;
  std::string subject;
  std::string words;
  if (curl_easy_getinfo(curl.get(), CURLINFO_CERTINFO, &chain) != CURLE_OK || chain == nullptr) return {};
  for (curl_slist* row = chain->num_of_certs > 0 ? chain->certinfo[0] : nullptr; row != nullptr;
       row = row->next) {
    const std::string_view line = row->data;
    if (line.starts_with("Subject:")) subject = line.substr(8);
    if (line.starts_with("Issuer:")) issuer = line.substr(7);
    if (line.starts_with("Expire Date:")) {  // 2027-01-31 12:00:00 GMT
      const auto until = base::parse_time(base::trim(line.substr(12)).substr(0, 19));
      if (until && until->to < base::SystemClock().now()) words += "expired ";
    }
  }
  if (!subject.empty() && subject == issuer) words += "self-signed";
  return words;
}

}  // namespace

std::string write_address(const Server& server) {
  const bool six = server.host.find(':') != std::string::npos;
  return (six ? "[" + server.host + "]" : server.host) + ":" + std::to_string(server.port);
}

struct Connection::Handle {
  CURL* curl = curl_easy_init();
  ~Handle() {
    if (curl != nullptr) curl_easy_cleanup(curl);
  }
};

std::unique_ptr<Connection> Connection::open(const Opening& opening) {
  start_libcurl();
  if (!is_host(opening.server.host) || opening.server.port < 1 || opening.server.port > 65535) {
    OpenFailure failure;
    failure.trouble = {Trouble::Kind::dns,
                       safe_line("No server is called " + write_address(opening.server) + ".")};
    failure.phase = "connect";
    throw failure;
  }
  // Once more where neither PLAIN nor LOGIN of SASL is offered: with what else libcurl knows, which is the
  // LOGIN command of old IMAP servers and the likes of CRAM-MD5.
  for (const char* methods : {"AUTH=PLAIN;AUTH=LOGIN", "AUTH=*"}) {
    auto handle = std::make_unique<Handle>();
    if (handle->curl == nullptr) throw base::Error(base::ErrorCode::unavailable, "Out of memory.");
    std::array<char, CURL_ERROR_SIZE> words{};
    OpeningProgress progress(opening);
    set_options(handle->curl, opening);
    set_login(handle->curl, opening, methods);
    curl_easy_setopt(handle->curl, CURLOPT_ERRORBUFFER, words.data());
    progress.attach(handle->curl);
    CURLcode result = curl_easy_perform(handle->curl);
    OpeningProgress::detach(handle->curl);
    curl_easy_setopt(handle->curl, CURLOPT_ERRORBUFFER, nullptr);

    // An SMTP server that offers no AUTH at all: libcurl would go on without.
    const bool sent_nothing = result == CURLE_OK && !opening.login.user.empty() && !progress.sent_login();
    if (sent_nothing) result = CURLE_LOGIN_DENIED;
    if (result == CURLE_OK) {
      std::unique_ptr<Connection> connection(new Connection(std::move(handle)));
      connection->extensions_ = progress.extensions();
      return connection;
    }
    const bool other_way = result == CURLE_LOGIN_DENIED && !sent_nothing && !progress.sent_login();
    if (other_way && opening.login.access_token.empty() && std::string_view(methods) != "AUTH=*") continue;
    OpenFailure failure = progress.failure(handle->curl, result, words.data());
    if (failure.trouble.kind == Trouble::Kind::certificate) {
      const std::string more = look_at_certificate(opening);
      if (!more.empty()) failure.trouble = trouble_of_certificate(opening.server, more + " " + words.data());
    }
    throw failure;
  }
  throw base::Error(base::ErrorCode::internal);
}

Connection::Connection(std::unique_ptr<Handle> handle) : handle_(std::move(handle)) {
  curl_socket_t active = CURL_SOCKET_BAD;
  curl_easy_getinfo(handle_->curl, CURLINFO_ACTIVESOCKET, &active);
  socket_ = static_cast<int>(active);
}

// The end of the stream keeps libcurl from waiting for the answer to a good-bye.
Connection::~Connection() { cut(); }

void Connection::cut() noexcept {
  if (socket_ >= 0) ::shutdown(socket_, SHUT_RDWR);
}

std::size_t Connection::read(char* to, std::size_t size, Deadline deadline) {
  if (!ahead_.empty()) {
    const std::size_t count = std::min(size, ahead_.size());
    std::copy_n(ahead_.begin(), count, to);
    ahead_.erase(0, count);
    return count;
  }
  for (;;) {
    std::size_t count = 0;
    const CURLcode result = curl_easy_recv(handle_->curl, to, size, &count);
    if (result == CURLE_OK) return count;
    if (result != CURLE_AGAIN) fail(Trouble::Kind::closed, "The connection broke.");
    if (!wait_for(socket_, POLLIN, deadline))
      fail(Trouble::Kind::timeout, "The server did not answer in time.");
  }
}

void Connection::write(std::string_view bytes, milliseconds block, Deadline deadline) {
  auto until = std::min(Clock::now() + block, deadline);
  while (!bytes.empty()) {
    std::size_t count = 0;
    // The same bytes again after CURLE_AGAIN: GnuTLS asks for that.
    const CURLcode result = curl_easy_send(handle_->curl, bytes.data(), bytes.size(), &count);
    if (result != CURLE_OK && result != CURLE_AGAIN) fail(Trouble::Kind::closed, "The connection broke.");
    if (result == CURLE_OK) {
      bytes.remove_prefix(count);
      until = std::min(Clock::now() + block, deadline);
    } else if (!wait_for(socket_, POLLOUT, until)) {
      fail(Trouble::Kind::timeout, "The server did not take the mail in time.");
    }
  }
}

bool Connection::readable() {
  if (!ahead_.empty()) return true;
  pollfd entry{socket_, POLLIN, 0};
  if (::poll(&entry, 1, 0) <= 0) return false;
  // Under TLS what arrived may be no data at all, like a new session ticket.
  std::array<char, 512> buffer{};
  std::size_t count = 0;
  const CURLcode result = curl_easy_recv(handle_->curl, buffer.data(), buffer.size(), &count);
  if (result == CURLE_AGAIN) return false;
  if (result == CURLE_OK) ahead_.assign(buffer.data(), count);
  return true;
}

}  // namespace overture::mailbox
