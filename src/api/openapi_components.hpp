// What the operations of the OpenAPI document refer to: schemas, shared parameters, headers, errors.
#pragma once
#include "api/openapi_schema.hpp"

namespace overture::api {

/// The answer of operations that have nothing to say.
inline constexpr std::string_view kNothingSchema = "Nothing";

/// The `components` of the document.
boost::json::object make_components(const Routes& routes);

/// The response to refer to for a status of an error.
std::string_view error_response_name(int status);

}  // namespace overture::api
