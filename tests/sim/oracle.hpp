// The judge: knows what was set, what was written and what servers took, and shares no code with the engine.
#pragma once
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "sim/world.hpp"

namespace overture::sim {

class Oracle {
 public:
  explicit Oracle(World& world);

  /// The engine is about to decide about the final dot of the mail in hand: what is against it, by now.
  void look_at(const Post::InHand& mail);
  /// It has decided that the dot may leave.
  void dot_allowed(const Post::InHand& mail);
  void taken(const AcceptedMail& mail);
  bool was_taken(const std::string& message_id) const;
  /// Answers, reports and opt-outs that have been stored since the last time.
  void read_stored();
  /// An address is on the do-not-email list from now on; a domain with `@` in front.
  void suppress(const std::string& address) { suppressed_.emplace(address, world_.now()); }
  void take_off(std::int64_t opportunity, std::int64_t contact) { taken_off_[opportunity].insert(contact); }
  void put_back(std::int64_t opportunity) { taken_off_.erase(opportunity); }
  std::set<std::int64_t> taken_off(std::int64_t opportunity) const {
    const auto found = taken_off_.find(opportunity);
    return found == taken_off_.end() ? std::set<std::int64_t>() : found->second;
  }
  /// A recipient's server has said a final no, and the engine has written that down.
  void note_refused(const std::string& address) { dead_.insert(address); }
  /// The program has left something behind as if that were to blame; here it is the program.
  void note_own_fault() { fail("a work failed by its own fault; the log says which"); }
  /// Something has been due for so long, and nobody does it.
  void note_standstill(base::Millis overdue) {
    fail("nothing moves on what is due since " + std::to_string(overdue / base::kMinute) + " minutes");
  }

  /// The books of every opportunity of which a row has changed since the last time: after each step.
  void check_step();
  /// The whole books, now and then.
  void check_books();
  /// When the world has been left in peace: nothing may wait any more, and all sums fit.
  void check_end();

  bool failed() const { return !failures_.empty(); }
  std::string report() const;
  /// How many mails were planned, and what has become of them.
  std::string balance() const;
  std::uint64_t judged = 0;                   ///< final dots that were decided about
  std::uint64_t accepted = 0;                 ///< mails that servers took
  std::uint64_t checked = 0;                  ///< looks at the books of an opportunity
  std::map<std::string, std::uint64_t> seen;  ///< what the world was made of, by name

 private:
  using StepKey = std::tuple<std::int64_t, std::int64_t, std::int64_t, std::int64_t>;
  struct Mail {
    std::int64_t id = 0, project = 0, campaign = 0, opportunity = 0, contact = 0, run = 0, attempt = 0;
    std::string to, subject;
    StepKey key() const { return {opportunity, contact, run, attempt}; }
  };
  struct Taken {
    base::Millis at = 0;
    std::int64_t mailbox = 0;
    std::string message_id;
  };
  struct Site {
    std::int64_t mailbox = 0;     ///< of the last mail
    base::Millis decided_at = 0;  ///< about the final dot of the last try
    base::Millis mailed_at = 0;   ///< when it was decided about the last one that was taken
    std::int64_t answered_run = 0;
    base::Millis away_until = 0;
    std::int64_t away_run = 0;
    std::int64_t away_contact = 0;  ///< the site's next contact need not wait for one who has opted out
  };
  struct Pending {
    Mail mail;
    std::int64_t mailbox = 0;
    base::Millis at = 0;
    std::vector<std::string> against = {};
  };

  /// What the books say of a mail, and of a run.
  struct KeptMail {
    std::int64_t id = 0;
    StepKey key;
    std::string status, bounce, failure;
    bool has_time = false;
    std::string outbox;  ///< its state there; empty when it is not in it
  };
  struct KeptRun {
    std::int64_t opportunity = 0, run = 0;
    std::string state, workflow;
    bool is_looked_at = false;  ///< its campaign
  };

  Mail load_mail(const std::string& message_id);
  std::int64_t mailbox_named(const std::string& address) const;
  void judge_gates(const Mail& mail, std::int64_t mailbox, std::vector<std::string>& against) const;
  void judge_limits(const Mail& mail, std::int64_t mailbox, std::vector<std::string>& against);
  bool is_linked(const Mail& mail) const;
  void judge_person(const Mail& mail, std::vector<std::string>& against) const;
  void judge_step(const Mail& mail, std::int64_t mailbox, std::string_view raw,
                  std::vector<std::string>& against);
  void judge_text(std::string_view raw, std::vector<std::string>& against) const;
  void take_stored(const Written& letter, const std::string& kind, std::int64_t opportunity,
                   const Mail& about);
  void check_opportunity(db::Connection& connection, std::int64_t opportunity);
  void check_mail(const KeptMail& mail, const KeptRun& run);
  bool is_unwanted(const KeptMail& mail) const;
  void check_run(const KeptRun& run, const std::vector<KeptMail>& mails);
  void check_balance();
  void check_reports();
  void find(const char* what, const db::Sql& sql);
  void fail(const std::string& what);

  World& world_;
  std::map<std::string, Mail> mails_;  ///< by Message-ID
  std::map<StepKey, std::vector<Taken>> taken_;
  std::map<StepKey, int> soft_bounces_;
  std::map<std::string, base::Millis> suppressed_;
  std::set<std::string> dead_;
  std::map<std::int64_t, std::set<std::int64_t>> taken_off_;  ///< contacts, by opportunity
  std::map<std::int64_t, Site> sites_;
  std::map<std::int64_t, base::Millis> last_of_mailbox_;
  std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t> campaign_days_, mailbox_days_;
  std::map<std::pair<std::int64_t, std::string>, std::map<std::int64_t, base::Millis>> first_mails_;
  std::int64_t last_inbound_ = 0;
  std::int64_t last_touched_ = 0;
  std::set<std::int64_t> was_unknown_;            ///< mails whose fate nobody knew at some time
  std::map<std::int64_t, std::string> statuses_;  ///< of every mail that was ever planned
  std::set<std::string> stored_;
  std::set<std::int64_t> answered_;                 ///< opportunities that a person has answered
  std::map<const Post::InHand*, Pending> pending_;  ///< while a process is at it, others may be, too
  std::vector<std::string> failures_;
};

}  // namespace overture::sim
