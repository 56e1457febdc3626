// Small, pure operations on text and bytes that several folders share.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace overture::base {

/// Without leading and trailing space, tab, CR, LF, VT and FF.
std::string_view trim(std::string_view text);

/// ASCII letters in lower case, every other byte as it is.
constexpr char lower_ascii(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
std::string lower_ascii(std::string_view text);
/// Equal when ASCII case is ignored.
bool equal_ignoring_case(std::string_view a, std::string_view b);

/// Unicode simple lower case, one code point to one: what PostgreSQL's lower() answers under LC_CTYPE
/// C.UTF-8, so that both engines compare alike. Bytes that are not valid UTF-8 pass unchanged. Independent of
/// the process locale.
std::string lower(std::string_view utf8);

/// Takes one code point off the front of `text`. nullopt, and nothing taken, when the front is not valid
/// UTF-8: empty, cut off, overlong, a surrogate, above U+10FFFF (RFC 3629 section 3).
std::optional<char32_t> take_code_point(std::string_view& text);
void append_utf8(std::string& out, char32_t code_point);
bool is_valid_utf8(std::string_view text);
/// A letter or digit of any script.
bool is_letter_or_digit(char32_t code_point);

/// A control character: U+0000 to U+001F, U+007F, and U+0080 to U+009F in UTF-8.
bool has_control(std::string_view text);
/// Each run of spaces and control characters becomes one space; none at the ends.
std::string one_line(std::string_view text);
bool has_nul(std::string_view text);

/// Two lower-case digits a byte.
std::string hex(std::string_view bytes);
/// Either case; nullopt for an odd length or another character.
std::optional<std::string> parse_hex(std::string_view text);

/// RFC 4648 section 5, without padding.
std::string base64url(std::string_view bytes);
/// nullopt for padding, a foreign character, an impossible length, or left-over bits that are not zero:
/// so each text that is accepted is the only one of its bytes.
std::optional<std::string> parse_base64url(std::string_view text);

std::string join(const std::vector<std::string>& parts, std::string_view separator);
/// Always at least one part; `a,,b` has three. The parts point into `text`.
std::vector<std::string_view> split(std::string_view text, char separator);

/// For use inside a LIKE pattern with ESCAPE '\': a backslash before each % _ \.
std::string like_escape(std::string_view text);

}  // namespace overture::base
