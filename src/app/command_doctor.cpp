// `overture doctor`: one line a check, status 1 when one of them is an error.
#include <fmt/format.h>

#include <array>

#include "app/checks.hpp"
#include "app/commands.hpp"

namespace overture::app {

int run_doctor(const Config& config, const Settings& settings) {
  constexpr std::array<std::string_view, 3> kNames = {"ok", "warning", "error"};
  const std::string file = settings.file().string();
  Findings findings = {{Health::ok, "configuration", file.empty() ? "no file, defaults" : file}};
  for (const Findings& more : {check_machine(config), check_database(config)}) {
    findings.insert(findings.end(), more.begin(), more.end());
  }
  int errors = 0;
  for (const Finding& finding : findings) {
    fmt::print("{:<8} {:<15} {}\n", kNames.at(static_cast<std::size_t>(finding.health)), finding.subject,
               finding.text);
    if (finding.health == Health::error) ++errors;
  }
  return errors == 0 ? 0 : 1;
}

}  // namespace overture::app
