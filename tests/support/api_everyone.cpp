// One thing is changed at a time, so the answer has to name just that.
#include "support/api_everyone.hpp"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <stdexcept>

#include "base/text.hpp"

namespace overture::test {
namespace {

namespace json = boost::json;
using rest::Type;

/// A member without a project, una, is among them; rob and nobody are added by themselves.
constexpr std::array<std::string_view, 7> kEveryone{"ada", "ulf", "una", "ina", "pia", "ivy", "gil"};
constexpr std::string_view kNothing = "999999";
constexpr std::string_view kMissed = "Missed required request parameters";
/// Longer texts are tried by the tests of bad input.
constexpr std::int64_t kLongestTried = 10'000;

Step as(const Step& step, std::string person, int status, std::string message, std::string pattern = {}) {
  Step one = step;
  one.everyone.clear();
  one.person = std::move(person);
  one.status = status;
  one.message = std::move(message);
  one.pattern = std::move(pattern);
  if (one.message.empty() && one.pattern.empty()) one.message = "*";
  return one;
}

class BadInput {
 public:
  BadInput(const Step& step, const api::Route& route, std::string target, const std::string& body)
      : step_(step), route_(route), target_(std::move(target)), body_(body) {}

  std::vector<Step> make() {
    change_path();
    if (route_.method == http::Method::get) {
      change_query();
    } else if (!route_.inputs.empty()) {
      change_body();
    }
    return std::move(made_);
  }

 private:
  void add(std::string target, std::string body, int status, std::string_view message,
           std::string pattern = {}) {
    Step wrong = as(step_, "ada", status, std::string(message), std::move(pattern));
    wrong.target = std::move(target);
    wrong.body = std::move(body);
    made_.push_back(std::move(wrong));
  }

