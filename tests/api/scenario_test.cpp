// Every *.test file of this folder on both engines, and both engines held to the same answers.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>

#include "support/api_runner.hpp"

namespace overture::test {
namespace {

int requests_sent = 0;

class Scenarios : public testing::TestWithParam<std::tuple<std::string, db::Engine>> {};

/// The first line in which two transcripts differ.
std::string first_difference(const std::string& sqlite, const std::string& postgres) {
  const auto [here, there] = std::mismatch(sqlite.begin(), sqlite.end(), postgres.begin(), postgres.end());
  const auto line = [](const std::string& text, std::string::const_iterator at) {
    const auto start = text.rfind('\n', static_cast<std::size_t>(at - text.begin())) + 1;
    return text.substr(start, text.find('\n', start) - start);
  };
  return "\n  sqlite:   " + line(sqlite, here) + "\n  postgres: " + line(postgres, there);
}

/// Whichever engine comes second compares.
void compare_engines(const std::string& file, db::Engine engine, const std::string& transcript) {
  static std::map<std::string, std::map<db::Engine, std::string>> all;
  auto& known = all[file];
  known[engine] = transcript;
  if (known.size() < 2) return;
  const std::string& sqlite = known.at(db::Engine::sqlite);
  const std::string& postgres = known.at(db::Engine::postgres);
  EXPECT_TRUE(sqlite == postgres) << "the engines answer differently (step's line, status, body)"
                                  << first_difference(sqlite, postgres);
  known.clear();
}

TEST_P(Scenarios, Run) {
  const auto& [name, engine] = GetParam();
  const Scenario scenario = load_scenario(std::string(OVERTURE_TESTS_DIR) + "/api/" + name + ".test");
  ApiHouse house(engine);
  ScenarioRunner runner(scenario, house);
  runner.run();
  requests_sent += runner.requests();
  if (!HasFailure()) compare_engines(name, engine, runner.transcript());
}

std::vector<std::string> scenario_names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(OVERTURE_TESTS_DIR) + "/api")) {
    if (entry.path().extension() == ".test") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string case_name(const testing::TestParamInfo<Scenarios::ParamType>& info) {
  const bool sqlite = std::get<1>(info.param) == db::Engine::sqlite;
  return std::get<0>(info.param) + (sqlite ? "_sqlite" : "_postgres");
}

INSTANTIATE_TEST_SUITE_P(Api, Scenarios,
                         testing::Combine(testing::ValuesIn(scenario_names()),
                                          testing::Values(db::Engine::sqlite, db::Engine::postgres)),
                         case_name);

class Figures : public testing::Environment {
  void TearDown() override { std::printf("[ requests ] %d sent by scenarios\n", requests_sent); }
};
const testing::Environment* const figures = testing::AddGlobalTestEnvironment(new Figures);

}  // namespace
}  // namespace overture::test
