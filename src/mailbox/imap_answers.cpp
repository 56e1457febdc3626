#include "mailbox/imap_answers.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "base/text.hpp"
#include "mailbox/folder_names.hpp"

namespace overture::mailbox {
namespace {

Folder::Use use_of(std::string_view mark) {
  using Use = Folder::Use;
  constexpr std::array<std::pair<std::string_view, Use>, 9> kMarks = {{{"sent", Use::sent},
                                                                       {"drafts", Use::drafts},
                                                                       {"junk", Use::junk},
                                                                       {"spam", Use::junk},
                                                                       {"trash", Use::trash},
                                                                       {"archive", Use::archive},
                                                                       {"all", Use::all},
                                                                       {"allmail", Use::all},
                                                                       {"flagged", Use::flagged}}};
  const std::string lowered = base::lower_ascii(mark);
  for (const auto& [name, use] : kMarks) {
    if (name == lowered) return use;
  }
  return Use::none;
}

base::Millis millis_of(const mailimap_date_time& time) {
  using namespace std::chrono;
  const year_month_day date(year(time.dt_year), month(static_cast<unsigned>(time.dt_month)),
                            day(static_cast<unsigned>(time.dt_day)));
  if (!date.ok()) return 0;
  const int zone = (time.dt_zone / 100) * 60 + time.dt_zone % 100;  // +0130 comes as 130
  const auto seconds = sys_days(date).time_since_epoch() + hours(time.dt_hour) + minutes(time.dt_min - zone) +
                       std::chrono::seconds(time.dt_sec);
  return duration_cast<milliseconds>(seconds).count();
}

void read_item(const mailimap_msg_att_static& item, FetchedMail& mail) {
  switch (item.att_type) {
    case MAILIMAP_MSG_ATT_UID:
      mail.uid = item.att_data.att_uid;
      break;
    case MAILIMAP_MSG_ATT_RFC822_SIZE:
      mail.size = item.att_data.att_rfc822_size;
      break;
    case MAILIMAP_MSG_ATT_INTERNALDATE:
      if (item.att_data.att_internal_date != nullptr)
        mail.internal_date = millis_of(*item.att_data.att_internal_date);
      break;
    case MAILIMAP_MSG_ATT_BODY_SECTION: {
      const mailimap_msg_att_body_section* body = item.att_data.att_body_section;
      if (body != nullptr && body->sec_body_part != nullptr)
        mail.raw.assign(body->sec_body_part, body->sec_length);
      break;
    }
    default:
      break;
  }
}

}  // namespace

std::vector<Folder> read_folders(clist* list, std::map<std::string, std::string>& wire_names) {
  std::vector<Folder> folders;
  for (clistiter* at = clist_begin(list); at != nullptr; at = clist_next(at)) {
    const auto* row = static_cast<const mailimap_mailbox_list*>(clist_content(at));
    if (row == nullptr || row->mb_name == nullptr) continue;
    Folder folder;
    folder.name = parse_modified_utf7(row->mb_name).value_or(row->mb_name);
    if (base::has_control(folder.name)) continue;
    if (const mailimap_mbx_list_flags* flags = row->mb_flag) {
      folder.selectable = flags->mbf_type != MAILIMAP_MBX_LIST_FLAGS_SFLAG ||
                          flags->mbf_sflag != MAILIMAP_MBX_LIST_SFLAG_NOSELECT;
      for (clistiter* mark = clist_begin(flags->mbf_oflags); mark != nullptr; mark = clist_next(mark)) {
        const auto* flag = static_cast<const mailimap_mbx_list_oflag*>(clist_content(mark));
        if (flag->of_type != MAILIMAP_MBX_LIST_OFLAG_FLAG_EXT || flag->of_flag_ext == nullptr) continue;
        if (folder.use == Folder::Use::none) folder.use = use_of(flag->of_flag_ext);
        if (base::equal_ignoring_case(flag->of_flag_ext, "NonExistent")) folder.selectable = false;
      }
    }
    if (base::equal_ignoring_case(folder.name, "INBOX")) folder.use = Folder::Use::inbox;
    wire_names[folder.name] = row->mb_name;
    folders.push_back(std::move(folder));
  }
  return folders;
}

std::vector<std::uint32_t> read_uids(clist* list) {
  std::vector<std::uint32_t> uids;
  for (clistiter* at = clist_begin(list); at != nullptr; at = clist_next(at)) {
    uids.push_back(*static_cast<const std::uint32_t*>(clist_content(at)));
  }
  std::sort(uids.begin(), uids.end());
  uids.erase(std::unique(uids.begin(), uids.end()), uids.end());
  return uids;
}

std::vector<FetchedMail> read_mails(clist* list) {
  std::vector<FetchedMail> mails;
  for (clistiter* at = clist_begin(list); at != nullptr; at = clist_next(at)) {
    const auto* row = static_cast<const mailimap_msg_att*>(clist_content(at));
    FetchedMail mail;
    for (clistiter* part = clist_begin(row->att_list); part != nullptr; part = clist_next(part)) {
      const auto* item = static_cast<const mailimap_msg_att_item*>(clist_content(part));
      if (item->att_type == MAILIMAP_MSG_ATT_ITEM_STATIC && item->att_data.att_static != nullptr) {
        read_item(*item->att_data.att_static, mail);
      }
    }
    // Rows without a UID are news about flags that the server sends in between.
    if (mail.uid != 0) mails.push_back(std::move(mail));
  }
  return mails;
}

}  // namespace overture::mailbox
