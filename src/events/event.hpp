// What has happened that webhooks and automations want to hear of. Everything runs inside the write of its
// cause.
#pragma once
#include <boost/json/object.hpp>
#include <cstdint>
#include <string_view>

#include "base/clock.hpp"
#include "db/connection.hpp"

namespace overture::events {

/// The order is the order of kKindNames.
enum class Kind {
  reply_received,     ///< a person has written: data {inbound_email, from_email, from_name, subject}
  email_bounced,      ///< a mail came back for good: data {outreach_email, to_email, reason}; of a
                      ///< reply {outreach_email: null, sent_reply, to_email, reason}
  unsubscribed,       ///< data {entry, is_domain, reason}
  milestone_changed,  ///< data {previous, new}: each {id, name} or null; {user}: id or null for the server
  stage_changed,      ///< from one workflow status to another, or from one end to another: data {previous,
                      ///< new}: {workflow_status, stage_status}; {user}: id or null
  job_finished,       ///< data {job, kind, state, campaign, error}
  mailbox_changed,    ///< data {email_account, status, reason}
};
inline constexpr std::string_view kKindNames[] = {"reply.received",
                                                  "email.bounced",
                                                  "contact.unsubscribed",
                                                  "opportunity.milestone_changed",
                                                  "opportunity.stage_changed",
                                                  "job.finished",
                                                  "email_account.status_changed"};
constexpr std::string_view kind_name(Kind kind) { return kKindNames[static_cast<int>(kind)]; }

struct Event {
  Kind kind = Kind::reply_received;
  std::int64_t project = 0;      ///< 0: of no project
  std::int64_t opportunity = 0;  ///< 0: of none
  boost::json::object data;
};

/// Writes it down when the account has somebody who listens: an active webhook or an automation with a
/// trigger.
void note(db::Connection& connection, std::int64_t account, const Event& event, base::Millis now);

/// While it lives, what this thread notes was done by an automation, which starts no other automation.
class ByAutomation {
 public:
  ByAutomation();
  ~ByAutomation();
  ByAutomation(const ByAutomation&) = delete;
  ByAutomation& operator=(const ByAutomation&) = delete;

 private:
  bool before_;
};

}  // namespace overture::events
