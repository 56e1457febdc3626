// Requests are sent, answers compared; directives move the world around the server.
#include "support/api_runner.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cctype>
#include <stdexcept>
#include <utility>

#include "base/time.hpp"
#include "http/router.hpp"
#include "support/api_everyone.hpp"
#include "support/api_text.hpp"
#include "support/api_transcript.hpp"

namespace overture::test {
namespace {

namespace json = boost::json;

http::Method method_of(const std::string& name) {
  using enum http::Method;
  for (const http::Method method : {get, head, post, put, patch, delete_, options}) {
    if (http::method_name(method) == name) return method;
  }
  throw std::runtime_error("unknown method " + name);
}

std::string header_of(const http::Response& response, std::string_view name) {
  for (const http::Header& header : response.headers) {
    if (header.name == name) return header.value;
  }
  return "none";
}

/// The documented costs: 2 a request and 1 an item of what is read; logging in is free.
std::string cost_of(const http::Request& request, const json::value& body) {
  if (request.path.starts_with("/api/auth/")) return "0";
  if (request.method != http::Method::get) return "2";
  const json::value* items = body.is_object() ? body.get_object().if_contains("items") : nullptr;
  return std::to_string(2 + (items != nullptr ? items->as_array().size() : 1));
}

std::string parse_or_explain(const std::string& text, json::value& value) {
  boost::system::error_code problem;
  value = json::parse(text, problem);
  return problem ? problem.message() : "";
}

}  // namespace

ScenarioRunner::ScenarioRunner(const Scenario& scenario, ApiHouse& house)
    : scenario_(scenario), house_(house) {
  learn_facts();
}

void ScenarioRunner::learn_facts() {
  for (const auto& [name, text] : house_.facts()) {
    const bool number =
        !text.empty() && text.find_first_not_of("0123456789") == std::string::npos && text.size() < 16;
    variables_[name] = number ? json::value(std::stoll(text)) : json::value(text);
  }
}

void ScenarioRunner::fail(const Step& step, const std::string& problem) const {
  ADD_FAILURE_AT(step.file.c_str(), step.line) << problem;
}

void ScenarioRunner::run() {
  const Step* before = nullptr;
  for (const Step& step : scenario_.steps) {
    const Step* last = std::exchange(before, &step);
    try {
      if (!step.directive.empty()) {
        obey(step);
        continue;
      }
      if (!step.everyone.empty()) {
        send_as_everyone(step, last);
        continue;
      }
      for (int i = 1; i <= times_; ++i) {
        variables_["i"] = i;
        send(step);
      }
      times_ = 1;
    } catch (const UnknownVariable& problem) {
      fail(step, std::string(problem.what()) + "; the scenario ends here");
      return;
    } catch (const std::exception& problem) {
      fail(step, problem.what());
    }
  }
}

/// What one has deleted is made again by the step before, for the next. A minute passes, so that no one
/// person asks too often.
void ScenarioRunner::send_as_everyone(const Step& step, const Step* before) {
  http::Router router;
  const api::Routes& routes = house_.app().pipeline().routes();
  for (const api::Route& route : routes) router.add(route.method, route.path);
  const std::string target = fill_in(step.target, false);
  const int found = router.find(method_of(step.method), target.substr(0, target.find('?'))).route;
  if (found < 0) throw std::runtime_error("everyone asks for what is no operation");
  const api::Route& route = routes.at(static_cast<std::size_t>(found));
  for (const Step& each : steps_of_bad_input(step, route, target, fill_in(step.body, true))) send(each);
  bool is_gone = false;
  for (const Step& each : steps_of_everyone(step)) {
    const bool deletes = each.method == "DELETE" && each.status == 200;
    if (deletes && is_gone && before != nullptr) send(*before);
    is_gone = is_gone || deletes;
    send(each);
  }
  house_.clock().advance(base::kMinute + base::kSecond);
}

std::string ScenarioRunner::fill_in(const std::string& text, bool is_json) const {
  return fill_in_text(text, variables_, is_json);
}

void ScenarioRunner::obey(const Step& step) {
  const std::string text = fill_in(step.directive, false);
  const auto words = words_of(text);
  if (words.size() == 2 && words[0] == "advance") {
    house_.clock().advance(parse_stretch(words[1]));
  } else if (text == "run jobs") {
    house_.run_jobs();
  } else if (text == "tell events") {
    house_.tell_events();
  } else if (text == "tick") {
    house_.app().pipeline().tick();
    house_.app().pipeline().flush();
  } else if (text == "restart") {
    house_.restart();
  } else if (words.size() == 2 && words[0] == "times") {
    times_ = std::stoi(words[1]);
  } else if (words.size() >= 4 && words[0] == "person") {
    house_.add_person(words[1], words[2], words[3]);
    for (std::size_t i = 4; i < words.size(); ++i) house_.grant(words[1], words[i]);
    learn_facts();
  } else if (!words.empty() && words[0] == "sql") {
    obey_sql(step, text.substr(4));
  } else {
    throw std::runtime_error("unknown directive: " + text);
  }
}

void ScenarioRunner::obey_sql(const Step& step, const std::string& text) {
  const auto arrow = text.rfind(" -> ");
  if (arrow == std::string::npos) {
    house_.app().database().write([&](db::Connection& connection) { connection.run_script(text); });
    return;
  }
  // Statements are made of literals everywhere else; a table for one answer is the way around that, and it
  // never becomes durable.
  struct Seen {
    std::string value;
  };
  const std::string script =
      "CREATE TABLE scenario_answer AS SELECT CAST((" + text.substr(0, arrow) + ") AS TEXT) AS value";
  const std::string expected = text.substr(arrow + 4);
  try {
    house_.app().database().write([&](db::Connection& connection) {
      connection.run_script(script);
      throw Seen{connection.text(db::Sql("SELECT value FROM scenario_answer"))};
    });
  } catch (const Seen& seen) {
    if (seen.value != expected) fail(step, "the database should say " + expected + ", says " + seen.value);
  }
}

http::Request ScenarioRunner::request_of(const Step& step) {
  http::Request request =
      house_.request(step.person, method_of(step.method), spaces_escaped(fill_in(step.target, false)),
                     fill_in(step.body, true));
  for (const auto& [name, value] : step.headers) request.headers.push_back({name, fill_in(value, false)});
  request.id = "request-" + std::to_string(++requests_);
  return request;
}

void ScenarioRunner::send(const Step& step) {
  const http::Request request = request_of(step);
  const json::value caller =
      wants_transcript() ? describe_caller(house_.app(), request, house_.clock().now()) : json::value();
  const http::Response response = house_.ask(request);
  transcript_ += std::to_string(step.line) + " " + std::to_string(response.status) + " " +
                 without_tokens(response.body) + "\n";
  write_transcript(step.file, step.line, house_.app().pipeline().routes(), caller, request, response);
  check(step, request, response);
}

void ScenarioRunner::check(const Step& step, const http::Request& request, const http::Response& response) {
  const std::string got = "\n  got: " + std::to_string(response.status) + " " + response.body;
  if (response.status == 304 && step.status == 304) {
    if (!response.body.empty()) fail(step, "a 304 has a body" + got);
    return;
  }
  json::value body;
  const std::string problem = parse_or_explain(response.body, body);
  if (!problem.empty()) return fail(step, "the answer is no JSON: " + problem + got);
  if (response.content_type != "application/json") fail(step, "the answer has another content type" + got);
  if (response.status != step.status) {
    return fail(step, step.method + " " + request.target + " should answer " + std::to_string(step.status) +
                          " " + step.message + step.pattern + got);
  }
  check_headers(step, request, response);
  if (response.status >= 400) check_error(step, request, body);
  if (request.method == http::Method::get && response.status == 200) check_elsewhere(step, request, response);
  if (response.status == 200 && request.path.starts_with("/api/")) {
    const std::string cost = header_of(response, "X-Request-Cost");
    if (cost != cost_of(request, body))
      fail(step, "the cost should be " + cost_of(request, body) + ", is " + cost);
  }
  std::string difference;
  if (!step.pattern.empty()) {
    difference = Pattern::parse(fill_in_repeats(step.pattern)).difference(body, variables_);
  } else if (step.message != "*") {
    const json::value expected(fill_in(step.message, false));
    if (body.at("message") != expected) difference = "the message should be " + json::serialize(expected);
  }
  if (!difference.empty()) fail(step, step.method + " " + request.target + ": " + difference + got);
}

void ScenarioRunner::check_headers(const Step& step, const http::Request& request,
                                   const http::Response& response) {
  for (const auto& [name, pattern] : step.answer_headers) {
    const std::string value = header_of(response, name);
    const std::string wanted = fill_in(pattern, false);
    if (wanted == "*" ? value == "none" : value != wanted) {
      fail(step, "the header " + name + " should be " + wanted + ", is " + value + " for " + request.target);
    }
  }
}

void ScenarioRunner::check_error(const Step& step, const http::Request& request, const json::value& body) {
  static const Pattern shape = Pattern::parse(R"({"message": *, "code": *, "request_id": *, ...})");
  Variables none;
  std::string problem = shape.difference(body, none);
  if (!problem.empty()) return fail(step, "an error has another shape: " + problem);
  const json::object& object = body.get_object();
  if (object.begin()->key() != "message") fail(step, "an error begins with another key than message");
  if (object.at("request_id") != json::value(request.id)) fail(step, "an error names another request_id");
  const json::value* errors = object.if_contains("errors");
  if (object.size() != (errors != nullptr ? 4 : 3)) fail(step, "an error has further keys");
  if (errors == nullptr) return;
  const json::value& first = errors->as_array().at(0);
  const std::string sentence =
      std::string(first.at("field").as_string()) + ": " + std::string(first.at("message").as_string());
  // The text for queries is documented and the same for all: only errors[0] says what is wrong.
  if (object.at("code") != "invalid_query" && object.at("message") != json::value(sentence))
    fail(step, "errors[0] says something else than message: " + sentence);
}

void ScenarioRunner::check_elsewhere(const Step& step, const http::Request& request,
                                     const http::Response& response) {
  const http::Response other = house_.ask_elsewhere(request);
  if (other.status == response.status && other.body == response.body) return;
  fail(step, "a server without caches answers something else\n  here:      " + response.body +
                 "\n  elsewhere: " + std::to_string(other.status) + " " + other.body);
}

}  // namespace overture::test
