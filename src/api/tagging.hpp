// What tags on campaigns and tags on opportunities have in common.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "api/call.hpp"

namespace overture::api {

/// Nothing happens when it is there already.
void add_campaign_tag(Call& call, std::int64_t campaign, std::int64_t tag);
/// Throws invalid_value naming `key` for a tag of the other type.
void require_tag_type(Call& call, std::int64_t tag, std::string_view type, std::string_view key = "tag");
/// {"id", "name", "color", "type"}
void write_tag(std::string& out, std::int64_t id, std::string_view name, std::string_view color,
               std::string_view type);

}  // namespace overture::api
