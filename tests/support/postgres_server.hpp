// A PostgreSQL server for tests, with a fresh database for whoever asks.
#pragma once
#include <mutex>
#include <string>

namespace overture::test {

/// Runs tools/test_postgres. The server is gone when this object is, or when the process ends in any other
/// way.
class PostgresServer {
 public:
  /// The one of this process, started at first use; the one in OVERTURE_TEST_POSTGRES (an address whose user
  /// may create databases) when that is set.
  static PostgresServer& shared();

  /// Starts a server of its own, for tests that stop it.
  PostgresServer();
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  /// The address of a new, empty database with the right locale.
  std::string make_database();
  /// The address of a new database with the program's schema: a copy of one that was migrated once.
  std::string make_migrated_database();
  /// Of a new database made with these words after CREATE DATABASE name.
  std::string make_database(const std::string& options);
  /// Removes a database of make_database(), whoever is still connected.
  void drop_database(const std::string& url);

  /// Kills the server as a crash would; starts it again with what it had.
  void halt();
  void resume();

 private:
  explicit PostgresServer(std::string url) : url_(std::move(url)) {}
  void run_script(const std::string& action);
  void execute(const std::string& sql);
  std::string address_of(const std::string& database) const;

  std::string directory_;  ///< empty when the server is not ours
  std::string url_;        ///< of a database to connect to for making others
  std::mutex mutex_;
  std::string template_;  ///< name of the migrated database, once there is one
  int made_ = 0;
};

}  // namespace overture::test
