// What the two files of webhooks share.
#pragma once
#include <cstdint>

#include "api/call.hpp"
#include "rest/resource.hpp"

namespace overture::api {

extern const rest::Resource kWebhooks;

/// The id in the path, of a webhook that the caller may see and change. Throws the 404.
std::int64_t webhook_in_path(Call& call);
/// The same of one that is switched on, and whose maker may hear of it. Throws conflict.
std::int64_t active_webhook_in_path(Call& call);

}  // namespace overture::api
