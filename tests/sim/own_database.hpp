// The common database as one process sees it: between any two of its transactions something may happen.
#pragma once
#include <functional>
#include <string_view>
#include <utility>

#include "base/error.hpp"
#include "db/database.hpp"

namespace overture::sim {

class OwnDatabase final : public db::Database {
 public:
  /// `between` is called with `read` before each read, `write` before each write, `answer` once that is
  /// durable and nobody knows it yet, `written` when the writer does. `write` and `written` may throw Killed,
  /// all but the last base::Error: the database is away.
  OwnDatabase(db::Database& shared, std::function<void(std::string_view)> between)
      : shared_(shared), between_(std::move(between)) {}

  db::Engine engine() const override { return shared_.engine(); }

  void write_async(db::WriteWork work, db::WriteDone done) override {
    std::exception_ptr error;
    try {
      between_("write");
    } catch (const base::Error&) {
      return done(std::current_exception());  // as a queue that takes no more
    }
    try {
      shared_.write(work);
      between_("answer");
    } catch (...) {
      error = std::current_exception();
    }
    done(error);
    if (error == nullptr) between_("written");
  }

  void backup(const std::string& path) override { shared_.backup(path); }

 protected:
  db::Connection& borrow() override {
    between_("read");
    return (shared_.*(&Lending::borrow))();
  }
  void give_back(db::Connection& connection) noexcept override {
    (shared_.*(&Lending::give_back))(connection);
  }

 private:
  /// Opens what Database keeps for its own kind.
  struct Lending : db::Database {
    using db::Database::borrow;
    using db::Database::give_back;
  };

  db::Database& shared_;
  std::function<void(std::string_view)> between_;
};

}  // namespace overture::sim
