// Reads mailboxes: new mail, evidence for mails whose fate is unknown, and copies for the sent folder.
#pragma once
#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "db/database.hpp"
#include "mailbox/transport.hpp"
#include "outreach/evidence.hpp"
#include "outreach/install.hpp"
#include "outreach/outbox.hpp"
#include "outreach/receive.hpp"
#include "work/injected.hpp"
#include "work/mailbox_access.hpp"
#include "work/unreleased.hpp"

namespace overture::work {

class Poller {
 public:
  struct Parts {
    db::Database& database;
    const base::Clock& clock;
    const outreach::Install& install;
    MailboxDoor& door;
    mailbox::ImapTransport& imap;
    Chance chance;
    std::string owner;
    base::Millis every = 2 * base::kMinute;  ///< how often a mailbox is looked at
    Failpoint failpoint = {};
  };
  explicit Poller(Parts parts) : parts_(std::move(parts)) {}

  /// Reads the mailbox that has waited longest, on the calling thread; false when none is due. Afterwards the
  /// session waits for new mail for `idle` (0: not at all) and reads that too.
  bool poll_next(std::chrono::milliseconds idle);

  /// Ends every visit soon, for a stop.
  void wake();

 private:
  struct Visit;
  std::optional<outreach::MailboxKey> claim_due();
  bool claim(const outreach::MailboxKey& mailbox, base::Millis now);
  bool begin_visit(const outreach::MailboxKey& mailbox);
  void end_visit(const outreach::MailboxKey& mailbox);
  void poll(const outreach::MailboxKey& mailbox, std::chrono::milliseconds idle);
  void visit(Visit& visit, std::chrono::milliseconds idle);
  void read_inbox(Visit& visit);
  void begin_inbox(Visit& visit, const mailbox::FolderState& state);
  outreach::ReceivedMail inspect(const Visit& visit, const mailbox::FetchedMail& mail) const;
  /// All at once; one by one where one is to blame for its failure.
  void take_in(Visit& visit, const std::vector<mailbox::FetchedMail>& mails, std::uint32_t last_uid);
  /// Followed by nothing where that fails, without what it says where that cannot be stored, and left in its
  /// mailbox where it cannot be kept at all.
  void take_in_alone(Visit& visit, outreach::ReceivedMail& mail, std::uint32_t uid);
  void receive(db::Connection& connection, const Visit& visit, const outreach::ReceivedMail& mail);
  void store(Visit& visit, std::uint32_t last_uid, const std::function<void(db::Connection&)>& work);
  bool try_to_store(Visit& visit, std::uint32_t uid, std::string_view otherwise,
                    const std::function<void(db::Connection&)>& work);
  void look_for_unknown(Visit& visit, const std::string& sent_folder);
  void file_sent(Visit& visit, const std::string& sent_folder);
  bool append(Visit& visit, const std::string& folder, const std::string& bytes,
              const outreach::SoughtMail& mail);
  base::Millis note_trouble(const outreach::MailboxKey& mailbox, const mailbox::Trouble& trouble);
  void done(const outreach::MailboxKey& mailbox, base::Millis next);
  void reach(std::string_view name) const {
    if (parts_.failpoint) parts_.failpoint(name);
  }

  Parts parts_;
  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;
  Unreleased unreleased_;  ///< claimed, but the database could not be told of the end
  /// Mailboxes that somebody here is at, and the sessions of those who wait for new mail (else null).
  std::map<std::pair<std::int64_t, std::int64_t>, mailbox::ImapSession*> visits_;
};

}  // namespace overture::work
