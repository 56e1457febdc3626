// The documented order, one kind of evidence after the other.
#include "rules/inbound_match.hpp"

#include <algorithm>
#include <array>

#include "rules/free_mail.hpp"
#include "rules/subject.hpp"

namespace overture::rules {
namespace {

constexpr std::array<std::string_view, 3> kOutcomeNames = {"matched", "partial", "unmatched"};
constexpr std::array<std::string_view, 7> kReasonNames = {
    "reference", "plus_address", "contact", "domain_and_subject", "domain", "free_mail", "nothing"};
constexpr std::size_t kMaxSuggestions = 10;

/// Newest mail first; the younger opportunity of equals.
bool goes_before(const MatchCandidate& a, const MatchCandidate& b) {
  return a.last_mailed_at != b.last_mailed_at ? a.last_mailed_at > b.last_mailed_at
                                              : a.opportunity > b.opportunity;
}

InboundMatch suggest(MatchReason reason, std::span<const MatchCandidate> candidates) {
  std::vector<MatchCandidate> sorted(candidates.begin(), candidates.end());
  std::sort(sorted.begin(), sorted.end(), goes_before);
  InboundMatch match;
  match.outcome = MatchOutcome::partial;
  match.reason = reason;
  for (const MatchCandidate& each : sorted) {
    if (match.suggestions.size() == kMaxSuggestions) break;
    const bool known = std::find(match.suggestions.begin(), match.suggestions.end(), each.opportunity) !=
                       match.suggestions.end();
    if (!known) match.suggestions.push_back(each.opportunity);
  }
  return match;
}

/// The opportunity is known; whether the sender is one of its contacts decides the rest.
InboundMatch accept(MatchReason reason, const MatchCandidate& candidate, const MatchFacts& facts) {
  if (candidate.contact == 0 && !facts.adds_contacts) return suggest(reason, {&candidate, 1});
  InboundMatch match;
  match.outcome = MatchOutcome::matched;
  match.reason = reason;
  match.opportunity = candidate.opportunity;
  match.contact = candidate.contact;
  match.adds_contact = candidate.contact == 0;
  return match;
}

/// Where the newest mail to the sender went, of those that name one opportunity each.
InboundMatch accept_newest(MatchReason reason, std::span<const MatchCandidate> candidates,
                           const MatchFacts& facts) {
  const MatchCandidate* best = &candidates.front();
  for (const MatchCandidate& each : candidates) {
    // Among mails of one conversation, the one whose contact is known says more.
    const bool same = each.opportunity == best->opportunity;
    if (same ? best->contact == 0 && each.contact != 0 : goes_before(each, *best)) best = &each;
  }
  return accept(reason, *best, facts);
}

InboundMatch match_by_domain(const MatchFacts& facts) {
  const std::string subject = normalised_subject(facts.subject);
  std::vector<MatchCandidate> same_subject;
  for (const MatchCandidate& each : facts.by_domain) {
    if (!subject.empty() && normalised_subject(each.subject) == subject) same_subject.push_back(each);
  }
  if (same_subject.empty()) return suggest(MatchReason::domain, facts.by_domain);
  const bool one = std::all_of(same_subject.begin(), same_subject.end(), [&](const MatchCandidate& each) {
    return each.opportunity == same_subject.front().opportunity;
  });
  if (!one) return suggest(MatchReason::domain_and_subject, same_subject);
  return accept_newest(MatchReason::domain_and_subject, same_subject, facts);
}

}  // namespace

std::string_view match_outcome_name(MatchOutcome outcome) {
  return kOutcomeNames.at(static_cast<std::size_t>(outcome));
}
std::string_view match_reason_name(MatchReason reason) {
  return kReasonNames.at(static_cast<std::size_t>(reason));
}

InboundMatch match_inbound(const MatchFacts& facts) {
  if (!facts.by_reference.empty()) return accept_newest(MatchReason::reference, facts.by_reference, facts);
  if (!facts.by_plus_address.empty())
    return accept_newest(MatchReason::plus_address, facts.by_plus_address, facts);
  if (!facts.by_contact.empty()) return accept_newest(MatchReason::contact, facts.by_contact, facts);
  const bool free_mail = is_free_mail(facts.sender_domain);
  if (!free_mail && !facts.by_domain.empty()) return match_by_domain(facts);
  InboundMatch none;
  none.reason = free_mail ? MatchReason::free_mail : MatchReason::nothing;
  return none;
}

}  // namespace overture::rules
