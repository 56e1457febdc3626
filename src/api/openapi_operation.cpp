// Everything is read off the route; statuses and headers follow what the pipeline does with such a route.
#include "api/openapi_operation.hpp"

#include <algorithm>
#include <boost/json/array.hpp>

#include "api/openapi_components.hpp"
#include "api/openapi_examples.hpp"
#include "api/openapi_schema.hpp"
#include "base/text.hpp"

namespace overture::api {
namespace {

namespace json = boost::json;
using rest::Type;

class Operation {
 public:
  Operation(const Route& route, bool matched)
      : route_(route),
        matched_(matched),
        reads_(route.method == http::Method::get),
        example_(example_of(route)) {}

  json::object make() const;

 private:
  static const json::object* example_of(const Route& route) {
    return find_example(std::string(http::method_name(route.method)) + " " + std::string(route.path));
  }
  const json::value* example(std::string_view key) const {
    return example_ == nullptr ? nullptr : example_->if_contains(key);
  }

  json::array parameters() const;
  void add_list_parameters(json::array& parameters) const;
  json::object parameter(std::string_view name, std::string_view in, json::object schema, bool required,
                         std::string_view doc) const;
  void add_filters(json::array& parameters, const std::string& name, Type type) const;
  /// Whether the route describes a parameter of this name itself.
  bool names_own(std::string_view name) const;
  json::object body() const;
  json::object answer_schema() const;
  json::object content(json::object schema, std::string_view example_key) const;
  json::object headers() const;
  json::object responses() const;
  std::string id() const;

  bool open() const { return route_.permission == Permission::anyone; }
  /// For Idempotency-Key.
  bool keeps_answers() const {
    const bool only_looks = route_.lane == Lane::read || route_.lane == Lane::outside;
    return route_.method == http::Method::post && !only_looks && !open();
  }

