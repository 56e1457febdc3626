// Chance, and the rows that come of it.
#include "support/report_world.hpp"

#include <date/tz.h>

#include <sstream>

namespace overture::test {
namespace {

using base::Millis;

constexpr Millis kFirst = 1735689600000;  // 2025-01-01
constexpr std::int64_t kSpan = 420;       // days, until shortly before the house's now

std::string day(std::size_t n) {
  return date::format("%F", date::sys_days(date::year(2025) / 1 / 1) + date::days(static_cast<int>(n)));
}

}  // namespace

ReportWorld::ReportWorld(ApiHouse& house, std::uint64_t seed) : random_(seed), house_(house) {
  first_milestone_ = house.app().database().read([](db::Connection& connection) {
    return connection.integer(db::Sql("SELECT MIN(id) FROM milestones WHERE name = 'New'"));
  });
  projects_ = {house.id_of("site"), house.id_of("shop")};
  zones_ = {{projects_[0], "Europe/Berlin"}, {projects_[1], "America/New_York"}, {0, "Pacific/Auckland"}};
  for (int i = 0; i < 6; ++i) {
    campaigns_.push_back(
        {900 + i, projects_[below(2)], time(), below(4) == 0 ? "deleted" : "active", some_tags()});
  }
  for (int i = 0; i < 40; ++i) opportunities_.push_back({5000 + i, below(6), milestone(), some_tags()});
  const auto fill = [this](std::vector<ReportEvent>& events, int count, auto finish) {
    for (int i = 0; i < count; ++i) {
      ReportEvent event{below(40), time(), static_cast<std::int64_t>(below(4))};
      finish(event);
      events.push_back(event);
    }
  };
  fill(mails_, 250, [this](ReportEvent& event) {
    event.a = pick({"sent", "sent", "bounced", "failed", "cancelled"});
    event.mailbox = static_cast<std::int64_t>(below(4));
    event.contact = 700 + static_cast<std::int64_t>(below(25));
  });
  for (int i = 0; i < 20; ++i) opt_outs_.push_back({700 + static_cast<std::int64_t>(below(25)), time()});
  fill(forms_, 30, [this](ReportEvent& event) { event.a = pick({"submitted", "pending"}); });
  fill(replies_, 120, [this](ReportEvent& event) {
    event.a = pick({"human", "human", "auto_reply", "bounce"});
  });
  fill(changes_, 120, [this](ReportEvent& event) { event.number = milestone(); });
  fill(moves_, 200, [this](ReportEvent& event) {
    const auto stages = {"inspect", "personalize", "compose", "outreach", "completed", "rejected", "deleted"};
    event.a = pick(stages);
    event.b = pick(stages);
  });
  write();
}

ReportQuestion ReportWorld::question() {
  ReportQuestion question;
  if (below(4) != 0) question.start = day(below(kSpan));
  if (below(4) != 0) question.end = question.start.empty() ? day(below(kSpan)) : later(question.start);
  if (below(2) == 0) question.projects.insert(projects_[below(2)]);
  if (below(8) == 0) question.projects = {projects_[0], projects_[1]};
  if (below(4) == 0) question.campaigns.insert(campaigns_[below(6)].id);
  if (below(4) == 0) question.opportunity_tags = some_tags();
  if (below(4) == 0) question.campaign_tags = some_tags();
  question.restricted = below(4) == 0;
  return question;
}

/// Often within a second of an hour, where days begin.
Millis ReportWorld::time() {
  const Millis at = kFirst + static_cast<Millis>(below(kSpan * 24)) * base::kHour;
  return at + (below(2) == 0 ? static_cast<Millis>(below(3)) * 1000 - 1000
                             : static_cast<Millis>(below(3'600'000)));
}

std::int64_t ReportWorld::milestone() {
  return below(5) == 0 ? 0 : first_milestone_ + static_cast<std::int64_t>(below(13));
}

std::set<std::int64_t> ReportWorld::some_tags() {
  std::set<std::int64_t> tags;
  for (std::int64_t tag = 1; tag <= 4; ++tag) {
    if (below(3) == 0) tags.insert(tag);
  }
  return tags;
}

std::string ReportWorld::later(const std::string& start) {
  const std::size_t days[] = {below(31), below(180), below(600)};
  date::sys_days from;
  std::istringstream(start) >> date::parse("%F", from);
  return date::format("%F", from + date::days(static_cast<int>(days[below(3)])));
}

std::string ReportWorld::kind(std::int64_t milestone) const {
  if (milestone == 0) return "none";
  const std::int64_t place = milestone - first_milestone_;
  return place < 6 ? "open" : place < 8 ? "won" : "lost";
}

void ReportWorld::write() {
  house_.app().database().write([this](db::Connection& connection) {
    const std::int64_t account =
        connection.integer(db::Sql("SELECT account_id FROM users WHERE id = ?", house_.id_of("ada")));
    for (const auto& [project, zone] : zones_) {
      if (project != 0)
        connection.execute(db::Sql("UPDATE projects SET timezone = ? WHERE id = ?", zone, project));
    }
    connection.execute(db::Sql("UPDATE accounts SET timezone = ? WHERE id = ?", zones_[0], account));
    for (const ReportCampaign& campaign : campaigns_) {
      connection.execute(
          db::Sql("INSERT INTO campaigns (id, account_id, project_id, name, status, type, data_source, "
                  "created_by, created_at) VALUES (?, ?, ?, 'c', ?, 'import', 'import', 1, ?)",
                  campaign.id, account, campaign.project, campaign.status, campaign.at));
      for (const std::int64_t tag : campaign.tags) {
        connection.execute(
            db::Sql("INSERT INTO campaign_tags (account_id, campaign_id, tag_id, tagged_at) "
                    "VALUES (?, ?, ?, 0)",
                    account, campaign.id, tag));
      }
    }
    for (const ReportOpportunity& each : opportunities_) {
      const ReportCampaign& campaign = campaigns_[each.campaign];
      connection.execute(
          db::Sql("INSERT INTO opportunities (id, account_id, project_id, campaign_id, milestone_id, url, "
                  "name, workflow_status, stage_status, created_at, updated_at) VALUES "
                  "(?, ?, ?, ?, ?, '', '', 'inspect', 'new', 0, 0)",
                  each.id, account, campaign.project, campaign.id, each.milestone));
      for (const std::int64_t tag : each.tags) {
        connection.execute(
            db::Sql("INSERT INTO opportunity_tags (account_id, opportunity_id, tag_id, tagged_at) "
                    "VALUES (?, ?, ?, 0)",
                    account, each.id, tag));
      }
    }
    for (std::int64_t mailbox = 1; mailbox < 4; ++mailbox) {
      connection.execute(db::Sql(
          "INSERT INTO email_accounts (id, account_id, name, status, created_by, created_at, updated_at) "
          "VALUES (?, ?, ?, 'active', 1, 0, 0)",
          800 + mailbox, account, "m" + std::to_string(mailbox)));
    }
    for (std::int64_t contact = 700; contact < 725; ++contact) {
      connection.execute(
          db::Sql("INSERT INTO contacts (id, account_id, email, created_at) VALUES (?, ?, ?, 0)", contact,
                  account, std::to_string(contact) + "@example.net"));
    }
    // Of several entries of one address, in all projects or one, the first counts.
    for (std::size_t i = 0; i < opt_outs_.size(); ++i) {
      connection.execute(
          db::Sql("INSERT INTO unsubscribes (account_id, project_id, entry, created_at) VALUES (?, ?, ?, ?)",
                  account, static_cast<std::int64_t>(i),
                  std::to_string(opt_outs_[i].contact) + "@example.net", opt_outs_[i].at));
    }
    const auto each = [this](const std::vector<ReportEvent>& events, auto insert) {
      for (const ReportEvent& event : events) {
        const ReportOpportunity& opportunity = opportunities_[event.opportunity];
        const ReportCampaign& campaign = campaigns_[opportunity.campaign];
        insert(event, opportunity.id, campaign.id, campaign.project);
      }
    };
    each(mails_, [&](const ReportEvent& event, std::int64_t id, std::int64_t campaign, std::int64_t project) {
      connection.execute(
          db::Sql("INSERT INTO outreach_emails (account_id, project_id, campaign_id, opportunity_id, "
                  "contact_id, email_account_id, attempt_number, status, sent_at, created_at) VALUES "
                  "(?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
                  account, project, campaign, id, event.contact, event.mailbox == 0 ? 0 : 800 + event.mailbox,
                  event.number + 1, event.a, event.at));
    });
    each(forms_, [&](const ReportEvent& event, std::int64_t id, std::int64_t campaign, std::int64_t project) {
      connection.execute(
          db::Sql("INSERT INTO form_submissions (account_id, project_id, campaign_id, opportunity_id, "
                  "attempt_number, status, sent_at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, 0)",
                  account, project, campaign, id, event.number + 1, event.a, event.at));
    });
    each(replies_,
         [&](const ReportEvent& event, std::int64_t id, std::int64_t campaign, std::int64_t project) {
           connection.execute(
               db::Sql("INSERT INTO inbound_emails (account_id, project_id, campaign_id, opportunity_id, "
                       "attempt_number, status, class, created_at) VALUES (?, ?, ?, ?, ?, 'new', ?, ?)",
                       account, project, campaign, id, event.number, event.a, event.at));
         });
    each(changes_, [&](const ReportEvent& event, std::int64_t id, std::int64_t, std::int64_t project) {
      connection.execute(
          db::Sql("INSERT INTO milestone_history (account_id, opportunity_id, project_id, previous_id, "
                  "new_id, changed_at) VALUES (?, ?, ?, 0, ?, ?)",
                  account, id, project, event.number, event.at));
    });
    each(moves_, [&](const ReportEvent& event, std::int64_t id, std::int64_t campaign, std::int64_t project) {
      connection.execute(
          db::Sql("INSERT INTO stage_events (account_id, project_id, campaign_id, opportunity_id, "
                  "from_workflow, to_workflow, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                  account, project, campaign, id, event.a, event.b, event.at));
    });
  });
}

}  // namespace overture::test
