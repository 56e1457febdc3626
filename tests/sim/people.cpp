// Letters as real programs and people write them.
#include "sim/people.hpp"

#include <date/date.h>

#include <sstream>

namespace overture::sim {
namespace {

std::string rfc_date(base::Millis at) {
  std::ostringstream out;
  out << date::format("%a, %d %b %Y %H:%M:%S +0000",
                      date::floor<std::chrono::seconds>(
                          date::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(at))));
  return out.str();
}

bool is_report(Written::Kind kind) {
  using enum Written::Kind;
  return kind == hard_bounce || kind == soft_bounce || kind == blame;
}

struct ReportWords {
  std::string status;
  std::string diagnostic;
};

ReportWords words_of(Written::Kind kind, const std::string& to) {
  if (kind == Written::Kind::soft_bounce)
    return {"4.2.2", "452 4.2.2 <" + to + ">: Mailbox is full / quota exceeded"};
  if (kind == Written::Kind::blame)
    return {"5.7.1", "550 5.7.1 <" + to + ">: Message rejected as spam by content filtering"};
  return {"5.1.1", "550 5.1.1 <" + to + ">: Recipient address rejected: User unknown"};
}

std::string original_headers(const AcceptedMail& mail) {
  return mail.raw.substr(0, mail.raw.find("\r\n\r\n") + 2);
}

}  // namespace

void People::add(const std::string& address, Nature nature) {
  const int left = nature == Nature::full ? static_cast<int>(dice_.between(1, 5))
                   : nature == Nature::greylists || nature == Nature::blames_us
                       ? static_cast<int>(dice_.between(1, 3))
                       : 0;
  people_.try_emplace(address, Person{.nature = nature, .left = left});
}

Nature People::any_nature() {
  const std::int64_t roll = dice_.below(100);
  if (roll < 53) return Nature::silent;
  if (roll < 55) return Nature::blames_us;
  if (roll < 66) return Nature::answers;
  if (roll < 68) return Nature::answers_alone;
  if (roll < 71) return Nature::answers_elsewhere;
  if (roll < 75) return Nature::away;
  if (roll < 80) return Nature::away_until;
  if (roll < 82) return Nature::gone;
  if (roll < 83) return Nature::gone_in_words;
  if (roll < 85) return Nature::refused;
  if (roll < 89) return Nature::full;
  if (roll < 94) return Nature::greylists;
  return roll < 97 ? Nature::opts_out_by_mail : Nature::opts_out_by_link;
}

const char* People::refusal(const std::string& address) {
  const auto found = people_.find(address);
  if (found == people_.end() || !answers) return nullptr;
  if (found->second.nature == Nature::refused) return "5.1.1";
  if (found->second.nature != Nature::greylists || found->second.left == 0) return nullptr;
  --found->second.left;
  return "4.7.1";
}

void People::read(const AcceptedMail& mail) {
  const auto found = people_.find(mail.to);
  if (found == people_.end() || !answers) return;
  Person& person = found->second;
  person.last = mail;
  person.last.raw = "Subject: " + header_of(mail.raw, "Subject") + "\r\n\r\n";
  const base::Millis some_time = dice_.between(30, 10 * 24 * 60) * base::kMinute;
  switch (person.nature) {
    case Nature::answers:
      if (dice_.chance(0.6)) answer(mail, mail.to, true, some_time);
      return;
    case Nature::answers_alone:
      if (dice_.chance(0.6)) answer(mail, mail.to, false, some_time);
      return;
    case Nature::answers_elsewhere:
      if (dice_.chance(0.6)) answer(mail, "boss@" + mail.to.substr(mail.to.find('@') + 1), true, some_time);
      return;
    case Nature::away:
    case Nature::away_until:
      if (dice_.chance(0.7)) say_away(mail, person.nature == Nature::away_until);
      return;
    case Nature::gone:
    case Nature::gone_in_words:
      return return_report(mail, Written::Kind::hard_bounce, person.nature == Nature::gone_in_words);
    case Nature::full:
      if (person.left-- > 0) return_reports(mail, Written::Kind::soft_bounce);
      return;
    case Nature::blames_us:
      if (person.left-- > 0) return_reports(mail, Written::Kind::blame);
      return;
    case Nature::opts_out_by_mail:
      return write(mail,
                   {.kind = Written::Kind::opt_out,
                    .from = mail.to,
                    .about = mail.message_id,
                    .about_address = mail.to},
                   dice_.between(1, 72 * 60) * base::kMinute,
                   dice_.chance(0.5) ? "unsubscribe" : "Unsubscribe please",
                   "Please take me off your list.\r\n");
    case Nature::opts_out_by_link:
      agenda_.add(mail.at + dice_.between(1, 72 * 60) * base::kMinute,
                  [this, mail] { opt_out_by_link(mail); });
      return;
    default:
      return;
  }
}

