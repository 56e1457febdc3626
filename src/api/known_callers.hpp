// Who was admitted lately, so that the same credentials need not be looked up for each request.
#pragma once
#include <mutex>

#include "api/authentication.hpp"
#include "base/lru_cache.hpp"
#include "db/database.hpp"

namespace overture::api {

/// Callers by a hash of what they sent; each holds for as long as nothing was committed to the database and
/// its token has not ended, so that a token that was revoked is refused at once, by whichever process that
/// was done. On PostgreSQL nothing is remembered. Safe for many threads.
class KnownCallers {
 public:
  KnownCallers(const db::Database& database, const TokenKeys& keys) : database_(database), keys_(keys) {}

  /// As authenticate().
  Caller authenticate(db::Connection& connection, const http::Request& request, base::Millis now);

 private:
  struct Known {
    db::Stamp stamp;
    Admitted admitted;
  };
  static constexpr std::size_t kMostKnown = 1000;

  std::optional<Caller> find(std::string_view hash, const db::Stamp& stamp, base::Millis now);
  void remember(std::string_view hash, Known known);

  const db::Database& database_;
  const TokenKeys& keys_;
  std::mutex mutex_;
  base::LruCache<Known> known_{kMostKnown};
};

}  // namespace overture::api
