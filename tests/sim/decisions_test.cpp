// A million decisions of the rules alone: campaigns live from one moment to the next by judge_sending(),
// next_send_at() and choose_mailbox(), and a model that knows only clocks and counts has to agree each time.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <vector>

#include "rules/rotation.hpp"
#include "rules/sending_gates.hpp"
#include "rules/spacing.hpp"
#include "sim/shape.hpp"
#include "sim/truth.hpp"

namespace overture::sim {
namespace {

constexpr const char* kZones[] = {"Europe/Berlin",   "America/New_York", "Australia/Lord_Howe",
                                  "Pacific/Chatham", "Asia/Kolkata",     "America/Sao_Paulo",
                                  "Africa/Cairo",    "Pacific/Apia",     "UTC",
                                  "America/St_Johns"};

/// One campaign with its mailboxes, and what it has sent.
class Life {
 public:
  explicit Life(std::uint64_t seed) : dice_(seed), zone_(kZones[dice_.below(std::size(kZones))]) {
    facts_.window.zone = rules::Zone::find(zone_);
    facts_.window.from_minute = static_cast<int>(dice_.below(1400));
    facts_.window.to_minute =
        facts_.window.from_minute + 1 + static_cast<int>(dice_.below(1440 - facts_.window.from_minute));
    for (bool& day : facts_.window.days) day = dice_.chance(0.7);
    facts_.window.days[static_cast<std::size_t>(dice_.below(7))] = true;
    facts_.campaign_limit = dice_.between(1, 40);
    for (std::int64_t id = 1; id <= dice_.between(1, 4); ++id) {
      mailboxes_.push_back({.id = id, .daily_limit = dice_.between(1, 20)});
      sent_of_.emplace_back();
    }
    now_ = 1'700'000'000'000 + dice_.below(5 * 365) * base::kDay;
  }

  /// One decision, and what follows from it; empty when the model agrees.
  std::string decide() {
    disturb();
    const LocalTime local = local_time(zone_, now_);
    facts_.now = now_;
    facts_.campaign_sent_today = count(sent_, local.day);
    for (std::size_t i = 0; i < mailboxes_.size(); ++i)
      mailboxes_[i].sent_today = count(sent_of_[i], local.day);
    const rules::ChosenMailbox chosen = rules::choose_mailbox(mailboxes_, now_);
    facts_.mailbox = mailboxes_[static_cast<std::size_t>(std::max<std::int64_t>(chosen.id, 1) - 1)];
    const rules::SendingVerdict verdict = rules::judge_sending(facts_);
    const bool may = model_allows(local);
    if (verdict.may_send != may) return "the rules say " + std::to_string(verdict.may_send) + at(local);
    if (verdict.may_send) {
      send(local);
      return {};
    }
    if (!verdict.next_possible) {
      // A person has to act; time alone may not be named as what opens it.
      now_ += dice_.between(1, 600) * base::kMinute;
      return {};
    }
    if (*verdict.next_possible <= now_) return "nothing is gained by waiting until then" + at(local);
    // Nobody sends between: the first moment must not come too late, looked at here and there.
    const base::Millis between = now_ + dice_.below(*verdict.next_possible - now_);
    if (is_quiet() && between > now_ && model_allows_later(between))
      return "it could have been sent before" + at(local_time(zone_, between));
    now_ = *verdict.next_possible;
    return {};
  }

  std::uint64_t sent() const { return mails_; }

 private:
  static std::int64_t count(const std::map<std::int64_t, std::int64_t>& sent, std::int64_t day) {
    const auto found = sent.find(day);
    return found == sent.end() ? 0 : found->second;
  }
  std::string at(const LocalTime& local) const {
    return " at " + std::to_string(now_) + " in " + zone_ + ", minute " + std::to_string(local.minute) +
           ", gate " + std::string(rules::gate_name(rules::judge_sending(facts_).held_by));
  }

  bool is_quiet() const { return quiet_; }

