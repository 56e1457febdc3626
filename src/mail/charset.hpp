// Bytes of any charset as UTF-8.
#pragma once
#include <string>
#include <string_view>

namespace overture::mail {

/// `charset` as a mail names it, possibly wrong or empty. Always valid UTF-8 without NUL: what the charset
/// cannot explain is read as UTF-8 if it is that, else as Windows-1252. ISO-2022-JP is recognised by its
/// escape sequences when no charset is named. A byte order mark is dropped.
std::string to_utf8(std::string_view bytes, std::string_view charset);

/// The longest front of at most `limit` bytes that does not cut a character.
std::string_view cut_utf8(std::string_view text, std::size_t limit);

}  // namespace overture::mail
