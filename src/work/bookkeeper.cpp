#include "work/bookkeeper.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "outreach/taken.hpp"
#include "work/outage.hpp"

namespace overture::work {

using outreach::ClaimedMail;

namespace {

/// Other writes wait for it: about ten milliseconds.
constexpr std::size_t kMostOfOneWrite = 128;
constexpr auto kBookedAfter = std::chrono::seconds(1);

}  // namespace

void Bookkeeper::note(const ClaimedMail& mail) {
  const std::lock_guard lock(mutex_);
  if (noted_.empty()) first_noted_ = Steady::now();
  noted_.push_back(mail);
}

bool Bookkeeper::book_due() { return book_noted(kMostOfOneWrite, kBookedAfter); }
bool Bookkeeper::book_noted() { return book_noted(1, {}); }

bool Bookkeeper::book_noted(std::size_t at_least, Steady::duration after) {
  std::vector<ClaimedMail> mails;
  {
    const std::lock_guard lock(mutex_);
    if (noted_.empty() || (noted_.size() < at_least && Steady::now() - first_noted_ < after)) return false;
    mails.swap(noted_);
  }
  book(mails);
  return true;
}

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
