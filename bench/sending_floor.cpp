// What sending can cost at the least: the hand-over of mails with Overture's own SMTP client and group
// commit, and next to nothing else. No gates, no rules, no locks, nobody else at the database: not a way to
// send mail.
//
//   sending_floor DATABASE PORT ledger
//     One fixed text; a mail is claimed, marked before its final dot (the commit is waited for) and marked as
//     taken, in a table of two columns.
//   sending_floor DATABASE PORT books
//     What waits in the outbox of DATABASE is rendered and sent, and the rows that a first mail changes are
//     changed, by one prepared statement each.
//
// Prints how many were sent. DATABASE is written to.
#include <array>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <future>
#include <iostream>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "base/time.hpp"
#include "db/database.hpp"
#include "db/sqlite_connection.hpp"
#include "mail/outgoing.hpp"
#include "mailbox/smtp_client.hpp"

namespace {

using namespace overture;

constexpr int kMailboxes = 8;
constexpr int kMailsOfOneClaim = 20;
constexpr std::size_t kBookedTogether = 128;
constexpr std::int64_t kNow = 1'800'000'000'000;

/// Prepared once, for the one writing connection; numbers are all it takes.
class Statement {
 public:
  explicit Statement(const char* sql) : sql_(sql) {}

  sqlite3_stmt* begin(db::Connection& connection, std::initializer_list<std::int64_t> values) {
    if (statement_ == nullptr) {
      sqlite3* handle = dynamic_cast<db::SqliteConnection&>(connection).handle();
      sqlite3_prepare_v3(handle, sql_, -1, SQLITE_PREPARE_PERSISTENT, &statement_, nullptr);
    }
    int place = 0;
    for (const std::int64_t value : values) sqlite3_bind_int64(statement_, ++place, value);
    return statement_;
  }

  void run(db::Connection& connection, std::initializer_list<std::int64_t> values) {
    sqlite3_stmt* statement = begin(connection, values);
    const int code = sqlite3_step(statement);
    sqlite3_reset(statement);
    if (code != SQLITE_DONE) throw std::runtime_error(std::string("failed: ") + sql_);
  }

 private:
  const char* sql_;
  sqlite3_stmt* statement_ = nullptr;
};

struct Mail {
  std::int64_t outbox = 0;
  std::int64_t mail = 0;
  std::int64_t opportunity = 0;
  std::int64_t contact = 0;
  mail::OutgoingMessage message = {};
};

/// What becomes of mails in the database. All but the constructor run on its writer thread.
class Books {
 public:
  virtual ~Books() = default;
  virtual std::vector<Mail> claim(db::Connection& connection, int mailbox) = 0;
  virtual void mark_dot(db::Connection& connection, const Mail& mail, int mailbox) = 0;
  virtual void mark_taken(db::Connection& connection, const Mail& mail) = 0;
  virtual void book(db::Connection& connection, const std::vector<Mail>& mails) = 0;
};

std::string column(sqlite3_stmt* row, int place) {
  const unsigned char* text = sqlite3_column_text(row, place);
  return text == nullptr ? "" : reinterpret_cast<const char*>(text);
}

class Ledger final : public Books {
 public:
  explicit Ledger(db::Database& database) {
    database.write([this](db::Connection& connection) {
      const std::int64_t mails = connection.integer(db::Sql("SELECT COUNT(*) FROM outbox"));
      connection.run_script("CREATE TABLE floor (id INTEGER PRIMARY KEY, state TEXT NOT NULL)");
      for (std::int64_t i = 0; i < mails; ++i) {
        connection.execute(db::Sql("INSERT INTO floor (id, state) VALUES (?, 'pending')", i));
      }
      end_ = mails;
    });
    for (int i = 0; i < kMailboxes; ++i) next_[static_cast<std::size_t>(i)] = i;
    message_.from = {"Bench", "bench@example.org"};
    message_.to = {{"Pat", "pat@example.org"}};
    message_.subject = "A word about example.org, Pat";
    for (int i = 0; i < 20; ++i) message_.text += std::string(99, 'x') + "\n";
    message_.message_id = "floor@example.org";
    message_.date = kNow;
  }

