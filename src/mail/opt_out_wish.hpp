// Wishes to be written to no more, in the languages we know.
#pragma once
#include <string_view>

namespace overture::mail {

/// Where a wish to be written to no more is looked for.
enum class UnsubscribeRule {
  subject,  ///< the subject is or holds the word, or the new text begins with a line of nothing else, or asks
            ///< for it and is too short to say more
  anywhere,  ///< or the new text of a reply asks for it, however long; never the quotation
  off,       ///< only a subject that is nothing but the word
};

/// The subject is nothing but the word: mail programs and the address of our List-Unsubscribe write it so.
bool is_wish_alone(std::string_view subject);

enum class SubjectWish {
  none,
  asks,
  may_be_quoted,  ///< behind a mark of an answer (`Re:`): the word may be of the subject that is answered
};
/// What the subject of a mail that came in says.
SubjectWish wish_in_subject(std::string_view subject);

/// Whether a subject that may be quoted asks. With `answered`, the subject of our mail: when the word is not
/// in there, or the mail has nothing but the word. Without it (empty): when there is little else.
bool asks_behind_mark(std::string_view subject, std::string_view answered);

/// The new text asks for it, under a rule other than `off`: its first line is the word and nothing else (what
/// a footer without a link asks for), or it says so: a short one anywhere, a longer one in its first
/// paragraph. Not "do not remove me", and not "click here to unsubscribe".
bool asks_in_text(std::string_view new_text, UnsubscribeRule rule);

}  // namespace overture::mail
