// Kinds of mails at their edges: the rule of unsubscribing, our own copies, days of return.
#include "mail/classify.hpp"

#include <gtest/gtest.h>

#include "base/time.hpp"
#include "mail/inspect.hpp"
#include "mail/reply_text.hpp"

namespace overture::mail {
namespace {

constexpr auto kAnywhere = UnsubscribeRule::anywhere;

MailClass kind(const std::string& raw, const InspectOptions& options = {kAnywhere, {}}) {
  return inspect(raw, options).kind;
}

TEST(Classify, unsubscribe_is_a_rule) {
  const std::string subject = "From: b@x.example\nSubject: Please unsubscribe\n\nThanks";
  const std::string text =
      "From: b@x.example\nSubject: Re: Hello\n\nPlease unsubscribe me. We get more mails of this kind than "
      "we "
      "can read, most of them about subjects that our readers never ask for, and this is one of those.";
  const InspectOptions off{UnsubscribeRule::off, {}};
  const InspectOptions only_subject{UnsubscribeRule::subject, {}};
  EXPECT_EQ(kind(subject), MailClass::unsubscribe);
  EXPECT_EQ(kind(subject, only_subject), MailClass::unsubscribe);
  EXPECT_EQ(kind(subject, off), MailClass::human);
  EXPECT_EQ(kind(text), MailClass::unsubscribe);
  EXPECT_EQ(kind(text, only_subject), MailClass::human);
  EXPECT_EQ(kind(text, off), MailClass::human);
}

TEST(Classify, the_word_alone_counts_wherever_it_stands) {
  // What the footer of mails without a link asks for.
  const InspectOptions only_subject{UnsubscribeRule::subject, {}};
  const std::string quotation =
      "\n\nOn Mon, 2 Mar 2026 at 10:00, Ada <ada@us.example> wrote:\n> Hello\n>\n> If you would rather not "
      "hear "
      "from me again, answer with the word \"unsubscribe\".\n";
  const auto answer = [&](const std::string& text) {
    return "From: b@x.example\nSubject: Re: Hello\n\n" + text + quotation;
  };
  for (const char* text : {"unsubscribe", "Unsubscribe.", "\"unsubscribe\"", "UNSUBSCRIBE!\n\nBob\nEditor, X",
                           "Abmelden", "*Unsubscribe*"}) {
    EXPECT_EQ(kind(answer(text), only_subject), MailClass::unsubscribe) << text;
    EXPECT_EQ(kind(answer(text)), MailClass::unsubscribe) << text;
    EXPECT_EQ(kind(answer(text), {UnsubscribeRule::off, {}}), MailClass::human) << text;
  }
  for (const char* text :
       {"Unsubscribe me", "Unsubscribe, please.", "Please unsubscribe me from this list.", "STOP",
        "Remove me from your list, please.", "Hello,\nplease unsubscribe me.\n\nBob"}) {
    EXPECT_EQ(kind(answer(text), only_subject), MailClass::unsubscribe) << text;
    EXPECT_EQ(kind(answer(text), {UnsubscribeRule::off, {}}), MailClass::human) << text;
  }
  for (const char* text :
       {"How do your readers unsubscribe?", "Yes, gladly", "Unsubscribe rates are high here",
        "Please do not remove me from your list.", "Could you stop by our office on Monday?"}) {
    EXPECT_EQ(kind(answer(text), only_subject), MailClass::human) << text;
  }
  // Our own sentence in a quotation that is not told from the answer.
  EXPECT_EQ(
      kind("From: b@x.example\nSubject: Re: Hello\n\nGladly!\n\nIf you would rather not hear from me again, "
           "answer with the word \"unsubscribe\"."),
      MailClass::human);
}

TEST(Classify, the_word_alone_is_honoured_by_any_rule) {
  const InspectOptions off{UnsubscribeRule::off, {}};
  EXPECT_EQ(kind("From: b@x.example\nSubject: unsubscribe\n\nx", off), MailClass::unsubscribe);
  EXPECT_EQ(kind("From: b@x.example\nSubject: Unsubscribe readers\n\nx", off), MailClass::human);
}

TEST(Classify, requests_and_what_only_looks_like_one) {
  const auto of = [](const std::string& text) {
    return kind("From: b@x.example\nSubject: Re: Hello\nContent-Type: text/plain; charset=utf-8\n\n" + text);
  };
  const std::string notice(500, 'x');
  for (const char* text :
       {"I am not interested, please remove me from your list.", "Not interested please remove me",
        "Hello Nora,\n\nplease take our address off your mailing list.",
        "We do not want this. Unsubscribe us.", "No quiero recibir más correos.", "Please stop.",
        "Click on nothing of yours.\nPlease remove me."}) {
    EXPECT_EQ(of(text), MailClass::unsubscribe) << text;
  }
  EXPECT_EQ(of("Dear Nora,\n\nPlease remove me from your list.\n\n" + notice), MailClass::unsubscribe);
  for (const char* text :
       {"Please do not remove me from your list.", "I don't want to unsubscribe from it.",
        "Do you want me to remove this address too?", "I will remove this address from the page.",
        "Bitte nehmt mich nicht aus dem Verteiler.", "No quiero darme de baja.",
        "Thanks!\n\nKim\nClick here to unsubscribe from our mailing list."}) {
    EXPECT_EQ(of(text), MailClass::human) << text;
  }
  EXPECT_EQ(of("Hello,\n\nWe will add it.\n\nOur readers can unsubscribe from it.\n\n" + notice),
            MailClass::human);
}

TEST(Classify, own_copies_come_first) {
  const InspectOptions options{UnsubscribeRule::anywhere, {"ada@outreach.example"}};
  EXPECT_EQ(kind("From: Ada <ADA@outreach.example>\nAuto-Submitted: auto-replied\n\nx", options),
            MailClass::own_copy);
  EXPECT_EQ(kind("From: Bob <bob@outreach.example>\n\nx", options), MailClass::human);
}

TEST(Classify, precedence_and_its_like) {
  for (const char* header : {"Auto-Submitted: auto-replied", "Auto-Submitted: auto-generated (failure)",
                             "Precedence: bulk", "Precedence: auto_reply", "X-Autoreply: yes",
                             "X-Autorespond: x", "List-Id: <a.b>", "Return-Path: <>"}) {
    EXPECT_EQ(kind(std::string("From: b@x.example\n") + header + "\n\nx"), MailClass::auto_reply) << header;
  }
  for (const char* header : {"Auto-Submitted: no", "X-Auto-Response-Suppress: All", "Precedence: first-class",
                             "Return-Path: <b@x.example>", "X-Autoreply: no"}) {
    EXPECT_EQ(kind(std::string("From: b@x.example\n") + header + "\n\nx"), MailClass::human) << header;
  }
}

/// Shared addresses and mail systems write them into answers of people too.
TEST(Classify, signs_of_lists_and_roles_mean_nothing_in_an_answer) {
  const std::string answer = "In-Reply-To: <our@mail>\n";
  for (const char* lines : {"From: b@x.example\nList-Id: <a.b>\n", "From: b@x.example\nPrecedence: list\n",
                            "From: b@x.example\nList-Unsubscribe: <https://x.example/u>\n",
                            "From: news@x.example\n", "From: Ann <postmaster@x.example>\n",
                            "From: alerts@x.example\n", "From: hello@newsletter.x.example\n"}) {
    EXPECT_EQ(kind(lines + std::string("\nx")), MailClass::auto_reply) << lines;
    EXPECT_EQ(kind(lines + answer + "\nx"), MailClass::human) << lines;
  }
  for (const char* lines : {"From: no-reply@x.example\n", "From: notifications@x.example\nList-Id: <a.b>\n",
                            "From: MAILER-DAEMON@x.example\n", "From: a@bounce.x.example\n",
                            "From: b@x.example\nList-Id: <a.b>\nAuto-Submitted: auto-replied\n"}) {
    EXPECT_EQ(kind(lines + answer + "\nx"), MailClass::auto_reply) << lines;
  }
  EXPECT_EQ(kind("From: b@x.example\nFeedback-ID: i1:Fastmail\n\nx"), MailClass::human);
}

TEST(Classify, return_dates) {
  const auto back = [](const std::string& text) {
    const auto found = inspect(
        "From: b@x.example\nSubject: Automatic reply\nDate: Mon, 2 Mar 2026 10:00:00 +0000\n"
        "Content-Type: text/plain; charset=utf-8\n\n" +
            text,
        {});
    return found.back_on ? base::rfc3339(*found.back_on).substr(0, 10) : std::string("none");
  };
  EXPECT_EQ(back("I am out of the office until March 9, 2026."), "2026-03-10");
  EXPECT_EQ(back("I'm away and will be back on 12 March."), "2026-03-12");
  EXPECT_EQ(back("I am out from 02/03/2026 to 06/03/2026 and return on 09/03/2026."), "2026-03-09");
  EXPECT_EQ(back("Back in the office on 2026-03-16."), "2026-03-16");
  EXPECT_EQ(back("Out of office from March 2nd through March 13th."), "2026-03-14");
  EXPECT_EQ(back("Ich bin bis 13.03.2026 im Urlaub."), "2026-03-14");
  EXPECT_EQ(back("Ich bin ab dem 16. März wieder erreichbar."), "2026-03-16");
  EXPECT_EQ(back("Je serai de retour le 9 mars."), "2026-03-09");
  EXPECT_EQ(back("Estaré fuera de la oficina hasta el 9 de marzo."), "2026-03-10");
  EXPECT_EQ(back("Sono fuori ufficio fino al 9 marzo."), "2026-03-10");
  EXPECT_EQ(back("Estou de férias até 9 de março."), "2026-03-10");
  EXPECT_EQ(back("Ik ben terug op 9 maart."), "2026-03-09");
  EXPECT_EQ(back("Jag är tillbaka 9 mars."), "2026-03-09");
  EXPECT_EQ(back("Jeg er tilbake 9. mars."), "2026-03-09");
  EXPECT_EQ(back("Jestem na urlopie do 9 marca."), "2026-03-10");
  EXPECT_EQ(back("Я в отпуске до 9 марта."), "2026-03-10");
  EXPECT_EQ(back("3月9日まで休暇をいただいております。"), "2026-03-10");
  EXPECT_EQ(back("I will return on January 7."), "2027-01-07");
  EXPECT_EQ(back("I will not be back in the office until Monday, March 16."), "2026-03-16");
  EXPECT_EQ(back("I am on leave, returning to work on Monday 16th March 2026."), "2026-03-16");
  EXPECT_EQ(back("I will return your mail later. I am away until 15 March."), "2026-03-16");
  EXPECT_EQ(back("Я повернуся 16 березня."), "2026-03-16");
  EXPECT_EQ(back("Θα επιστρέψω στις 16 Μαρτίου."), "2026-03-16");
  EXPECT_EQ(back("אחזור למשרד ב-16 במרץ."), "2026-03-16");
  EXPECT_EQ(back("سأعود إلى المكتب في 16 مارس 2026."), "2026-03-16");
  EXPECT_EQ(back("Palaan töihin 17. marraskuuta."), "2026-11-17");
  EXPECT_EQ(back("I will be back soon."), "none");
  EXPECT_EQ(back("Our fair takes place on 9 May 2026."), "none");
  EXPECT_EQ(back("I was back on 1 February 2026."), "none");
}

TEST(Classify, a_receipt_is_automatic_but_nobody_is_away) {
  const auto away = [](const char* subject) {
    const auto found = inspect(std::string("From: b@x.example\nSubject: ") + subject + "\n\nx", {});
    EXPECT_EQ(found.kind, MailClass::auto_reply) << subject;
    return found.is_away;
  };
  EXPECT_FALSE(away("[Request received] A link"));
  EXPECT_FALSE(away("Wir haben Ihre Nachricht erhalten"));
  EXPECT_TRUE(away("Out of office"));
}

TEST(ReplyText, keeps_what_looks_like_a_quotation) {
  EXPECT_EQ(strip_quotation("He wrote: nothing.\nOn Monday we meet."),
            "He wrote: nothing.\nOn Monday we meet.");
  EXPECT_EQ(strip_quotation("From: here to there\nis a song."), "From: here to there\nis a song.");
  EXPECT_EQ(strip_quotation("a\n________________________________\nb"),
            "a\n________________________________\nb");
  EXPECT_EQ(strip_quotation("> only\n> quoted"), "");
  EXPECT_EQ(strip_quotation(""), "");
}

}  // namespace
}  // namespace overture::mail
