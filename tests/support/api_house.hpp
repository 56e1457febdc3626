// A server without a socket, with two accounts in it, on a database of its own: what API tests talk to.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "app/application.hpp"
#include "base/clock.hpp"

namespace overture::test {

/// Account `acme` has the projects `site` and `shop` and five people: ada (admin), ulf (user), ina
/// (inspector), pia (personalizer) and ivy (inspector_personalizer), who all but ada see `site` only. Account
/// `globex` has the project `rival` and gil (admin). Everybody's password is kPassword and address
/// <name>@<account>.test.
class ApiHouse {
 public:
  static constexpr base::Millis kStart = 1772442000000;  // 2026-03-02T09:00:00Z
  static constexpr std::string_view kPassword = "correct horse";
  static constexpr std::string_view kSecret = "0123456789abcdef0123456789abcdef";

  /// A copy of a house that was built once for each engine.
  explicit ApiHouse(db::Engine engine);
  ~ApiHouse();
  ApiHouse(const ApiHouse&) = delete;
  ApiHouse& operator=(const ApiHouse&) = delete;

  /// The API key of a person.
  const std::string& key_of(const std::string& person) const { return facts_.at(person + "_key"); }
  /// By name: people, projects (`ada`, `site`: ids as text), `<person>_key`, `<person>_client_id`,
  /// `<person>_client_key`.
  const std::map<std::string, std::string>& facts() const { return facts_; }
  std::int64_t id_of(const std::string& name) const { return std::stoll(facts_.at(name)); }

  /// Adds a person to an account (`acme`, `globex`) and to the facts.
  void add_person(const std::string& name, const std::string& role, const std::string& account);
  void grant(const std::string& person, const std::string& project);

  /// One request as a person; `nobody` sends no Authorization.
  http::Request request(const std::string& person, http::Method method, std::string target,
                        std::string body = {}) const;
  http::Response ask(http::Request request) { return app_->handle(std::move(request)); }
  /// Of another process on the same database that keeps no rendered rows.
  http::Response ask_elsewhere(http::Request request) { return elsewhere_->handle(std::move(request)); }

  /// Stops the server and starts it again.
  void restart();
  void run_jobs();
  void tell_events();
  app::Application& app() { return *app_; }
  base::FakeClock& clock() { return clock_; }
  db::Engine engine() const { return engine_; }

 private:
  struct Built;
  static const Built& built(db::Engine engine);
  static std::unique_ptr<Built> build(db::Engine engine);
  std::unique_ptr<app::Application> start(int rate_limit, std::size_t cache_bytes) const;

  db::Engine engine_;
  base::FakeClock clock_{kStart};
  std::string directory_;  ///< SQLite: where the file lies
  std::string url_;
  std::map<std::string, std::string> facts_;
  std::unique_ptr<app::Application> app_;
  std::unique_ptr<app::Application> elsewhere_;
};

}  // namespace overture::test
