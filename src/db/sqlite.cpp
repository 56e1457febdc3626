// SQLite as a Database: one writer thread, a pool of readers that each see one snapshot.
#include "db/engines.hpp"
#include "db/reader_pool.hpp"
#include "db/sqlite_backup.hpp"
#include "db/sqlite_connection.hpp"
#include "db/sqlite_stamps.hpp"
#include "db/sqlite_writer.hpp"

namespace overture::db {
namespace {

const Sql kEnd("COMMIT");

class SqliteDatabase final : public Database {
 public:
  SqliteDatabase(const std::string& path, const Options& options)
      : path_(path),
        options_(options),
        writer_(path, options.page_cache_kib),
        stamps_(path),
        readers_(options.readers,
                 std::chrono::milliseconds(std::min(options.read_deadline, kLongestWaitForReader)),
                 [this] { return open_reader(); }) {}

  Engine engine() const override { return Engine::sqlite; }

  std::optional<Stamp> stamp() const override { return stamps_.now(); }

  void write_async(WriteWork work, WriteDone done) override {
    writer_.push(std::move(work), std::move(done));
  }

  void backup(const std::string& path) override { back_up_sqlite(*open_reader(), path); }

 protected:
  Connection& borrow() override {
    auto connection = readers_.borrow();
    try {
      connection->set_deadline(options_.read_deadline);
      connection->begin_when_used();
    } catch (...) {
      return_to_pool(std::move(connection));
      throw;
    }
    return *connection.release();
  }

  void give_back(Connection& connection) noexcept override {
    std::unique_ptr<SqliteConnection> lent(static_cast<SqliteConnection*>(&connection));
    try {
      lent->set_deadline(0);
      if (!lent->forget_to_begin()) lent->execute(kEnd);
    } catch (const base::Error&) {
      // Nothing was written; return_to_pool() closes what cannot be used again.
    }
    return_to_pool(std::move(lent));
  }

 private:
  std::unique_ptr<SqliteConnection> open_reader() {
    return std::make_unique<SqliteConnection>(path_, options_.page_cache_kib,
                                              SqliteConnection::Mode::reading);
  }

  void return_to_pool(std::unique_ptr<SqliteConnection> connection) noexcept {
    connection->roll_back();
    if (connection->broken() || connection->in_transaction()) connection.reset();
    readers_.give_back(std::move(connection));
  }

  const std::string path_;
  const Options options_;
  SqliteWriter writer_;  // before the readers: it creates the file, and closes last
  SqliteStamps stamps_;
  ReaderPool<SqliteConnection> readers_;
};

}  // namespace

std::unique_ptr<Database> open_sqlite(const std::string& path, const Options& options) {
  return std::make_unique<SqliteDatabase>(path, options);
}

}  // namespace overture::db
