// Types, limits and nesting of the tables, written as schemas.
#include "api/openapi_schema.hpp"

#include <boost/json/array.hpp>

namespace overture::api {
namespace {

namespace json = boost::json;
using rest::Field;
using rest::Type;

json::object typed(std::string_view type, bool nullable) {
  json::object schema;
  if (nullable) {
    schema["type"] = json::array{json::string(type), "null"};
  } else {
    schema["type"] = type;
  }
  return schema;
}

json::object schema_of(const Field& field) {
  switch (field.type) {
    case Type::integer:
      return typed(field.quoted ? "string" : "integer", field.nullable);
    case Type::boolean:
      return typed("boolean", field.nullable);
    case Type::time: {
      json::object schema = typed("string", true);
      schema["format"] = "date-time";
      return schema;
    }
    case Type::strings: {
      json::object schema = typed("array", false);
      schema["items"] = json::object{{"type", "string"}};
      return schema;
    }
    case Type::array:
      return typed("array", false);
    case Type::object:
      return typed("object", false);
    default:
      return typed("string", field.nullable);
  }
}

/// Puts a schema under a dotted path into an object schema.
void put(json::object& object, std::string_view path, const Field& field, json::object schema) {
  auto dot = path.find('.');
  std::string_view key = path.substr(0, dot);
  if (!object.contains("properties")) {
    object["properties"] = json::object();
    object["required"] = json::array();
  }
  json::object& properties = object["properties"].as_object();
  if (!properties.contains(key)) object["required"].as_array().push_back(json::string(key));
  if (dot == std::string_view::npos) {
    if (!field.doc.empty()) schema["description"] = field.doc;
    properties[key] = std::move(schema);
    return;
  }
  if (!properties.contains(key)) properties[key] = typed("object", field.nullable_object);
  put(properties[key].as_object(), path.substr(dot + 1), field, std::move(schema));
}

json::object schema_of(std::span<const Field> fields, rest::Views view) {
  json::object object = typed("object", false);
  for (const Field& field : fields) {
    if ((field.views & view) == 0) continue;
    if (field.type != Type::rows) {
      put(object, field.path, field, schema_of(field));
      continue;
    }
    json::object array = typed("array", false);
    array["items"] =
        field.child->scalar ? schema_of(field.child->fields.front()) : schema_of(field.child->fields, view);
    put(object, field.path, field, std::move(array));
  }
  return object;
}

}  // namespace

json::object schema_of(const rest::View& view) { return schema_of(view.resource().fields, view.bit()); }

std::string schema_name(const rest::View& view) {
  std::string name(view.resource().name);
  if (view.bit() != rest::kEveryView && view.bit() != 1) name += std::to_string(view.bit());
  return name;
}

json::object schema_of(Type type) {
  switch (type) {
    case Type::integer:
      return {{"type", "integer"}};
    case Type::boolean:
      return {{"type", "boolean"}};
    default:
      return {{"type", "string"}};
  }
}

json::object schema_of(const std::vector<rest::Input>& inputs) {
  json::object properties;
  json::array required;
  for (const rest::Input& input : inputs) {
    json::object schema;
    switch (input.type) {
      case Type::integer:
        schema["type"] = "integer";
        break;
      case Type::boolean:
        schema["type"] = "boolean";
        break;
      case Type::object:
        schema["type"] = "object";
        break;
      case Type::strings:
      case Type::integers:
      case Type::array:
      case Type::rows:
        schema["type"] = "array";
        schema["maxItems"] = input.max;
        schema["items"] = input.type == Type::strings    ? json::object{{"type", "string"}}
                          : input.type == Type::integers ? json::object{{"type", "integer"}}
                                                         : json::object();
        break;
      default:
        schema["type"] = "string";
        if (input.type == Type::time) schema["format"] = "date-time";
        if (input.type == Type::string) schema["maxLength"] = input.max;
    }
    if (!input.required) schema["type"] = json::array{schema["type"], "null"};
    if (!input.allowed.empty()) {
      json::array allowed;
      for (std::string_view value : input.allowed) allowed.push_back(json::string(value));
      if (!input.required) allowed.push_back(nullptr);
      schema["enum"] = std::move(allowed);
    }
    if (!input.doc.empty()) schema["description"] = input.doc;
    if (input.required) required.push_back(json::string(input.key));
    properties[input.key] = std::move(schema);
  }
  json::object object{{"type", "object"}, {"properties", std::move(properties)}};
  if (!required.empty()) object["required"] = std::move(required);
  return object;
}

}  // namespace overture::api
