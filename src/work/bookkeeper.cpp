#include "work/bookkeeper.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "outreach/taken.hpp"
#include "work/outage.hpp"

namespace overture::work {

using outreach::ClaimedMail;

void Bookkeeper::book(const std::vector<ClaimedMail>& mails) {
  if (mails.empty() || try_to_book(mails) != Booked::none || mails.size() == 1) return;
  // One of them is to blame; it shall not hold up the others.
  for (const ClaimedMail& mail : mails) {
    if (try_to_book({mail}) == Booked::database_is_away) return;
  }
}

Bookkeeper::Booked Bookkeeper::try_to_book(const std::vector<ClaimedMail>& mails) {
  try {
    database_.write([&](db::Connection& connection) { book_taken(connection, mails, clock_.now()); });
    return Booked::all;
  } catch (const std::exception& error) {
    base::log_warning("sent mails wait for the books", {{"mail", mails.front().mail},
                                                        {"mails", static_cast<std::int64_t>(mails.size())},
                                                        {"error", error.what()}});
    return is_outage(error) ? Booked::database_is_away : Booked::none;
  }
}

void Bookkeeper::book_left(base::Millis before) {
  std::vector<ClaimedMail> left = database_.read(
      [before](db::Connection& connection) { return outreach::find_taken(connection, before); });
  std::stable_sort(left.begin(), left.end(),
                   [](const ClaimedMail& a, const ClaimedMail& b) { return a.account < b.account; });
  for (auto first = left.begin(); first != left.end();) {
    const auto last = std::find_if(first, left.end(),
                                   [&](const ClaimedMail& mail) { return mail.account != first->account; });
    book({first, last});
    first = last;
  }
}

}  // namespace overture::work
