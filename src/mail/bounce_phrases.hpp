// The words of failure notices as data. All are spelled as normal_text() spells.
#pragma once
#include <span>

#include "mail/bounce.hpp"
#include "mail/phrases.hpp"

namespace overture::mail {

/// What other servers say about a cause. The value is the BounceReason plus kVague where the words also stand
/// in replies of another cause: those only count when no clear ones are there. Nearer to the front wins.
inline constexpr int kVague = 1000;
std::span<const Phrase> reason_phrases();

/// A row of its tables.
struct ReasonWords {
  BounceReason reason;
  bool vague;
  std::string_view phrases;  ///< `|` between them
};
/// The first half of the table.
std::span<const ReasonWords> refusal_words();

/// Subjects of failure notices, and of warnings that a mail is late.
std::span<const Phrase> failure_subjects();
std::span<const Phrase> delay_subjects();
/// Sentences with which mail systems begin a failure notice, and those of warnings.
std::span<const Phrase> failure_openings();
std::span<const Phrase> delay_openings();

}  // namespace overture::mail
