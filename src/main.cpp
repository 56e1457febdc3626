// The program.
#include "app/command_line.hpp"
#include "app/stop_signals.hpp"

int main(int argc, char** argv) {
  overture::app::prepare_signals();
  return overture::app::run_command_line(argc, argv);
}
