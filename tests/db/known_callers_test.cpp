// Callers are known again until anything is committed, and never taken for somebody else.
#include "api/known_callers.hpp"

#include "house.hpp"

namespace overture::db {
namespace {

using base::Error;
using base::ErrorCode;

/// Whoever asks the database has not known the caller.
class NoConnection final : public Connection {
 public:
  explicit NoConnection(Engine engine) : engine_(engine) {}
  Engine engine() const override { return engine_; }
  RowsPtr query(const Sql&) override { throw Error(ErrorCode::internal, {}, "asked"); }
  std::int64_t execute(const Sql&) override { throw Error(ErrorCode::internal, {}, "asked"); }
  void run_script(std::string_view) override {}
  void insert(const BulkInsert&) override {}
  std::int64_t reserve_ids(Literal, std::int64_t) override { return 0; }
  void lock(std::string_view, bool) override {}
  void set_deadline(base::Millis) override {}
  int counter_slot() const override { return 0; }

 private:
  Engine engine_;
};

class KnownCallers : public House {
 protected:
  void SetUp() override {
    House::SetUp();
    known_.emplace(database(), keys_);
    account_ = add_account();
    execute(
        Sql("INSERT INTO users (id, account_id, email, password_hash, first_name, last_name, role, "
            "created_at) VALUES (77, ?, 'a@b.example', '', 'A', 'B', 'admin', 1)",
            account_));
  }

  api::MadeToken make_token(std::optional<base::Millis> expires_at = {}) {
    return database().write([&](Connection& connection) {
      return api::create_token(
          connection, keys_,
          {.account = account_, .user = 77, .name = "k", .expires_at = expires_at, .now = 1});
    });
  }
  api::Caller ask(const http::Request& request) {
    return database().read(
        [&](Connection& connection) { return known_->authenticate(connection, request, clock.now()); });
  }
  bool is_known(const http::Request& request) {
    NoConnection nobody(GetParam());
    try {
      known_->authenticate(nobody, request, clock.now());
      return true;
    } catch (const Error&) {
      return false;
    }
  }
  static http::Request bearing(const std::string& token) {
    http::Request request;
    request.headers.push_back({"Authorization", "Bearer " + token});
    return request;
  }

  const api::TokenKeys keys_{"0123456789abcdef0123456789abcdef"};
  std::optional<api::KnownCallers> known_;
  std::int64_t account_ = 0;
};
ON_EACH_ENGINE(KnownCallers);

TEST_P(KnownCallers, AreKnownUntilAnythingIsCommitted) {
  const api::MadeToken token = make_token();
  const http::Request request = bearing(token.token);
  EXPECT_EQ(ask(request).scope.user, 77);
  EXPECT_EQ(is_known(request), on_sqlite());
  EXPECT_FALSE(is_known(bearing(make_token().token)));
  EXPECT_FALSE(is_known(request)) << "a token was made";
  EXPECT_EQ(ask(request).token, token.id);
  execute(Sql("UPDATE tokens SET revoked_at = 5 WHERE id = ?", token.id));
  EXPECT_EQ(error_of([&] { ask(request); }), ErrorCode::unauthorized);
}

TEST_P(KnownCallers, EndWithTheirToken) {
  const http::Request request = bearing(make_token(clock.now() + base::kMinute).token);
  ask(request);
  clock.advance(base::kMinute - 1);
  EXPECT_EQ(is_known(request), on_sqlite());
  clock.advance(1);
  EXPECT_FALSE(is_known(request));
  EXPECT_EQ(error_of([&] { ask(request); }), ErrorCode::unauthorized);

  const api::MadeToken lasting = make_token();
  const http::Request access = bearing(keys_.make_access_token(lasting.client_id, clock.now()));
  ask(access);
  clock.advance(api::kAccessTokenLife);
  EXPECT_FALSE(is_known(access));
  EXPECT_EQ(error_of([&] { ask(access); }), ErrorCode::unauthorized);
}

TEST_P(KnownCallers, APairIsNotAnotherPair) {
  const api::MadeToken token = make_token();
  http::Request request;
  request.headers.push_back({"X-Client-Id", token.client_id});
  request.headers.push_back({"Authorization", token.client_key});
  ask(request);
  EXPECT_EQ(is_known(request), on_sqlite());
  // The same letters, cut elsewhere.
  http::Request moved;
  moved.headers.push_back({"X-Client-Id", token.client_id + token.client_key.substr(0, 1)});
  moved.headers.push_back({"Authorization", token.client_key.substr(1)});
  EXPECT_FALSE(is_known(moved));
  EXPECT_EQ(error_of([&] { ask(moved); }), ErrorCode::unauthorized);
}

}  // namespace
}  // namespace overture::db
