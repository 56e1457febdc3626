// Who is written to: each address has a nature, and what it does about a mail is put on the agenda.
#pragma once
#include <map>
#include <optional>
#include <string>

#include "sim/agenda.hpp"
#include "sim/post.hpp"

namespace overture::sim {

enum class Nature {
  silent,
  answers,            ///< in the thread
  answers_alone,      ///< a new mail from the same address, without references
  answers_elsewhere,  ///< in the thread, from another address of the site
  away,               ///< an automatic answer that names no day
  away_until,         ///< one that does
  gone,               ///< a delivery report (RFC 3464) comes back
  gone_in_words,      ///< one in plain text
  refused,            ///< the recipient's server says 550 at once
  full,               ///< 452 reports, some times
  blames_us,          ///< reports that call our mail unwanted, some times
  greylists,          ///< 450 at the first tries
  opts_out_by_mail,
  opts_out_by_link,
};

/// A mail that somebody wrote to a mailbox, as its writer meant it.
struct Written {
  enum class Kind { human, away, hard_bounce, soft_bounce, blame, opt_out };
  Kind kind = Kind::human;
  std::string from;
  std::string about;  ///< Message-ID of our mail; of a letter without references too
  std::string about_address;
  base::Millis at = 0;
  std::optional<base::Millis> back_on = {};  ///< the day named, 00:00 UTC
  bool has_references = true;
};

class People {
 public:
  People(Dice& dice, Agenda& agenda, Post& post) : dice_(dice), agenda_(agenda), post_(post) {}

  void add(const std::string& address, Nature nature);
  Nature any_nature();
  const char* refusal(const std::string& address);
  void read(const AcceptedMail& mail);
  /// Answers the last mail to the address at this very moment, whatever its nature; nothing when there was
  /// none.
  void answer_now(const std::string& address);

  /// Somebody follows the link in the mail.
  std::function<void(const AcceptedMail&)> opt_out_by_link;
  /// By Message-ID of what was written.
  const std::map<std::string, Written>& written() const { return written_; }
  bool answers = true;

 private:
  struct Person {
    Nature nature = Nature::silent;
    int left = 0;            ///< how often it still does what it does
    AcceptedMail last = {};  ///< to it; its raw is the header that an answer needs
  };
  void write(const AcceptedMail& mail, Written what, base::Millis after, const std::string& subject,
             const std::string& body);
  void answer(const AcceptedMail& mail, const std::string& from, bool in_thread, base::Millis after);
  void say_away(const AcceptedMail& mail, bool until);
  void return_report(const AcceptedMail& mail, Written::Kind kind, bool in_words = false);
  void return_reports(const AcceptedMail& mail, Written::Kind kind);

  Dice& dice_;
  Agenda& agenda_;
  Post& post_;
  std::map<std::string, Person> people_;
  std::map<std::string, Written> written_;
  int letters_ = 0;
};

}  // namespace overture::sim
