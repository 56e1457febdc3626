// Types, limits and nesting of the tables, written as schemas.
#include "api/openapi_schema.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

namespace overture::api {
namespace {

namespace json = boost::json;
using rest::Field;
using rest::Type;

json::object typed(std::string_view type, bool nullable = false) {
  if (!nullable) return {{"type", type}};
  return {{"type", json::array{json::string(type), "null"}}};
}

json::object type_of(const Field& field) {
  switch (field.type) {
    case Type::integer: {
      json::object schema = typed(field.quoted ? "string" : "integer", field.nullable);
      if (field.quoted) schema["pattern"] = "^-?[0-9]+$";
      return schema;
    }
    case Type::boolean:
      return typed("boolean", field.nullable);
    case Type::time: {
      // A time that never changes was known from the start, unless its field says otherwise.
      json::object schema = typed("string", !field.fixed || field.nullable);
      schema["format"] = "date-time";
      return schema;
    }
    case Type::strings: {
      json::object schema = typed("array");
      schema["items"] = typed("string");
      return schema;
    }
    case Type::array: {
      json::object schema = typed("array");
      schema["items"] = json::object();
      return schema;
    }
    case Type::object: {
      json::object schema = typed("object");
      schema["additionalProperties"] = true;
      return schema;
    }
    default:
      return typed("string", field.nullable);
  }
}

/// A text from a closed list, or an array of such.
void limit_to(json::object& schema, std::span<const std::string_view> allowed) {
  if (schema.contains("items")) return limit_to(schema["items"].as_object(), allowed);
  json::array values;
  for (std::string_view value : allowed) values.push_back(json::string(value));
  if (schema["type"].is_array()) values.push_back(nullptr);
  schema["enum"] = std::move(values);
}

/// Writes the fields of one form into schemas.
class Writer {
 public:
  Writer(rest::Views view, std::span<const Shape> shapes) : view_(view), shapes_(shapes) {}

  json::object object(std::span<const Field> fields, const std::string& place) const {
    json::object made = empty_object(false);
    for (const Field& field : fields) {
      if ((field.views & view_) != 0) put(made, field.path, field, schema_at(field, path(place, field)));
    }
    return made;
  }

 private:
  static std::string path(const std::string& place, const Field& field) {
    if (place.empty() || field.path.empty()) return place + std::string(field.path);
    return place + "." + std::string(field.path);
  }

  static json::object empty_object(bool nullable) {
    json::object made = typed("object", nullable);
    made["properties"] = json::object();
    made["required"] = json::array();
    made["additionalProperties"] = false;
    return made;
  }

  json::object schema_at(const Field& field, const std::string& at) const {
    json::object schema = field.type == Type::rows ? array_of(*field.child, at) : type_of(field);
    for (const rest::Input* input : {&field.create, &field.update}) {
      if (!input->allowed.empty()) limit_to(schema, input->allowed);
    }
    if (field.path == "email" || field.path.ends_with(".email")) schema["format"] = "email";
    for (const Shape& shape : shapes_) {
      if (shape.path != at) continue;
      if (!shape.schema.empty()) schema = json::parse(shape.schema).as_object();
      if (!shape.allowed.empty()) limit_to(schema, shape.allowed);
      if (!shape.format.empty()) schema["format"] = shape.format;
    }
    if (!field.doc.empty()) schema["description"] = field.doc;
    return schema;
  }

  json::object array_of(const rest::Child& child, const std::string& at) const {
    json::object made = typed("array");
    made["items"] = child.scalar ? schema_at(child.fields.front(), at) : object(child.fields, at);
    return made;
  }

  /// Puts a schema under a dotted path.
  static void put(json::object& object, std::string_view path, const Field& field, json::object schema) {
    auto dot = path.find('.');
    std::string_view key = path.substr(0, dot);
    json::object& properties = object["properties"].as_object();
    if (!properties.contains(key)) object["required"].as_array().push_back(json::string(key));
    if (dot == std::string_view::npos) {
      properties[key] = std::move(schema);
      return;
    }
    if (!properties.contains(key)) properties[key] = empty_object(field.nullable_object);
    put(properties[key].as_object(), path.substr(dot + 1), field, std::move(schema));
  }

