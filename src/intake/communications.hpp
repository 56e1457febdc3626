// What a mail or form that was exchanged changes in its opportunity. Everything runs inside the write of its
// cause.
#pragma once
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "base/clock.hpp"
#include "db/connection.hpp"
#include "rules/stage.hpp"

namespace overture::intake {

/// What last_communication_type says.
inline constexpr std::string_view kOutreachEmailType = "outreach_email";
inline constexpr std::string_view kFormSubmissionType = "form_submission";
inline constexpr std::string_view kInboundEmailType = "inbound_email";
inline constexpr std::string_view kSentReplyType = "sent_reply";

/// Counters that make a project's response rate: opportunities that something was sent to, and those of them
/// that a person has answered.
inline constexpr std::string_view kStartedCounter = "outreach_started:";  ///< and the project's id
inline constexpr std::string_view kAnsweredCounter = "outreach_answered:";

/// Something was exchanged at `at`; what the opportunity and the contact (0: none) show of it only ever gets
/// newer.
void note_communication(db::Connection& connection, std::int64_t account, std::int64_t opportunity,
                        std::int64_t contact, std::string_view type, base::Millis at, base::Millis now);

/// The server moves an opportunity from no milestone (`kNone`) or one of the roles `from` to the account's
/// milestone of that role, if it has one, with a note that says why (roles: rules/milestone_role.hpp). What a
/// person has set stays, but for an answer after the end without one.
void advance_milestone(db::Connection& connection, std::int64_t account, std::int64_t opportunity,
                       std::string_view role, std::initializer_list<std::string_view> from,
                       std::string_view reason, base::Millis now);

/// Nobody of the opportunity wants to be written to any more: the outreach ends and, where the account wants
/// it, the milestone becomes the one for opt-outs, unless it is won or a person has set it. `reason`: in a
/// person's words.
void take_opt_out(db::Connection& connection, std::int64_t account, std::int64_t opportunity,
                  std::optional<std::int64_t> user, std::string_view reason, base::Millis now);

/// What was sent to somebody of an opportunity.
struct Contacted {
  std::int64_t contact = 0;  ///< 0: nobody in particular
  std::string_view type;
  rules::StageEvent event;  ///< the step that it takes
  std::optional<std::int64_t> user = {};
  base::Millis at = 0;
};

/// Something was sent to the opportunity by mail or form: the date, its step, and the first time the date of
/// the start, the project's counter, and the milestone Contacted for one that has none or New.
void note_contacted(db::Connection& connection, std::int64_t account, std::int64_t opportunity,
                    const Contacted& contacted, base::Millis now);

/// Gives an inbound mail to an opportunity, also when it had another one: ids, the attempt that it answers,
/// and the contact, who is added where the mail is from a person. What a person wrote ends the sequence,
/// drops replies that wait for silence, completes tasks that wait for it, counts as an answer and moves the
/// milestone to Responded. `user` is empty for the server itself. Both must exist in the account.
void match_inbound_email(db::Connection& connection, std::int64_t account, std::int64_t email,
                         std::int64_t opportunity, std::optional<std::int64_t> user, base::Millis now);

/// A person says of what class a mail that came in is: human, auto_reply, bounce or unsubscribe. A mail of an
/// opportunity that becomes human has all that follows from an answer, as if it was matched now; one that was
/// taken for human counts as an answer no more. False, and nothing is changed, when it is of that class. What
/// followed from the class before, and what follows from an unsubscribe or a bounce, is in outreach/correct.
bool set_inbound_class(db::Connection& connection, std::int64_t account, std::int64_t email,
                       std::string_view kind, std::int64_t user, base::Millis now);

/// A person has submitted the contact form: false, and nothing is changed, unless it was pending.
bool submit_form(db::Connection& connection, std::int64_t account, std::int64_t form, std::int64_t user,
                 base::Millis now);

}  // namespace overture::intake
