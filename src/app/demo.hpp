// The workspace that `overture serve --demo` shows.
#pragma once
#include <string>

#include "base/clock.hpp"
#include "db/database.hpp"

namespace overture::app {

/// How to log in to the demo workspace: the first admin of its account.
struct DemoLogin {
  std::string account;
  std::string email;
  std::string password;
};

/// Makes the demo workspace when it is not there; safe to call at each start, and after one that was killed.
DemoLogin ensure_demo(db::Database& database, const base::Clock& clock);

}  // namespace overture::app
