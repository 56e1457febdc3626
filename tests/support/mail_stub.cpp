#include "support/mail_stub.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <stdexcept>

namespace overture::testing {
namespace {

using Key = std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)>;
using Certificate = std::unique_ptr<X509, void (*)(X509*)>;

Key make_key() { return {EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"), &EVP_PKEY_free}; }

Certificate make_x509(EVP_PKEY* key, const std::string& subject, const std::string& issuer, EVP_PKEY* signer,
                      const std::string& alternative, bool authority, int days) {
  Certificate certificate(X509_new(), &X509_free);
  X509_set_version(certificate.get(), 2);
  static std::atomic<long> serial = 1;
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), ++serial);
  const long day = 24L * 3600;
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -400 * day);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), days * day);
  X509_set_pubkey(certificate.get(), key);
  auto set_name = [](X509_NAME* name, const std::string& text) {
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(text.c_str()),
                               -1, -1, 0);
  };
  set_name(X509_get_subject_name(certificate.get()), subject);
  set_name(X509_get_issuer_name(certificate.get()), issuer);
  auto extend = [&](int nid, const std::string& value) {
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str());
    X509_add_ext(certificate.get(), extension, -1);
    X509_EXTENSION_free(extension);
  };
  extend(NID_basic_constraints, authority ? "critical,CA:TRUE" : "CA:FALSE");
  if (!alternative.empty()) extend(NID_subject_alt_name, alternative);
  X509_sign(certificate.get(), signer, EVP_sha256());
  return certificate;
}

std::string pem_of(X509* certificate, EVP_PKEY* key) {
  const std::unique_ptr<BIO, void (*)(BIO*)> out(BIO_new(BIO_s_mem()), &BIO_free_all);
  PEM_write_bio_X509(out.get(), certificate);
  if (key != nullptr) PEM_write_bio_PrivateKey(out.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  char* data = nullptr;
  const long size = BIO_get_mem_data(out.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

bool wait_readable(int socket, const std::atomic<bool>& stopping) {
  while (!stopping) {
    pollfd entry{socket, POLLIN, 0};
    if (::poll(&entry, 1, 20) > 0) return true;
  }
  return false;
}

}  // namespace

StubCertificate make_certificate(const std::string& name, int days, bool self_signed) {
  const Key key = make_key();
  const bool address = name.find_first_not_of("0123456789.") == std::string::npos;
  const std::string alternative = (address ? "IP:" : "DNS:") + name;
  if (self_signed) {
    auto own = make_x509(key.get(), name, name, key.get(), alternative, false, days);
    return {pem_of(own.get(), key.get()), pem_of(own.get(), nullptr)};
  }
  const Key authority_key = make_key();
  auto authority = make_x509(authority_key.get(), "Stub CA", "Stub CA", authority_key.get(), "", true, 30);
  auto leaf = make_x509(key.get(), name, "Stub CA", authority_key.get(), alternative, false, days);
  return {pem_of(leaf.get(), key.get()), pem_of(authority.get(), nullptr)};
}

struct StubConnection::Tls {
  SSL_CTX* context = SSL_CTX_new(TLS_server_method());
  SSL* ssl = nullptr;
  ~Tls() {
    SSL_free(ssl);
    SSL_CTX_free(context);
  }
};

StubConnection::StubConnection(int socket, const std::atomic<bool>& stopping)
    : socket_(socket), stopping_(stopping) {}
StubConnection::~StubConnection() { close(); }

void StubConnection::start_tls(const StubCertificate& certificate) {
  tls_ = std::make_unique<Tls>();
  const std::unique_ptr<BIO, void (*)(BIO*)> in(
      BIO_new_mem_buf(certificate.pem.data(), static_cast<int>(certificate.pem.size())), &BIO_free_all);
  X509* leaf = PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr);
  EVP_PKEY* key = PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr);
  SSL_CTX_use_certificate(tls_->context, leaf);
  SSL_CTX_use_PrivateKey(tls_->context, key);
  X509_free(leaf);
  EVP_PKEY_free(key);
  tls_->ssl = SSL_new(tls_->context);
  SSL_set_fd(tls_->ssl, socket_);
  if (SSL_accept(tls_->ssl) != 1) {
    ERR_clear_error();
    throw StubEnd{};
  }
}

bool StubConnection::fill() {
  std::array<char, 16384> piece{};
  if (tls_ == nullptr || SSL_pending(tls_->ssl) == 0) {
    if (socket_ < 0 || !wait_readable(socket_, stopping_)) return false;
  }
  const auto count = tls_ != nullptr ? SSL_read(tls_->ssl, piece.data(), static_cast<int>(piece.size()))
                                     : static_cast<int>(::recv(socket_, piece.data(), piece.size(), 0));
  if (count <= 0) return false;
  buffer_.append(piece.data(), static_cast<std::size_t>(count));
  return true;
}

std::string StubConnection::line() {
  std::size_t from = 0;
  for (;;) {
    const std::size_t end = buffer_.find("\r\n", from);
    if (end != std::string::npos) {
      std::string found = buffer_.substr(0, end);
      buffer_.erase(0, end + 2);
      return found;
    }
    from = buffer_.empty() ? 0 : buffer_.size() - 1;
    if (!fill()) throw StubEnd{};
  }
}

std::string StubConnection::bytes(std::size_t count) {
  while (buffer_.size() < count) {
    if (!fill()) throw StubEnd{};
  }
  std::string found = buffer_.substr(0, count);
  buffer_.erase(0, count);
  return found;
}

void StubConnection::say(std::string_view line) { send(std::string(line) + "\r\n"); }

void StubConnection::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = tls_ != nullptr
                           ? SSL_write(tls_->ssl, bytes.data(), static_cast<int>(bytes.size()))
                           : static_cast<int>(::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL));
    if (count <= 0) throw StubEnd{};
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

void StubConnection::hang() {
  while (fill()) buffer_.clear();
}

void StubConnection::close(bool reset) {
  if (socket_ < 0) return;
  const linger hard{1, 0};
  if (reset) ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  ::close(socket_);
  socket_ = -1;
}

StubServer::StubServer(Script script) : script_(std::move(script)) {
  std::signal(SIGPIPE, SIG_IGN);  // as the program does; OpenSSL writes without MSG_NOSIGNAL
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 64) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw std::runtime_error("no port for a stub server");
  }
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

StubServer::~StubServer() {
  stopping_ = true;
  acceptor_.join();
  for (std::thread& thread : threads_) thread.join();
  ::close(listener_);
}

void StubServer::accept_all() {
  while (wait_readable(listener_, stopping_)) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) continue;
    ++connections_;
    threads_.emplace_back([this, socket] {
      StubConnection connection(socket, stopping_);
      try {
        script_(connection);
      } catch (const StubEnd&) {
        // The client went away, which many tests want.
      }
    });
  }
}

}  // namespace overture::testing
