#include "app/postgres_tools.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "base/error.hpp"

namespace overture::app {
namespace {

using base::Error;
using base::ErrorCode;

/// `NAME=value` for everything the URL says, on top of this process's environment.
std::vector<std::string> environment_for(const std::string& url) {
  char* problem = nullptr;
  std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(PQconninfoParse(url.c_str(), &problem),
                                                                       PQconninfoFree);
  if (!options) {
    // libpq's own message may quote the address, and with it the password.
    PQfreemem(problem);
    throw Error(ErrorCode::invalid_value, "the database address is no PostgreSQL URL");
  }
  std::vector<std::string> variables;
  std::vector<std::string> names;
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val == nullptr || option->envvar == nullptr) continue;
    names.push_back(std::string(option->envvar) + "=");
    variables.push_back(names.back() + option->val);
  }
  for (char** variable = environ; *variable != nullptr; ++variable) {
    bool replaced = false;
    for (const std::string& name : names)
      replaced = replaced || std::string_view(*variable).starts_with(name);
    if (!replaced) variables.emplace_back(*variable);
  }
  return variables;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

}  // namespace

void run_postgres_tool(const std::string& program, const std::vector<std::string>& arguments,
                       const std::string& url) {
  std::vector<std::string> variables = environment_for(url);
  std::vector<std::string> words = {program};
  words.insert(words.end(), arguments.begin(), arguments.end());
  pid_t child = 0;
  const int failure = posix_spawnp(&child, program.c_str(), nullptr, nullptr, pointers(words).data(),
                                   pointers(variables).data());
  if (failure == ENOENT) {
    throw Error(ErrorCode::unavailable,
                fmt::format("{} is not installed; it comes with PostgreSQL's client programs (on Debian the "
                            "package postgresql-client)",
                            program));
  }
  if (failure != 0) {
    throw Error(ErrorCode::unavailable, fmt::format("cannot start {}: {}", program, std::strerror(failure)));
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    throw Error(ErrorCode::unavailable, fmt::format("{} failed; its message stands above", program));
  }
}

}  // namespace overture::app
