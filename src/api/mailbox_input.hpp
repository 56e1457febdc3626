// What people say about a mail account: checked, and brought onto its settings.
#pragma once
#include <span>

#include "base/seal.hpp"
#include "outreach/credentials.hpp"
#include "outreach/mailbox_settings.hpp"
#include "rest/body.hpp"

namespace overture::api {

/// Of POST (`creating`) and PUT.
std::span<const rest::Input> mailbox_inputs(bool creating);

/// What is given replaces what `settings` has; null and what is left out stays. When no servers are given and
/// none are known, those of the address's provider are taken. Throws invalid_value for what no mailbox can
/// have, with the settings half changed.
void apply_mailbox_input(const rest::Body& body, outreach::MailboxSettings& settings);

/// Mails a day; the usual number when it is not given. Throws invalid_value.
std::int64_t daily_limit_of(const rest::Body& body);

/// The same for passwords and tokens; what the way of logging in does not need goes. Throws invalid_value
/// when something is missing for it.
void apply_credentials_input(const rest::Body& body, const outreach::MailboxSettings& settings,
                             outreach::Credentials& credentials);

/// Whether a server would see another client: other servers, log-in, or secrets.
bool connects_otherwise(const outreach::MailboxSettings& before, const outreach::MailboxSettings& after);

}  // namespace overture::api
