// A database with its connections and its writer: the one way in for everybody else.
#pragma once
#include <array>
#include <cstdint>
#include <exception>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>

#include "db/connection.hpp"

namespace overture::db {

struct Options {
  std::string url;                    ///< `sqlite:PATH` or `postgresql://…`
  int readers = 4;                    ///< connections for reading (PostgreSQL: also this many for writing)
  std::size_t page_cache_kib = 8192;  ///< SQLite page cache of each connection
  base::Millis read_deadline = 10 * base::kSecond;
};

/// Work that runs inside one write transaction. It may be run again from the start, when the engine
/// asks for a retry or a write beside it has failed, so it must have no effect but on the connection.
using WriteWork = std::function<void(Connection&)>;
/// Called once when the work is durable (nullptr) or has failed and left nothing behind.
using WriteDone = std::function<void(std::exception_ptr)>;

/// See Database::stamp().
using Stamp = std::array<std::uint64_t, 6>;

class Database {
 public:
  virtual ~Database() = default;
  /// Opens (SQLite: creates) the database; does not migrate. Throws base::Error.
  static std::unique_ptr<Database> open(const Options& options);

  virtual Engine engine() const = 0;

  /// Two equal ones: nothing was committed in between, by whichever process. What is read after a stamp was
  /// taken is at least as new as the stamp. Costs nothing; empty where it would cost a round trip.
  virtual std::optional<Stamp> stamp() const { return std::nullopt; }

  /// Queues a write. On SQLite all that wait are committed together (group commit), and one
  /// that fails leaves nothing behind; on PostgreSQL each is a transaction of its own on one of several
  /// connections.
  virtual void write_async(WriteWork work, WriteDone done) = 0;

  /// Runs `work(Connection&)` in a write transaction; returns its result once it is durable. Rethrows its
  /// exception.
  template <class Work>
  auto write(Work&& work) -> std::invoke_result_t<Work, Connection&> {
    using Result = std::invoke_result_t<Work, Connection&>;
    std::promise<void> finished;
    auto complete = [&finished](const std::exception_ptr& error) {
      if (error) {
        finished.set_exception(error);
      } else {
        finished.set_value();
      }
    };
    if constexpr (std::is_void_v<Result>) {
      write_async([&work](Connection& connection) { work(connection); }, complete);
      finished.get_future().get();
    } else {
      std::optional<Result> result;
      write_async([&work, &result](Connection& connection) { result.emplace(work(connection)); }, complete);
      finished.get_future().get();
      return std::move(*result);
    }
  }

  /// Runs `work(Connection&)` on a reading connection; on SQLite it sees one snapshot throughout,
  /// from its first statement on.
  template <class Work>
  auto read(Work&& work) -> std::invoke_result_t<Work, Connection&> {
    Reader reader(*this);
    return work(reader.connection());
  }

  /// An online, consistent copy into `path` (SQLite). Throws on PostgreSQL, where pg_dump does it.
  virtual void backup(const std::string& path) = 0;

 protected:
  /// Waits for a free reading connection.
  virtual Connection& borrow() = 0;
  virtual void give_back(Connection& connection) noexcept = 0;

 private:
  class Reader {
   public:
    explicit Reader(Database& database) : database_(database), connection_(database.borrow()) {}
    ~Reader() { database_.give_back(connection_); }
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;
    Connection& connection() { return connection_; }

   private:
    Database& database_;
    Connection& connection_;
  };
};

/// Brings the schema to the version of this program, one transaction a step; safe to kill and repeat.
/// Throws base::Error when the schema is newer than the program. Returns the number of steps taken.
int migrate(Database& database);
/// The version the database is at, 0 when empty.
int schema_version(Connection& connection);
int latest_schema_version();

}  // namespace overture::db
