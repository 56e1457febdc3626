// Schemas come from the forms of all routes, errors from the table of error codes.
#include "api/openapi_components.hpp"

#include <array>
#include <boost/json/array.hpp>

#include "base/error.hpp"

namespace overture::api {
namespace {

namespace json = boost::json;

struct Refusal {
  int status;
  std::string_view name;
  std::string_view doc;
};
constexpr std::array<Refusal, 10> kRefusals{{
    {400, "BadRequest", "Something that is needed is missing or wrong; `errors` names it where it can"},
    {401, "Unauthorized", "No access token, or one that is not valid"},
    {403, "Forbidden", "The user may not do this, or is not active"},
    {404, "NotFound", "There is no such object, or none that the user may see"},
    {409, "Conflict", "Not as things stand; or the Idempotency-Key came with another request before"},
    {412, "PreconditionFailed", "The object has changed since the version that If-Match names"},
    {413, "PayloadTooLarge", "The body is too large"},
    {429, "TooManyRequests", "Too many requests; Retry-After says when to come back"},
    {500, "InternalError", "A mistake of the server; the log names it by `request_id`"},
    {503, "Unavailable", "Maintenance, or not available right now"},
}};

json::object text(std::string_view doc) { return {{"type", "string"}, {"description", doc}}; }

std::vector<const base::ErrorKind*> kinds_of(int status) {
  std::vector<const base::ErrorKind*> kinds;
  for (int i = 0; i <= static_cast<int>(base::ErrorCode::unavailable); ++i) {
    const base::ErrorKind& kind = base::error_kind(static_cast<base::ErrorCode>(i));
    if (status == 0 || kind.status == status) kinds.push_back(&kind);
  }
  return kinds;
}

json::array codes_of(int status) {
  json::array codes;
  for (const base::ErrorKind* kind : kinds_of(status)) codes.push_back(json::string(kind->name));
  return codes;
}

json::object error_schema() {
  json::object field{{"type", "object"},
                     {"properties",
                      {{"field", text("the key or parameter, as it was sent")},
                       {"message", text("what is wrong with it, for people")}}},
                     {"required", json::array{"field", "message"}},
                     {"additionalProperties", false}};
  json::object code = text("for programs");
  code["enum"] = codes_of(0);
  return {{"type", "object"},
          {"properties",
           {{"message", text("for people")},
            {"code", std::move(code)},
            {"errors", {{"type", "array"}, {"items", std::move(field)}}},
            {"request_id", text("as in the X-Request-Id header")}}},
          {"required", json::array{"message", "code", "request_id"}},
          {"additionalProperties", false}};
}

json::object error_response(const Refusal& refusal) {
  json::object schema{{"allOf",
                       {reference("schemas", "Error"),
                        json::object{{"properties", {{"code", {{"enum", codes_of(refusal.status)}}}}}}}}};
  const base::ErrorKind& usual = *kinds_of(refusal.status).front();
  json::object content{
      {"schema", std::move(schema)},
      {"example", {{"message", usual.message}, {"code", usual.name}, {"request_id", "5d41402abc4b2a76"}}}};
  json::object headers{{"X-Request-Id", reference("headers", "X-Request-Id")}};
  if (refusal.status == 429 || refusal.status == 503)
    headers["Retry-After"] = reference("headers", "Retry-After");
  return {{"description", refusal.doc},
          {"headers", std::move(headers)},
          {"content", {{"application/json", std::move(content)}}}};
}

/// Shapes may stand on any route of a resource, and hold for all its forms.
std::vector<Shape> shapes_of(const Routes& routes, const Form& form) {
  std::vector<Shape> shapes;
  for (const Route& route : routes) {
    for (const Form& other : route.forms) {
      if (other.fields.data() != form.fields.data()) continue;
      shapes.insert(shapes.end(), route.shapes.begin(), route.shapes.end());
      break;
    }
  }
  return shapes;
}

json::object make_schemas(const Routes& routes) {
  json::object schemas{{"Error", error_schema()},
                       {kNothingSchema,
                        {{"type", "object"},
                         {"properties", json::object()},
                         {"additionalProperties", false},
                         {"description", "The empty object"}}}};
  for (const Route& route : routes) {
    for (const Form& form : route.forms) {
      if (!schemas.contains(form.name)) schemas[form.name] = schema_of(form, shapes_of(routes, form));
    }
  }
  return schemas;
}

json::object parameter(std::string_view name, std::string_view in, json::object schema,
                       std::string_view doc) {
  return {
      {"name", name}, {"in", in}, {"required", false}, {"description", doc}, {"schema", std::move(schema)}};
}

json::object whole(std::int64_t usual) { return {{"type", "integer"}, {"minimum", 1}, {"default", usual}}; }

json::object make_parameters() {
  const json::object string{{"type", "string"}};
  json::object limit = whole(100);
  limit["maximum"] = 1000;
  return {
      {"page", parameter("page", "query", whole(1), "from 1")},
      {"limit", parameter("limit", "query", std::move(limit), "how many items; more than 1000 are 1000")},
      {"cursor", parameter("cursor", "query", string,
                           "`next_cursor` of the answer before: the items behind it, in place of `page`")},
      {"q", parameter("q", "query", string,
                      "Filter by response properties: = != : !: >= <= > <, AND, OR, NOT and parentheses")},
      {"If-None-Match", parameter("If-None-Match", "header", string,
                                  "an ETag: when the object still has it, 304 without a body")},
      {"If-Match", parameter("If-Match", "header", string,
                             "an ETag: when the object has another by now, 412 and nothing is changed")},
      {"Idempotency-Key", parameter("Idempotency-Key", "header", {{"type", "string"}, {"maxLength", 255}},
                                    "the same key and request act once in 24 hours; the first answer is "
                                    "given again")}};
}

json::object header(std::string_view type, std::string_view doc) {
  return {{"description", doc}, {"schema", {{"type", type}}}};
}

json::object make_headers() {
  return {{"X-Request-Id", header("string", "the client's own, or one made here")},
          {"X-Request-Cost", header("integer", "x-request-cost, and x-item-cost for each object read")},
          {"X-RateLimit-Limit", header("integer", "requests of the user in a minute")},
          {"X-RateLimit-Remaining", header("integer", "how many of them are left")},
          {"X-RateLimit-Reset", header("integer", "seconds until the next one becomes free")},
          {"Retry-After", header("integer", "seconds to wait")},
          {"ETag", header("string", "the version of this object, for If-None-Match and If-Match")},
          {"Idempotency-Replayed", header("boolean", "there when this is an answer given before")}};
}

}  // namespace

json::object make_components(const Routes& routes) {
  json::object responses;
  for (const Refusal& refusal : kRefusals) {
    responses[refusal.name] = error_response(refusal);
  }
  json::object security{
      {"JWT", {{"type", "http"}, {"scheme", "bearer"}, {"bearerFormat", "JWT"}}},
      {"ClientIdInHeader", {{"type", "apiKey"}, {"in", "header"}, {"name", "X-Client-Id"}}},
      {"ClientKeyInHeader", {{"type", "apiKey"}, {"in", "header"}, {"name", "Authorization"}}}};
  return {{"schemas", make_schemas(routes)},
          {"parameters", make_parameters()},
          {"headers", make_headers()},
          {"responses", std::move(responses)},
          {"securitySchemes", std::move(security)}};
}

std::string_view error_response_name(int status) {
  for (const Refusal& refusal : kRefusals) {
    if (refusal.status == status) return refusal.name;
  }
  return {};
}

}  // namespace overture::api
