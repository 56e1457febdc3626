// A mail server that is a folder: each mail becomes a file. For demos, and for looking before anything
// leaves.
#pragma once
#include <filesystem>

#include "mailbox/transport.hpp"

namespace overture::work {

class FolderTransport final : public mailbox::SmtpTransport {
 public:
  explicit FolderTransport(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// `<folder>/<sender>/<Message-ID>.eml`, written whole or not at all; the same mail again is the same file.
  mailbox::SendResult send(const mailbox::Server& server, const mailbox::Login& login,
                           const mailbox::Envelope& envelope, std::string_view message,
                           const std::function<bool()>& before_dot) override;

 private:
  std::filesystem::path folder_;
};

}  // namespace overture::work
