// The OpenAPI 3.1 document of this server, made from the routes and field tables that run.
#pragma once
#include <string>

#include "api/route.hpp"

namespace overture::api {

/// JSON text. The same for the same program.
std::string make_openapi(const Routes& routes, std::string_view version);

}  // namespace overture::api
