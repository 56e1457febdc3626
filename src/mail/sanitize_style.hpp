// Inline styles of strangers, cut down to what cannot reach out or cover the page.
#pragma once
#include <string>
#include <string_view>

namespace overture::mail {

/// The declarations that are harmless, `name: value; …`; empty when none is.
std::string sanitize_style(std::string_view style);

/// A colour or a length as old attributes have it (`bgcolor`, `width`): letters, digits, `#`, `%`, `.`.
bool is_plain_value(std::string_view value);

}  // namespace overture::mail
