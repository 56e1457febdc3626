#include "mailbox/imap_session.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include "base/text.hpp"
#include "mailbox/folder_names.hpp"
#include "mailbox/imap_answers.hpp"
#include "mailbox/smtp_replies.hpp"

namespace overture::mailbox {

void check_folder_text(std::string_view field, std::string_view text, std::size_t max) {
  if (text.empty() || text.size() > max || base::has_control(text)) {
    throw base::Error::invalid(field, "is empty, too long, or has a control character");
  }
}

EtpanSession::EtpanSession(std::unique_ptr<Connection> connection, const ImapTimeouts& timeouts)
    : timeouts_(timeouts),
      stream_(std::move(connection), timeouts),
      imap_(mailimap_new(0, nullptr)),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  try {
    if (imap_ == nullptr || wake_ < 0) throw base::Error(base::ErrorCode::unavailable, "Out of memory.");
    stream_.begin(kSmallAnswer);
    if (mailimap_connect(imap_, stream_.make_stream()) != MAILIMAP_NO_ERROR_AUTHENTICATED) {
      throw MailboxError({Trouble::Kind::protocol, "The mail server does not answer like one."});
    }
    mailimap_capability_data* capabilities = nullptr;
    begin(kSmallAnswer);
    check(mailimap_capability(imap_, &capabilities), Trouble::Kind::protocol, "tell what it can do");
    if (capabilities != nullptr) mailimap_capability_data_free(capabilities);
    has_idle_ = mailimap_has_idle(imap_) != 0;
    has_uidplus_ = mailimap_has_uidplus(imap_) != 0;
  } catch (...) {
    stream_.end({Trouble::Kind::closed, {}});
    if (imap_ != nullptr) mailimap_free(imap_);
    if (wake_ >= 0) ::close(wake_);
    throw;
  }
}

EtpanSession::~EtpanSession() {
  // libetpan says LOGOUT and waits for the answer, unless the stream has ended.
  stream_.end({Trouble::Kind::closed, {}});
  mailimap_free(imap_);
  ::close(wake_);
}

void EtpanSession::logout() noexcept {
  if (stream_.trouble()) return;
  stream_.begin(kSmallAnswer);
  mailimap_logout(imap_);
  stream_.end({Trouble::Kind::closed, "The session was ended."});
}

void EtpanSession::begin(std::size_t answer_bytes) {
  if (stream_.trouble()) throw MailboxError(*stream_.trouble());
  stream_.begin(answer_bytes);
}

/// Throws unless `result` is good. A no of the server is of `kind_of_no`; everything else ends the session.
void EtpanSession::check(int result, Trouble::Kind kind_of_no, const std::string& what) {
  if (result == MAILIMAP_NO_ERROR) return;
  if (stream_.trouble()) throw MailboxError(*stream_.trouble());
  const bool broken = result == MAILIMAP_ERROR_STREAM || result == MAILIMAP_ERROR_PARSE ||
                      result == MAILIMAP_ERROR_MEMORY || result == MAILIMAP_ERROR_FATAL ||
                      result == MAILIMAP_ERROR_PROTOCOL || result == MAILIMAP_ERROR_BAD_STATE;
  if (broken || kind_of_no != Trouble::Kind::folder) {
    const Trouble trouble{Trouble::Kind::protocol, "The mail server's answer cannot be understood."};
    stream_.end(trouble);
    throw MailboxError(trouble);
  }
  const std::string said = imap_->imap_response == nullptr ? "" : imap_->imap_response;
  throw MailboxError(
      {kind_of_no, safe_line("The mail server would not " + what + (said.empty() ? "." : ": " + said))});
}

std::string EtpanSession::wire_name(std::string_view folder) const {
  check_folder_text("folder", folder, 1000);
  auto found = wire_names_.find(std::string(folder));
  return found == wire_names_.end() ? write_modified_utf7(folder) : found->second;
}

std::vector<Folder> EtpanSession::folders() {
  begin(kListAnswer);
  clist* list = nullptr;
  check(mailimap_list(imap_, "", "*", &list), Trouble::Kind::folder, "list its folders");
  const ClistRow owner(list, &mailimap_list_result_free);
  wire_names_.clear();
  return read_folders(list, wire_names_);
}

FolderState EtpanSession::select(std::string_view folder) {
  const std::string name = wire_name(folder);
  begin(kSmallAnswer);
  uid_next_ = 0;
  check(mailimap_examine(imap_, name.c_str()), Trouble::Kind::folder, "open " + std::string(folder));
  FolderState state;
  if (const mailimap_selection_info* info = imap_->imap_selection_info) {
    state = {info->sel_uidvalidity, info->sel_uidnext, info->sel_exists};
  }
  uid_next_ = state.uid_next;
  return state;
}

std::optional<std::uint32_t> EtpanSession::append(std::string_view folder, std::string_view message,
                                                  bool seen) {
  const std::string name = wire_name(folder);
  const std::unique_ptr<mailimap_flag_list, void (*)(mailimap_flag_list*)> flags(
      mailimap_flag_list_new_empty(), &mailimap_flag_list_free);
  if (seen) mailimap_flag_list_add(flags.get(), mailimap_flag_new_seen());
  begin(kSmallAnswer);
  std::uint32_t validity = 0;
  std::uint32_t uid = 0;
  const int result = has_uidplus_ ? mailimap_uidplus_append(imap_, name.c_str(), flags.get(), nullptr,
                                                            message.data(), message.size(), &validity, &uid)
                                  : mailimap_append(imap_, name.c_str(), flags.get(), nullptr, message.data(),
                                                    message.size());
  check(result, Trouble::Kind::folder, "file a mail in " + std::string(folder));
  return uid == 0 ? std::nullopt : std::optional(uid);
}

}  // namespace overture::mailbox