void People::write(const AcceptedMail& mail, Written what, base::Millis after, const std::string& subject,
                   const std::string& body) {
  const std::string id = "letter" + std::to_string(++letters_) + "@people.example";
  agenda_.add(mail.at + after, [this, mail, what, subject, body, id] {
    const base::Millis now = post_.clock().now();
    std::string raw = "From: <" + what.from + ">\r\nTo: <" + mail.mailbox + ">\r\nSubject: " + subject +
                      "\r\nDate: " + rfc_date(now) + "\r\nMessage-ID: <" + id + ">\r\n";
    if (what.has_references && !is_report(what.kind)) {
      raw += "In-Reply-To: <" + mail.message_id + ">\r\nReferences: <" + mail.message_id + ">\r\n";
    }
    if (what.kind == Written::Kind::away) raw += "Auto-Submitted: auto-replied\r\n";
    raw += "MIME-Version: 1.0\r\n";
    raw += body.starts_with("Content-Type") ? body : "Content-Type: text/plain; charset=utf-8\r\n\r\n" + body;
    Written meant = what;
    meant.at = now;
    written_.emplace(id, meant);
    post_.deliver(mail.mailbox, std::move(raw));
  });
}

void People::answer_now(const std::string& address) {
  const auto found = people_.find(address);
  if (found == people_.end() || found->second.last.message_id.empty()) return;
  AcceptedMail mail = found->second.last;
  mail.at = post_.clock().now();
  answer(mail, address, true, 0);
}

void People::answer(const AcceptedMail& mail, const std::string& from, bool in_thread, base::Millis after) {
  const std::string subject = header_of(mail.raw, "Subject");
  const std::string again = in_thread && !subject.starts_with("Re: ") ? "Re: " + subject : subject;
  write(mail,
        {.kind = Written::Kind::human,
         .from = from,
         .about = mail.message_id,
         .about_address = mail.to,
         .has_references = in_thread},
        after, in_thread ? again : "Your letter",
        "Thank you for writing, that sounds interesting. Can you tell me more about it?\r\n");
}

void People::say_away(const AcceptedMail& mail, bool until) {
  Written what{
      .kind = Written::Kind::away, .from = mail.to, .about = mail.message_id, .about_address = mail.to};
  std::string body = "I am out of the office at the moment and will read your mail when I am back.\r\n";
  if (until) {
    const auto today = date::floor<date::days>(
        date::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(mail.at)));
    const auto back = today + date::days(dice_.between(2, 25));
    what.back_on = std::chrono::duration_cast<std::chrono::milliseconds>(back.time_since_epoch()).count();
    std::ostringstream text;
    text << "I am out of the office and will be back on " << date::format("%d %B %Y", back) << ".\r\n";
    body = text.str();
  }
  write(mail, what, dice_.between(1, 10) * base::kSecond,
        "Automatic reply: " + header_of(mail.raw, "Subject"), body);
}

/// Servers on the way may each send one of their own, days apart.
void People::return_reports(const AcceptedMail& mail, Written::Kind kind) {
  return_report(mail, kind);
  if (!dice_.chance(0.3)) return;
  const base::Millis later = dice_.between(1, 4 * 24 * 60) * base::kMinute;
  agenda_.add(mail.at + later, [this, mail, kind, later] {
    AcceptedMail again = mail;
    again.at += later;
    return_report(again, kind);
  });
}

void People::return_report(const AcceptedMail& mail, Written::Kind kind, bool in_words) {
  const Written what{.kind = kind,
                     .from = "MAILER-DAEMON@mx.people.example",
                     .about = mail.message_id,
                     .about_address = mail.to};
  const base::Millis after = dice_.between(1, 90) * base::kMinute;
  const ReportWords words = words_of(kind, mail.to);
  if (in_words) {
    return write(
        mail, what, after, "failure notice",
        "Hi. This is the qmail-send program at mx.people.example.\r\nI'm afraid I wasn't able to deliver "
        "your message to the following addresses.\r\nThis is a permanent error; I've given up. Sorry it "
        "didn't work out.\r\n\r\n<" +
            mail.to +
            ">:\r\nSorry, no mailbox here by that name. (#5.1.1)\r\n\r\n--- Below this line is a "
            "copy of the message.\r\n\r\n" +
            mail.raw);
  }
  const std::string body =
      "Content-Type: multipart/report; report-type=delivery-status; boundary=\"b1\"\r\n\r\n"
      "--b1\r\nContent-Type: text/plain\r\n\r\nYour message could not be delivered.\r\n\r\n<" +
      mail.to + ">: " + words.diagnostic +
      "\r\n\r\n--b1\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.people.example"
      "\r\n\r\nFinal-Recipient: rfc822; " +
      mail.to + "\r\nAction: failed\r\nStatus: " + words.status + "\r\nDiagnostic-Code: smtp; " +
      words.diagnostic + "\r\n\r\n--b1\r\nContent-Type: text/rfc822-headers\r\n\r\n" +
      original_headers(mail) + "\r\n--b1--\r\n";
  write(mail, what, after, "Undelivered Mail Returned to Sender", body);
}

}  // namespace overture::sim
