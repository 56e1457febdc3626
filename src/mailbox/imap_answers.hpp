// What libetpan made of an IMAP answer, as our structs.
#pragma once
#include <libetpan/libetpan.h>

#include <map>
#include <string>
#include <vector>

#include "mailbox/transport.hpp"

namespace overture::mailbox {

/// `wire_names` gets each folder's name as the server writes it.
std::vector<Folder> read_folders(clist* list, std::map<std::string, std::string>& wire_names);

/// Ascending, without repetitions.
std::vector<std::uint32_t> read_uids(clist* list);

/// UID, size, date and body of each row that has a UID; `raw` is moved out when the answer has a body.
std::vector<FetchedMail> read_mails(clist* list);

}  // namespace overture::mailbox
