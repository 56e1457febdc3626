// Finding and fetching mails: bounded pieces of a folder of any size.
#include <algorithm>
#include <chrono>
#include <cstring>

#include "mailbox/imap_answers.hpp"
#include "mailbox/imap_session.hpp"

namespace overture::mailbox {
namespace {

constexpr std::size_t kGroupBytes = std::size_t{4} << 20U;
constexpr std::size_t kGroupMails = 200;
/// Numbers of at most ten digits and a space, four million of them.
constexpr std::size_t kUidAnswer = kSmallAnswer + 12 * (std::size_t{1} << 22U);

struct SetOwner {
  mailimap_set* set = mailimap_set_new_empty();
  SetOwner() = default;
  SetOwner(const SetOwner&) = delete;
  SetOwner& operator=(const SetOwner&) = delete;
  ~SetOwner() { mailimap_set_free(set); }
};

/// Leaves out what the bounds forbid.
void keep_within(const FetchBounds& bounds, std::map<std::uint32_t, FetchedMail>& mails) {
  std::erase_if(mails, [&](const auto& each) {
    return each.second.internal_date != 0 && each.second.internal_date < bounds.since;
  });
  std::size_t bytes = 0;
  for (auto mail = mails.begin(); mail != mails.end(); ++mail) {
    bytes += std::min<std::size_t>(mail->second.size, bounds.of_one);
    if (mail == mails.begin() || bytes <= bounds.together) continue;
    mails.erase(mail, mails.end());
    return;
  }
}

/// Neighbours become one range; `uids` ascend.
void add_ranges(mailimap_set* set, const std::vector<std::uint32_t>& uids) {
  for (std::size_t at = 0; at < uids.size();) {
    std::size_t end = at + 1;
    while (end < uids.size() && uids[end] == uids[end - 1] + 1) ++end;
    mailimap_set_add_interval(set, uids[at], uids[end - 1]);
    at = end;
  }
}

}  // namespace

std::vector<std::uint32_t> EtpanSession::search(mailimap_search_key* key, std::size_t answer_bytes) {
  const std::unique_ptr<mailimap_search_key, void (*)(mailimap_search_key*)> owner(key,
                                                                                   &mailimap_search_key_free);
  begin(answer_bytes);
  clist* list = nullptr;
  check(mailimap_uid_search(imap_, nullptr, key, &list), Trouble::Kind::folder, "search the folder");
  const ClistRow result(list, &mailimap_search_result_free);
  return read_uids(list);
}

std::vector<std::uint32_t> EtpanSession::fetch_uids(std::uint32_t first_uid, std::size_t limit) {
  first_uid = std::max<std::uint32_t>(first_uid, 1);
  std::vector<std::uint32_t> uids;
  // Numbers of at most ten digits and a space, in an answer that may hold news of other kinds.
  const auto answer_bytes = [](std::uint64_t numbers) {
    return kSmallAnswer + 12 * std::min<std::uint64_t>(numbers, 1U << 22U);
  };
  const auto search_range = [&](std::uint64_t first, std::uint64_t last) {
    mailimap_set* set =
        mailimap_set_new_interval(static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(last));
    for (std::uint32_t uid :
         search(mailimap_search_key_new_uid(set), answer_bytes(last == 0 ? ~0ULL : last - first + 1))) {
      if (uid >= first_uid && uids.size() < limit) uids.push_back(uid);
    }
  };
  if (uid_next_ == 0) {
    search_range(first_uid, 0);  // 0 is "*": to the end
    return uids;
  }
  // Where many UIDs are gone the stretches grow, so that holes of any width are crossed in a few steps.
  std::uint64_t width = std::max<std::uint64_t>(limit, 100);
  for (std::uint64_t first = first_uid; first < uid_next_ && uids.size() < limit; first += width) {
    if (first != first_uid && uids.size() < limit / 2) width *= 4;
    search_range(first, std::min<std::uint64_t>(first + width, uid_next_) - 1);
  }
  return uids;
}

std::vector<FetchedMail> EtpanSession::fetch_rows(const std::vector<std::uint32_t>& uids, bool with_body,
                                                  std::size_t first_bytes, std::size_t answer_bytes) {
  const SetOwner owner;
  add_ranges(owner.set, uids);
  const std::unique_ptr<mailimap_fetch_type, void (*)(mailimap_fetch_type*)> type(
      mailimap_fetch_type_new_fetch_att_list_empty(), &mailimap_fetch_type_free);
  const auto ask = [&](mailimap_fetch_att* what) {
    mailimap_fetch_type_new_fetch_att_list_add(type.get(), what);
  };
  ask(mailimap_fetch_att_new_uid());
  if (!with_body) {
    ask(mailimap_fetch_att_new_rfc822_size());
    ask(mailimap_fetch_att_new_internaldate());
  } else if (first_bytes == 0) {
    ask(mailimap_fetch_att_new_body_peek_section(mailimap_section_new(nullptr)));
  } else {
    ask(mailimap_fetch_att_new_body_peek_section_partial(mailimap_section_new(nullptr), 0,
                                                         static_cast<std::uint32_t>(first_bytes)));
  }
  begin(answer_bytes);
  clist* list = nullptr;
  check(mailimap_uid_fetch(imap_, owner.set, type.get(), &list), Trouble::Kind::folder, "hand out mails");
  const ClistRow result(list, &mailimap_fetch_list_free);
  return read_mails(list);
}

std::uint32_t EtpanSession::last_uid_before(base::Millis since) {
  // Servers compare days, each in a time zone of its own (RFC 3501 section 6.4.4). UIDs do not always rise
  // with the date of arrival: mails that were moved keep theirs.
  const auto day = std::chrono::floor<std::chrono::days>(
      std::chrono::sys_time<milliseconds>(milliseconds(since - base::kDay)));
  const std::chrono::year_month_day date(day);
  const std::vector<std::uint32_t> found =
      search(mailimap_search_key_new_since(mailimap_date_new(
                 static_cast<int>(static_cast<unsigned>(date.day())),
                 static_cast<int>(static_cast<unsigned>(date.month())), static_cast<int>(date.year()))),
             kUidAnswer);
  if (!found.empty()) return found.front() - 1;
  if (uid_next_ != 0) return uid_next_ - 1;
  const std::vector<std::uint32_t> last =
      search(mailimap_search_key_new_uid(mailimap_set_new_single(0)), kSmallAnswer);  // 0 is "*"
  return last.empty() ? 0 : last.back();
}

std::vector<FetchedMail> EtpanSession::fetch(const std::vector<std::uint32_t>& uids,
                                             const FetchBounds& bounds) {
  const std::size_t max_bytes = std::clamp<std::size_t>(bounds.of_one, 1, std::size_t{1} << 30U);
  std::map<std::uint32_t, FetchedMail> mails;
  std::vector<std::uint32_t> wanted = uids;
  std::sort(wanted.begin(), wanted.end());
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  for (std::size_t at = 0; at < wanted.size(); at += 1000) {
    const auto begin_at = wanted.begin() + static_cast<std::ptrdiff_t>(at);
    const std::vector<std::uint32_t> some(
        begin_at, begin_at + static_cast<std::ptrdiff_t>(std::min<std::size_t>(1000, wanted.size() - at)));
    for (FetchedMail& mail : fetch_rows(some, false, 0, kListAnswer))
      mails.insert_or_assign(mail.uid, std::move(mail));
  }
  keep_within(bounds, mails);

  std::vector<std::uint32_t> group;
  std::size_t group_bytes = 0;
  std::map<std::uint32_t, std::string> bodies;
  const auto fetch_group = [&](std::size_t first_bytes) {
    if (group.empty()) return;
    // Some servers only estimate sizes: twice as much is still an answer, more is not.
    const std::size_t answer_bytes = 2 * (first_bytes > 0 ? first_bytes : group_bytes) + kSmallAnswer;
    for (FetchedMail& mail : fetch_rows(group, true, first_bytes, answer_bytes))
      bodies[mail.uid] = std::move(mail.raw);
    group.clear();
    group_bytes = 0;
  };
  for (const auto& [uid, mail] : mails) {
    const bool large = mail.size > max_bytes;
    if (large || group.size() >= kGroupMails || group_bytes + mail.size > kGroupBytes) fetch_group(0);
    group.push_back(uid);
    group_bytes += mail.size;
    if (large) fetch_group(max_bytes);
  }
  fetch_group(0);

  std::vector<FetchedMail> result;
  for (auto& [uid, mail] : mails) {
    const auto body = bodies.find(uid);
    if (body == bodies.end()) continue;  // deleted in between
    mail.raw = std::move(body->second);
    mail.complete = mail.size <= max_bytes && mail.raw.size() <= max_bytes;
    if (mail.raw.size() > max_bytes) mail.raw.resize(max_bytes);
    result.push_back(std::move(mail));
  }
  return result;
}

std::vector<std::uint32_t> EtpanSession::search_message_id(std::string_view folder, std::string_view id) {
  check_folder_text("id", id, 900);
  select(folder);
  // With the brackets: without them a search would also find ids that contain this one.
  const std::string bracketed = id.starts_with('<') ? std::string(id) : "<" + std::string(id) + ">";
  return search(mailimap_search_key_new_header(::strdup("Message-ID"), ::strdup(bracketed.c_str())),
                kSmallAnswer);
}

}  // namespace overture::mailbox
