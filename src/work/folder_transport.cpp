#include "work/folder_transport.hpp"

#include <algorithm>
#include <fstream>

#include "base/crypto.hpp"

namespace overture::work {
namespace {

using mailbox::SendOutcome;

/// What is safe in the name of a file; the rest becomes `_`.
std::string file_name_of(std::string_view text) {
  std::string name(text.substr(0, 150));
  std::replace_if(
      name.begin(), name.end(),
      [](char c) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           c == '@' || c == '-' || c == '.';
        return !plain;
      },
      '_');
  if (name.empty() || name.front() == '.') name.insert(0, "_");
  return name;
}

std::string_view message_id_of(std::string_view message) {
  constexpr std::string_view kName = "\r\nMessage-ID: <";
  const std::size_t at = message.find(kName);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = message.substr(at + kName.size());
  return rest.substr(0, rest.find('>'));
}

}  // namespace

mailbox::SendResult FolderTransport::send(const mailbox::Server&, const mailbox::Login&,
                                          const mailbox::Envelope& envelope, std::string_view message,
                                          const std::function<bool()>& before_dot) {
  bool may = false;
  try {
    may = before_dot();
  } catch (const std::exception&) {
    may = false;
  }
  if (!may) return {.outcome = SendOutcome::withheld, .phase = "data"};
  std::string_view id = message_id_of(message);
  const std::filesystem::path folder = folder_ / file_name_of(envelope.from);
  const std::string name = file_name_of(id.empty() ? base::sha256(message) : std::string(id)) + ".eml";
  const std::filesystem::path unfinished = folder / ("." + name + ".part");
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  {
    std::ofstream file(unfinished, std::ios::binary);
    file.write(message.data(), static_cast<std::streamsize>(message.size()));
    file.flush();
    if (!file) {
      return {.outcome = SendOutcome::deferred,
              .text = "cannot write into " + folder.string(),
              .phase = "connect"};
    }
  }
  std::filesystem::rename(unfinished, folder / name, error);
  if (error) return {.outcome = SendOutcome::deferred, .text = error.message(), .phase = "connect"};
  return {.outcome = SendOutcome::accepted, .code = 250, .text = (folder / name).string(), .phase = "dot"};
}

}  // namespace overture::work
