// A world is made once, with rows as the API and imports write them.
#include "sim/world.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "base/text.hpp"
#include "intake/add_prospects.hpp"
#include "intake/launch.hpp"
#include "outreach/trial.hpp"
#include "sim/private_sqlite.hpp"
#include "sim/touched.hpp"
#include "support/postgres_server.hpp"

namespace overture::sim {
namespace {

using db::Sql;

constexpr base::Millis kFirstStart = 1771200000000;  // 2026-02-16T00:00Z: daylight saving changes come soon
constexpr const char* kZones[] = {"Europe/Berlin",     "America/New_York", "Australia/Sydney",
                                  "Pacific/Chatham",   "Asia/Kolkata",     "UTC",
                                  "America/Sao_Paulo", "Africa/Cairo"};

}  // namespace

World::World(const Shape& wanted)
    : shape(wanted),
      dice(wanted.seed),
      clock(kFirstStart + static_cast<base::Millis>(wanted.seed % 12) * 30 * base::kDay),
      post(clock, dice, shape),
      people(dice, agenda, post) {
  people.answers = shape.people;
  if (shape.engine == db::Engine::sqlite) {
    database = std::make_unique<PrivateSqlite>();
    db::migrate(*database);
  } else {
    url_ = test::PostgresServer::shared().make_migrated_database();
    database = db::Database::open({.url = url_});
  }
  make_account();
  make_projects();
  make_mailboxes();
  make_campaigns();
  make_opportunities();
  watch_rows(*database);
  post.refusal = [this](const std::string& to) { return post.peace ? nullptr : people.refusal(to); };
}

World::~World() {
  if (shape.engine == db::Engine::sqlite && std::getenv("OVERTURE_SIM_KEEP") != nullptr) keep_database();
  database.reset();
  if (!url_.empty()) test::PostgresServer::shared().drop_database(url_);
}

void World::keep_database() {
  const auto path =
      std::filesystem::temp_directory_path() / ("overture-sim-" + std::to_string(shape.seed) + ".sqlite");
  std::filesystem::remove(path);
  database->backup(path);
  std::printf("kept: %s\n", path.c_str());
}

std::int64_t World::integer(const Sql& sql) {
  return database->read([&](db::Connection& connection) { return connection.integer(sql); });
}

void World::execute(const Sql& sql) {
  database->write([&](db::Connection& connection) { connection.execute(sql); });
}

std::optional<base::Millis> World::next_work() {
  std::optional<base::Millis> next;
  database->read([&](db::Connection& connection) {
    for (const Sql& sql :
         {Sql("SELECT next_look_at FROM campaign_sending WHERE next_look_at IS NOT NULL "
              "ORDER BY next_look_at LIMIT 1"),
          Sql("SELECT send_at FROM outbox WHERE state = 'pending' ORDER BY send_at LIMIT 1"),
          Sql("SELECT due_at FROM outreach_runs WHERE state IN ('compose', 'finishing') "
              "ORDER BY due_at LIMIT 1"),
          Sql("SELECT next_poll_at FROM mailbox_states ORDER BY next_poll_at LIMIT 1"),
          Sql("SELECT lease_until FROM outbox WHERE state IN ('sending', 'dot') ORDER BY "
              "lease_until LIMIT 1"),
          // When a booking is overdue: work/sender.cpp.
          Sql("SELECT send_at + 6000 FROM outbox WHERE state = 'taken' ORDER BY send_at LIMIT 1")}) {
      const base::Millis at = connection.integer(sql, -1);
      if (at >= 0 && (!next || at < *next)) next = at;
    }
  });
  return next;
}

void World::make_account() {
  database->write([&](db::Connection& connection) {
    truth.account = connection.reserve_ids("accounts", 1);
    truth.account_zone = kZones[dice.below(std::size(kZones))];
    connection.execute(Sql("INSERT INTO accounts (id, name, timezone, created_at) VALUES (?, 'sim', ?, ?)",
                           truth.account, truth.account_zone, now()));
    int position = 0;
    for (const auto& [name, role] : std::initializer_list<std::pair<const char*, const char*>>{
             {"New", "new"},
             {"Contacted", "contacted"},
             {"Responded", "responded"},
             {"Won - Link Placed", ""},
             {"Lost - Not Interested", ""},
             {"Lost - No Response", "no_response"},
             {"Lost - Bad Contact", "bad_contact"},
             {"Lost - Unsubscribed", "unsubscribed"}}) {
      const std::string text(name);
      const char* kind = text.starts_with("Won") ? "won" : text.starts_with("Lost") ? "lost" : "open";
      connection.execute(
          Sql("INSERT INTO milestones (account_id, name, kind, role, position, created_at) "
              "VALUES (?, ?, ?, ?, ?, ?)",
              truth.account, text, kind, role, ++position, now()));
    }
  });
}

void World::make_projects() {
  database->write([&](db::Connection& connection) {
    for (int i = 0; i < shape.projects; ++i) {
      Project project{.id = connection.reserve_ids("projects", 1),
                      .zone = kZones[dice.below(std::size(kZones))]};
      connection.execute(
          Sql("INSERT INTO projects (id, account_id, name, timezone, created_by, created_at) VALUES "
              "(?, ?, ?, ?, ?, ?)",
              project.id, truth.account, "project " + std::to_string(i), project.zone, truth.user, now()));
      truth.projects.emplace(project.id, std::move(project));
    }
  });
}

void World::make_mailboxes() {
  database->write([&](db::Connection& connection) {
    for (int i = 0; i < shape.mailboxes; ++i) {
      Mailbox mailbox{.id = connection.reserve_ids("email_accounts", 1),
                      .address = "m" + std::to_string(i) + "@us.example",
                      .daily_limit = dice.between(20, 60),
                      .spacing = dice.between(1, 3) * base::kMinute};
      post.add_box(mailbox.address);
      connection.execute(Sql(
          "INSERT INTO email_accounts (id, account_id, name, from_name, daily_limit, created_by, created_at, "
          "updated_at) VALUES (?, ?, ?, 'Mia', ?, ?, ?, ?)",
          mailbox.id, truth.account, mailbox.address, mailbox.daily_limit, truth.user, now(), now()));
      connection.execute(
          Sql("INSERT INTO mailboxes (account_id, email_account_id, address, smtp_host, imap_host, login, "
              "spacing_seconds) VALUES (?, ?, ?, 'smtp.example', 'imap.example', ?, ?)",
              truth.account, mailbox.id, mailbox.address, mailbox.address, mailbox.spacing / base::kSecond));
      connection.execute(
          Sql("INSERT INTO mailbox_states (account_id, email_account_id, connected_at) VALUES (?, ?, ?)",
              truth.account, mailbox.id, now()));
      auto project = truth.projects.begin();
      std::advance(project, i % shape.projects);
      for (int more = 0; more < 2; ++more) {
        if (project->second.mailboxes.insert(mailbox.id).second) {
          connection.execute(
              Sql("INSERT INTO email_account_projects (account_id, email_account_id, project_id) VALUES (?, "
                  "?, ?)",
                  truth.account, mailbox.id, project->first));
        }
        project = truth.projects.begin();
        std::advance(project, dice.below(shape.projects));
      }
      truth.mailboxes.emplace(mailbox.id, std::move(mailbox));
    }
  });
}

void World::make_campaigns() {
  for (int i = 0; i < shape.campaigns; ++i) {
    Campaign campaign;
    auto project = truth.projects.begin();
    std::advance(project, i % shape.projects);
    campaign.project = project->first;
    campaign.daily_limit = dice.between(5, 60);
    campaign.from_minute = static_cast<int>(dice.between(0, 40)) * 15;
    campaign.to_minute =
        dice.chance(0.2) ? 24 * 60 : campaign.from_minute + static_cast<int>(dice.between(8, 40)) * 15;
    campaign.to_minute = std::min(campaign.to_minute, 24 * 60);
    for (bool& day : campaign.days) day = day || dice.chance(0.2);
    for (int attempt = 1; attempt <= shape.attempts; ++attempt) {
      campaign.sequence.push_back({.subject = attempt == 1 ? "About {website}" : "",
                                   .delay_days = attempt == 1 ? 0 : dice.between(1, 7),
                                   .review = shape.users > 0 && i % 5 == 4 && attempt != 2});
    }
    campaign.id = database->write([&](db::Connection& connection) {
      const std::int64_t id = connection.reserve_ids("campaigns", 1);
      connection.execute(
          Sql("INSERT INTO campaigns (id, account_id, project_id, name, type, data_source, created_by, "
              "created_at) "
              "VALUES (?, ?, ?, ?, 'import', 'x', ?, ?)",
              id, truth.account, campaign.project, "campaign " + std::to_string(i), truth.user, now()));
      return id;
    });
    store_sequence(campaign);
    store_settings(campaign);
    if (dice.chance(0.4)) {
      campaign.rotation = any_mailboxes(campaign);
      store_rotation(campaign);
    }
    truth.campaigns.emplace(campaign.id, std::move(campaign));
  }
}

void World::make_opportunities() {
  std::vector<std::int64_t> campaigns;
  for (const auto& [id, campaign] : truth.campaigns) campaigns.push_back(id);
  std::vector<std::vector<intake::Prospect>> prospects(campaigns.size());
  for (int i = 0; i < shape.opportunities; ++i) {
    const std::string host = "site" + std::to_string(i) + ".example";
    intake::Prospect prospect;
    prospect.site = rules::parse_site("https://" + host + "/");
    const std::int64_t contacts = dice.chance(0.3) ? dice.between(2, 3) : 1;
    for (std::int64_t each = 0; each < contacts; ++each) {
      // Now and then an agency that looks after several sites.
      const std::string address =
          dice.chance(0.05)
              ? "agency" + std::to_string(dice.below(shape.opportunities / 8 + 1)) + "@agencies.example"
              : "p" + std::to_string(each) + "@" + host;
      people.add(address, people.any_nature());
      prospect.contacts.push_back({address, dice.chance(0.7) ? "Ann" : "", ""});
    }
    prospects[static_cast<std::size_t>(i) % campaigns.size()].push_back(std::move(prospect));
  }
  for (std::size_t i = 0; i < campaigns.size(); ++i) {
    for (std::size_t at = 0; at < prospects[i].size(); at += 500) {
      const std::size_t count = std::min<std::size_t>(500, prospects[i].size() - at);
      launch_soon(database->write([&](db::Connection& connection) {
        const auto target = intake::load_target(connection, truth.account, campaigns[i]);
        std::vector<std::int64_t> ids;
        for (const auto& placed : intake::add_prospects(
                 connection, target, std::span(prospects[i]).subspan(at, count), {.now = now()})) {
          if (placed.opportunity != 0) ids.push_back(placed.opportunity);
        }
        return ids;
      }));
    }
  }
}

void World::launch_soon(std::vector<std::int64_t> opportunities) {
  for (std::size_t at = 0; at < opportunities.size(); at += 100) {
    const std::size_t end = std::min(opportunities.size(), at + 100);
    std::vector<std::int64_t> some(opportunities.begin() + static_cast<std::ptrdiff_t>(at),
                                   opportunities.begin() + static_cast<std::ptrdiff_t>(end));
    agenda.add(now() + dice.below(shape.days * base::kDay / 3 + 1), [this, some = std::move(some)] {
      database->write([&](db::Connection& connection) {
        const auto missing = outreach::missing_at_launch(connection, install, truth.account);
        for (const std::int64_t id : some) {
          intake::launch(connection, truth.account, id, truth.user, now(), missing);
        }
      });
    });
  }
}

}  // namespace overture::sim
