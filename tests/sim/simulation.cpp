#include "sim/simulation.hpp"

#include <algorithm>
#include <chrono>

#include "base/error.hpp"

namespace overture::sim {
namespace {

using db::Sql;

/// How long a world in peace may take to come to its end.
constexpr int kDaysOfPeace = 500;
/// Steps of a second, each with something due that is not done: leases end within minutes.
constexpr int kMostIdleSteps = 3600;

}  // namespace

Simulation::Simulation(const Shape& shape) : world_(shape), oracle_(world_), users_(world_, oracle_) {
  world_.post.dot_allowed = [this](const Post::InHand& mail) { oracle_.dot_allowed(mail); };
  world_.post.accepted = [this](const AcceptedMail& mail) {
    oracle_.taken(mail);
    world_.people.read(mail);
  };
  world_.post.delivered = [this](const std::string& mailbox) { told_of_mail(mailbox); };
  world_.people.opt_out_by_link = [this](const AcceptedMail& mail) { users_.follow_link(mail); };
  for (int i = 0; i < shape.workers; ++i) {
    processes_.push_back(std::make_unique<Process>(
        world_, i, [this](Process& process, std::string_view name) { at_failpoint(process, name); }));
  }
}

void Simulation::at_failpoint(Process& process, std::string_view name) {
  if (world_.shape.trace) {
    std::printf("%s %lld %.*s %s\n", process.name().c_str(), static_cast<long long>(world_.now()),
                static_cast<int>(name.size()), name.data(),
                world_.post.in_hand() == nullptr ? "" : world_.post.in_hand()->to.c_str());
  }
  if (name == "read" || name == "answer") return reach_database(name);
  ++moments_;
  if (name == "died") return oracle_.check_step();
  // The verdict belongs to the moment of the decision: before anything else may happen.
  if (name == "dot") oracle_.look_at(*world_.post.in_hand());
  const bool is_write = name == "write";
  if (world_.post.killed(is_write || name == "written" ? 0.002 : 0.01)) throw Killed{};
  if (is_write) reach_database(name);
  if (name == "written" || world_.post.peace || meddling_ > 0) return;
  if (world_.dice.chance(world_.shape.meddling * (is_write ? 0.2 : 1))) meddle(process);
}

void Simulation::reach_database(std::string_view what) {
  if (world_.post.peace) refused_ = 0;
  if (refused_ == 0 && world_.post.trouble(0.0003)) refused_ = world_.dice.between(1, 12);
  if (refused_ == 0) return;
  --refused_;
  throw base::Error(base::ErrorCode::unavailable, "The database cannot be reached", std::string(what));
}

void Simulation::told_of_mail(const std::string& mailbox) {
  if (!world_.dice.chance(0.8)) return;
  world_.execute(
      Sql("UPDATE mailbox_states SET next_poll_at = ? WHERE account_id = ? AND poll_lease_until = 0 AND "
          "email_account_id = (SELECT email_account_id FROM mailboxes WHERE account_id = ? AND address = ?)",
          world_.now(), world_.truth.account, world_.truth.account, mailbox));
}

void Simulation::meddle(Process& process) {
  ++meddling_;
  const std::int64_t what = world_.dice.below(10);
  if (what < 4) world_.clock.advance(world_.dice.between(1, 200) * base::kSecond);
  if (what == 4) world_.clock.advance(world_.dice.between(1, 40) * base::kMinute);
  if (what >= 5 && what < 8) users_.do_something();
  // Just now, of all times, the recipient of the mail in hand answers or opts out.
  if (const Post::InHand* mail = world_.post.in_hand(); mail != nullptr && world_.dice.chance(0.4)) {
    if (world_.dice.chance(0.5)) {
      world_.people.answer_now(mail->to);
    } else {
      users_.follow_link({.to = mail->to});
    }
  }
  world_.agenda.run_until(world_.now());
  for (const auto& other : processes_) {
    if (other.get() != &process && !other->busy()) other->work();
  }
  --meddling_;
}

void Simulation::move_on(base::Millis end) {
  const base::Millis now = world_.now();
  std::optional<base::Millis> next = world_.next_work();
  const std::optional<base::Millis> event = world_.agenda.next();
  if (event && (!next || *event < *next)) next = event;
  for (const auto& process : processes_) {
    if (process->is_troubled()) next = std::min(next.value_or(end), now + 5 * base::kSecond);
  }
  idle_steps_ = next && *next <= now ? idle_steps_ + 1 : 0;
  if (idle_steps_ > kMostIdleSteps) oracle_.note_standstill(now - *next);
  // What is due and was not done waits for a lease or the like.
  const base::Millis at = next ? std::max(*next, now + base::kSecond) : end;
  world_.clock.set(std::min(at, end));
}

void Simulation::live_until(base::Millis end) {
  while (world_.now() < end && !oracle_.failed()) {
    move_on(end);
    ++steps_;
    world_.agenda.run_until(world_.now());
    const std::size_t first =
        static_cast<std::size_t>(world_.dice.below(static_cast<std::int64_t>(processes_.size())));
    for (std::size_t i = 0; i < processes_.size(); ++i) {
      processes_[(first + i) % processes_.size()]->work();
    }
    if (work::own_faults() > faults_) oracle_.note_own_fault();
    oracle_.read_stored();
    oracle_.check_step();
  }
}

void Simulation::another_day() {
  // The books grow with the world: a large one is looked through now and then only.
  if (world_.shape.opportunities < 1000 || ++days_ % 14 == 0) oracle_.check_books();
  if (world_.post.peace) {
    users_.tidy_up();
  } else {
    users_.live_a_day();
  }
  world_.agenda.add(world_.now() + base::kDay, [this] { another_day(); });
}

bool Simulation::is_over() {
  return world_.integer(
             Sql("SELECT COUNT(*) FROM outreach_runs WHERE account_id = ? AND state NOT IN ('over', 'held', "
                 "'paused')",
                 world_.truth.account)) == 0;
}

void Simulation::make_peace() {
  world_.post.peace = true;
  users_.make_peace();
}

std::string Simulation::run() {
  world_.agenda.add(start_ + base::kHour, [this] { another_day(); });
  const auto began = std::chrono::steady_clock::now();
  live_until(start_ + world_.shape.days * base::kDay);
  seconds_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  make_peace();
  for (int week = 0; week * 7 < kDaysOfPeace && !is_over() && !oracle_.failed(); ++week) {
    live_until(world_.now() + 7 * base::kDay);
  }
  // The last letters are on their way.
  live_until(world_.now() + 15 * base::kDay);
  if (!oracle_.failed()) oracle_.check_end();
  return oracle_.failed() ? oracle_.report() : std::string();
}

std::uint64_t Simulation::deaths() const {
  std::uint64_t all = 0;
  for (const auto& process : processes_) all += process->deaths;
  return all;
}

int Simulation::clock_changes() const {
  const auto offset = [](const std::string& zone, base::Millis time) {
    const LocalTime local = local_time(zone, time);
    return local.day * base::kDay + local.minute * base::kMinute - time;
  };
  int changes = 0;
  for (const auto& [id, project] : world_.truth.projects) {
    for (int day = 0; day < world_.shape.days; ++day) {
      const base::Millis time = start_ + day * base::kDay;
      if (offset(project.zone, time) != offset(project.zone, time + base::kDay)) ++changes;
    }
  }
  return changes;
}

std::vector<std::string> Simulation::missing() const {
  std::vector<std::string> missing;
  if (world_.shape.opportunities < 1000) return missing;
  for (const char* letter : {"human", "auto_reply", "bounce", "unsubscribe"}) {
    if (!oracle_.seen.contains(letter)) missing.emplace_back(letter);
  }
  if (clock_changes() == 0) missing.emplace_back("a change of the clocks");
  if (world_.shape.kills > 0 && deaths() == 0) missing.emplace_back("a death");
  if (oracle_.accepted < static_cast<std::uint64_t>(world_.shape.opportunities))
    missing.emplace_back("mails");
  return missing;
}

std::string Simulation::figures() const {
  std::string text = std::to_string(steps_) + " steps, " + std::to_string(moments_) + " moments, " +
                     std::to_string(oracle_.checked) + " looks at an opportunity, " +
                     std::to_string(oracle_.judged) + " dots judged, " + std::to_string(oracle_.accepted) +
                     " mails taken, " + std::to_string(deaths()) + " deaths, " +
                     std::to_string(static_cast<int>(seconds_)) + " s for " +
                     std::to_string(world_.shape.days) + " days";
  text += ", " + std::to_string(clock_changes()) + " clock changes; " + oracle_.balance() + "; letters";
  for (const auto& [what, count] : oracle_.seen) text += ", " + std::to_string(count) + " " + what;
  return text;
}

}  // namespace overture::sim
