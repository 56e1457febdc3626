// Everything that must be so before a mail leaves, in order, and what is in the way: one walk for the sending
// itself and for the explanation to people.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "rules/rotation.hpp"
#include "rules/sending_window.hpp"
#include "rules/stage.hpp"

namespace overture::rules {

/// In the order in which they are passed: server, project, campaign, mailbox, then the mail itself. The order
/// is the order of gate_name().
enum class Gate {
  server_paused,
  project_active,
  project_outreach,
  campaign_active,
  campaign_bouncing,
  settings_active,
  paused_until,
  window,
  campaign_quota,
  campaign_spacing,
  no_email_account,
  email_account_state,
  email_account_trouble,
  email_account_quota,
  email_account_spacing,
  no_contact,
  suppressed,
  bounced,
  recently_contacted,
  missing_fields,
  review,
  blocklisted,
  stage,
  no_attempt,
  follow_up_delay,
  retry_delay,
};
inline constexpr std::size_t kGateCount = static_cast<std::size_t>(Gate::retry_delay) + 1;

/// As the API shows it: `campaign_quota`.
std::string_view gate_name(Gate gate);
/// What the gate asks for, as a sentence: "The campaign has not reached its daily limit."
std::string_view gate_sentence(Gate gate);

inline constexpr base::Millis kContactGuard = 30 * base::kDay;

/// All that decides, as it stands at `now`. Texts and lists are only looked at during the call.
struct SendingFacts {
  base::Millis now = 0;

  bool server_paused = false;  ///< maintenance, or sending is switched off
  bool project_active = true;
  bool project_outreach = true;
  bool campaign_active = true;
  std::string campaign_bouncing;  ///< why it was paused by itself: too many bounces; empty: it was not
  bool settings_active = true;
  std::optional<base::Millis> paused_until;
  SendingWindow window;
  std::int64_t campaign_limit = 0;
  std::int64_t campaign_sent_today = 0;  ///< in the local day of the window's zone
  base::Millis campaign_free_at = 0;     ///< next_send_at() of the campaign's last mail; 0 for none

  bool names_mailboxes = false;  ///< the campaign sends from those that it names only, else from all of its
                                 ///< project
  /// The mailbox that would send, as rotation.hpp chooses it; nullopt when there is none.
  std::optional<Mailbox> mailbox;
  /// When the mailbox's count of today starts anew; the end of the window's local day unless given.
  std::optional<base::Millis> mailbox_day_ends;

  bool has_contact = true;  ///< there is one left to write to
  bool suppressed = false;  ///< the address or its domain is on the Do Not Email list
  bool bounced = false;
  bool is_first_mail = true;  ///< nothing was sent to the contact in this run
  /// When the project last wrote to the address for another site; only looked at for a first mail.
  std::optional<base::Millis> contacted_elsewhere_at;
  base::Millis contact_guard = kContactGuard;  ///< 0 switches the guard off
  std::span<const std::string> missing_fields;
  bool waits_for_review = false;
  bool blocklisted = false;
  Stage stage{"outreach", "queued"};
  std::int64_t attempt = 1;              ///< the number of the attempt to be sent
  std::int64_t attempts = 1;             ///< how many the sequence has
  std::optional<base::Millis> due_at;    ///< follow_up_due_at(), moved on by an out-of-office answer
  std::optional<base::Millis> retry_at;  ///< of a mail that a server put off
};

struct GateState {
  Gate gate = Gate::server_paused;
  bool open = true;
  /// Of a shut gate that time opens. None when a person has to act.
  std::optional<base::Millis> opens_at;
  std::string detail;  ///< a sentence with the figures, times as clocks of the window's zone show them
};

struct SendingVerdict {
  bool may_send = false;
  /// When not: the first shut gate that only a person opens, else the one that time opens last.
  Gate held_by = Gate::server_paused;
  /// `now` when it may be sent. Else the first moment at which it may, as far as can be known today: all
  /// gates that time opens have opened and the window is open. None when a person has to act first.
  std::optional<base::Millis> next_possible;
};

/// Until when a first mail leaves its contact alone who was written to for another site; none: it need not.
std::optional<base::Millis> guarded_until(const SendingFacts& facts);

/// No allocation; below a microsecond.
SendingVerdict judge_sending(const SendingFacts& facts);

/// Every gate in order. A gate is shut here exactly when judge_sending() finds it shut.
std::vector<GateState> explain_sending(const SendingFacts& facts);

}  // namespace overture::rules
