// Runs a scenario against a house and reports each difference at its line.
#pragma once
#include <string>

#include "support/api_house.hpp"
#include "support/api_pattern.hpp"
#include "support/api_scenario.hpp"

namespace overture::test {

class ScenarioRunner {
 public:
  ScenarioRunner(const Scenario& scenario, ApiHouse& house);

  /// Failures go to GoogleTest. After one that leaves a variable unknown the rest of the scenario is not run.
  void run();

  /// All answers, with random tokens replaced: the same on every engine.
  const std::string& transcript() const { return transcript_; }
  int requests() const { return requests_; }

 private:
  void obey(const Step& step);
  void obey_sql(const Step& step, const std::string& text);
  void send(const Step& step);
  void send_as_everyone(const Step& step, const Step* before);
  http::Request request_of(const Step& step);
  void check(const Step& step, const http::Request& request, const http::Response& response);
  void check_headers(const Step& step, const http::Request& request, const http::Response& response);
  void check_error(const Step& step, const http::Request& request, const boost::json::value& body);
  void check_elsewhere(const Step& step, const http::Request& request, const http::Response& response);
  void learn_facts();
  std::string fill_in(const std::string& text, bool is_json) const;
  void fail(const Step& step, const std::string& problem) const;

  const Scenario& scenario_;
  ApiHouse& house_;
  Variables variables_;
  std::string transcript_;
  int requests_ = 0;
  int times_ = 1;
};

}  // namespace overture::test
