// PostgreSQL as a Database: writers with a transaction each, a pool of readers.
#include "base/error.hpp"
#include "base/text.hpp"
#include "db/engines.hpp"
#include "db/postgres_connection.hpp"
#include "db/postgres_writers.hpp"
#include "db/reader_pool.hpp"

namespace overture::db {
namespace {

using base::Error;
using base::ErrorCode;

/// Both engines must order and fold text alike: by code points, and lower() for all letters.
void check_locale(Connection& connection) {
  const RowsPtr rows = connection.query(
      Sql("SELECT datcollate, datctype, pg_encoding_to_char(encoding), datlocprovider, datname"
          " FROM pg_database WHERE datname = current_database()"));
  rows->next();
  const std::string collate = base::lower_ascii(rows->text(0));
  const std::string ctype = base::lower_ascii(rows->text(1));
  const bool by_code_point =
      collate == "c" || collate == "posix" || collate == "c.utf-8" || collate == "c.utf8";
  const bool unicode = ctype.ends_with(".utf-8") || ctype.ends_with(".utf8");
  if (by_code_point && unicode && rows->text(2) == "UTF8" && rows->text(3) == "c") return;
  throw Error(
      ErrorCode::unavailable,
      "The database '" + std::string(rows->text(4)) +
          "' must compare text by code points. Create it with: CREATE DATABASE overture TEMPLATE template0"
          " ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'",
      "it has collation " + collate + ", character type " + ctype + ", encoding " +
          std::string(rows->text(2)) + ", provider " + std::string(rows->text(3)));
}

class PostgresDatabase final : public Database {
 public:
  explicit PostgresDatabase(const Options& options)
      : options_(options),
        endpoint_(options.url),
        writers_(endpoint_, options.readers),
        readers_(options.readers,
                 std::chrono::milliseconds(std::min(options.read_deadline, kLongestWaitForReader)), [this] {
                   return std::make_unique<PostgresConnection>(endpoint_, PostgresConnection::Mode::reading,
                                                               0);
                 }) {
    read([](Connection& connection) { check_locale(connection); });
  }

  Engine engine() const override { return Engine::postgres; }

  void write_async(WriteWork work, WriteDone done) override {
    writers_.push(std::move(work), std::move(done));
  }

  void backup(const std::string&) override {
    throw Error(ErrorCode::not_implemented, "A PostgreSQL database is backed up with pg_dump");
  }

 protected:
  Connection& borrow() override {
    auto connection = readers_.borrow();
    connection->forget_failure();
    connection->set_deadline(options_.read_deadline);
    return *connection.release();
  }

  void give_back(Connection& connection) noexcept override {
    std::unique_ptr<PostgresConnection> lent(static_cast<PostgresConnection*>(&connection));
    lent->roll_back();
    readers_.give_back(std::move(lent));
  }

 private:
  const Options options_;
  PostgresEndpoint endpoint_;
  PostgresWriters writers_;
  ReaderPool<PostgresConnection> readers_;
};

}  // namespace

std::unique_ptr<Database> open_postgres(const Options& options) {
  return std::make_unique<PostgresDatabase>(options);
}

}  // namespace overture::db
