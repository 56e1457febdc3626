#include "api/mailbox_servers.hpp"

#include <boost/json/object.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "rules/email_address.hpp"
#include "rules/host.hpp"

namespace overture::api {
namespace {

using base::Error;
using mailbox::Security;
using outreach::ServerSettings;
using rest::Type;

constexpr std::string_view kSecurities[] = {"tls", "starttls", "none"};

/// A host name, an address, or a bare name of the own network.
std::string normalise_server(std::string_view key, std::string text) {
  const std::string host(base::trim(text));
  if (auto parsed = rules::parse_host(host)) {
    if (parsed->front() == '[') return parsed->substr(1, parsed->size() - 2);
    return std::move(*parsed);
  }
  if (auto parsed = rules::parse_host("[" + host + "]")) return parsed->substr(1, parsed->size() - 2);
  const std::string name = base::lower_ascii(host);
  const bool bare = !name.empty() && name.size() <= 63 && name.front() != '-' && name.back() != '-' &&
                    name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos &&
                    name.find_first_not_of("0123456789") != std::string::npos;
  if (!bare) throw Error::invalid(key, "must be the name or address of a server, without scheme or port");
  return name;
}

constexpr rest::Input kServer[] = {
    {.key = "host", .filled = true, .normalise = normalise_server},
    {.key = "port", .type = Type::integer},
    {.key = "security", .allowed = kSecurities},
};

}  // namespace

const rest::Inside kServerInputs{.inputs = kServer};

namespace {

struct UsualPorts {
  std::int64_t tls;
  std::int64_t clear;  ///< STARTTLS, and without encryption
};
constexpr UsualPorts kSmtpPorts{465, 587};
constexpr UsualPorts kImapPorts{993, 143};

void apply_server(const rest::Body& body, const std::string& key, const UsualPorts& usual,
                  ServerSettings& server) {
  if (!body.given(key)) return;
  const boost::json::value given = body.object(key);
  const rest::Body input(given, kServer, key + ".");
  if (input.given("host")) server.host = input.text("host");
  if (input.given("security")) {
    server.security = input.text("security");
    server.port = server.security == "tls" ? usual.tls : usual.clear;
  }
  server.port = input.integer("port", server.port);
  if (server.port < 1 || server.port > 65'535) {
    throw Error::invalid(key + ".port", "must be between 1 and 65535");
  }
  if (server.host.empty()) throw Error::invalid(key + ".host", "is needed");
}

ServerSettings settings_of(const mailbox::Server& server) {
  constexpr std::string_view kNames[] = {"tls", "starttls", "none"};
  return {server.host, server.port, std::string(kNames[static_cast<std::size_t>(server.security)])};
}

}  // namespace

void apply_servers_input(const rest::Body& body, outreach::MailboxSettings& settings) {
  apply_server(body, "smtp", kSmtpPorts, settings.smtp);
  apply_server(body, "imap", kImapPorts, settings.imap);
  if (settings.authentication == "outbox") return;
  if (!settings.smtp.host.empty() && !settings.imap.host.empty()) return;
  const std::string domain(rules::email_domain(settings.address));
  const std::optional<mailbox::Preset> preset = mailbox::find_preset(domain);
  for (const bool sending : {true, false}) {
    ServerSettings& server = sending ? settings.smtp : settings.imap;
    if (!server.host.empty()) continue;
    if (!preset) {
      throw Error::invalid(sending ? "smtp.host" : "imap.host",
                           "is needed: the servers of " + domain + " are not known here");
    }
    server = settings_of(sending ? preset->smtp : preset->imap);
  }
}

std::string checked_token_url(std::string_view key, std::string url) {
  const bool plain = url.find_first_of(" @#\\\"<>") == std::string::npos && !base::has_control(url);
  const std::string lower = base::lower_ascii(url);
  const auto begins = [&lower](std::string_view start) {
    return lower.starts_with(start) &&
           (lower.size() == start.size() || lower[start.size()] == '/' || lower[start.size()] == ':');
  };
  const bool safe = lower.starts_with("https://") && lower.size() > 8 && lower[8] != '/' && lower[8] != ':';
  const bool local = begins("http://127.0.0.1") || begins("http://[::1]") || begins("http://localhost");
  if (!plain || (!safe && !local)) throw Error::invalid(key, "must be an address that begins with https://");
  return url;
}

mailbox::Server server_of(const ServerSettings& settings) {
  const Security security = settings.security == "none"       ? Security::none
                            : settings.security == "starttls" ? Security::starttls
                                                              : Security::tls;
  return {settings.host, static_cast<int>(settings.port), security};
}

std::string provider_hint(const outreach::MailboxSettings& settings) {
  std::optional<mailbox::Preset> preset = mailbox::find_preset(rules::email_domain(settings.address));
  if (!preset) preset = mailbox::find_preset_of_host(settings.smtp.host);
  return preset ? preset->hint : std::string();
}

}  // namespace overture::api
