// SQLite without threads, files and locks: a simulated world has one thread, and its processes die by an
// exception, so that what they have committed stays. The statements and the engine below are the program's
// own.
#pragma once
#include "base/error.hpp"
#include "db/database.hpp"
#include "db/sqlite_backup.hpp"
#include "db/sqlite_connection.hpp"

namespace overture::sim {

class PrivateSqlite final : public db::Database {
 public:
  db::Engine engine() const override { return db::Engine::sqlite; }

  void write_async(db::WriteWork work, db::WriteDone done) override {
    std::exception_ptr error;
    try {
      connection_.forget_failure();
      connection_.execute(begin_);
      work(connection_);
      if (connection_.failure() != db::SqliteFailure::none) {
        throw base::Error(base::ErrorCode::internal, {},
                          "a write went on after a statement of it had failed");
      }
      connection_.execute(commit_);
    } catch (...) {
      error = std::current_exception();
      connection_.roll_back();
    }
    done(error);
  }

  void backup(const std::string& path) override { db::back_up_sqlite(connection_, path); }

 protected:
  db::Connection& borrow() override { return connection_; }
  void give_back(db::Connection&) noexcept override {}

 private:
  const db::Sql begin_{"BEGIN"};
  const db::Sql commit_{"COMMIT"};
  db::SqliteConnection connection_{":memory:", 0, db::SqliteConnection::Mode::writing};
};

}  // namespace overture::sim
