// What handlers share: made once by the composition root.
#pragma once
#include "api/login_guard.hpp"
#include "api/rate_limit.hpp"
#include "api/tokens.hpp"
#include "api/usage.hpp"
#include "base/clock.hpp"
#include "base/seal.hpp"
#include "db/database.hpp"
#include "mailbox/probe.hpp"
#include "outreach/install.hpp"
#include "rest/caches.hpp"

namespace overture::api {

struct Services {
  db::Database& database;
  const base::Clock& clock;
  const TokenKeys& tokens;
  rest::Caches& caches;
  RateLimit& rate_limit;
  Usage& usage;
  LoginGuard& login_guard;
  const base::Sealer& sealer;
  mailbox::Probe& probe;
  mailbox::TokenSource& token_source;
  const outreach::Install& install;
};

}  // namespace overture::api
