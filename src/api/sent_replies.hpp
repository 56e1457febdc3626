// A reply as one object, for the operations that make and change one.
#pragma once
#include "rest/view.hpp"

namespace overture::api {

const rest::View& sent_reply_view();

}  // namespace overture::api
