#include "app/password.hpp"

#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <string>

#include "app/settings.hpp"

namespace overture::app {
namespace {

/// Echo off until the end of the scope.
class SilentTerminal {
 public:
  SilentTerminal() : known_(tcgetattr(STDIN_FILENO, &before_) == 0) {
    if (!known_) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    silent.c_lflag |= ECHONL;
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  }
  ~SilentTerminal() {
    if (known_) tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  SilentTerminal(const SilentTerminal&) = delete;
  SilentTerminal& operator=(const SilentTerminal&) = delete;

 private:
  termios before_{};
  bool known_;
};

std::string read_line() {
  std::string line;
  if (!std::getline(std::cin, line) && line.empty()) {
    throw UsageError("no password: write it to standard input, as one line");
  }
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

}  // namespace

base::Secret read_password() {
  if (isatty(STDIN_FILENO) != 1) return base::Secret(read_line());
  const SilentTerminal silent;
  fmt::print(stderr, "Password: ");
  std::string password = read_line();
  fmt::print(stderr, "The same again: ");
  if (read_line() != password) throw UsageError("the two passwords differ");
  return base::Secret(std::move(password));
}

}  // namespace overture::app
