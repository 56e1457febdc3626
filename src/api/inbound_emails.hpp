// One mail that came in, for the operations that show and change one.
#pragma once
#include <string>

#include "api/call.hpp"
#include "api/resources.hpp"

namespace overture::api {

extern const rest::Resource kInboundEmails;

/// The mail with its HTML made safe; throws the resource's 404.
std::string show_inbound_email(Call& call, std::int64_t id);
/// The route answers that.
Route showing_inbound_email(Route&& route);

}  // namespace overture::api
