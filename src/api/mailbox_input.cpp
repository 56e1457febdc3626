#include "api/mailbox_input.hpp"

#include <boost/json/object.hpp>

#include "api/mailbox_servers.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "mail/sanitize.hpp"
#include "rules/email_address.hpp"
#include "rules/spacing.hpp"

namespace overture::api {
namespace {

using base::Error;
using rest::Input;
using rest::Type;

constexpr std::int64_t kMostMails = 100'000;
constexpr std::int64_t kUsualDailyLimit = 50;
constexpr std::int64_t kLongestSpacing = 24 * 60 * 60;
constexpr std::int64_t kShortestSpacing = rules::kMinimumSpacing / base::kSecond;
constexpr std::int64_t kLongestRampStep = 365;

constexpr std::string_view kStatuses[] = {"active", "paused"};
constexpr std::string_view kAuthentications[] = {"password", "oauth", "outbox"};
constexpr std::string_view kUnsubscribeRules[] = {"subject", "anywhere", "off"};

/// Names stand in header fields.
std::string one_line(std::string_view key, std::string text) {
  if (base::has_control(text)) throw Error::invalid(key, "must not hold line ends or control characters");
  return std::string(base::trim(text));
}

std::string normalise_address(std::string_view key, std::string text) {
  std::optional<std::string> address = rules::parse_email_address(text);
  if (!address) throw Error::invalid(key, "is not an e-mail address");
  return std::move(*address);
}

constexpr Input kAddress{.key = "address", .required = true, .max = 254, .normalise = normalise_address};
constexpr Input kOauth[] = {{.key = "token_url", .max = 2000},
                            {.key = "client_id", .max = 1000, .normalise = one_line},
                            {.key = "client_secret", .max = 4000},
                            {.key = "refresh_token", .max = 8000}};
constexpr Input kRamp[] = {{.key = "start", .type = Type::integer},
                           {.key = "step", .type = Type::integer},
                           {.key = "every_days", .type = Type::integer}};
constexpr rest::Inside kOauthInside{.inputs = kOauth};
constexpr rest::Inside kRampInside{.inputs = kRamp};
constexpr Input kOthers[] = {
    {.key = "name",
     .filled = true,
     .normalise = one_line,
     .doc = "for people; the address when it is left out"},
    {.key = "nickname", .clearable = true, .max = 100, .normalise = one_line},
    {.key = "from_name", .clearable = true, .max = 200, .normalise = one_line},
    {.key = "daily_limit", .type = Type::integer, .doc = "mails a day, 0 to 100000"},
    {.key = "status", .allowed = kStatuses},
    {.key = "smtp",
     .type = Type::object,
     .inside = &kServerInputs,
     .doc = "left out: the servers of the address's provider"},
    {.key = "imap", .type = Type::object, .inside = &kServerInputs, .doc = "as smtp"},
    {.key = "login",
     .clearable = true,
     .max = 320,
     .normalise = one_line,
     .doc = "the user at both servers; null: the address"},
    {.key = "authentication",
     .allowed = kAuthentications,
     .doc = "password, oauth, or outbox: mails are written into a folder of the server"},
    {.key = "password", .max = 1024, .doc = "stored sealed, never shown"},
    {.key = "oauth",
     .type = Type::object,
     .inside = &kOauthInside,
     .doc = "client_secret and refresh_token are stored sealed and never shown"},
    {.key = "signature_text", .clearable = true, .max = 10'000},
    {.key = "signature_html", .clearable = true, .max = 100'000, .doc = "what is unsafe in it goes"},
    {.key = "spacing_seconds", .type = Type::integer, .doc = "between two mails, 60 to 86400"},
    {.key = "ramp",
     .type = Type::object,
     .inside = &kRampInside,
     .doc = "a new mailbox begins with `start` mails a day (0: no ramp)"},
    {.key = "unsubscribe_rule",
     .allowed = kUnsubscribeRules,
     .doc =
         "where a reply has to say `unsubscribe` to count: subject, anywhere, or off; a short one that says "
         "little else counts unless off"},
    {.key = "add_new_contacts",
     .type = Type::boolean,
     .doc = "who answers from another address becomes a contact of the opportunity"},
    {.key = "projects",
     .type = Type::integers,
     .max = 10'000,
     .doc = "ids of the projects it sends for, in place of those before"},
};

std::int64_t within(std::string_view key, std::int64_t number, std::int64_t least, std::int64_t most) {
  if (number < least || number > most) {
    throw Error::invalid(key, "must be between " + std::to_string(least) + " and " + std::to_string(most));
  }
  return number;
}

void apply_oauth(const rest::Body& body, outreach::MailboxSettings& settings) {
  if (!body.given("oauth")) return;
  const boost::json::value given = body.object("oauth");
  const rest::Body oauth(given, kOauth, "oauth.");
  if (oauth.given("token_url")) {
    settings.oauth_url = checked_token_url("oauth.token_url", oauth.text("token_url"));
  }
  if (oauth.given("client_id")) settings.oauth_client = oauth.text("client_id");
}

void apply_ramp(const rest::Body& body, outreach::MailboxSettings& settings) {
  if (!body.given("ramp")) return;
  const boost::json::value given = body.object("ramp");
  const rest::Body ramp(given, kRamp, "ramp.");
  settings.ramp_start = within("ramp.start", ramp.integer("start", settings.ramp_start), 0, kMostMails);
  settings.ramp_step = within("ramp.step", ramp.integer("step", settings.ramp_step), 0, kMostMails);
  settings.ramp_every_days =
      within("ramp.every_days", ramp.integer("every_days", settings.ramp_every_days), 1, kLongestRampStep);
}

/// The sanitizer hides pictures from us until we ask for them; the reader of a signature should see them.
std::string safe_signature(const std::string& html) {
  constexpr std::string_view kHidden = " data-src=\"";
  std::string safe = mail::sanitize_html(html);
  for (std::size_t tag = safe.find("<img"); tag != std::string::npos; tag = safe.find("<img", tag + 1)) {
    const std::size_t end = safe.find('>', tag);
    const std::size_t hidden = safe.find(kHidden, tag);
    if (hidden < end) safe.replace(hidden, kHidden.size(), " src=\"");
  }
  return safe;
}

}  // namespace

std::span<const Input> mailbox_inputs(bool creating) {
  static const std::vector<Input> create = [] {
    std::vector<Input> all{kAddress};
    all.insert(all.end(), std::begin(kOthers), std::end(kOthers));
    return all;
  }();
  static const std::vector<Input> update = [] {
    std::vector<Input> all = create;
    all.front().required = false;
    all.front().doc = "only where none was stored: it does not change";
    return all;
  }();
  return creating ? create : update;
}

void apply_mailbox_input(const rest::Body& body, outreach::MailboxSettings& settings) {
  if (body.given("address")) {
    const std::string address = body.text("address");
    if (!settings.address.empty() && settings.address != address) {
      throw Error::invalid("address", "cannot be changed: make another mail account");
    }
    settings.address = address;
  }
  if (settings.address.empty()) throw Error::invalid("address", "is needed");
  if (body.given("authentication")) settings.authentication = body.text("authentication");
  apply_servers_input(body, settings);
  if (body.has("login")) settings.login = body.text("login");
  if (settings.login.empty()) settings.login = settings.address;
  apply_oauth(body, settings);
  if (body.has("signature_text")) settings.signature_text = body.text("signature_text");
  if (body.has("signature_html")) settings.signature_html = safe_signature(body.text("signature_html"));
  if (body.given("spacing_seconds")) {
    settings.spacing_seconds =
        within("spacing_seconds", body.integer("spacing_seconds"), kShortestSpacing, kLongestSpacing);
  }
  apply_ramp(body, settings);
  if (body.given("unsubscribe_rule")) settings.unsubscribe_rule = body.text("unsubscribe_rule");
  settings.add_new_contacts = body.boolean("add_new_contacts", settings.add_new_contacts);
}

std::int64_t daily_limit_of(const rest::Body& body) {
  return within("daily_limit", body.integer("daily_limit", kUsualDailyLimit), 0, kMostMails);
}

void apply_credentials_input(const rest::Body& body, const outreach::MailboxSettings& settings,
                             outreach::Credentials& credentials) {
  if (body.given("password")) credentials.password = body.text("password");
  if (body.given("oauth")) {
    const boost::json::value given = body.object("oauth");
    const rest::Body oauth(given, kOauth, "oauth.");
    if (oauth.given("client_secret")) credentials.client_secret = oauth.text("client_secret");
    if (oauth.given("refresh_token")) credentials.refresh_token = oauth.text("refresh_token");
  }
  if (settings.authentication != "oauth") {
    credentials.client_secret.clear();
    credentials.refresh_token.clear();
  } else {
    if (settings.oauth_url.empty()) throw Error::invalid("oauth.token_url", "is needed");
    if (settings.oauth_client.empty()) throw Error::invalid("oauth.client_id", "is needed");
    if (credentials.refresh_token.empty()) throw Error::invalid("oauth.refresh_token", "is needed");
  }
  if (settings.authentication != "password") {
    credentials.password.clear();
  } else if (credentials.password.empty()) {
    throw Error::invalid("password", "is needed");
  }
}

bool connects_otherwise(const outreach::MailboxSettings& before, const outreach::MailboxSettings& after) {
  return before.smtp != after.smtp || before.imap != after.imap || before.login != after.login ||
         before.authentication != after.authentication || before.sealed_secret != after.sealed_secret ||
         before.oauth_url != after.oauth_url || before.oauth_client != after.oauth_client;
}

}  // namespace overture::api
