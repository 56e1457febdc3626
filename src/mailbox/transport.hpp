// The live side of a mailbox as plain structs and abstract classes: mail out by SMTP, mail in by IMAP.
// Tests and simulations put their own behind these; smtp_client.hpp and imap_client.hpp are the real ones.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"

namespace overture::mailbox {

enum class Security {
  tls,       ///< TLS from the first byte (ports 465, 993)
  starttls,  ///< begins in clear and must change to TLS before the log-in (ports 587, 143)
  none,      ///< never encrypted: for servers of the same machine
};

struct Server {
  std::string host;  ///< a name or an address; without scheme, path or port
  int port = 0;
  Security security = Security::tls;
  friend bool operator==(const Server&, const Server&) = default;
};

/// Without a user nobody logs in (a relay that knows us by our address).
struct Login {
  std::string user;
  std::string password;
  std::string
      access_token;  ///< when not empty: XOAUTH2 or OAUTHBEARER (RFC 7628), and the password is not used
};

// --- what can go wrong
// ------------------------------------------------------------------------------------------

struct Trouble {
  enum class Kind {
    dns,          ///< the host name is unknown, or nobody could be asked
    connect,      ///< nothing listens, or no way there
    tls,          ///< no encryption could be agreed on, or the server offers no STARTTLS
    certificate,  ///< expired, of another name, or of an unknown authority
    login,        ///< the server refused user and password, or the token
    folder,       ///< no such folder, or it may not be opened
    protocol,     ///< an answer that is none, or beyond our bounds
    timeout,      ///< no answer in time
    closed,       ///< the connection ended in the middle
  };
  Kind kind = Kind::protocol;
  std::string text;  ///< a sentence for people, at most 500 bytes; never a secret, never a control character
};

std::string_view name_of(Trouble::Kind kind);

/// What IMAP and OAuth throw. Uncaught it is an Error(unavailable) with the sentence as its client text.
class MailboxError : public base::Error {
 public:
  explicit MailboxError(Trouble trouble);
  const Trouble& trouble() const { return trouble_; }
  Trouble::Kind kind() const { return trouble_.kind; }

 private:
  Trouble trouble_;
};

// --- SMTP
// -------------------------------------------------------------------------------------------------------

/// Bare addresses as they go between < and >; domains already as A-labels.
struct Envelope {
  std::string from;
  std::vector<std::string> to;
  bool needs_smtputf8 = false;  ///< an address has a local part beyond ASCII (RFC 6531)
};

/// What became of a mail. Only `accepted` was taken; only `unknown` may have been taken.
enum class SendOutcome {
  accepted,        ///< 2xx after the final dot
  deferred,        ///< surely not taken; try the mail again later: 4xx, or the network before the final dot
  refused,         ///< surely not taken; a final no (5xx) that is about the recipient or the message
  sender_refused,  ///< surely not taken; the no is about us (greeting, EHLO, AUTH, MAIL FROM, policy, rate,
                   ///< 421): the mailbox's trouble, never the contact's. `code` below 500: it passes by
                   ///< itself, let the mailbox rest and go on; 500 or more, or 0 (certificate, no TLS):
                   ///< somebody has to act
  login_failed,    ///< surely not taken; user and password, or the token, were refused
  unknown,         ///< lost after the final dot: never send again without evidence
  withheld,        ///< surely not taken: before_dot said no
};

std::string_view name_of(SendOutcome outcome);

struct SendResult {
  SendOutcome outcome = SendOutcome::deferred;
  int code = 0;          ///< of the reply that decided; 0 when no reply did
  std::string enhanced;  ///< "5.1.1" (RFC 3463) where the reply has one
  std::string text;   ///< the server's words or ours, one line, at most 500 bytes, control characters escaped
  std::string phase;  ///< how far it came: connect, tls, greeting, login, mail, rcpt, data, dot
};

/// May be used by any number of threads at once.
class SmtpTransport {
 public:
  virtual ~SmtpTransport() = default;

