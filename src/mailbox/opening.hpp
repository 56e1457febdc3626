// What libcurl tells while it opens a connection: which phase it is in and what the server said last.
#pragma once
#include <curl/curl.h>

#include <chrono>
#include <string>

#include "mailbox/connection.hpp"
#include "mailbox/smtp_replies.hpp"

namespace overture::mailbox {

/// The callbacks of one opening. Nothing the client sends is kept, since it holds the log-in.
class OpeningProgress {
 public:
  explicit OpeningProgress(const Opening& opening);
  void attach(CURL* curl);
  /// After the opening: its callbacks must not outlive this object.
  static void detach(CURL* curl);

  /// Why curl_easy_perform() ended with `result`.
  OpenFailure failure(CURL* curl, CURLcode result, const char* words) const;

  bool sent_login() const { return sent_login_; }
  const std::string& extensions() const { return extensions_; }

 private:
  static int on_debug(CURL*, curl_infotype type, char* data, size_t size, void* self);
  static int on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t);
  void sent(std::string_view command);
  void received(std::string_view line);
  void received_smtp(std::string_view line);
  bool late();
  Trouble trouble_of(CURL* curl, CURLcode result, std::string_view words) const;

  const Opening& opening_;
  CURL* curl_ = nullptr;
  std::string phase_ = "connect";
  std::chrono::steady_clock::time_point since_;
  bool connected_ = false;
  bool late_ = false;
  bool sent_login_ = false;
  SmtpReply reply_;  ///< the last one; for IMAP the last line is in `text`
  bool within_reply_ = false;
  std::string extensions_;
};

/// Sentences for people; `server` is named in them.
Trouble trouble_of_certificate(const Server& server, std::string_view words);

}  // namespace overture::mailbox
