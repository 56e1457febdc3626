// docs/contract.md: one row for each documented operation, made from the routes that run and the scenarios
// that call them. The file is compared here and written anew with OVERTURE_UPDATE_GOLDENS=1.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "api/route.hpp"
#include "http/router.hpp"
#include "support/api_scenario.hpp"

namespace overture {
namespace {

constexpr int kDocumentedOperations = 52;

http::Method method_of(const std::string& name) {
  if (name == "POST") return http::Method::post;
  if (name == "PUT" || name == "PATCH") return http::Method::put;
  if (name == "DELETE") return http::Method::delete_;
  return http::Method::get;
}

/// For each route the scenario files that get a 200 from it.
std::map<int, std::set<std::string>> shown_by(const api::Routes& routes) {
  http::Router router;
  for (const api::Route& route : routes) router.add(route.method, route.path);
  std::map<int, std::set<std::string>> shown;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(OVERTURE_TESTS_DIR) + "/api")) {
    if (entry.path().extension() != ".test") continue;
    for (const test::Step& step : test::load_scenario(entry.path().string()).steps) {
      const bool included = step.file != entry.path().string();
      if (included || (step.status != 200 && step.everyone.empty())) continue;
      std::string path = step.target.substr(0, step.target.find('?'));
      for (char& c : path) {
        if (c == '$' || c == '{' || c == '}') c = '1';
      }
      int route = router.find(method_of(step.method), path).route;
      if (route >= 0) shown[route].insert(entry.path().filename().string());
    }
  }
  return shown;
}

/// The roles that a route lets in.
std::string roles_of(const api::Route& route) {
  if (route.permission == api::Permission::anyone) return "anyone";
  using enum api::Role;
  std::string names;
  int roles = 0;
  for (const api::Role role : {admin, user, inspector, personalizer, inspector_personalizer}) {
    if (!api::may(role, route.permission)) continue;
    names.append(names.empty() ? "" : ", ").append(api::role_name(role));
    ++roles;
  }
  return roles == 5 ? "all roles" : names;
}

std::string make_table(const api::Routes& routes, int& documented) {
  std::map<int, std::set<std::string>> shown = shown_by(routes);
  std::map<int, std::string> rows;
  for (std::size_t i = 0; i < routes.size(); ++i) {
    const api::Route& route = routes[i];
    if (route.number == 0) continue;
    std::string files;
    for (const std::string& file : shown[static_cast<int>(i)]) files += (files.empty() ? "" : ", ") + file;
    EXPECT_FALSE(files.empty()) << "no scenario gets a 200 from " << route.path;
    std::ostringstream row;
    row << "| " << route.number << " | " << route.tag << " | " << route.summary << " | "
        << http::method_name(route.method) << " `" << route.path << "` | " << roles_of(route) << " | "
        << files << " |";
    // Launch automation has two paths; the first one stands for it.
    if (rows.emplace(route.number, row.str()).second) ++documented;
  }
  std::string table =
      "# The documented operations\n\n"
      "Made from the routes and the scenarios (`./dev goldens` writes it anew). No deviations are known "
      "beyond the\n"
      "choices in `decisions/`. Whom an operation is for says nothing of which objects he sees: tests/api/"
      "everyone.test\n"
      "asks each as each role, from another account, without a token, and with all that can be wrong; "
      "tests/e2e/\n"
      "matrix_test.py counts that no case is left out.\n\n"
      "| # | Tag | Operation | Method and path | For | Shown by tests/api |\n"
      "| --- | --- | --- | --- | --- | --- |\n";
  for (const auto& [number, row] : rows) table += row + "\n";
  return table;
}

TEST(ContractTable, IsWhatRuns) {
  int documented = 0;
  std::string table = make_table(api::make_routes(), documented);
  std::string path = std::string(OVERTURE_SOURCE_DIR) + "/docs/contract.md";
  if (std::getenv("OVERTURE_UPDATE_GOLDENS") != nullptr) std::ofstream(path) << table;
  std::ifstream file(path);
  std::stringstream kept;
  kept << file.rdbuf();
  EXPECT_EQ(kept.str(), table) << "run ./dev goldens and look at what changed";
  EXPECT_LE(documented, kDocumentedOperations);
}

}  // namespace
}  // namespace overture
