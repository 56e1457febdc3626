// Country codes (ISO 3166-1 alpha-2).
#pragma once
#include <string_view>

namespace overture::rules {

/// `code` in lower case.
bool is_country(std::string_view code);

}  // namespace overture::rules
