// The page behind the unsubscribe link of a mail, at /u/<token>: for people who have no account here.
#pragma once
#include <string_view>

#include "base/clock.hpp"
#include "db/database.hpp"
#include "http/message.hpp"
#include "outreach/install.hpp"

namespace overture::api {

/// GET asks and changes nothing, because mail scanners open every link. POST, of the page's button or of a
/// mail program (RFC 8058), puts the recipient's address on the do-not-email list of the account at once.
/// Unknown tokens are answered 404, all alike.
class UnsubscribePage {
 public:
  UnsubscribePage(db::Database& database, const base::Clock& clock, const outreach::Install& install)
      : database_(database), clock_(clock), install_(install) {}

  static bool is_here(std::string_view path) { return path.starts_with("/u/"); }
  /// `closed`: maintenance; answered 503. `reply` may be called from another thread. Never throws.
  void answer(http::Request&& request, bool closed, http::Reply reply) const;

 private:
  struct Mail;
  Mail load_mail(db::Connection& connection, std::string_view path) const;
  void unsubscribe(db::Connection& connection, const Mail& mail) const;

  db::Database& database_;
  const base::Clock& clock_;
  const outreach::Install& install_;
};

}  // namespace overture::api
