// Field tables and inputs as JSON Schema (2020-12, as OpenAPI 3.1 uses it).
#pragma once
#include <boost/json/object.hpp>

#include "api/route.hpp"

namespace overture::api {

/// The object of one form: every key is always there and there are no others. `shapes` say what the fields do
/// not. A field that may be written from a closed list shows one of it; what is called `email` is an address.
boost::json::object schema_of(const Form& form, std::span<const Shape> shapes);
/// What the body of a route may hold. Unknown keys are ignored by the server, so they are not excluded.
boost::json::object body_schema_of(const Route& route);
/// The type of a query parameter.
boost::json::object schema_of(rest::Type type);

/// `{"$ref": "#/components/<kind>/<name>"}`
boost::json::object reference(std::string_view kind, std::string_view name);

}  // namespace overture::api
