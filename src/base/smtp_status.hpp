// Enhanced status codes of SMTP (RFC 3463) that are judged alike in live replies and in reports.
#pragma once
#include <string_view>

namespace overture::base {

/// An x.7.… status, or Exchange's own words for one, that tells of a restriction of the one recipient: a
/// group or mailbox that takes mail only from some. Nobody else of the same sender is concerned. `words`:
/// what the server said, in lower case.
bool restricts_recipient(std::string_view enhanced, std::string_view words);

}  // namespace overture::base
