#include "mailbox/presets.hpp"

#include <gtest/gtest.h>

namespace overture::mailbox {
namespace {

TEST(Presets, KnowTheBigProviders) {
  struct {
    const char* domain;
    const char* smtp;
    int smtp_port;
    const char* imap;
    SignIn sign_in;
  } const rows[] = {
      {"gmail.com", "smtp.gmail.com", 465, "imap.gmail.com", SignIn::app_password},
      {"GoogleMail.com", "smtp.gmail.com", 465, "imap.gmail.com", SignIn::app_password},
      {"hotmail.com", "smtp-mail.outlook.com", 587, "outlook.office365.com", SignIn::oauth},
      {"firm.onmicrosoft.com", "smtp.office365.com", 587, "outlook.office365.com", SignIn::oauth},
      {"yahoo.co.uk", "smtp.mail.yahoo.com", 465, "imap.mail.yahoo.com", SignIn::app_password},
      {"me.com", "smtp.mail.me.com", 587, "imap.mail.me.com", SignIn::app_password},
      {"gmx.de", "mail.gmx.net", 465, "imap.gmx.net", SignIn::password},
      {"web.de", "smtp.web.de", 587, "imap.web.de", SignIn::password},
      {"posteo.de", "posteo.de", 465, "posteo.de", SignIn::password},
      {"proton.me", "127.0.0.1", 1025, "127.0.0.1", SignIn::app_password},
  };
  for (const auto& row : rows) {
    const auto preset = find_preset(row.domain);
    ASSERT_TRUE(preset) << row.domain;
    EXPECT_EQ(preset->smtp.host, row.smtp);
    EXPECT_EQ(preset->smtp.port, row.smtp_port);
    EXPECT_EQ(preset->imap.host, row.imap);
    EXPECT_EQ(preset->sign_in, row.sign_in) << row.domain;
    EXPECT_EQ(preset->smtp.security, row.smtp_port == 465 ? Security::tls : Security::starttls);
    EXPECT_TRUE(row.sign_in == SignIn::password || !preset->hint.empty()) << row.domain;
  }
  for (const char* unknown :
       {"", "example.com", "notgmail.com", "gmail.com.evil.test", "onmicrosoft.com.evil.test"}) {
    EXPECT_FALSE(find_preset(unknown)) << unknown;
  }
}

TEST(Presets, AreFoundByTheNameOfAServer) {
  EXPECT_EQ(find_preset_of_host("SMTP.gmail.com")->provider, "Gmail");
  EXPECT_EQ(find_preset_of_host("smtp-relay.gmail.com")->provider, "Gmail");
  EXPECT_EQ(find_preset_of_host("eur.smtp.office365.com")->provider, "Microsoft 365");
  EXPECT_FALSE(find_preset_of_host("127.0.0.1"));
  EXPECT_FALSE(find_preset_of_host("smtp.gmail.com.evil.test"));
}

TEST(Presets, GuessForOtherDomains) {
  const auto guesses = guess_servers("Example.org");
  ASSERT_GE(guesses.size(), 3U);
  EXPECT_EQ(guesses[0].smtp, (Server{"smtp.example.org", 465, Security::tls}));
  EXPECT_EQ(guesses[0].imap, (Server{"imap.example.org", 993, Security::tls}));
  for (const Preset& guess : guesses) EXPECT_NE(guess.smtp.security, Security::none);
}

}  // namespace
}  // namespace overture::mailbox
