// The mails of the demo workspace before they are rows.
#pragma once
#include <array>

#include "app/demo_opportunities.hpp"

namespace overture::app {

struct DemoMailAccount {
  std::string_view email;
  std::string_view nickname;
  std::string_view from_name;
  std::string_view status;
  int daily_limit;
  unsigned projects;  ///< places in kDemoProjects, as bits
  std::size_t owner;  ///< place in kDemoUsers
};

inline constexpr std::array<DemoMailAccount, 4> kDemoMailAccounts = {{
    {"tomas@northlight-outreach.example", "Tomas", "Tomas Reyes", "active", 60, 0b001, 1},
    {"amara@northlight-outreach.example", "Amara", "Amara Osei", "active", 80, 0b110, 2},
    {"hello@northlight-outreach.example", "Shared desk", "Northlight Outreach", "active", 40, 0b011, 0},
    {"press@northlight-outreach.example", "Trade press", "Northlight Outreach", "disconnected", 30, 0b100, 2},
}};

/// What all kinds have.
struct DemoMail {
  std::size_t opportunity = 0;  ///< place in DemoWork::opportunities
  std::size_t account = 0;      ///< place in kDemoMailAccounts
  std::size_t user = 0;         ///< place in kDemoUsers
  base::Millis at = 0;          ///< written down
  std::string_view status = {};
  std::string subject = {};
  std::string text = {};
};
struct DemoOutreach {
  DemoMail mail;
  std::int64_t attempt = 1;
  base::Millis sent_at = 0;  ///< 0 for not yet
  bool reviewed = false;
};
struct DemoForm {
  DemoMail mail;
  std::int64_t attempt = 1;
  base::Millis sent_at = 0;  ///< 0 for not yet
};
struct DemoInbound {
  DemoMail mail;
  std::string_view kind;  ///< inbound_emails.class
  std::int64_t attempt = 0;
  base::Millis snooze_until = 0;  ///< 0 for never
};
struct DemoReply {
  DemoMail mail;
  base::Millis sent_at = 0;       ///< 0 for not yet
  base::Millis schedule_for = 0;  ///< 0 for at once
  bool stops = false;
};

/// Each kind in the order of time.
struct DemoMails {
  std::vector<DemoOutreach> outreach;
  std::vector<DemoForm> forms;
  std::vector<DemoInbound> inbound;
  std::vector<DemoReply> replies;
};

/// What the journeys tell of mails, word by word; the same for the same work.
DemoMails make_demo_mails(const DemoWork& work, base::Millis now);

}  // namespace overture::app