  const Route& route_;
  bool matched_;
  bool reads_;
  const json::object* example_;
};

json::object Operation::parameter(std::string_view name, std::string_view in, json::object schema,
                                  bool required, std::string_view doc) const {
  json::object made{{"name", name}, {"in", in}, {"required", required}, {"schema", std::move(schema)}};
  if (!doc.empty()) made["description"] = doc;
  const json::value* values = example("parameters");
  const json::value* value = values == nullptr ? nullptr : values->as_object().if_contains(name);
  if (value != nullptr) made["example"] = *value;
  return made;
}

/// A filter by the property of its name. Times have two more, for their bounds.
void Operation::add_filters(json::array& parameters, const std::string& name, Type type) const {
  std::vector<std::string> names{name};
  if (type == Type::time) names.insert(names.end(), {name + "_from", name + "_to"});
  for (const std::string& each : names) {
    if (names_own(each)) continue;
    std::string doc = "Filtering by " + each;
    if (type == Type::time) doc += ": a date, or two with a | between them (both included)";
    if (type == Type::integer) doc += "; several with commas";
    parameters.push_back(parameter(each, "query", schema_of(type), false, doc));
  }
}

bool Operation::names_own(std::string_view name) const {
  return std::any_of(route_.parameters.begin(), route_.parameters.end(),
                     [&](const QueryParameter& own) { return own.name == name; });
}

void Operation::add_list_parameters(json::array& parameters) const {
  for (std::string_view name : {"page", "limit"}) parameters.push_back(reference("parameters", name));
  if (route_.answer == nullptr) return;
  for (std::string_view name : {"cursor", "q"}) parameters.push_back(reference("parameters", name));
  for (const rest::Field& field : route_.answer->resource().fields) {
    if (field.type == Type::rows) {
      if (field.views != rest::kNoView) continue;
      for (const rest::Field& inner : field.child->fields) {
        add_filters(parameters, std::string(field.path) + "." + std::string(inner.path), inner.type);
      }
    } else if (!field.only_in_search) {
      add_filters(parameters, std::string(field.path), field.type);
    }
  }
}

json::array Operation::parameters() const {
  json::array made;
  for (std::string_view part : base::split(route_.path, '/')) {
    if (part.empty() || part.front() != '{') continue;
    made.push_back(parameter(part.substr(1, part.size() - 2), "path", schema_of(Type::integer), true, {}));
  }
  if (route_.is_list) add_list_parameters(made);
  for (const QueryParameter& own : route_.parameters) {
    made.push_back(parameter(own.name, "query", schema_of(own.type), own.required, own.doc));
    // `1,2`; repeated names and brackets are read, too.
    if (own.type == Type::integers) made.back().as_object()["explode"] = false;
  }
  if (shows_object(route_)) made.push_back(reference("parameters", "If-None-Match"));
  if (matched_) made.push_back(reference("parameters", "If-Match"));
  if (keeps_answers()) made.push_back(reference("parameters", "Idempotency-Key"));
  return made;
}

json::object Operation::content(json::object schema, std::string_view example_key) const {
  json::object made{{"schema", std::move(schema)}};
  if (const json::value* value = example(example_key)) made["example"] = *value;
  return {{"application/json", std::move(made)}};
}

/// A body may be left out when nothing in it is needed.
json::object Operation::body() const {
  json::object schema = body_schema_of(route_);
  bool required = schema.contains("required") || schema.contains("anyOf");
  return {{"required", required}, {"content", content(std::move(schema), "body")}};
}

json::object Operation::answer_schema() const {
  if (route_.forms.empty()) return reference("schemas", kNothingSchema);
  json::array choices;
  for (const Form& form : route_.forms) choices.push_back(reference("schemas", form.name));
  json::object one = choices.size() > 1 ? json::object{{"anyOf", choices}} : choices.front().as_object();
  if (!route_.is_list) {
    if (!route_.answers_array) return one;
    json::object many{{"type", "array"}, {"items", one}};
    return {{"oneOf", json::array{std::move(one), std::move(many)}}};
  }
  const json::object number{{"type", "integer"}};
  return {{"type", "object"},
          {"properties",
           {{"items", {{"type", "array"}, {"items", std::move(one)}}},
            {"items_count", {{"type", "integer"}, {"description", "matches over all pages"}}},
            {"page", number},
            {"limit", number},
            {"next_cursor",
             {{"type", json::array{"string", "null"}},
              {"description", "for `cursor`; null when there are no more, or the list has another order"}}}}},
          {"required", json::array{"items", "items_count", "page", "limit", "next_cursor"}},
          {"additionalProperties", false}};
}

json::object Operation::headers() const {
  json::object made;
  for (std::string_view name : {"X-Request-Id", "X-Request-Cost"}) made[name] = reference("headers", name);
  if (!open()) {
    for (std::string_view name : {"X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"})
      made[name] = reference("headers", name);
  }
  if (shows_object(route_)) made["ETag"] = reference("headers", "ETag");
  if (keeps_answers()) made["Idempotency-Replayed"] = reference("headers", "Idempotency-Replayed");
  return made;
}

json::object Operation::responses() const {
  json::object made{
      {"200",
       {{"description", "Done"}, {"headers", headers()}, {"content", content(answer_schema(), "answer")}}}};
  if (shows_object(route_)) {
    made["304"] = json::object{{"description", "The object still has the ETag in If-None-Match"},
                               {"headers", headers()}};
  }
  std::vector<int> refusals{400, 401, 403};
  if (route_.path.find('{') != std::string_view::npos) refusals.push_back(404);
  if (!reads_ && !open()) refusals.push_back(409);
  if (matched_) refusals.push_back(412);
  if (!reads_) refusals.push_back(413);
  for (int status : {429, 500, 503}) refusals.push_back(status);
  for (int status : refusals) {
    made[std::to_string(status)] = reference("responses", error_response_name(status));
  }
  return made;
}

/// `get_api_campaigns_id` from the method and path.
std::string Operation::id() const {
  std::string made = base::lower_ascii(http::method_name(route_.method));
  for (char c : route_.path) {
    if (c == '/') made += '_';
    if ((c >= 'a' && c <= 'z') || c == '_') made += c;
  }
  return made;
}

json::object Operation::make() const {
  json::object made{{"tags", json::array{json::string(route_.tag)}},
                    {"summary", route_.summary},
                    {"operationId", id()},
                    {"x-request-cost", route_.cost}};
  if (reads_) made["x-item-cost"] = route_.cost > 0 ? 1 : 0;
  if (route_.number == 0) made["x-overture"] = true;
  if (open()) made["security"] = json::array();
  json::array asked = parameters();
  if (!asked.empty()) made["parameters"] = std::move(asked);
  if (!route_.inputs.empty()) made["requestBody"] = body();
  made["responses"] = responses();
  return made;
}

}  // namespace

json::object make_operation(const Route& route, bool matched) { return Operation(route, matched).make(); }

}  // namespace overture::api
