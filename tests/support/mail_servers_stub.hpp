// Mail servers that exist in tests only: what they say depends on names and passwords alone.
#pragma once
#include "mailbox/probe.hpp"

namespace overture::test {

/// Everything goes well with the password `right`, or a token that refresh() gave. Hosts that begin with
/// `away.` cannot be reached, those with `bare.` have no sent folder, any other password is refused.
class MailServersStub final : public mailbox::Probe, public mailbox::TokenSource {
 public:
  std::vector<mailbox::ProbeStep> run(const mailbox::Server& smtp, const mailbox::Server& imap,
                                      const mailbox::Login& login, std::string_view from_address) override;
  /// `revoked` is no longer good, `lost` cannot be asked about, `rotates` comes back as `rotated`; all others
  /// are good, for an hour.
  mailbox::OauthTokens refresh(const mailbox::OauthClient& client, const std::string& refresh_token) override;
};

}  // namespace overture::test
