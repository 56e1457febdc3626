// The servers of a mailbox: what people type, and what is known of their provider.
#pragma once
#include <string>
#include <string_view>

#include "mailbox/probe.hpp"
#include "outreach/mailbox_settings.hpp"
#include "rest/body.hpp"

namespace overture::api {

/// What each of the two holds.
extern const rest::Inside kServerInputs;

/// The inputs `smtp` and `imap`. A port that is left out is the usual one of the security. Where no server is
/// given or known, that of the provider is taken; throws invalid_value when there is none either.
void apply_servers_input(const rest::Body& body, outreach::MailboxSettings& settings);

/// https, or http to this machine. Throws invalid_value.
std::string checked_token_url(std::string_view key, std::string url);

mailbox::Server server_of(const outreach::ServerSettings& settings);

/// What a user of these servers has to do there first, in plain words; empty for most.
std::string provider_hint(const outreach::MailboxSettings& settings);

}  // namespace overture::api
