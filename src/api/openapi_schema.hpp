// Field tables as JSON Schema (2020-12, as OpenAPI 3.1 uses it).
#pragma once
#include <boost/json/object.hpp>

#include "rest/view.hpp"

namespace overture::api {

/// The object that a view shows: every key is always there.
boost::json::object schema_of(const rest::View& view);
/// The name of that object among the components: the resource's, with the view's number where it has several.
std::string schema_name(const rest::View& view);
/// What a body may hold.
boost::json::object schema_of(const std::vector<rest::Input>& inputs);
/// The type of a query parameter.
boost::json::object schema_of(rest::Type type);

}  // namespace overture::api
