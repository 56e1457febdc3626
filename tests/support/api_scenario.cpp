// Line by line; what a line is depends on its first characters and on what came before it in its step.
#include "support/api_scenario.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace overture::test {
namespace {

/// `Name: value`, with a name that only has letters, digits and dashes.
bool take_header(const std::string& line, std::vector<std::pair<std::string, std::string>>& headers) {
  const auto colon = line.find(": ");
  if (colon == std::string::npos || colon == 0) return false;
  for (std::size_t i = 0; i < colon; ++i) {
    if (std::isalnum(static_cast<unsigned char>(line[i])) == 0 && line[i] != '-') return false;
  }
  headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
  return true;
}

void append_line(std::string& text, const std::string& line) { text += (text.empty() ? "" : "\n") + line; }

class Reader {
 public:
  explicit Reader(const std::string& file) : scenario_{file, {}} {}

  Scenario read() {
    std::ifstream in(scenario_.file);
    if (!in) throw std::runtime_error("cannot read " + scenario_.file);
    for (std::string line; std::getline(in, line);) {
      ++line_;
      take(line);
    }
    finish();
    return std::move(scenario_);
  }

 private:
  void take(const std::string& line) {
    if (line.empty()) return finish();
    if (line.front() == '#') return;
    if (line.starts_with("-- ")) {
      finish();
      obey(line.substr(3));
      return;
    }
    if (!open_) return begin(line);
    if (line.starts_with("-> ")) return expect(line.substr(3));
    if (!step_.everyone.empty()) return append_line(step_.everyone.back().pattern, line);
    if (step_.status == 0) {
      if (!step_.body.empty() || !take_header(line, step_.headers)) append_line(step_.body, line);
    } else if (!step_.message.empty()) {
      if (!take_header(line, step_.answer_headers)) fail("an answer has either a message or a pattern");
    } else if (!step_.pattern.empty() || !take_header(line, step_.answer_headers)) {
      append_line(step_.pattern, line);
    }
  }

  void start() {
    step_ = {};
    step_.file = scenario_.file;
    step_.line = line_;
  }

  void obey(const std::string& directive) {
    constexpr std::string_view include = "include ";
    if (directive.starts_with(include)) {
      const auto folder = scenario_.file.substr(0, scenario_.file.rfind('/') + 1);
      const Scenario other = load_scenario(folder + directive.substr(include.size()) + ".setup");
      scenario_.steps.insert(scenario_.steps.end(), other.steps.begin(), other.steps.end());
      return;
    }
    start();
    step_.directive = directive;
    scenario_.steps.push_back(step_);
  }

  void begin(const std::string& line) {
    open_ = true;
    start();
    std::istringstream words(line);
    words >> step_.person >> step_.method;
    std::getline(words >> std::ws, step_.target);
    if (step_.target.empty()) fail("a request is `who METHOD target`");
  }

  /// `-> 404 una gil: Tag not found`
  void expect_of_some(const std::string& text) {
    const auto colon = std::min(text.find(": "), text.size());
    std::istringstream words(text.substr(0, colon));
    Outcome outcome;
    if (!(words >> outcome.status)) fail("an answer begins with its status");
    for (std::string person; words >> person;) outcome.people.push_back(person);
    if (colon < text.size())
      (text[colon + 2] == '{' ? outcome.pattern : outcome.message) = text.substr(colon + 2);
    step_.everyone.push_back(std::move(outcome));
  }

  void expect(const std::string& text) {
    if (step_.person == "everyone") return expect_of_some(text);
    if (step_.status != 0) fail("a second answer: is a blank line missing?");
    std::istringstream words(text);
    if (!(words >> step_.status)) fail("an answer begins with its status");
    std::getline(words >> std::ws, step_.message);
  }

  void finish() {
    if (!open_) return;
    open_ = false;
    if (!step_.everyone.empty()) return scenario_.steps.push_back(step_);
    if (step_.status == 0) fail("a request without an answer");
    if (step_.message.empty() && step_.pattern.empty())
      fail("an answer without a body; `-> 200 *` takes any");
    scenario_.steps.push_back(step_);
  }

  [[noreturn]] void fail(const std::string& problem) const {
    throw std::runtime_error(scenario_.file + ":" + std::to_string(line_) + ": " + problem);
  }

  Scenario scenario_;
  Step step_;
  bool open_ = false;
  int line_ = 0;
};

}  // namespace

Scenario load_scenario(const std::string& file) { return Reader(file).read(); }

}  // namespace overture::test
