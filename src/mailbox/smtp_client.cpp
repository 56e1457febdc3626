#include "mailbox/smtp_client.hpp"

#include <algorithm>
#include <condition_variable>
#include <list>
#include <mutex>
#include <thread>

#include "base/crypto.hpp"
#include "mailbox/smtp_session.hpp"

namespace overture::mailbox {
namespace {

using Clock = std::chrono::steady_clock;

/// Whose connection it is. The secret stands in it as a hash, so that a changed password never meets an old
/// connection.
std::string key_of(const Server& server, const Login& login) {
  const std::string secret = base::sha256(login.password + '\0' + login.access_token);
  return write_address(server) + '\0' + std::to_string(static_cast<int>(server.security)) + '\0' +
         login.user + '\0' + secret;
}

SendResult result_of(const OpenFailure& failure) {
  using enum SendOutcome;
  SendResult result;
  result.code = failure.code;
  result.enhanced = failure.enhanced;
  result.text = failure.code >= 400 && !failure.reply.empty() ? failure.reply : failure.trouble.text;
  result.phase = failure.phase;
  switch (failure.trouble.kind) {
    case Trouble::Kind::certificate:
      result.outcome = sender_refused;
      break;
    case Trouble::Kind::login:
      result.outcome = failure.code >= 400
                           ? outcome_of_reply("login", failure.code, failure.enhanced, failure.reply)
                           : login_failed;
      break;
    case Trouble::Kind::tls:
      // No STARTTLS is for somebody to look at; a handshake that broke may go better the next time.
      result.outcome = failure.trouble.text.find("STARTTLS") != std::string::npos ? sender_refused : deferred;
      break;
    default:
      result.outcome = failure.code >= 400
                           ? outcome_of_reply("greeting", failure.code, failure.enhanced, failure.reply)
                           : deferred;
  }
  return result;
}

}  // namespace

/// The idle connections, and a thread that closes them in time.
class SmtpClient::Pool {
 public:
  Pool(std::chrono::milliseconds keep, std::size_t max_idle)
      : keep_(keep), max_idle_(max_idle), sweeper_([this](const std::stop_token& stop) { sweep(stop); }) {}

  /// Null when there is none.
  std::unique_ptr<SmtpSession> take(const std::string& key) {
    std::list<Idle> taken;
    std::lock_guard lock(mutex_);
    // The one used last first: the others may then grow old.
    auto found =
        std::find_if(idle_.rbegin(), idle_.rend(), [&](const Idle& idle) { return idle.key == key; });
    if (found == idle_.rend()) return nullptr;
    taken.splice(taken.begin(), idle_, std::next(found).base());
    return std::move(taken.front().session);
  }

  void keep(std::string key, std::unique_ptr<SmtpSession> session) {
    std::list<Idle> surplus;  // closed after the lock is given back
    std::list<Idle> added;
    added.push_back({std::move(key), std::move(session), Clock::now() + keep_});
    std::lock_guard lock(mutex_);
    idle_.splice(idle_.end(), added);
    if (idle_.size() > max_idle_) surplus.splice(surplus.begin(), idle_, idle_.begin());
    if (sweeper_rests_) changed_.notify_one();
  }

  std::size_t size() const {
    std::lock_guard lock(mutex_);
    return idle_.size();
  }

 private:
  struct Idle {
    std::string key;
    std::unique_ptr<SmtpSession> session;
    Clock::time_point until;
  };

  void sweep(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      std::list<Idle> old;
      std::unique_lock lock(mutex_);
      while (!idle_.empty() && idle_.front().until <= Clock::now())
        old.splice(old.end(), idle_, idle_.begin());
      if (!old.empty()) {
        lock.unlock();
        continue;  // closes them
      }
      if (idle_.empty()) {
        sweeper_rests_ = true;
        changed_.wait(lock, stop, [this] { return !idle_.empty(); });
        sweeper_rests_ = false;
      } else {
        const auto until = idle_.front().until;
        changed_.wait_until(lock, stop, until, [] { return false; });
      }
    }
  }

  const std::chrono::milliseconds keep_;
  const std::size_t max_idle_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::list<Idle> idle_;  ///< the oldest first
  /// It waits for a first connection. Else it waits for a time, which no later connection brings forward.
  bool sweeper_rests_ = false;
  std::jthread sweeper_;
};

SmtpClient::SmtpClient(SmtpOptions options)
    : options_(std::move(options)), pool_(std::make_unique<Pool>(options_.keep, options_.max_idle)) {}
SmtpClient::~SmtpClient() = default;

std::size_t SmtpClient::idle_connections() const { return pool_->size(); }

std::unique_ptr<SmtpSession> SmtpClient::open(const Server& server, const Login& login) const {
  Opening opening;
  opening.protocol = Protocol::smtp;
  opening.server = server;
  opening.login = login;
  opening.hello = options_.hello;
  opening.trust = options_.trust;
  opening.connect = options_.timeouts.connect;
  opening.greeting = options_.timeouts.greeting;
  opening.command = options_.timeouts.command;
  return std::make_unique<SmtpSession>(Connection::open(opening), options_.timeouts);
}

SendResult SmtpClient::send(const Server& server, const Login& login, const Envelope& envelope,
                            std::string_view message, const std::function<bool()>& before_dot) {
  check_sendable(envelope, message);
  const std::string key = key_of(server, login);
  for (;;) {
    std::unique_ptr<SmtpSession> session = pool_->take(key);
    const bool kept = session != nullptr;
    if (kept && session->went_stale()) continue;
    try {
      if (!kept) session = open(server, login);
    } catch (const OpenFailure& failure) {
      return result_of(failure);
    }
    bool was_offered = false;
    SendResult result = session->send(envelope, message, before_dot, was_offered);
    const bool usable = session->usable();
    if (usable) pool_->keep(key, std::move(session));
    // It died of old age while we were about to use it, and nothing can have been taken.
    const bool hung_up = result.outcome == SendOutcome::deferred || result.code == 421;
    if (kept && !usable && !was_offered && hung_up) continue;
    return result;
  }
}

SendResult SmtpClient::check_sender(const Server& server, const Login& login, std::string_view from) {
  check_sendable(Envelope{std::string(from), {"postmaster"}}, "\r\n");
  try {
    return open(server, login)->offer_sender(from);
  } catch (const OpenFailure& failure) {
    throw MailboxError(failure.trouble);
  }
}

}  // namespace overture::mailbox