  std::vector<Mail> claim(db::Connection& connection, int mailbox) override {
    std::vector<Mail> mails;
    for (std::int64_t& id = next_[static_cast<std::size_t>(mailbox)]; id < end_; id += kMailboxes) {
      if (mails.size() == kMailsOfOneClaim) break;
      claim_.run(connection, {id});
      mails.push_back({.outbox = id, .message = message_});
    }
    return mails;
  }
  void mark_dot(db::Connection& connection, const Mail& mail, int) override {
    dot_.run(connection, {mail.outbox});
  }
  void mark_taken(db::Connection& connection, const Mail& mail) override {
    taken_.run(connection, {mail.outbox});
  }
  void book(db::Connection&, const std::vector<Mail>&) override {}

 private:
  std::int64_t end_ = 0;
  std::array<std::int64_t, kMailboxes> next_ = {};
  mail::OutgoingMessage message_;
  Statement claim_{"UPDATE floor SET state = 'sending' WHERE id = ?"};
  Statement dot_{"UPDATE floor SET state = 'dot' WHERE id = ?"};
  Statement taken_{"UPDATE floor SET state = 'taken' WHERE id = ?"};
};

class FirstMails final : public Books {
 public:
  std::vector<Mail> claim(db::Connection& connection, int mailbox) override {
    std::vector<Mail> mails;
    sqlite3_stmt* row = load_.begin(connection, {mailbox + 1, kMailsOfOneClaim});
    while (sqlite3_step(row) == SQLITE_ROW) {
      Mail mail{sqlite3_column_int64(row, 0), sqlite3_column_int64(row, 1), sqlite3_column_int64(row, 2),
                sqlite3_column_int64(row, 3)};
      mail.message.from = {column(row, 4), column(row, 5)};
      mail.message.to = {{column(row, 6), column(row, 7)}};
      mail.message.subject = column(row, 8);
      mail.message.text = column(row, 9);
      mail.message.html = column(row, 10);
      mail.message.message_id = column(row, 11);
      mail.message.date = kNow;
      mail.message.unsubscribe_mailto = "mailto:" + mail.message.from.address + "?subject=unsubscribe";
      mails.push_back(std::move(mail));
    }
    sqlite3_reset(row);
    for (const Mail& mail : mails) claim_.run(connection, {kNow, mail.outbox});
    return mails;
  }
  void mark_dot(db::Connection& connection, const Mail& mail, int mailbox) override {
    dot_.run(connection, {mail.outbox});
    handed_over_.run(connection, {kNow, mailbox + 1});
  }
  void mark_taken(db::Connection& connection, const Mail& mail) override {
    taken_.run(connection, {kNow, mail.outbox});
  }
  void book(db::Connection& connection, const std::vector<Mail>& mails) override {
    for (const Mail& mail : mails) {
      leave_.run(connection, {mail.outbox});
      sent_.run(connection, {kNow, mail.mail});
      contacted_.run(connection, {kNow, mail.opportunity});
      contact_.run(connection, {kNow, mail.contact});
      history_.run(connection, {mail.opportunity, kNow});
      note_.run(connection, {mail.opportunity, kNow});
      run_.run(connection, {kNow, mail.opportunity});
      count_.run(connection, {mail.opportunity});
    }
  }