  rest::Views view_;
  std::span<const Shape> shapes_;
};

json::object schema_of(const rest::Input& input, bool required);

/// Whether a value is needed may depend on the others: handlers say so, the document leaves it open.
json::object schema_of(const rest::Inside& inside) {
  json::object made = typed("object");
  json::object properties;
  json::array required;
  for (const rest::Input& input : inside.inputs) {
    properties[input.key] = schema_of(input, input.required);
    if (input.required) required.push_back(json::string(input.key));
  }
  made["properties"] = std::move(properties);
  if (!required.empty()) made["required"] = std::move(required);
  if (!inside.or_text) return made;
  return {{"anyOf", json::array{typed("string"), std::move(made)}}};
}

json::object schema_of(const rest::Input& input, bool required) {
  json::object schema;
  switch (input.type) {
    case Type::integer:
      schema["type"] = "integer";
      break;
    case Type::boolean:
      schema["type"] = "boolean";
      break;
    case Type::object:
      schema = input.inside != nullptr ? schema_of(*input.inside) : typed("object");
      break;
    case Type::strings:
    case Type::integers:
    case Type::array:
    case Type::rows:
      schema["type"] = "array";
      schema["maxItems"] = input.max;
      if (input.required || input.filled) schema["minItems"] = 1;
      schema["items"] = input.type == Type::strings    ? typed("string")
                        : input.type == Type::integers ? typed("integer")
                        : input.inside != nullptr      ? schema_of(*input.inside)
                                                       : json::object();
      break;
    default:
      schema["type"] = "string";
      if (input.type == Type::time) schema["format"] = "date-time";
      if (input.type != Type::string) break;
      schema["maxLength"] = input.max;
      if (required || input.filled) schema["minLength"] = 1;
  }
  if (!required) schema["type"] = json::array{schema["type"], "null"};
  if (!input.allowed.empty()) limit_to(schema, input.allowed);
  if (!input.doc.empty()) schema["description"] = input.doc;
  return schema;
}

}  // namespace

json::object schema_of(const Form& form, std::span<const Shape> shapes) {
  return Writer(form.view, shapes).object(form.fields, {});
}

json::object body_schema_of(const Route& route) {
  json::object properties;
  json::array required;
  for (const rest::Input& input : route.inputs) {
    bool always = input.required || (route.needed.size() == 1 && route.needed.front() == input.key);
    if (always) required.push_back(json::string(input.key));
    // What null empties may be null even where its key is needed.
    properties[input.key] = schema_of(input, always && !input.clearable);
  }
  json::array choices;
  for (std::string_view key : route.needed) {
    json::object there{{"not", {{"type", "null"}}}};
    choices.push_back(json::object{{"required", json::array{json::string(key)}},
                                   {"properties", {{key, std::move(there)}}}});
  }
  json::object body = typed("object");
  body["properties"] = std::move(properties);
  if (!required.empty()) body["required"] = std::move(required);
  if (choices.size() > 1) body["anyOf"] = std::move(choices);
  if (!route.takes_array) return body;
  // `properties` and `required` hold for objects only, `items` for arrays only.
  json::object many = body;
  many["type"] = json::array{"object", "array"};
  many["items"] = std::move(body);
  many["minItems"] = 1;
  return many;
}

json::object schema_of(Type type) {
  switch (type) {
    case Type::integer:
      return typed("integer");
    case Type::boolean:
      return typed("boolean");
    case Type::integers: {
      json::object schema = typed("array");
      schema["items"] = typed("integer");
      return schema;
    }
    default:
      return typed("string");
  }
}

json::object reference(std::string_view kind, std::string_view name) {
  return {{"$ref", "#/components/" + std::string(kind) + "/" + std::string(name)}};
}

}  // namespace overture::api
