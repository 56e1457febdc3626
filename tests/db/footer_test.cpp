// How a mail says that one may opt out, with links and without.
#include <gtest/gtest.h>

#include "mail/inspect.hpp"
#include "outreach/mails.hpp"
#include "outreach/prelaunch.hpp"
#include "outreach/trial.hpp"
#include "planned_house.hpp"

namespace overture::db {
namespace {

constexpr std::string_view kByMail =
    "If you would rather not hear from me again, answer with the word \"unsubscribe\".";

class Footer : public PlannedHouse {
 protected:
  outreach::RenderedMail mail(const std::string& public_url, const outreach::Attempt& attempt) {
    const outreach::Install install{.key = base::HmacKey(std::string(32, 'k')), .public_url = public_url};
    return database().read([&](Connection& connection) {
      const outreach::Run run = outreach::find_run(connection, account, opportunity).value();
      return outreach::try_attempt(connection, install, run, attempt);
    });
  }
  outreach::PrelaunchReport report(const std::string& public_url) {
    const outreach::Install install{.key = base::HmacKey(std::string(32, 'k')), .public_url = public_url};
    return database().read([&](Connection& connection) {
      return outreach::make_prelaunch_report(connection, install, account, campaign,
                                             std::span(&opportunity, 1), clock.now());
    });
  }

  const outreach::Attempt wanted_{.subject = "Hi", .body_text = "Hi", .body_html = "<p>Hi</p>"};
  const outreach::Attempt unwanted_{.subject = "Hi", .body_text = "Hi", .opt_out = false};
};
ON_EACH_ENGINE(Footer);

TEST_P(Footer, WithoutAnAddressItAsksForAnAnswer) {
  const outreach::RenderedMail rendered = mail("", wanted_);
  EXPECT_TRUE(rendered.opt_out_by_mail);
  EXPECT_EQ(rendered.can_spam_text, kByMail);
  EXPECT_NE(rendered.text.find(kByMail), std::string::npos);
  EXPECT_NE(rendered.html.find("answer with the word"), std::string::npos);
  EXPECT_EQ(rendered.missing, std::vector<std::string>{});

  // What it asks for is understood, however strict the mailbox is.
  const std::string answer =
      "From: ann@a.com\nSubject: Re: Hi\n\nunsubscribe\n\nOn Monday me wrote:\n> Hi\n>\n> " +
      rendered.can_spam_text + "\n";
  EXPECT_EQ(mail::inspect(answer, {mail::UnsubscribeRule::subject, {}}).kind, mail::MailClass::unsubscribe);

  const outreach::RenderedMail linked = mail("https://us.test", wanted_);
  EXPECT_FALSE(linked.opt_out_by_mail);
  EXPECT_NE(linked.can_spam_text.find("https://us.test/u/"), std::string::npos);
  EXPECT_EQ(mail("", unwanted_).can_spam_text, "");
}

TEST_P(Footer, AnAccountThatForcesItHasIt) {
  execute(Sql("UPDATE accounts SET force_opt_out = 1"));
  EXPECT_EQ(mail("", unwanted_).can_spam_text, kByMail);

  // Its own words, unless they need what is not there.
  execute(Sql("UPDATE accounts SET opt_out_text = 'Say no and I stop.'"));
  EXPECT_EQ(mail("", unwanted_).can_spam_text, "Say no and I stop.");
  execute(Sql("UPDATE accounts SET opt_out_text = 'No more? {unsubscribe_link}'"));
  EXPECT_EQ(mail("", unwanted_).can_spam_text, kByMail);
  EXPECT_EQ(mail("https://us.test", unwanted_).can_spam_text, "No more? https://us.test/u/preview");
}

TEST_P(Footer, AReportBeforeTheLaunchSaysThatThereAreNoLinks) {
  using outreach::PrelaunchProblem;
  EXPECT_TRUE(report("").problems.contains(PrelaunchProblem::no_public_url));
  EXPECT_FALSE(report("https://us.test").problems.contains(PrelaunchProblem::no_public_url));
  execute(Sql("UPDATE attempts SET opt_out = 0"));
  EXPECT_FALSE(report("").problems.contains(PrelaunchProblem::no_public_url));
}

}  // namespace
}  // namespace overture::db