  bool gates_of_people() const {
    return !facts_.server_paused && facts_.project_active && facts_.project_outreach &&
           facts_.campaign_active && facts_.settings_active && facts_.has_contact && !facts_.suppressed &&
           !facts_.bounced && !facts_.waits_for_review && !facts_.blocklisted;
  }
  bool window_open(const LocalTime& local) const {
    return facts_.window.days[static_cast<std::size_t>(local.weekday)] &&
           local.minute >= facts_.window.from_minute && local.minute < facts_.window.to_minute;
  }
  bool model_allows(const LocalTime& local) const {
    const bool mailbox_free =
        std::any_of(mailboxes_.begin(), mailboxes_.end(), [this](const rules::Mailbox& each) {
          return each.state == rules::MailboxState::active && each.sent_today < each.daily_limit &&
                 each.free_at <= now_;
        });
    return gates_of_people() && window_open(local) && count(sent_, local.day) < facts_.campaign_limit &&
           facts_.campaign_free_at <= now_ && mailbox_free &&
           (!facts_.paused_until || *facts_.paused_until <= now_) &&
           (!facts_.due_at || *facts_.due_at <= now_) && (!facts_.retry_at || *facts_.retry_at <= now_);
  }
  bool model_allows_later(base::Millis time) {
    const base::Millis kept = now_;
    std::vector<rules::Mailbox> mailboxes = mailboxes_;
    now_ = time;
    const LocalTime local = local_time(zone_, time);
    for (std::size_t i = 0; i < mailboxes_.size(); ++i)
      mailboxes_[i].sent_today = count(sent_of_[i], local.day);
    const bool allows = model_allows(local);
    mailboxes_ = std::move(mailboxes);
    now_ = kept;
    return allows;
  }

  void send(const LocalTime& local) {
    ++mails_;
    ++sent_[local.day];
    const std::size_t mailbox = static_cast<std::size_t>(facts_.mailbox->id - 1);
    ++sent_of_[mailbox][local.day];
    mailboxes_[mailbox].free_at = now_ + rules::with_jitter(base::kMinute, dice_.next());
    facts_.campaign_free_at =
        rules::next_send_at({.window = facts_.window,
                             .sent_at = now_,
                             .quota_left = facts_.campaign_limit - count(sent_, local.day),
                             .daily_limit = facts_.campaign_limit,
                             .minimum = base::kMinute / static_cast<base::Millis>(mailboxes_.size()),
                             .hash = dice_.next()})
            .value_or(now_ + base::kDay);
    facts_.due_at.reset();
    facts_.retry_at.reset();
  }

  /// People and servers change things now and then.
  void disturb() {
    quiet_ = true;
    for (bool* gate : {&facts_.server_paused, &facts_.suppressed, &facts_.bounced, &facts_.waits_for_review,
                       &facts_.blocklisted}) {
      *gate = dice_.chance(0.01);
    }
    for (bool* gate : {&facts_.project_active, &facts_.project_outreach, &facts_.campaign_active,
                       &facts_.settings_active, &facts_.has_contact}) {
      *gate = !dice_.chance(0.01);
    }
    if (dice_.chance(0.02)) facts_.paused_until = now_ + dice_.between(-10, 3000) * base::kMinute;
    if (dice_.chance(0.05)) facts_.due_at = now_ + dice_.between(-10, 9000) * base::kMinute;
    if (dice_.chance(0.02)) facts_.retry_at = now_ + dice_.between(-10, 300) * base::kMinute;
    if (dice_.chance(0.01)) facts_.campaign_limit = dice_.between(0, 40);
    rules::Mailbox& mailbox =
        mailboxes_[static_cast<std::size_t>(dice_.below(static_cast<std::int64_t>(mailboxes_.size())))];
    if (dice_.chance(0.02)) {
      mailbox.state = dice_.chance(0.5) ? rules::MailboxState::active : rules::MailboxState::disconnected;
    }
    // Whatever another mailbox could do by then is not looked ahead to.
    quiet_ = mailboxes_.size() == 1 && gates_of_people();
  }

  Dice dice_;
  std::string zone_;
  rules::SendingFacts facts_;
  std::vector<rules::Mailbox> mailboxes_;
  std::map<std::int64_t, std::int64_t> sent_;
  std::vector<std::map<std::int64_t, std::int64_t>> sent_of_;
  base::Millis now_ = 0;
  bool quiet_ = true;
  std::uint64_t mails_ = 0;
};

TEST(Decisions, AMillionAgreeWithClocksAndCounts) {
  const char* only = std::getenv("OVERTURE_SIM_SEED");
  const std::uint64_t first = only == nullptr ? 1 : std::strtoull(only, nullptr, 10);
  const std::uint64_t lives = only == nullptr ? 500 : 1;
  std::uint64_t decisions = 0;
  std::uint64_t mails = 0;
  for (std::uint64_t seed = first; seed < first + lives; ++seed) {
    Life life(seed);
    for (int i = 0; i < 2000; ++i, ++decisions) {
      const std::string wrong = life.decide();
      ASSERT_EQ(wrong, "") << "OVERTURE_SIM_SEED=" << seed << ", decision " << i;
    }
    mails += life.sent();
  }
  RecordProperty("mails", std::to_string(mails));
  if (only == nullptr) {
    EXPECT_GE(decisions, 1'000'000U);
    EXPECT_GE(mails, 200'000U);
  }
}

}  // namespace
}  // namespace overture::sim
