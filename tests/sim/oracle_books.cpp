// What was stored of the answers, and whether the books are right as a whole.
#include <algorithm>

#include "base/time.hpp"
#include "sim/oracle.hpp"

namespace overture::sim {

using db::Sql;

void Oracle::fail(const std::string& what) {
  if (failures_.size() < 20) failures_.push_back(base::rfc3339(world_.now()) + "  " + what);
}

std::string Oracle::report() const {
  std::string text = "OVERTURE_SIM_SEED=" + std::to_string(world_.shape.seed) + "\n";
  for (const std::string& each : failures_) text += each + "\n";
  return text;
}

void Oracle::read_stored() {
  struct Row {
    std::int64_t id, opportunity;
    std::string message_id, kind;
  };
  std::vector<Row> rows_read;
  world_.database->read([&](db::Connection& connection) {
    db::RowsPtr rows =
        connection.query(Sql("SELECT i.id, i.opportunity_id, s.message_id, i.class FROM inbound_emails i "
                             "JOIN inbound_sources s ON "
                             "s.account_id = i.account_id AND s.inbound_email_id = i.id WHERE i.account_id = "
                             "? AND i.id > ? ORDER BY "
                             "i.id",
                             world_.truth.account, last_inbound_));
    while (rows->next()) {
      rows_read.push_back(
          {rows->integer(0), rows->integer(1), std::string(rows->text(2)), std::string(rows->text(3))});
    }
  });
  for (const Row& row : rows_read) {
    last_inbound_ = row.id;
    const auto letter = world_.people.written().find(row.message_id);
    if (letter == world_.people.written().end()) {
      fail("a mail that nobody wrote was stored: " + row.message_id);
      continue;
    }
    if (!stored_.insert(row.message_id).second) fail("stored twice: " + row.message_id);
    take_stored(letter->second, row.kind, row.opportunity, load_mail(letter->second.about));
  }
}

void Oracle::take_stored(const Written& letter, const std::string& kind, std::int64_t opportunity,
                         const Mail& about) {
  const auto expect = [&](const char* wanted) {
    ++seen[wanted];
    if (kind != wanted) fail("a letter of the class " + std::string(wanted) + " was taken for " + kind);
    // Without references the same address may have been written to for several sites.
    if (letter.has_references && opportunity != about.opportunity) {
      fail(std::string(wanted) + " about opportunity " + std::to_string(about.opportunity) +
           " was given to " + std::to_string(opportunity));
    }
  };
  Site& site = sites_[opportunity];
  switch (letter.kind) {
    case Written::Kind::human:
      expect("human");
      if (opportunity == 0) return;
      answered_.insert(opportunity);
      site.answered_run =
          world_.integer(Sql("SELECT run FROM outreach_runs WHERE account_id = ? AND opportunity_id = ?",
                             world_.truth.account, opportunity));
      return;
    case Written::Kind::away: {
      expect("auto_reply");
      const bool waits =
          world_.integer(
              Sql("SELECT COUNT(*), MIN(opportunity_id) FROM outreach_runs WHERE account_id = ? AND "
                  "opportunity_id = ? AND run = ? AND contact_id = ? AND state = 'waiting'",
                  world_.truth.account, opportunity, about.run, about.contact)) != 0;
      if (!waits || opportunity == 0) return;
      // Until the day of return has begun everywhere; else almost seven days.
      base::Millis until = letter.at + 7 * base::kDay - 24 * base::kHour;
      if (letter.back_on && *letter.back_on > letter.at) until = *letter.back_on - 14 * base::kHour;
      site.away_until = std::max(site.away_until, until);
      site.away_run = about.run;
      site.away_contact = about.contact;
      return;
    }
    case Written::Kind::hard_bounce:
      expect("bounce");
      dead_.insert(letter.about_address);
      return;
    case Written::Kind::soft_bounce:
    case Written::Kind::blame: {
      expect("bounce");
      // However many reports come about it, what was taken once is sent again once.
      const std::vector<Taken>& copies = taken_[about.key()];
      const auto taken_before = std::count_if(copies.begin(), copies.end(),
                                              [&](const Taken& copy) { return copy.at <= letter.at; });
      int& again = soft_bounces_[about.key()];
      again = std::min(again + 1, static_cast<int>(taken_before));
      return;
    }
    case Written::Kind::opt_out:
      expect("unsubscribe");
      suppress(letter.about_address);
      return;
  }
}

/// `sql` counts what should not be, and names the first one.
void Oracle::find(const char* what, const Sql& sql) {
  world_.database->read([&](db::Connection& connection) {
    db::RowsPtr rows = connection.query(sql);
    if (!rows->next() || rows->integer(0) == 0) return;
    fail(std::string(what) + ": " + std::to_string(rows->integer(0)) + ", the first is " +
         std::to_string(rows->integer(1)));
  });
}

void Oracle::check_books() {
  check_step();
  std::vector<std::int64_t> launched;
  world_.database->read([&](db::Connection& connection) {
    {
      db::RowsPtr rows = connection.query(
          Sql("SELECT opportunity_id FROM outreach_runs WHERE account_id = ?", world_.truth.account));
      while (rows->next()) launched.push_back(rows->integer(0));
    }
    for (const std::int64_t opportunity : launched) check_opportunity(connection, opportunity);
  });
  find("rows of the outbox without a mail",
       Sql("SELECT COUNT(*), MIN(b.mail_id) FROM outbox b WHERE b.account_id = ? AND b.kind = 'outreach' AND "
           "NOT EXISTS (SELECT 1 FROM outreach_emails e WHERE e.account_id = b.account_id AND e.id = "
           "b.mail_id)",
           world_.truth.account));
  check_balance();
}

}  // namespace overture::sim
