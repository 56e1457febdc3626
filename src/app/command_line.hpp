// The arguments of the program, and the one place where its failures become messages and exit statuses.
#pragma once

namespace overture::app {

/// Status: 0 done, 1 it could not be done, 2 the command was not given as it must be.
int run_command_line(int argc, char** argv);

}  // namespace overture::app
