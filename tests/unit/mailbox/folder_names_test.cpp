#include "mailbox/folder_names.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "base/text.hpp"
#include "mailbox/transport.hpp"

namespace overture::mailbox {
namespace {

TEST(FolderNames, AreWrittenInModifiedUtf7) {
  struct {
    const char* utf8;
    const char* wire;
  } const rows[] = {{"INBOX", "INBOX"},
                    {"", ""},
                    {"Entwürfe", "Entw&APw-rfe"},
                    {"~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"},  // RFC 3501 section 5.1.3
                    {"a & b", "a &- b"},
                    {"&&", "&-&-"},
                    {"😀x", "&2D3eAA-x"},
                    {"Отправленные", "&BB4EQgQ,BEAEMAQyBDsENQQ9BD0ESwQ1-"}};
  for (const auto& row : rows) {
    EXPECT_EQ(write_modified_utf7(row.utf8), row.wire);
    EXPECT_EQ(parse_modified_utf7(row.wire), row.utf8);
  }
}

TEST(FolderNames, ThatAreBrokenAreNone) {
  for (const char* bad : {"&", "a&APw", "&A-", "&AP-", "&AGE-", "&2D0-", "&3gA-", "&!!!!-", "&APx-"}) {
    EXPECT_FALSE(parse_modified_utf7(bad)) << bad;
  }
  EXPECT_EQ(parse_modified_utf7("Entwürfe"), "Entwürfe");  // a server that writes UTF-8
}

TEST(FolderNames, ComeBackAsTheyWere) {
  EXPECT_TRUE(rc::check([] {
    std::string name;
    for (auto code_point :
         *rc::gen::container<std::vector<char32_t>>(rc::gen::inRange<char32_t>(0x20, 0x10ffff))) {
      if (code_point < 0xd800 || code_point > 0xdfff)
        base::append_utf8(name, code_point == 0x7f ? 'x' : code_point);
    }
    RC_ASSERT(parse_modified_utf7(write_modified_utf7(name)) == name);
  }));
}

TEST(FolderNames, TellWhereSentMailLies) {
  using Use = Folder::Use;
  const std::vector<Folder> marked = {{"Sent", Use::none, true}, {"Versendet", Use::sent, true}};
  EXPECT_EQ(find_sent(marked)->name, "Versendet");
  const std::vector<Folder> named = {{"INBOX", Use::inbox, true},
                                     {"INBOX.Trash", Use::none, true},
                                     {"INBOX.Gesendete Objekte", Use::none, true},
                                     {"Presented", Use::none, true}};
  EXPECT_EQ(find_sent(named)->name, "INBOX.Gesendete Objekte");
  const std::vector<Folder> parent = {{"Sent", Use::sent, false}, {"Sent/2026", Use::none, true}};
  EXPECT_EQ(find_sent(parent), nullptr);
  EXPECT_EQ(find_sent({}), nullptr);
}

}  // namespace
}  // namespace overture::mailbox
