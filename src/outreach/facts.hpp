// What decides about sending, as the database has it: for a campaign, for one opportunity, for explanations.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/connection.hpp"
#include "outreach/contacts.hpp"
#include "outreach/run.hpp"
#include "rules/sending_gates.hpp"
#include "rules/spacing.hpp"

namespace overture::outreach {

/// A mailbox that sends for the campaign with what the engine needs beyond its gates.
struct ProjectMailbox {
  rules::Mailbox mailbox;
  base::Millis spacing = rules::kMinimumSpacing;
};

/// A campaign at one moment.
struct CampaignFacts {
  std::int64_t account = 0;
  std::int64_t campaign = 0;
  std::int64_t project = 0;
  rules::SendingFacts sending;  ///< everything but mailbox and opportunity
  std::vector<ProjectMailbox> mailboxes;
  std::int64_t campaign_day = 0;  ///< what its counts of today stand under
  std::int64_t mailbox_day = 0;   ///< the same for its mailboxes
  base::Millis mailbox_day_began = 0;
  std::int64_t first_mails_today = 0;
  std::int64_t follow_ups_today = 0;

  /// What a mail of this mailbox (0: a first mail, any mailbox) has to pass. The mailbox that would send it
  /// is chosen by the rules; none may be found.
  rules::SendingFacts with_mailbox(std::int64_t email_account) const;
};

/// nullopt when there is no such campaign. With `email_account` its mailboxes are that one alone, or none
/// when it does not send for the campaign.
std::optional<CampaignFacts> find_campaign_facts(db::Connection& connection, std::int64_t account,
                                                 std::int64_t campaign, base::Millis now,
                                                 std::int64_t email_account = 0);

/// The window in which a campaign sends, alone.
rules::SendingWindow load_window(db::Connection& connection, std::int64_t account, std::int64_t campaign);

/// Of what the opportunity adds, the part that may forbid any mail to it at any moment: its stage, its site,
/// and whom it may be written to. Returns the recipients.
std::vector<Recipient> add_site_facts(db::Connection& connection, const Run& run, rules::SendingFacts& facts);

/// All that the opportunity adds: its contact, texts, review, stage and times. `missing` outlives `facts`.
/// For an opportunity that was never launched the run is made up.
void add_opportunity_facts(db::Connection& connection, const Run& run,
                           const std::vector<std::string>& missing, rules::SendingFacts& facts);

/// Mails that were sent or took their place today.
struct DayCount {
  std::int64_t first_mails = 0;
  std::int64_t follow_ups = 0;
};
DayCount load_count(db::Connection& connection, std::int64_t account, std::string_view kind,
                    std::int64_t subject, std::int64_t day);
/// One more; `kind` is campaign or mailbox.
void raise_count(db::Connection& connection, std::int64_t account, std::string_view kind,
                 std::int64_t subject, std::int64_t day, bool is_follow_up);

/// Why a first mail waits that find_contacted_elsewhere() holds up.
inline constexpr std::string_view kContactedElsewhere =
    "the project has written to this address for another site";

/// When the project last wrote to the contact for another opportunity, of whatever campaign, if after
/// `since`. A mail that is just being handed over, or of which nobody knows whether it was sent, counts as
/// one that was.
std::optional<base::Millis> find_contacted_elsewhere(db::Connection& connection, std::int64_t account,
                                                     std::int64_t contact, std::int64_t project,
                                                     std::int64_t opportunity, base::Millis since);

/// The next look at a first mail that the guard holds up, if it does: in a day at the latest, since the guard
/// may be set anew, the contact may bounce, or a mail of unknown fate turn out not to have been sent.
std::optional<base::Millis> next_guarded_look(const rules::SendingFacts& facts);

/// Whether a mail to the contact, for another opportunity of the project, is on its way out.
bool is_being_written_to(db::Connection& connection, std::int64_t account, std::int64_t contact,
                         std::int64_t project, std::int64_t opportunity);

}  // namespace overture::outreach
