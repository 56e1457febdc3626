// Inbound mails and bounces: subjects of many languages, whose mail it is, what a bounce changes.
#include "rules/inbound_match.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "rules/bounce_policy.hpp"
#include "rules/free_mail.hpp"
#include "rules/subject.hpp"

namespace overture::rules {
namespace {

TEST(Subject, marks_of_many_languages_are_taken_off) {
  for (const char* mark :
       {"Re: ",        "RE:",     "re :",        "Re[2]: ",     "RE(3): ",       "Re^4: ",
        "AW: ",        "Antw: ",  "SV: ",        "Sv: ",        "VS: ",          "Rép : ",
        "RÉF: ",       "RIF: ",   "R: ",         "RES: ",       "Odp: ",         "Vá: ",
        "YNT: ",       "ΑΠ: ",    "ΣΧΕΤ: ",      "ATB: ",       "BLS: ",         "Отв: ",
        "رد: ",        "השב: ",   "回复：",      "回覆: ",      "返信: ",        "회신: ",
        "Fwd: ",       "FW: ",    "WG: ",        "Doorst: ",    "VB: ",          "VL: ",
        "TR: ",        "I: ",     "ENC: ",       "RV: ",        "PD: ",          "Továbbítás: ",
        "İLT: ",       "ΠΡΘ: ",   "转发: ",      "轉寄：",      "إعادة توجيه: ", "Re: AW: Fwd: ",
        "  RE : RE: ", "[list] ", "Re: [list] ", "[list] Re: ", "Re:\xC2\xA0"})
    EXPECT_EQ(normalised_subject(std::string(mark) + "A  Guest\r\n post?"), "a guest post?") << mark;
}

TEST(Subject, what_is_no_mark_stays) {
  EXPECT_EQ(normalised_subject("Regarding: links"), "regarding: links");
  EXPECT_EQ(normalised_subject("Reply"), "reply");
  EXPECT_EQ(normalised_subject("Re"), "re");
  EXPECT_EQ(normalised_subject("[urgent]"), "[urgent]");
  EXPECT_EQ(normalised_subject("Re:"), "");
  EXPECT_EQ(normalised_subject(""), "");
  EXPECT_EQ(normalised_subject("A post (fwd)"), "a post");
  EXPECT_EQ(normalised_subject("ÄRGER  Über"), "ärger über");
  EXPECT_EQ(normalised_subject("Re[x]: a"), "re[x]: a");
}

TEST(Subject, answers_are_marked_once) {
  EXPECT_EQ(reply_subject("A post"), "Re: A post");
  EXPECT_EQ(reply_subject("RE: A post"), "RE: A post");
  EXPECT_EQ(reply_subject("re[2]: A post"), "re[2]: A post");
  EXPECT_EQ(reply_subject("AW: A post"), "Re: AW: A post");
  EXPECT_EQ(reply_subject("Ref: your guide"), "Re: Ref: your guide");
  EXPECT_EQ(reply_subject("R: and Python"), "Re: R: and Python");
  EXPECT_EQ(reply_subject("Fwd: A post"), "Re: Fwd: A post");
  EXPECT_EQ(reply_subject("A\r\nBcc: x"), "Re: A Bcc: x");
  EXPECT_EQ(reply_subject(""), "Re:");
}

TEST(Subject, normalising_is_final) {
  EXPECT_TRUE(rc::check("a second time changes nothing, and no answer is another subject", [] {
    const auto parts = *rc::gen::container<std::vector<std::string>>(
        rc::gen::elementOf(std::vector<std::string>{"Re", ":", " ", "[2]", "fwd", "[x]", "(fwd)", "：",
                                                    "回复", "a", "İ", "\r\n", "^2", "\xff", "AW: "}));
    std::string subject;
    for (const std::string& part : parts) subject += part;
    const std::string once = normalised_subject(subject);
    RC_ASSERT(normalised_subject(once) == once);
    RC_ASSERT(normalised_subject(reply_subject(subject)) == once);
    RC_ASSERT(reply_subject(subject).find_first_of("\r\n") == std::string::npos);
  }));
}

TEST(FreeMail, providers_and_what_lies_below_them) {
  for (const char* domain :
       {"gmail.com",  "googlemail.com", "yahoo.com", "yahoo.co.uk", "yahoo.com.br", "hotmail.fr",
        "outlook.de", "live.nl",        "gmx.net",   "gmx.at",      "web.de",       "proton.me",
        "icloud.com", "qq.com",         "mail.ru",   "yandex.kz",   "t-online.de",  "orange.fr",
        "libero.it",  "seznam.cz",      "wp.pl",     "naver.com",   "a.mail.ru",    "zoho.com"})
    EXPECT_TRUE(is_free_mail(domain)) << domain;
  for (const char* domain :
       {"", "com", "example.com", "notgmail.com", "gmail.com.example.org", "yahoo.example.de",
        "hotmail.abc.de", "yahoo-news.com", "mycompany.co.uk", "outlook", "outlook.business"})
    EXPECT_FALSE(is_free_mail(domain)) << domain;
}

MatchCandidate candidate(std::int64_t opportunity, std::int64_t contact, base::Millis at,
                         std::string subject = {}) {
  return {opportunity, contact, at, std::move(subject)};
}

TEST(InboundMatch, follows_the_order_of_evidence) {
  const std::vector<MatchCandidate> reference = {candidate(1, 11, 5)};
  const std::vector<MatchCandidate> plus = {candidate(2, 12, 6)};
  const std::vector<MatchCandidate> contact = {candidate(3, 13, 7), candidate(30, 13, 9),
                                               candidate(31, 13, 8)};
  const std::vector<MatchCandidate> domain = {candidate(4, 0, 8, "A guest post"),
                                              candidate(5, 0, 9, "Another")};
  MatchFacts facts{reference, plus, contact, domain, "AW: a Guest post", "site.example"};
  const auto expect = [&](MatchReason reason, std::int64_t opportunity, bool adds) {
    const InboundMatch match = match_inbound(facts);
    EXPECT_EQ(match.outcome, MatchOutcome::matched);
    EXPECT_EQ(match.reason, reason) << match_reason_name(match.reason);
    EXPECT_EQ(match.opportunity, opportunity);
    EXPECT_EQ(match.adds_contact, adds);
    EXPECT_TRUE(match.suggestions.empty());
  };
  expect(MatchReason::reference, 1, false);
  facts.by_reference = {};
  expect(MatchReason::plus_address, 2, false);
  facts.by_plus_address = {};
  expect(MatchReason::contact, 30, false);
  facts.by_contact = {};
  expect(MatchReason::domain_and_subject, 4, true);
  facts.subject = "Something else";
  EXPECT_EQ(match_inbound(facts).outcome, MatchOutcome::partial);
  EXPECT_EQ(match_inbound(facts).reason, MatchReason::domain);
  EXPECT_EQ(match_inbound(facts).suggestions, (std::vector<std::int64_t>{5, 4}));
  facts.sender_domain = "gmail.com";
  EXPECT_EQ(match_inbound(facts).outcome, MatchOutcome::unmatched);
  EXPECT_EQ(match_inbound(facts).reason, MatchReason::free_mail);
  facts = {};
  facts.sender_domain = "site.example";
  EXPECT_EQ(match_inbound(facts).reason, MatchReason::nothing);
}

TEST(InboundMatch, a_new_sender_is_added_or_suggested) {
  const std::vector<MatchCandidate> reference = {candidate(1, 0, 5)};
  MatchFacts facts;
  facts.by_reference = reference;
  EXPECT_TRUE(match_inbound(facts).adds_contact);
  EXPECT_EQ(match_inbound(facts).opportunity, 1);
  facts.adds_contacts = false;
  EXPECT_EQ(match_inbound(facts).outcome, MatchOutcome::partial);
  EXPECT_EQ(match_inbound(facts).opportunity, 0);
  EXPECT_EQ(match_inbound(facts).suggestions, std::vector<std::int64_t>{1});
  const std::vector<MatchCandidate> both = {candidate(1, 0, 5), candidate(1, 11, 4)};
  facts.by_reference = both;
  EXPECT_EQ(match_inbound(facts).contact, 11);
}

TEST(InboundMatch, a_subject_of_two_opportunities_decides_nothing) {
  const std::vector<MatchCandidate> domain = {candidate(4, 0, 8, "Post"), candidate(5, 0, 9, "post"),
                                              candidate(5, 0, 3, "Re: post"), candidate(6, 0, 9, "Other")};
  MatchFacts facts;
  facts.by_domain = domain;
  facts.subject = "Re: Post";
  EXPECT_EQ(match_inbound(facts).outcome, MatchOutcome::partial);
  EXPECT_EQ(match_inbound(facts).suggestions, (std::vector<std::int64_t>{5, 4}));
  // An empty subject says nothing, even if ours was empty too.
  const std::vector<MatchCandidate> empty = {candidate(4, 0, 8, "")};
  facts.by_domain = empty;
  facts.subject = "Re:";
  EXPECT_EQ(match_inbound(facts).reason, MatchReason::domain);
}

TEST(InboundMatch, suggests_ten_at_most) {
  std::vector<MatchCandidate> domain;
  for (std::int64_t i = 1; i <= 30; ++i) domain.push_back(candidate(i, 0, 100 - i));
  MatchFacts facts;
  facts.by_domain = domain;
  EXPECT_EQ(match_inbound(facts).suggestions.size(), 10U);
  EXPECT_EQ(match_inbound(facts).suggestions.front(), 1);
}

TEST(BouncePolicy, codes_say_whose_fault_it_is) {
  using enum BounceKind;
  struct Case {
    const char* enhanced;
    int reply;
    std::optional<BounceKind> kind;
  };
  const Case cases[] = {
      {"5.1.1", 550, hard},
      {"5.1.2", 0, hard},
      {"5.0.0", 550, hard},
      {"5.2.1", 550, hard},
      {"5.4.4", 0, hard},
      {"5.4.1", 550, hard},
      {"5.2.2", 552, soft},
      {"4.2.2", 452, soft},
      {"4.7.1", 451, soft},
      {"5.3.1", 0, soft},
      {"5.4.7", 0, soft},
      {"5.7.1", 550, sender_fault},
      {"5.7.26", 550, sender_fault},
      {"5.1.8", 0, sender_fault},
      {"5.2.3", 552, sender_fault},
      {"5.6.0", 0, sender_fault},
      {"", 550, hard},
      {"", 552, soft},
      {"", 421, soft},
      {"", 535, sender_fault},
      {"", 0, std::nullopt},
      {"", 250, std::nullopt},
      {"2.0.0", 250, std::nullopt},
      {"5.1", 0, std::nullopt},
      {"x.y.z", 451, soft},
      {"5.1.1 (bad)", 0, hard},
      {"9.1.1", 550, hard},
      {"5.1.1111", 0, std::nullopt},
  };
  for (const Case& each : cases)
    EXPECT_EQ(classify_bounce(each.enhanced, each.reply), each.kind) << each.enhanced << " " << each.reply;
}

TEST(BouncePolicy, a_campaign_is_paused_above_eight_in_a_hundred) {
  EXPECT_FALSE(pauses_campaign(0, 0));
  EXPECT_FALSE(pauses_campaign(19, 19));
  EXPECT_FALSE(pauses_campaign(20, 1));
  EXPECT_TRUE(pauses_campaign(20, 2));
  EXPECT_FALSE(pauses_campaign(25, 2));
  EXPECT_FALSE(pauses_campaign(100, 8));
  EXPECT_TRUE(pauses_campaign(100, 9));
  EXPECT_FALSE(pauses_campaign(5000, 8));
}

}  // namespace
}  // namespace overture::rules