  /// A 400 that names the field.
  void refuse_field(std::string target, std::string body, std::string_view field) {
    add(std::move(target), std::move(body), 400, {},
        R"({"code": "invalid_value", "errors": [{"field": ")" + std::string(field) +
            R"(", "message": *}], ...})");
  }

  void change_path() {
    const auto question = std::min(target_.find('?'), target_.size());
    const std::vector<std::string> shape = parts(std::string(route_.path));
    const std::vector<std::string> given = parts(target_.substr(0, question));
    for (std::size_t i = 0; i < shape.size() && i < given.size(); ++i) {
      if (!shape[i].starts_with('{')) continue;
      for (const std::string_view id : {kNothing, std::string_view("x")}) {
        std::vector<std::string> changed = given;
        changed[i] = id;
        std::string path;
        for (const std::string& part : changed) path.append("/").append(part);
        add(path + target_.substr(question), body_, 404, {});
      }
    }
  }

  static std::vector<std::string> parts(const std::string& path) {
    std::vector<std::string> found;
    for (const std::string_view part : base::split(path, '/')) {
      if (!part.empty()) found.emplace_back(part);
    }
    return found;
  }

  void change_query() {
    for (const api::QueryParameter& own : route_.parameters) {
      if (own.required) add(without_parameter(own.name), {}, 400, kMissed);
      if (own.required && own.type == Type::string) refuse_parameter(own.name);
      refuse_parameter_of(own.name, own.type);
    }
    if (!route_.is_list) return;
    add(with_parameter("q", "nonsense"), {}, 400, "Invalid search query");
    if (route_.answer == nullptr) return;
    for (const rest::Field& field : route_.answer->resource().fields) {
      if (field.type != Type::rows) {
        if (!field.only_in_search) refuse_parameter_of(field.path, field.type);
        continue;
      }
      if (field.views != rest::kNoView) continue;
      for (const rest::Field& inner : field.child->fields)
        refuse_parameter_of(std::string(field.path) + "." + std::string(inner.path), inner.type);
    }
  }

  void refuse_parameter_of(std::string_view name, Type type) {
    if (type == Type::integer || type == Type::boolean || type == Type::time || type == Type::integers)
      refuse_parameter(name);
    if (type != Type::time) return;
    refuse_parameter(std::string(name) + "_from");
    refuse_parameter(std::string(name) + "_to");
  }

  void refuse_parameter(std::string_view name) { refuse_field(with_parameter(name, "soon"), {}, name); }

  /// In front, since the first of a name counts.
  std::string with_parameter(std::string_view name, std::string_view value) const {
    const auto question = target_.find('?');
    std::string made = target_.substr(0, question) + "?" + std::string(name) + "=" + std::string(value);
    return question == std::string::npos ? made : made + "&" + target_.substr(question + 1);
  }

  std::string without_parameter(std::string_view name) const {
    const auto question = std::min(target_.find('?') + 1, target_.size());
    std::string made = target_.substr(0, question);
    for (const std::string_view pair : base::split(std::string_view(target_).substr(question), '&')) {
      if (!pair.starts_with(std::string(name) + "=")) made.append(pair).append("&");
    }
    return made;
  }

  void change_body() {
    add(target_, "{", 400, "Invalid JSON");
    refuse_field(target_, "\"x\"", "body");
    const json::object good = json::parse(body_).as_object();
    for (const rest::Input& input : route_.inputs) {
      json::object body = good;
      if (input.required) {
        body.erase(input.key);
        add(target_, json::serialize(body), 400, kMissed);
        body[input.key] = nullptr;
        add(target_, json::serialize(body), 400, kMissed);
      }
      for (const auto& [value, field] : wrong_values(input)) {
        body[input.key] = value;
        refuse_field(target_, json::serialize(body), field);
      }
    }
    if (route_.needed.empty()) return;
    json::object body = good;
    for (const std::string_view key : route_.needed) body.erase(key);
    add(target_, json::serialize(body), 400, kMissed);
  }

  /// Each with the field that the answer has to name.
  static std::vector<std::pair<json::value, std::string>> wrong_values(const rest::Input& input) {
    const std::string key(input.key);
    switch (input.type) {
      case Type::integer:
        return {{"x", key}, {1.5, key}, {json::object(), key}};
      case Type::boolean:
        return {{"maybe", key}, {2, key}};
      case Type::time:
        return {{"soon", key}, {5, key}};
      case Type::object:
        return {{"x", key}, {json::array{1}, key}};
      case Type::integers:
        return {{"x", key}, {json::array{"x"}, key + "[0]"}};
      case Type::strings:
        return {{"x", key}, {json::array{5}, key + "[0]"}};
      case Type::array:
      case Type::rows:
        return {{"x", key}, {json::array{5}, key + "[0]"}};
      case Type::string:
        break;
    }
    std::vector<std::pair<json::value, std::string>> wrong{{5, key}, {json::array{"x"}, key}};
    if (!input.allowed.empty()) wrong.emplace_back("none of these", key);
    if (input.max <= kLongestTried)
      wrong.emplace_back(std::string(static_cast<std::size_t>(input.max) + 1, 'x'), key);
    return wrong;
  }

  const Step& step_;
  const api::Route& route_;
  std::string target_;
  const std::string& body_;
  std::vector<Step> made_;
};

}  // namespace

std::vector<Step> steps_of_everyone(const Step& step) {
  std::vector<Step> steps{as(step, "nobody", 401, "Access token is required for this operation.")};
  if (step.method != "GET") steps.push_back(as(step, "rob", 403, "This API key may only read"));
  std::vector<std::string> named;
  for (const bool refused : {true, false}) {
    for (const Outcome& outcome : step.everyone) {
      if ((outcome.status != 200) != refused) continue;
      for (const std::string& person : outcome.people) {
        named.push_back(person);
        steps.push_back(as(step, person, outcome.status, outcome.message, outcome.pattern));
        if (person == "ada" && step.method == "GET") {
          steps.push_back(as(step, "rob", outcome.status, outcome.message, outcome.pattern));
        }
      }
    }
  }
  std::sort(named.begin(), named.end());
  std::vector<std::string> wanted(kEveryone.begin(), kEveryone.end());
  std::sort(wanted.begin(), wanted.end());
  if (named != wanted) throw std::runtime_error("everyone is not everybody, each once");
  return steps;
}

std::vector<Step> steps_of_bad_input(const Step& step, const api::Route& route, const std::string& target,
                                     const std::string& body) {
  return BadInput(step, route, target, body).make();
}

}  // namespace overture::test
