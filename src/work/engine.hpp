// The loops of sending and receiving on threads: one planner, several senders, several readers of mailboxes.
#pragma once
#include <chrono>
#include <filesystem>
#include <string>

#include "base/clock.hpp"
#include "base/seal.hpp"
#include "db/database.hpp"
#include "mailbox/imap_client.hpp"
#include "mailbox/oauth.hpp"
#include "mailbox/smtp_client.hpp"
#include "outreach/install.hpp"
#include "work/folder_transport.hpp"
#include "work/loops.hpp"
#include "work/mailbox_access.hpp"
#include "work/planner.hpp"
#include "work/poller.hpp"
#include "work/sender.hpp"

namespace overture::work {

class Engine {
 public:
  struct Parts {
    db::Database& database;
    const base::Clock& clock;
    const base::Sealer& sealer;
    const outreach::Install& install;
    mailbox::TokenSource& tokens;
    std::filesystem::path outbox_folder;  ///< for mailboxes without a server
    std::string ca_file = {};             ///< authorities to trust besides the system's (PEM)
    int senders = 4;
    int readers = 4;
    base::Millis poll_every = 2 * base::kMinute;
  };
  explicit Engine(Parts parts);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  /// Takes over what a process before has left, then begins.
  void start();
  /// Mails that are being handed over get to their end, `deadline` at most; false when one did not. Nothing
  /// is lost in either case.
  bool stop(std::chrono::milliseconds deadline);

 private:
  void tend();
  std::chrono::milliseconds idle_time();

  Parts parts_;
  MailboxDoor door_;
  mailbox::SmtpClient smtp_;
  mailbox::ImapClient imap_;
  FolderTransport folder_;
  Planner planner_;
  Sender sender_;
  Poller poller_;
  Loops loops_{"sending"};
};

}  // namespace overture::work
