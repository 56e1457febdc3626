// One IMAP connection after the log-in: libetpan's commands with our bounds and errors.
#pragma once
#include <libetpan/libetpan.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "mailbox/imap_stream.hpp"
#include "mailbox/timeouts.hpp"
#include "mailbox/transport.hpp"

namespace overture::mailbox {

/// Bounds of answers in bytes: most commands; lists of folders, sizes and dates.
inline constexpr std::size_t kSmallAnswer = std::size_t{1} << 20U;
inline constexpr std::size_t kListAnswer = std::size_t{8} << 20U;

using ClistRow = std::unique_ptr<clist, void (*)(clist*)>;

/// Throws Error(invalid_value) for what may not go into a command.
void check_folder_text(std::string_view field, std::string_view text, std::size_t max);

class EtpanSession final : public ImapSession {
 public:
  /// `connection` has logged in. Throws MailboxError.
  EtpanSession(std::unique_ptr<Connection> connection, const ImapTimeouts& timeouts);
  ~EtpanSession() override;
  EtpanSession(const EtpanSession&) = delete;
  EtpanSession& operator=(const EtpanSession&) = delete;

  std::vector<Folder> folders() override;
  FolderState select(std::string_view folder) override;
  std::vector<std::uint32_t> fetch_uids(std::uint32_t first_uid, std::size_t limit) override;
  std::uint32_t last_uid_before(base::Millis since) override;
  std::vector<FetchedMail> fetch(const std::vector<std::uint32_t>& uids, const FetchBounds& bounds) override;
  std::vector<std::uint32_t> search_message_id(std::string_view folder, std::string_view id) override;
  std::optional<std::uint32_t> append(std::string_view folder, std::string_view message, bool seen) override;
  IdleEnd idle(std::chrono::milliseconds timeout) override;
  void wake() override;
  void logout() noexcept override;

 private:
  using TimePoint = std::chrono::steady_clock::time_point;
  enum class Wait { data, woken, timeout };

  void begin(std::size_t answer_bytes);
  void check(int result, Trouble::Kind kind_of_no, const std::string& what);
  std::string wire_name(std::string_view folder) const;
  std::vector<std::uint32_t> search(mailimap_search_key* key, std::size_t answer_bytes);
  std::vector<FetchedMail> fetch_rows(const std::vector<std::uint32_t>& uids, bool with_body,
                                      std::size_t first_bytes, std::size_t answer_bytes);
  bool ask_for_news();
  Wait wait(TimePoint until);
  bool idle_once(TimePoint until, Wait& ended);

  ImapTimeouts timeouts_;
  ImapStream stream_;
  mailimap* imap_;
  int wake_;  ///< an eventfd
  bool has_idle_ = false;
  bool has_uidplus_ = false;
  std::uint32_t uid_next_ = 0;
  std::map<std::string, std::string> wire_names_;
};

}  // namespace overture::mailbox
