#include "support/mail_servers_stub.hpp"

namespace overture::test {
namespace {

using mailbox::Login;
using mailbox::MailboxError;
using mailbox::ProbeStep;
using mailbox::Server;
using mailbox::Trouble;

constexpr base::Millis kTokenEnds = 1772445600000;  // 2026-03-02T10:00:00Z

/// The steps of one side, up to the first that fails.
void walk(std::vector<ProbeStep>& steps, const std::string& side, const Server& server, const Login& login,
          std::initializer_list<std::string_view> last_steps) {
  const std::string where = server.host + ":" + std::to_string(server.port);
  if (server.host.starts_with("away.")) {
    steps.push_back({side + "_dns", true, "Found " + server.host + "."});
    steps.push_back({side + "_connect", false, "Nothing answers at " + where + "."});
    return;
  }
  for (const std::string_view step : {"_dns", "_connect", "_tls"}) {
    steps.push_back({side + std::string(step), true, "Fine at " + where + "."});
  }
  const bool welcome =
      login.access_token.empty() ? login.password == "right" : login.access_token.starts_with("access for ");
  if (!welcome) {
    steps.push_back({side + "_login", false, "The server refused the log-in of " + login.user + "."});
    return;
  }
  steps.push_back({side + "_login", true, "Logged in as " + login.user + "."});
  for (const std::string_view step : last_steps) {
    const bool missing = step == "_sent" && server.host.starts_with("bare.");
    steps.push_back({side + std::string(step), !missing, missing ? "There is no sent folder." : "Fine."});
  }
}

}  // namespace

std::vector<ProbeStep> MailServersStub::run(const Server& smtp, const Server& imap, const Login& login,
                                            std::string_view /*from_address*/) {
  std::vector<ProbeStep> steps;
  walk(steps, "smtp", smtp, login, {"_sender"});
  walk(steps, "imap", imap, login, {"_inbox", "_sent"});
  return steps;
}

mailbox::OauthTokens MailServersStub::refresh(const mailbox::OauthClient& client,
                                              const std::string& refresh_token) {
  if (refresh_token == "revoked") {
    throw MailboxError({Trouble::Kind::login, "The sign-in is no longer good: sign in again."});
  }
  if (refresh_token == "lost") throw MailboxError({Trouble::Kind::dns, "Nobody knows " + client.token_url});
  return {"access for " + client.client_id, refresh_token == "rotates" ? "rotated" : refresh_token,
          kTokenEnds};
}

}  // namespace overture::test
