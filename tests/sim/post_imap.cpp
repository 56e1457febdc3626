// Reading: sessions over the same boxes. They break, and folders are numbered anew.
#include <algorithm>

#include "sim/post.hpp"

namespace overture::sim {
namespace {

using mailbox::MailboxError;
using mailbox::Trouble;

class Session final : public mailbox::ImapSession {
 public:
  Session(Post& post, Box& box) : post_(post), box_(box) {}

  std::vector<mailbox::Folder> folders() override {
    step();
    return {{.name = "INBOX", .use = mailbox::Folder::Use::inbox},
            {.name = "Sent", .use = mailbox::Folder::Use::sent}};
  }

  mailbox::FolderState select(std::string_view folder) override {
    step();
    is_inbox_ = folder == "INBOX";
    if (!is_inbox_) return {.uid_validity = 7, .uid_next = 1, .messages = 0};
    return {.uid_validity = box_.uid_validity,
            .uid_next = box_.next_uid,
            .messages = static_cast<std::uint32_t>(box_.inbox.size())};
  }

  std::vector<std::uint32_t> fetch_uids(std::uint32_t first_uid, std::size_t limit) override {
    step();
    std::vector<std::uint32_t> uids;
    const auto from =
        std::lower_bound(box_.inbox.begin(), box_.inbox.end(), first_uid,
                         [](const StoredMail& mail, std::uint32_t uid) { return mail.uid < uid; });
    for (auto mail = from; mail != box_.inbox.end() && uids.size() < limit; ++mail) uids.push_back(mail->uid);
    return uids;
  }

  std::uint32_t last_uid_before(base::Millis since) override {
    step();
    for (const StoredMail& mail : box_.inbox) {
      if (mail.date >= since) return mail.uid - 1;
    }
    return box_.next_uid - 1;
  }

  std::vector<mailbox::FetchedMail> fetch(const std::vector<std::uint32_t>& uids,
                                          const mailbox::FetchBounds& bounds) override {
    step();
    std::vector<mailbox::FetchedMail> fetched;
    std::size_t bytes = 0;
    for (const std::uint32_t uid : uids) {
      const auto mail =
          std::lower_bound(box_.inbox.begin(), box_.inbox.end(), uid,
                           [](const StoredMail& each, std::uint32_t wanted) { return each.uid < wanted; });
      if (mail == box_.inbox.end() || mail->uid != uid || mail->date < bounds.since) continue;
      bytes += std::min(mail->raw.size(), bounds.of_one);
      if (!fetched.empty() && bytes > bounds.together) break;
      fetched.push_back({.uid = uid,
                         .internal_date = mail->date,
                         .size = static_cast<std::uint32_t>(mail->raw.size()),
                         .raw = mail->raw.substr(0, bounds.of_one),
                         .complete = mail->raw.size() <= bounds.of_one});
    }
    return fetched;
  }

  std::vector<std::uint32_t> search_message_id(std::string_view folder, std::string_view id) override {
    step();
    is_inbox_ = false;
    if (folder != "Sent") return {};
    const auto found = box_.sent_ids.find(std::string(id));
    if (found == box_.sent_ids.end() || found->second > post_.clock().now()) return {};
    return {1};
  }

  std::optional<std::uint32_t> append(std::string_view folder, std::string_view message,
                                      bool /*seen*/) override {
    step();
    if (folder != "Sent") throw MailboxError({Trouble::Kind::folder, "nobody may write there"});
    box_.sent_ids.try_emplace(ids_of(header_of(message, "Message-ID")).at(0), post_.clock().now());
    return std::nullopt;
  }

  mailbox::IdleEnd idle(std::chrono::milliseconds) override { return mailbox::IdleEnd::timeout; }
  void wake() override {}
  void logout() noexcept override {}

 private:
  void step() {
    if (post_.trouble(0.003)) throw MailboxError({Trouble::Kind::closed, "the connection ended"});
  }
  Post& post_;
  Box& box_;
  bool is_inbox_ = false;
};

}  // namespace

std::unique_ptr<mailbox::ImapSession> Post::open(const mailbox::Server& /*server*/,
                                                 const mailbox::Login& login) {
  Box& box = boxes_.at(login.user);
  if (box.down_until > clock_.now() || trouble(0.01)) throw MailboxError({Trouble::Kind::connect, "refused"});
  if (box.login_refused_until > clock_.now()) throw MailboxError({Trouble::Kind::login, "wrong password"});
  return std::make_unique<Session>(*this, box);
}

}  // namespace overture::sim
