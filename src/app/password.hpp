// Passwords from a person or a pipe.
#pragma once
#include "base/log.hpp"

namespace overture::app {

/// One line of standard input without its line end. A terminal is asked on standard error, twice, without
/// echo. Throws UsageError when there is none, or the two differ.
base::Secret read_password();

}  // namespace overture::app
