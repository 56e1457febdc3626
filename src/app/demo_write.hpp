// The demo workspace as rows. Everything runs inside the one write that makes it.
#pragma once
#include <vector>

#include "app/demo_opportunities.hpp"

namespace overture::app {

/// Partners, address book, domains, opportunities and what hangs on them. Returns the id of the first
/// opportunity; the others follow in their order.
std::int64_t write_demo_opportunities(db::Connection& connection, const DemoHouse& house,
                                      const DemoWork& work);

/// What happened to them: notes, history of milestones, and the counters of the projects' rates.
void write_demo_trail(db::Connection& connection, const DemoHouse& house, const DemoWork& work,
                      std::int64_t first_opportunity);

/// Mail accounts, what was sent from them and what came back; moves between stages (demo_mails_write.cpp).
void write_demo_mails(db::Connection& connection, const DemoHouse& house, const DemoWork& work,
                      std::int64_t first_opportunity, base::Millis now);

/// Mail accounts that write into a local folder, sequences, and the runs of what is in outreach.
void write_demo_sending(db::Connection& connection, const DemoHouse& house, base::Millis now);

/// Tasks of all kinds; and the do-not-email list with everybody who opted out, and the blocklist.
void write_demo_tasks(db::Connection& connection, const DemoHouse& house, const DemoWork& work,
                      std::int64_t first_opportunity, base::Millis now);
void write_demo_exclusions(db::Connection& connection, const DemoHouse& house, const DemoWork& work,
                           base::Millis now);

/// The import jobs that are over, and how much the users have asked of the API lately.
void write_demo_jobs(db::Connection& connection, const DemoHouse& house, const DemoWork& work);
void write_demo_usage(db::Connection& connection, const DemoHouse& house, base::Millis now);

}  // namespace overture::app
