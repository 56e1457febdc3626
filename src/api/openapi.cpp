// One pass over the routes; schemas come from openapi_schema.
#include "api/openapi.hpp"

#include <array>
#include <boost/json/serialize.hpp>

#include "api/openapi_schema.hpp"
#include "base/text.hpp"

namespace overture::api {
namespace {

namespace json = boost::json;
using rest::Type;

struct Tag {
  std::string_view name;
  std::string_view doc;
};

/// In the order of the original documentation.
constexpr std::array<Tag, 12> kTags{{
    {"Auth", "Log-in and access tokens"},
    {"Address Book", "Contacts of the account"},
    {"Campaigns", "Campaigns, what brings prospects into them, and their settings"},
    {"Emails", "Mail accounts, and what was sent and received"},
    {"Opportunities", "Prospects on their way from inspection to a won link"},
    {"Projects", "What campaigns belong to"},
    {"Reports", "Figures over time"},
    {"Metrics", "Filters by what providers say of a site"},
    {"Tasks", "What people have to do"},
    {"Tags", "Labels for campaigns and opportunities"},
    {"Users", "People, their roles and keys"},
    {"Unsubscribe", "Who must not be written to, and sites that are left out"},
}};

json::object reference(std::string_view kind, const std::string& name) {
  return {{"$ref", "#/components/" + std::string(kind) + "/" + name}};
}

json::object json_content(json::object schema) {
  return {{"application/json", json::object{{"schema", std::move(schema)}}}};
}

json::object parameter(std::string_view name, std::string_view in, json::object schema, bool required,
                       std::string_view doc) {
  json::object made{{"name", name}, {"in", in}, {"required", required}, {"schema", std::move(schema)}};
  if (!doc.empty()) made["description"] = doc;
  return made;
}

/// A filter by the property of its name.
json::object filter(std::string_view name, Type type) {
  std::string doc = "Filtering by " + std::string(name);
  if (type == Type::time) doc += ": a date, or two with a | between them (both included)";
  return parameter(name, "query", schema_of(type == Type::integer ? Type::string : type), false, doc);
}

void add_list_parameters(const Route& route, json::array& parameters) {
  for (std::string_view name : {"page", "limit", "q"}) {
    parameters.push_back(reference("parameters", std::string(name)));
  }
  auto named = [&](std::string_view name) {
    for (const QueryParameter& own : route.parameters) {
      if (own.name == name) return true;
    }
    return false;
  };
  for (const rest::Field& field : route.answer->resource().fields) {
    if (field.type == Type::rows) {
      if (field.views != rest::kNoView) continue;
      for (const rest::Field& inner : field.child->fields) {
        parameters.push_back(filter(std::string(field.path) + "." + std::string(inner.path), inner.type));
      }
    } else if (!field.only_in_search && !named(field.path)) {
      parameters.push_back(filter(field.path, field.type));
    }
  }
}

json::array parameters_of(const Route& route) {
  json::array parameters;
  for (std::string_view part : base::split(route.path, '/')) {
    if (part.empty() || part.front() != '{') continue;
    parameters.push_back(parameter(part.substr(1, part.size() - 2), "path", {{"type", "integer"}}, true, {}));
  }
  if (route.is_list) add_list_parameters(route, parameters);
  for (const QueryParameter& own : route.parameters) {
    parameters.push_back(parameter(own.name, "query", schema_of(own.type), own.required, own.doc));
  }
  return parameters;
}

json::object answer_schema(const Route& route) {
  if (route.answer == nullptr) return {{"type", "object"}};
  json::object item = reference("schemas", schema_name(*route.answer));
  if (!route.is_list) return item;
  return {{"type", "object"},
          {"required", {"items", "items_count", "page", "limit"}},
          {"properties",
           {{"items", {{"type", "array"}, {"items", std::move(item)}}},
            {"items_count", {{"type", "integer"}, {"description", "matches over all pages"}}},
            {"page", {{"type", "integer"}}},
            {"limit", {{"type", "integer"}}}}}};
}

/// `get_api_campaigns_id` from the method and path.
std::string operation_id(const Route& route) {
  std::string id = base::lower_ascii(http::method_name(route.method));
  for (char c : route.path) {
    if (c == '/') id += '_';
    if ((c >= 'a' && c <= 'z') || c == '_') id += c;
  }
  return id;
}

json::object operation_of(const Route& route) {
  json::object operation{{"tags", json::array{json::string(route.tag)}},
                         {"summary", route.summary},
                         {"operationId", operation_id(route)},
                         {"x-request-cost", route.cost}};
  if (route.number == 0) operation["x-overture"] = true;
  if (route.method == http::Method::get) operation["x-item-cost"] = 1;
  if (route.permission == Permission::anyone) operation["security"] = json::array();
  json::array parameters = parameters_of(route);
  if (!parameters.empty()) operation["parameters"] = std::move(parameters);
  if (!route.inputs.empty()) {
    operation["requestBody"] = {{"required", true}, {"content", json_content(schema_of(route.inputs))}};
  }
  json::object responses{{"200", {{"description", "Done"}, {"content", json_content(answer_schema(route))}}}};
  for (std::string_view status : {"400", "401", "403", "404", "429", "503"}) {
    responses[status] = reference("responses", "Error");
  }
  if (route.method != http::Method::get) {
    for (std::string_view status : {"409", "412", "413"}) responses[status] = reference("responses", "Error");
  }
  operation["responses"] = std::move(responses);
  return operation;
}

json::object components_of(const Routes& routes) {
  json::object schemas{
      {"Error",
       {{"type", "object"},
        {"required", {"message"}},
        {"properties",
         {{"message", {{"type", "string"}}},
          {"code", {{"type", "string"}}},
          {"request_id", {{"type", "string"}}},
          {"errors",
           {{"type", "array"},
            {"items",
             {{"type", "object"},
              {"properties", {{"field", {{"type", "string"}}}, {"message", {{"type", "string"}}}}}}}}}}}}}};
  for (const Route& route : routes) {
    if (route.answer != nullptr) schemas[schema_name(*route.answer)] = schema_of(*route.answer);
  }
  json::object parameters{
      {"page", parameter("page", "query", {{"type", "integer"}, {"default", 1}}, false, "from 1")},
      {"limit", parameter("limit", "query", {{"type", "integer"}, {"default", 100}}, false, "at most 1000")},
      {"q", parameter("q", "query", {{"type", "string"}}, false,
                      "Filter by response properties: = != : !: >= <= > <, AND, OR, NOT and parentheses")}};
  json::object security{
      {"JWT", {{"type", "http"}, {"scheme", "bearer"}, {"bearerFormat", "JWT"}}},
      {"ClientIdInHeader", {{"type", "apiKey"}, {"in", "header"}, {"name", "X-Client-Id"}}},
      {"ClientKeyInHeader", {{"type", "apiKey"}, {"in", "header"}, {"name", "Authorization"}}}};
  json::object error{{"description", "Refused"}, {"content", json_content(reference("schemas", "Error"))}};
  return {{"schemas", std::move(schemas)},
          {"parameters", std::move(parameters)},
          {"responses", {{"Error", std::move(error)}}},
          {"securitySchemes", std::move(security)}};
}

}  // namespace

std::string make_openapi(const Routes& routes, std::string_view version) {
  json::array tags;
  for (const Tag& tag : kTags) tags.push_back(json::object{{"name", tag.name}, {"description", tag.doc}});
  json::object paths;
  for (const Route& route : routes) {
    json::value& path = paths[route.path];
    if (path.is_null()) path = json::object();
    path.as_object()[base::lower_ascii(http::method_name(route.method))] = operation_of(route);
  }
  json::object document{
      {"openapi", "3.1.0"},
      {"info",
       {{"title", "Overture API"},
        {"version", version},
        {"description",
         "Self-hosted outreach. Operations marked x-overture go beyond the Pitchbox Developer API V2."},
        {"license", {{"name", "proprietary"}, {"identifier", "LicenseRef-proprietary"}}}}},
      {"servers", json::array{json::object{{"url", "/"}}}},
      {"tags", std::move(tags)},
      {"security",
       {{{"JWT", json::array()}},
        {{"ClientIdInHeader", json::array()}, {"ClientKeyInHeader", json::array()}}}},
      {"paths", std::move(paths)},
      {"components", components_of(routes)}};
  return json::serialize(document);
}

}  // namespace overture::api
