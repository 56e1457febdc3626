// Which opportunities the stage roles may work on.
#pragma once
#include <cstdint>

#include "api/call.hpp"

namespace overture::api {

/// Fields and contacts: personalizers fill them while the opportunity stands in personalize, members always.
/// Throws Error(access_denied). The opportunity must be visible to the caller.
void require_personalizing(Call& call, std::int64_t opportunity);

}  // namespace overture::api
