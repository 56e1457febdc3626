// The profile object, which the log-in answer holds too.
#pragma once
#include "rest/view.hpp"

namespace overture::api {

const rest::View& profile_view();

}  // namespace overture::api
