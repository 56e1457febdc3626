// ETag, If-None-Match and If-Match (RFC 9110 sections 8.8.3 and 13.1).
#pragma once
#include <string>
#include <string_view>

namespace overture::api {

/// A strong entity tag of a representation, quotes included.
std::string make_entity_tag(std::string_view body);

/// Whether a header of the form `*` or `"a", W/"b"` names `tag` (weak comparison: `W/` is ignored).
bool names_entity_tag(std::string_view header, std::string_view tag);

}  // namespace overture::api
