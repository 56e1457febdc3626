// Starting, filling and stopping the PostgreSQL server of the tests.
#include "support/postgres_server.hpp"

#include <libpq-fe.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>

#include "db/database.hpp"

namespace overture::test {
namespace {

const std::string kScript = std::string(OVERTURE_SOURCE_DIR) + "/tools/test_postgres";
const std::string kLocale = "TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'";

/// The first line a command prints; throws when it fails.
std::string first_line(const std::string& command) {
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("cannot run " + command);
  std::array<char, 512> line{};
  const bool read = std::fgets(line.data(), static_cast<int>(line.size()), pipe) != nullptr;
  if (pclose(pipe) != 0 || !read) throw std::runtime_error("failed: " + command);
  std::string text(line.data());
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

}  // namespace

PostgresServer& PostgresServer::shared() {
  static const std::unique_ptr<PostgresServer> server = [] {
    const char* url = std::getenv("OVERTURE_TEST_POSTGRES");
    return std::unique_ptr<PostgresServer>(url != nullptr && *url != '\0' ? new PostgresServer(url)
                                                                          : new PostgresServer());
  }();
  return *server;
}

PostgresServer::PostgresServer() {
  // In memory where there is such a place: making a database writes hundreds of small files.
  std::string pattern = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
  pattern += "/overture-postgres-XXXXXX";
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
  directory_ = pattern;
  url_ = first_line(kScript + " start " + directory_ + " " + std::to_string(getpid()));
}

PostgresServer::~PostgresServer() {
  if (directory_.empty()) return;
  const int ended = std::system((kScript + " stop " + directory_).c_str());
  if (ended != 0) std::fprintf(stderr, "failed to stop the PostgreSQL server in %s\n", directory_.c_str());
}

std::string PostgresServer::make_database() { return make_database(kLocale); }

std::string PostgresServer::make_database(const std::string& options) {
  const std::lock_guard guard(mutex_);
  // The process is part of the name: several test programs may share one server.
  const std::string name = "test_" + std::to_string(getpid()) + "_" + std::to_string(++made_);
  execute("CREATE DATABASE " + name + " " + options);
  return address_of(name);
}

std::string PostgresServer::make_migrated_database() {
  std::unique_lock guard(mutex_);
  if (template_.empty()) {
    const std::string name = "test_" + std::to_string(getpid()) + "_migrated";
    execute("CREATE DATABASE " + name + " " + kLocale);
    {
      const auto database = db::Database::open({.url = address_of(name), .readers = 1});
      db::migrate(*database);
    }
    template_ = name;
  }
  const std::string source = template_;
  guard.unlock();
  return make_database("TEMPLATE " + source);
}

void PostgresServer::drop_database(const std::string& url) {
  const std::string path = url.substr(0, url.find('?'));
  execute("DROP DATABASE IF EXISTS " + path.substr(path.rfind('/') + 1) + " WITH (FORCE)");
}

void PostgresServer::halt() { run_script("halt"); }
void PostgresServer::resume() { run_script("resume"); }

void PostgresServer::run_script(const std::string& action) {
  if (directory_.empty()) throw std::logic_error("this server is not ours to stop");
  if (std::system((kScript + " " + action + " " + directory_).c_str()) != 0) {
    throw std::runtime_error("failed to " + action + " the server");
  }
}

void PostgresServer::execute(const std::string& sql) {
  const std::unique_ptr<PGconn, void (*)(PGconn*)> connection(PQconnectdb(url_.c_str()), PQfinish);
  const std::unique_ptr<PGresult, void (*)(PGresult*)> result(PQexec(connection.get(), sql.c_str()), PQclear);
  if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) {
    throw std::runtime_error(sql + ": " + PQerrorMessage(connection.get()));
  }
}

std::string PostgresServer::address_of(const std::string& database) const {
  const auto query = url_.find('?');
  const auto slash = url_.rfind('/', query);
  return url_.substr(0, slash + 1) + database + (query == std::string::npos ? "" : url_.substr(query));
}

}  // namespace overture::test
