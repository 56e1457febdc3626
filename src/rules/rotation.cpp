// Parts of limits are compared as cross products, exactly.
#include "rules/rotation.hpp"

#include <algorithm>
#include <array>

namespace overture::rules {
namespace {

using base::Millis;

constexpr std::array<std::string_view, 5> kStateNames = {"active", "disconnected", "paused", "error",
                                                         "deleted"};
static_assert(kStateNames.size() == static_cast<std::size_t>(MailboxState::deleted) + 1);

constexpr std::int64_t kCounted = 1'000'000'000;

/// The part of the limit that is used, then the id.
bool goes_before(const Mailbox& a, const Mailbox& b) {
  const auto sent = [](const Mailbox& box) { return std::clamp<std::int64_t>(box.sent_today, 0, kCounted); };
  const auto limit = [](const Mailbox& box) {
    return std::clamp<std::int64_t>(box.daily_limit, 0, kCounted);
  };
  const std::int64_t left = sent(a) * limit(b);
  const std::int64_t right = sent(b) * limit(a);
  return left != right ? left < right : a.id < b.id;
}

ChosenMailbox judge(const Mailbox& box, Millis now) {
  if (box.state != MailboxState::active) return {MailboxChoice::unavailable, box.id, 0};
  if (box.sent_today >= box.daily_limit) return {MailboxChoice::used_up, box.id, 0};
  const Millis free_at = std::max(box.free_at, box.next_try_at);
  if (free_at > now) return {MailboxChoice::busy, box.id, free_at};
  return {MailboxChoice::chosen, box.id, 0};
}

}  // namespace

std::string_view mailbox_state_name(MailboxState state) {
  return kStateNames.at(static_cast<std::size_t>(state));
}

std::optional<MailboxState> find_mailbox_state(std::string_view name) {
  const auto found = std::find(kStateNames.begin(), kStateNames.end(), name);
  if (found == kStateNames.end()) return std::nullopt;
  return static_cast<MailboxState>(found - kStateNames.begin());
}

ChosenMailbox choose_mailbox(std::span<const Mailbox> mailboxes, Millis now) {
  const Mailbox* best = nullptr;
  ChosenMailbox chosen;
  for (const Mailbox& box : mailboxes) {
    if (box.state == MailboxState::deleted) continue;
    const ChosenMailbox judged = judge(box, now);
    // The choices stand in the order of how soon the mailbox may send.
    bool better = best == nullptr || judged.choice < chosen.choice;
    if (!better && judged.choice == chosen.choice)
      better = judged.free_at != chosen.free_at ? judged.free_at < chosen.free_at : goes_before(box, *best);
    if (!better) continue;
    best = &box;
    chosen = judged;
  }
  return chosen;
}

ChosenMailbox choose_follow_up_mailbox(std::span<const Mailbox> mailboxes, std::int64_t first_sender,
                                       Millis now) {
  for (const Mailbox& box : mailboxes) {
    if (box.id == first_sender && box.state != MailboxState::deleted) return judge(box, now);
  }
  return choose_mailbox(mailboxes, now);
}

}  // namespace overture::rules