  /// Gives one mail to the server and says what became of it. All recipients or none: one that is refused
  /// means that nothing is sent, and the result is about that one.
  ///
  /// `message` is a whole mail (RFC 5322) with CRLF line ends, not dot-stuffed. `before_dot` is called
  /// exactly once, on this thread, after the server's 354 and when the whole body was handed over, before the
  /// final dot can leave; it is not called when it does not come so far. When it returns false, or throws,
  /// the connection is broken so that the server takes nothing, and the outcome is `withheld`; what it threw
  /// is not passed on.
  ///
  /// Throws Error(invalid_value), with nothing sent and no server asked, for what cannot be sent by SMTP at
  /// all: a bare CR or LF, a NUL, a line over 998 octets, no recipient, or an address with a control
  /// character, space or angle bracket. Everything else is a result.
  virtual SendResult send(const Server& server, const Login& login, const Envelope& envelope,
                          std::string_view message, const std::function<bool()>& before_dot) = 0;
};

// --- IMAP
// -------------------------------------------------------------------------------------------------------

struct Folder {
  enum class Use { none, inbox, sent, drafts, junk, trash, archive, all, flagged };  ///< RFC 6154
  std::string name;     ///< UTF-8, as shown to people and as taken by every function here
  Use use = Use::none;  ///< as the server says; inbox for INBOX
  bool selectable = true;
};

/// The folder mail that was sent lies in: the one marked \Sent, else the one whose name says so in one of the
/// usual languages. Points into `folders`; null when there is none.
const Folder* find_sent(const std::vector<Folder>& folders);

struct FolderState {
  std::uint32_t uid_validity =
      0;                       ///< another number than last time: all UIDs are new (RFC 3501 section 2.3.1.1)
  std::uint32_t uid_next = 0;  ///< 0 when the server does not say
  std::uint32_t messages = 0;
  friend bool operator==(const FolderState&, const FolderState&) = default;
};

struct FetchedMail {
  std::uint32_t uid = 0;
  base::Millis internal_date = 0;  ///< when it arrived, Unix ms
  std::uint32_t size = 0;          ///< of the whole mail, as the server says
  std::string raw;                 ///< the mail, or its beginning
  bool complete = true;            ///< false: larger than it may be, `raw` is cut off
};

/// What fetch() reads at most.
struct FetchBounds {
  std::size_t of_one = 0;                  ///< bytes of one mail: what is larger is cut off there
  std::size_t together = std::size_t(-1);  ///< bytes: those that come after so many are left out; one comes
  base::Millis since = 0;                  ///< those that arrived before are left out
};

enum class IdleEnd {
  new_mail,
  timeout,  ///< also after wake()
  closed,   ///< the server ended it; the session is over
};

/// One connection with its log-in; one thread at a time. Everything throws MailboxError; after a kind other
/// than `folder` the session is over and a new one has to be opened.
class ImapSession {
 public:
  virtual ~ImapSession() = default;

  virtual std::vector<Folder> folders() = 0;

  /// Opens a folder for reading only (EXAMINE), which changes nothing in it, not even \Recent or \Seen.
  virtual FolderState select(std::string_view folder) = 0;

  /// UIDs of the selected folder from `first_uid` on, ascending, at most `limit`; what arrived after select()
  /// may be missing. Costs what it returns, however large the folder is.
  virtual std::vector<std::uint32_t> fetch_uids(std::uint32_t first_uid, std::size_t limit) = 0;

  /// All of the selected folder that arrived at `since` or later has a higher UID than this; so may older
  /// mail of some two days. One question, however large the folder is.
  virtual std::uint32_t last_uid_before(base::Millis since) = 0;

  /// Mails of the selected folder, ascending by UID, by BODY.PEEK[] only, so no flag changes. UIDs that are
  /// gone are left out. Holds all of them at once.
  virtual std::vector<FetchedMail> fetch(const std::vector<std::uint32_t>& uids,
                                         const FetchBounds& bounds) = 0;

  /// UIDs of the mails in `folder` with this Message-ID (given with or without angle brackets). The folder is
  /// the selected one afterwards.
  virtual std::vector<std::uint32_t> search_message_id(std::string_view folder, std::string_view id) = 0;

  /// Files a mail. The UID it got, where the server says (RFC 4315). The one change made in a mailbox.
  virtual std::optional<std::uint32_t> append(std::string_view folder, std::string_view message,
                                              bool seen) = 0;

  /// Waits for new mail in the selected folder: IDLE (RFC 2177), renewed before 29 minutes, or a NOOP now and
  /// then where the server has none. The one function that does not throw when the connection ends.
  virtual IdleEnd idle(std::chrono::milliseconds timeout) = 0;

  /// From any thread: an idle() under way, or else the next one, returns `timeout` at once.
  virtual void wake() = 0;

  /// Says good-bye. Never throws; nothing else may be called afterwards. The destructor just hangs up.
  virtual void logout() noexcept = 0;
};

/// May be used by any number of threads at once.
class ImapTransport {
 public:
  virtual ~ImapTransport() = default;
  /// Connects, checks the certificate, and logs in. Throws MailboxError.
  virtual std::unique_ptr<ImapSession> open(const Server& server, const Login& login) = 0;
};

}  // namespace overture::mailbox
