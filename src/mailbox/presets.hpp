// Servers of well-known mail providers, by the domain of an address. Pure.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mailbox/transport.hpp"

namespace overture::mailbox {

enum class SignIn {
  password,      ///< the usual password of the mailbox
  app_password,  ///< a password made for this program in the provider's settings
  oauth,         ///< passwords are not taken any more (or not for long)
};

struct Preset {
  std::string provider;  ///< a name for people, like "Gmail"; empty for a guess
  Server smtp;
  Server imap;
  SignIn sign_in = SignIn::password;
  std::string hint;              ///< what the user has to do there first, in plain words; may be empty
  bool files_sent_mail = false;  ///< the provider itself puts what is sent by SMTP into Sent
};

/// By domain (any case). nullopt for a domain that is not in the table.
std::optional<Preset> find_preset(std::string_view domain);
/// By the host name of a server, so that hints are found for company domains hosted there.
std::optional<Preset> find_preset_of_host(std::string_view host);
/// For other domains: what is worth a try, most likely first.
std::vector<Preset> guess_servers(std::string_view domain);

}  // namespace overture::mailbox
