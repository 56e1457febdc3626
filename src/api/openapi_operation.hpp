// One operation of the OpenAPI document: parameters, body, answers, examples.
#pragma once
#include <boost/json/object.hpp>

#include "api/route.hpp"

namespace overture::api {

/// `matched`: If-Match is held against what GET shows at one of object_paths().
boost::json::object make_operation(const Route& route, bool matched);

}  // namespace overture::api
