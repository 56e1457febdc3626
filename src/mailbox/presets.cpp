#include "mailbox/presets.hpp"

#include <array>

#include "base/text.hpp"

namespace overture::mailbox {
namespace {

struct Row {
  std::string_view provider;
  std::string_view domains;  ///< of addresses, separated by spaces
  std::string_view smtp;
  int smtp_port;
  std::string_view imap;
  int imap_port;
  SignIn sign_in;
  bool files_sent_mail;
  std::string_view hint;
};

constexpr std::string_view kGoogle =
    "Turn on 2-Step Verification in the Google account, then make an app password at "
    "myaccount.google.com/apppasswords and use it instead of the usual password. In a company's account an "
    "administrator may have to allow IMAP and app passwords; signing in by OAuth works as well.";
constexpr std::string_view kMicrosoft =
    "Microsoft does not take passwords from mail programs any more: connect the mailbox by OAuth. For "
    "Microsoft "
    "365 the administrator has to allow \"Authenticated SMTP\" and IMAP for this mailbox.";
constexpr std::string_view kYahoo =
    "Make an app password in the account's security settings and use it instead of the usual password.";
constexpr std::string_view kApple =
    "Make an app-specific password at account.apple.com (Sign-In and Security) and use it instead of the "
    "usual "
    "password. The user name is the full address.";
constexpr std::string_view kGmx =
    "Allow POP3 and IMAP in the settings of the web mail first (E-Mail, POP3/IMAP); with two-factor sign-in "
    "an "
    "application-specific password is needed.";
constexpr std::string_view kBridge =
    "Proton Mail is reached only through Proton Mail Bridge on this machine. Use the password that Bridge "
    "shows, "
    "and its certificate as a trusted authority.";

constexpr std::array kRows = std::to_array<Row>({
    {"Gmail", "gmail.com googlemail.com", "smtp.gmail.com", 465, "imap.gmail.com", 993, SignIn::app_password,
     true, kGoogle},
    {"Outlook.com",
     "outlook.com hotmail.com live.com msn.com outlook.de hotmail.de hotmail.fr hotmail.co.uk "
     "hotmail.it hotmail.es live.de live.fr live.co.uk live.nl outlook.fr outlook.es outlook.it",
     "smtp-mail.outlook.com", 587, "outlook.office365.com", 993, SignIn::oauth, true, kMicrosoft},
    {"Microsoft 365", "office365.com onmicrosoft.com", "smtp.office365.com", 587, "outlook.office365.com",
     993, SignIn::oauth, true, kMicrosoft},
    {"Yahoo Mail",
     "yahoo.com yahoo.co.uk yahoo.de yahoo.fr yahoo.it yahoo.es yahoo.ca yahoo.in yahoo.co.in "
     "yahoo.com.br yahoo.com.au ymail.com rocketmail.com myyahoo.com",
     "smtp.mail.yahoo.com", 465, "imap.mail.yahoo.com", 993, SignIn::app_password, true, kYahoo},
    {"AOL Mail", "aol.com aim.com aol.de aol.co.uk aol.fr", "smtp.aol.com", 465, "imap.aol.com", 993,
     SignIn::app_password, true, kYahoo},
    {"iCloud Mail", "icloud.com me.com mac.com", "smtp.mail.me.com", 587, "imap.mail.me.com", 993,
     SignIn::app_password, false, kApple},
    {"GMX", "gmx.de gmx.net gmx.at gmx.ch gmx.eu gmx.org gmx.info gmx.biz", "mail.gmx.net", 465,
     "imap.gmx.net", 993, SignIn::password, false, kGmx},
    {"GMX", "gmx.com gmx.us gmx.co.uk gmx.fr gmx.es", "mail.gmx.com", 465, "imap.gmx.com", 993,
     SignIn::password, false, kGmx},
    {"WEB.DE", "web.de email.de", "smtp.web.de", 587, "imap.web.de", 993, SignIn::password, false, kGmx},
    {"mail.com", "mail.com email.com usa.com consultant.com", "smtp.mail.com", 587, "imap.mail.com", 993,
     SignIn::password, false, "IMAP is part of the premium membership."},
    {"T-Online", "t-online.de magenta.de", "securesmtp.t-online.de", 465, "secureimap.t-online.de", 993,
     SignIn::app_password, false, "Set a password for e-mail programs in the customer centre of Telekom."},
    {"freenet", "freenet.de", "mx.freenet.de", 587, "mx.freenet.de", 993, SignIn::password, false, ""},
    {"Fastmail", "fastmail.com fastmail.fm fastmail.net fastmail.org sent.com", "smtp.fastmail.com", 465,
     "imap.fastmail.com", 993, SignIn::app_password, false,
     "Make an app password in Settings, Privacy & Security, with access to IMAP and SMTP."},
    {"Zoho Mail", "zoho.com zohomail.com", "smtp.zoho.com", 465, "imap.zoho.com", 993, SignIn::app_password,
     true,
     "Turn on IMAP access in the settings, and make an application-specific password where two-factor "
     "sign-in is "
     "on. Own domains use smtppro.zoho.com and imappro.zoho.com."},
    {"Zoho Mail", "zohomail.eu zoho.eu", "smtp.zoho.eu", 465, "imap.zoho.eu", 993, SignIn::app_password, true,
     "Turn on IMAP access in the settings, and make an application-specific password where two-factor "
     "sign-in is "
     "on. Own domains use smtppro.zoho.eu and imappro.zoho.eu."},
    {"Mail.ru", "mail.ru bk.ru inbox.ru list.ru internet.ru", "smtp.mail.ru", 465, "imap.mail.ru", 993,
     SignIn::app_password, false, "Make a password for external applications in the security settings."},
    {"Yandex Mail", "yandex.ru yandex.com ya.ru yandex.by yandex.kz yandex.ua", "smtp.yandex.com", 465,
     "imap.yandex.com", 993, SignIn::app_password, false,
     "Allow IMAP in the settings (Email clients) and make an app password."},
    {"OVHcloud", "ovh.net", "ssl0.ovh.net", 465, "ssl0.ovh.net", 993, SignIn::password, false,
     "Hosted Exchange has its own servers: look into the OVHcloud control panel."},
    {"IONOS", "ionos.com online.us 1and1.com", "smtp.ionos.com", 465, "imap.ionos.com", 993, SignIn::password,
     false, ""},
    {"IONOS", "ionos.de online.de onlinehome.de 1und1.de", "smtp.ionos.de", 465, "imap.ionos.de", 993,
     SignIn::password, false, ""},
    {"STRATO", "strato.de", "smtp.strato.de", 465, "imap.strato.de", 993, SignIn::password, false, ""},
    {"Gandi", "gandi.net", "mail.gandi.net", 465, "mail.gandi.net", 993, SignIn::password, false, ""},
    {"Infomaniak", "infomaniak.com infomaniak.ch ik.me etik.com ikmail.com", "mail.infomaniak.com", 465,
     "mail.infomaniak.com", 993, SignIn::app_password, false,
     "Make a password for this device in the settings of the address."},
    {"mailbox.org", "mailbox.org", "smtp.mailbox.org", 465, "imap.mailbox.org", 993, SignIn::password, false,
     "With two-factor sign-in an application password is needed."},
    {"Posteo", "posteo.de posteo.net posteo.org posteo.at posteo.ch posteo.eu", "posteo.de", 465, "posteo.de",
     993, SignIn::password, false, "With additional mailbox protection an app password is needed."},
    {"Proton Mail", "proton.me protonmail.com protonmail.ch pm.me", "127.0.0.1", 1025, "127.0.0.1", 1143,
     SignIn::app_password, false, kBridge},
    {"Migadu", "migadu.com", "smtp.migadu.com", 465, "imap.migadu.com", 993, SignIn::password, false, ""},
    {"Hostinger", "hostinger.com", "smtp.hostinger.com", 465, "imap.hostinger.com", 993, SignIn::password,
     false, ""},
    {"Titan", "titan.email", "smtp.titan.email", 465, "imap.titan.email", 993, SignIn::password, false,
     "Allow third-party e-mail programs in Titan's settings first."},
    {"GoDaddy", "secureserver.net", "smtpout.secureserver.net", 465, "imap.secureserver.net", 993,
     SignIn::password, false, ""},
    {"Namecheap Private Email", "privateemail.com", "mail.privateemail.com", 465, "mail.privateemail.com",
     993, SignIn::password, false, ""},
    {"Rackspace Email", "emailsrvr.com", "secure.emailsrvr.com", 465, "secure.emailsrvr.com", 993,
     SignIn::password, false, ""},
    {"Runbox", "runbox.com", "mail.runbox.com", 465, "mail.runbox.com", 993, SignIn::password, false,
     "With two-step sign-in an app password is needed."},
    {"Orange", "orange.fr wanadoo.fr", "smtp.orange.fr", 465, "imap.orange.fr", 993, SignIn::password, false,
     "Allow mail programs in the settings of the web mail first."},
    {"Free", "free.fr", "smtp.free.fr", 465, "imap.free.fr", 993, SignIn::password, false,
     "Turn on authenticated SMTP in the subscriber area first."},
    {"Laposte.net", "laposte.net", "smtp.laposte.net", 465, "imap.laposte.net", 993, SignIn::password, false,
     ""},
    {"SFR", "sfr.fr neuf.fr", "smtp.sfr.fr", 465, "imap.sfr.fr", 993, SignIn::password, false, ""},
    {"Libero", "libero.it inwind.it iol.it blu.it", "smtp.libero.it", 465, "imapmail.libero.it", 993,
     SignIn::app_password, false, "Make a password for mail programs in the account's security settings."},
    {"Aruba", "aruba.it", "smtps.aruba.it", 465, "imaps.aruba.it", 993, SignIn::password, false, ""},
    {"WP Poczta", "wp.pl o2.pl", "smtp.wp.pl", 465, "imap.wp.pl", 993, SignIn::password, false,
     "Allow POP3, IMAP and SMTP in the settings of the web mail first."},
    {"Seznam", "seznam.cz email.cz post.cz", "smtp.seznam.cz", 465, "imap.seznam.cz", 993, SignIn::password,
     false, ""},
    {"Comcast", "comcast.net", "smtp.comcast.net", 587, "imap.comcast.net", 993, SignIn::password, false,
     "Allow third-party access in the security settings of the web mail first."},
    {"AT&T Mail", "att.net sbcglobal.net bellsouth.net", "smtp.mail.att.net", 465, "imap.mail.att.net", 993,
     SignIn::app_password, true, "Make a secure mail key in the AT&T profile and use it as the password."},
    {"QQ Mail", "qq.com foxmail.com", "smtp.qq.com", 465, "imap.qq.com", 993, SignIn::app_password, false,
     "Turn on IMAP/SMTP in the settings and use the authorization code that is shown as the password."},
    {"NetEase", "163.com", "smtp.163.com", 465, "imap.163.com", 993, SignIn::app_password, false,
     "Turn on IMAP/SMTP in the settings and use the authorization code that is shown as the password."},
});

Security security_of(int port) { return port == 465 || port == 993 ? Security::tls : Security::starttls; }

Preset preset_of(const Row& row) {
  return {std::string(row.provider),
          {std::string(row.smtp), row.smtp_port, security_of(row.smtp_port)},
          {std::string(row.imap), row.imap_port, security_of(row.imap_port)},
          row.sign_in,
          std::string(row.hint),
          row.files_sent_mail};
}

/// `name` is `domain` or below it.
bool is_within(std::string_view name, std::string_view domain) {
  return name == domain || (name.size() > domain.size() && name.ends_with(domain) &&
                            name[name.size() - domain.size() - 1] == '.');
}

}  // namespace

std::optional<Preset> find_preset(std::string_view domain) {
  const std::string lowered = base::lower_ascii(base::trim(domain));
  for (const Row& row : kRows) {
    for (std::string_view known : base::split(row.domains, ' ')) {
      // A tenant's first domain at Microsoft is company.onmicrosoft.com.
      if (known == lowered || (known == "onmicrosoft.com" && is_within(lowered, known)))
        return preset_of(row);
    }
  }
  return std::nullopt;
}

std::optional<Preset> find_preset_of_host(std::string_view host) {
  const std::string lowered = base::lower_ascii(base::trim(host));
  for (const Row& row : kRows) {
    if (row.smtp == "127.0.0.1") continue;  // that may be anything
    if (lowered == row.smtp || lowered == row.imap) return preset_of(row);
  }
  // Other names of the same houses.
  constexpr auto kHouses =
      std::to_array<std::pair<std::string_view, std::string_view>>({{"google.com", "gmail.com"},
                                                                    {"googlemail.com", "gmail.com"},
                                                                    {"gmail.com", "gmail.com"},
                                                                    {"office365.com", "office365.com"},
                                                                    {"outlook.com", "office365.com"},
                                                                    {"zoho.com", "zoho.com"},
                                                                    {"zoho.eu", "zoho.eu"},
                                                                    {"yandex.ru", "yandex.ru"},
                                                                    {"yandex.net", "yandex.ru"}});
  for (const auto& [house, domain] : kHouses) {
    if (is_within(lowered, house)) return find_preset(domain);
  }
  return std::nullopt;
}

std::vector<Preset> guess_servers(std::string_view domain) {
  const std::string name = base::lower_ascii(base::trim(domain));
  std::vector<Preset> guesses;
  const auto guess = [&](const std::string& smtp, int smtp_port, const std::string& imap, int imap_port) {
    guesses.push_back({{},
                       {smtp, smtp_port, security_of(smtp_port)},
                       {imap, imap_port, security_of(imap_port)},
                       SignIn::password,
                       {},
                       false});
  };
  guess("smtp." + name, 465, "imap." + name, 993);
  guess("mail." + name, 465, "mail." + name, 993);
  guess("smtp." + name, 587, "imap." + name, 143);
  guess("mail." + name, 587, "mail." + name, 143);
  guess(name, 465, name, 993);
  return guesses;
}

}  // namespace overture::mailbox
