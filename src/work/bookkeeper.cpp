#include "work/bookkeeper.hpp"

#include "base/log.hpp"
#include "outreach/taken.hpp"

namespace overture::work {

using outreach::ClaimedMail;

void Bookkeeper::book(std::vector<ClaimedMail> mails) {
  if (mails.empty() || try_to_book(mails)) return;
  // One of them may be to blame; it shall not hold up the others.
  for (ClaimedMail& mail : mails) {
    if (const std::vector<ClaimedMail> alone{std::move(mail)}; !try_to_book(alone)) keep(alone);
  }
}

bool Bookkeeper::try_to_book(const std::vector<ClaimedMail>& mails) {
  try {
    database_.write([&](db::Connection& connection) { book_taken(connection, mails, clock_.now()); });
    return true;
  } catch (const std::exception& error) {
    base::log_warning("sent mails wait for the books", {{"mail", mails.front().mail},
                                                        {"mails", static_cast<std::int64_t>(mails.size())},
                                                        {"error", error.what()}});
    return false;
  }
}

void Bookkeeper::keep(const std::vector<ClaimedMail>& mails) {
  const std::lock_guard lock(mutex_);
  kept_.insert(kept_.end(), mails.begin(), mails.end());
}

void Bookkeeper::book_kept() {
  std::vector<ClaimedMail> kept;
  {
    const std::lock_guard lock(mutex_);
    kept.swap(kept_);
  }
  book(std::move(kept));
}

void Bookkeeper::rescue(base::Millis before) {
  for (;;) {
    std::vector<ClaimedMail> left = database_.read(
        [before](db::Connection& connection) { return outreach::find_taken(connection, before); });
    if (left.empty() || !try_to_book(left)) return book(std::move(left));
  }
}

}  // namespace overture::work
