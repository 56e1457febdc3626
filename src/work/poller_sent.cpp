// The sent folder: evidence for mails whose fate is unknown, and copies of what was sent.
#include "base/log.hpp"
#include "mail/outgoing.hpp"
#include "outreach/evidence.hpp"
#include "outreach/message.hpp"
#include "work/poller_visit.hpp"

namespace overture::work {
namespace {

constexpr std::size_t kFiledInOneVisit = 50;

}  // namespace

void Poller::look_for_unknown(Visit& visit, const std::string& sent_folder) {
  const auto unknown = parts_.database.read([&](db::Connection& connection) {
    return outreach::find_unknown(connection, visit.mailbox, parts_.clock.now());
  });
  for (const outreach::SoughtMail& mail : unknown) {
    const bool found =
        !sent_folder.empty() && !visit.session.search_message_id(sent_folder, mail.message_id).empty();
    parts_.database.write([&](db::Connection& connection) {
      if (found) {
        outreach::note_found(connection, visit.mailbox, mail, parts_.clock.now());
      } else {
        outreach::note_not_found(connection, visit.mailbox, mail, parts_.clock.now());
      }
    });
    reach("looked_for");
  }
}

void Poller::file_sent(Visit& visit, const std::string& sent_folder) {
  if (sent_folder.empty()) return;
  const auto sent = parts_.database.read([&](db::Connection& connection) {
    return outreach::find_unfiled(connection, visit.mailbox, parts_.clock.now(), kFiledInOneVisit);
  });
  for (const outreach::SoughtMail& mail : sent) {
    const bool found = !visit.session.search_message_id(sent_folder, mail.message_id).empty();
    if (!found) {
      const std::optional<std::string> bytes =
          parts_.database.read([&](db::Connection& connection) -> std::optional<std::string> {
            if (!outreach::has_to_be_filed(connection, visit.mailbox, mail, parts_.clock.now())) return {};
            const outreach::ClaimedMail row{.account = visit.mailbox.account,
                                            .email_account = visit.mailbox.email_account,
                                            .kind = mail.kind,
                                            .mail = mail.mail};
            return mail::write_message(outreach::load_message(connection, parts_.install, row));
          });
      if (!bytes) continue;
      parts_.database.write(
          [&](db::Connection& connection) { outreach::begin_filing(connection, visit.mailbox, mail); });
      if (!append(visit, sent_folder, *bytes, mail)) continue;
      reach("appended");
    }
    parts_.database.write(
        [&](db::Connection& connection) { outreach::note_filed(connection, visit.mailbox, mail); });
  }
}

/// False when the folder does not take this mail: the others, and reading and sending, go on. It is offered
/// again for a day.
bool Poller::append(Visit& visit, const std::string& folder, const std::string& bytes,
                    const outreach::SoughtMail& mail) {
  try {
    visit.session.append(folder, bytes, true);
    return true;
  } catch (const mailbox::MailboxError& error) {
    if (error.kind() != mailbox::Trouble::Kind::folder) throw;
    base::log_warning("a copy could not be put into the sent folder",
                      {{"mailbox", visit.mailbox.email_account},
                       {"mail", mail.mail},
                       {"kind", mail.kind},
                       {"error", error.trouble().text}});
  }
  return parts_.clock.now() - mail.since >= base::kDay;
}

}  // namespace overture::work
