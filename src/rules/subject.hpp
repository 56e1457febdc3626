// Subjects of mails that answer one another.
#pragma once
#include <string>
#include <string_view>

namespace overture::rules {

/// What is left when all marks of replies and forwards are taken off the front (Re: Fwd: AW: SV: RE[2]: Rép :
/// 回复：… of some twenty languages, also `(fwd)` behind and `[list]` marks between them), in lower case,
/// white space run together. Two subjects of one conversation are equal then. May be empty.
std::string normalised_subject(std::string_view subject);

/// `Re: ` before a subject, unless it begins with it already (`RE:`, `Re[2]:` too). Marks of other languages
/// do not count: they are words of first subjects as well, as in `Ref: your guide`. One line.
std::string reply_subject(std::string_view subject);

}  // namespace overture::rules
