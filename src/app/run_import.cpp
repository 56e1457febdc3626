// `overture import`: the database and the signals around run_import().
#include <unistd.h>

#include <iostream>

#include "app/command_import.hpp"
#include "app/commands.hpp"
#include "app/stop_signals.hpp"
#include "app/store.hpp"

namespace overture::app {

int run_import_command(const Config& config, const ImportArguments& arguments) {
  Store store = open_store(config, 2);
  const base::SystemClock clock;
  return run_import(*store.database, {.file = arguments.file,
                                      .campaign = arguments.campaign,
                                      .merge_duplicate_personalization = arguments.merge,
                                      .clock = clock,
                                      .out = std::cout,
                                      .errors = std::cerr,
                                      .is_tty = isatty(STDOUT_FILENO) == 1,
                                      .stop = &stop_requested()});
}

}  // namespace overture::app