 private:
  Statement load_{
      "SELECT b.id, b.mail_id, e.opportunity_id, e.contact_id, e.from_name, m.address, k.first_name, "
      "e.to_email, "
      "e.subject, t.body_text, t.body_html, e.message_id FROM outbox b CROSS JOIN outreach_emails e ON e.id "
      "= "
      "b.mail_id JOIN outreach_email_texts t ON t.id = e.id JOIN mailboxes m ON m.account_id = e.account_id "
      "AND "
      "m.email_account_id = e.email_account_id JOIN contacts k ON k.id = e.contact_id WHERE b.account_id = 1 "
      "AND "
      "b.email_account_id = ? AND b.state = 'pending' ORDER BY b.send_at, b.id LIMIT ?"};
  Statement claim_{
      "UPDATE outbox SET state = 'sending', tries = tries + 1, first_try_at = ?, fence = 1 WHERE id = ?"};
  Statement dot_{"UPDATE outbox SET state = 'dot' WHERE id = ? AND state = 'sending'"};
  Statement handed_over_{
      "UPDATE mailbox_states SET handed_over_at = ? WHERE account_id = 1 AND email_account_id = ?"};
  Statement taken_{"UPDATE outbox SET state = 'taken', send_at = ? WHERE id = ?"};
  Statement leave_{"DELETE FROM outbox WHERE id = ?"};
  Statement sent_{"UPDATE outreach_emails SET status = 'sent', failure = '', sent_at = ? WHERE id = ?"};
  Statement contacted_{
      "UPDATE opportunities SET last_communication_date = ?1, last_communication_type = 'outreach_email', "
      "outreach_started_date = ?1, milestone_id = 2, milestone_date = ?1, stage_status = "
      "'waiting_follow_up', "
      "version = version + 1, updated_at = ?1 WHERE id = ?2"};
  Statement contact_{"UPDATE contacts SET last_communication_date = ? WHERE id = ?"};
  Statement history_{
      "INSERT INTO milestone_history (account_id, opportunity_id, project_id, previous_id, new_id, "
      "previous_name, "
      "new_name, changed_at) VALUES (1, ?, 1, 0, 2, '', 'Contacted', ?)"};
  Statement note_{
      "INSERT INTO notes (account_id, opportunity_id, content, is_system, created_at) VALUES (1, ?, "
      "'Milestone "
      "set to Contacted: the first message was sent.', 1, ?)"};
  Statement run_{
      "UPDATE outreach_runs SET next_attempt = 2, due_at = ?, state = 'finishing' WHERE account_id = 1 AND "
      "opportunity_id = ?"};
  Statement count_{
      "UPDATE opportunity_counts SET n = n + 1 WHERE account_id = 1 AND project_id = 1 AND campaign_id = "
      "(SELECT "
      "campaign_id FROM opportunities WHERE id = ?) AND workflow_status = 'outreach' AND milestone_id = 2"};
};

class Senders {
 public:
  Senders(db::Database& database, Books& books, int port) : database_(database), books_(books), port_(port) {}

  int send_all() {
    std::vector<std::future<void>> mailboxes;
    for (int i = 0; i < kMailboxes; ++i) {
      mailboxes.push_back(std::async(std::launch::async, [this, i] { send_from(i); }));
    }
    for (auto& mailbox : mailboxes) mailbox.get();
    database_.write([](db::Connection&) {});  // behind the last that was taken
    book(1);
    return sent_;
  }

 private:
  void send_from(int mailbox) {
    for (;;) {
      const std::vector<Mail> mails =
          database_.write([&](db::Connection& connection) { return books_.claim(connection, mailbox); });
      if (mails.empty()) return;
      for (const Mail& mail : mails) send(mail, mailbox);
    }
  }

  void send(const Mail& mail, int mailbox) {
    const mail::OutgoingMessage& message = mail.message;
    const mailbox::SendResult result = client_.send(
        {"127.0.0.1", port_, mailbox::Security::none}, {}, {message.from.address, {message.to[0].address}},
        mail::write_message(message), [&] {
          database_.write([&](db::Connection& connection) { books_.mark_dot(connection, mail, mailbox); });
          return true;
        });
    if (result.outcome != mailbox::SendOutcome::accepted) throw std::runtime_error(result.text);
    ++sent_;
    database_.write_async([this, mail](db::Connection& connection) { books_.mark_taken(connection, mail); },
                          [this, mail](const std::exception_ptr&) {
                            const std::lock_guard lock(mutex_);
                            taken_.push_back(mail);
                          });
    book(kBookedTogether);
  }

  void book(std::size_t at_least) {
    std::vector<Mail> mails;
    {
      const std::lock_guard lock(mutex_);
      if (taken_.size() < at_least) return;
      mails.swap(taken_);
    }
    database_.write([&](db::Connection& connection) { books_.book(connection, mails); });
  }

  db::Database& database_;
  Books& books_;
  const int port_;
  mailbox::SmtpClient client_;
  std::atomic<int> sent_ = 0;
  std::mutex mutex_;
  std::vector<Mail> taken_;
};

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc != 4) throw std::runtime_error("sending_floor DATABASE PORT ledger|books");
    const auto database = db::Database::open({.url = std::string("sqlite:") + argv[1]});
    std::unique_ptr<Books> books;
    if (std::string_view(argv[3]) == "ledger") {
      books = std::make_unique<Ledger>(*database);
    } else {
      books = std::make_unique<FirstMails>();
    }
    std::cout << Senders(*database, *books, std::atoi(argv[2])).send_all() << std::endl;
    std::_Exit(0);  // what ends the database is not part of sending
  } catch (const std::exception& error) {
    std::cerr << "sending_floor: " << error.what() << "\n";
    return 1;
  }
}
