// To which opportunity an inbound mail belongs: a decision over what the database has found.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"

namespace overture::rules {

struct MatchCandidate {
  std::int64_t opportunity = 0;
  std::int64_t contact = 0;         ///< the contact with the sender's address; 0 when it has none
  base::Millis last_mailed_at = 0;  ///< the newest mail of ours to it; the newest one wins
  std::string subject;              ///< of that mail; only looked at in `by_domain`
};

/// Candidates in any order, already narrowed to what the mailbox may see: its account and projects.
struct MatchFacts {
  std::span<const MatchCandidate> by_reference;     ///< In-Reply-To and References name a mail of ours
  std::span<const MatchCandidate> by_plus_address;  ///< a signed address or header names it
  std::span<const MatchCandidate> by_contact;       ///< this mailbox has written to the sender's address
  std::span<const MatchCandidate> by_domain;        ///< the opportunity's registrable domain is the sender's
  std::string_view subject;
  std::string_view sender_domain;  ///< a free-mail domain identifies nobody
  /// The mailbox's setting: whether a known opportunity gains an unknown sender as its contact by itself.
  bool adds_contacts = true;
};

enum class MatchOutcome { matched, partial, unmatched };
enum class MatchReason {
  reference,           ///< it answers a mail of ours
  plus_address,        ///< it was sent to the address that belongs to the opportunity
  contact,             ///< we have written to its sender
  domain_and_subject,  ///< it comes from the site and has the subject of our mail
  domain,              ///< it comes from the site
  free_mail,           ///< unmatched, and its domain says nothing
  nothing,             ///< unmatched
};
std::string_view match_outcome_name(MatchOutcome outcome);
std::string_view match_reason_name(MatchReason reason);

struct InboundMatch {
  MatchOutcome outcome = MatchOutcome::unmatched;
  MatchReason reason = MatchReason::nothing;
  std::int64_t opportunity = 0;           ///< when matched
  std::int64_t contact = 0;               ///< when matched and known
  bool adds_contact = false;              ///< matched, and the sender becomes a contact
  std::vector<std::int64_t> suggestions;  ///< when partial: opportunities, newest mail first, at most ten
};

/// In this order: reference, plus address, contact, domain and subject, domain. The first kind with a
/// candidate decides; a known opportunity whose sender is no contact is matched or partial by the mailbox's
/// setting. A domain alone, or several opportunities of equal right, never matches by itself.
InboundMatch match_inbound(const MatchFacts& facts);

}  // namespace overture::rules
