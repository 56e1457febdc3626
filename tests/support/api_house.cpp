// The house is built through the same functions that the command line uses, then copied for each test.
#include "support/api_house.hpp"

#include <unistd.h>

#include <boost/json/parse.hpp>
#include <filesystem>
#include <stdexcept>

#include "api/tokens.hpp"
#include "app/accounts.hpp"
#include "base/crypto.hpp"
#include "support/mail_servers_stub.hpp"
#include "support/postgres_server.hpp"
#include "work/herald.hpp"

namespace overture::test {
namespace {

using Facts = std::map<std::string, std::string>;

std::string make_directory() {
  std::string pattern = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
  pattern += "/overture-api-XXXXXX";
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
  return pattern;
}

/// The longest step in making a user; one hash serves everybody.
const std::string& password_hash() {
  static const std::string hash = base::hash_password(ApiHouse::kPassword);
  return hash;
}

void put_person(app::Application& app, base::Millis now, Facts& facts, const std::string& name,
                const std::string& role, const std::string& account) {
  std::string last = role == "inspector_personalizer" ? "Both" : role;
  last.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(last.front())));
  std::string first = name;
  first.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(first.front())));
  api::MadeToken token;
  std::int64_t id = 0;
  app.database().write([&](db::Connection& connection) {
    std::int64_t owner = app::load_account(connection, account);
    id = app::create_user(connection, now,
                          {.account_id = owner,
                           .email = name + "@" + account + ".test",
                           .first_name = first,
                           .last_name = last,
                           .role = role,
                           .password_hash = password_hash()});
    token = api::create_token(connection, app.token_keys(),
                              {.account = owner, .user = id, .name = "tests", .now = now});
  });
  facts[name] = std::to_string(id);
  facts[name + "_key"] = token.token;
  facts[name + "_client_id"] = token.client_id;
  facts[name + "_client_key"] = token.client_key;
}

void put_grant(app::Application& app, const Facts& facts, const std::string& person,
               const std::string& project) {
  app.database().write([&](db::Connection& connection) {
    const std::int64_t user = std::stoll(facts.at(person));
    const std::int64_t account =
        connection.integer(db::Sql("SELECT account_id FROM users WHERE id = ?", user));
    app::grant_project(connection, account, user, std::stoll(facts.at(project)));
  });
}

http::Request make_request(const Facts& facts, const std::string& person, http::Method method,
                           std::string target, std::string body) {
  http::Request request;
  request.method = method;
  request.target = std::move(target);
  const auto question = std::min(request.target.find('?'), request.target.size());
  request.path = request.target.substr(0, question);
  if (question < request.target.size()) request.query = request.target.substr(question + 1);
  if (person != "nobody") request.headers.push_back({"Authorization", "Bearer " + facts.at(person + "_key")});
  request.headers.push_back({"Content-Type", "application/json"});
  request.body = std::move(body);
  request.id = "test";
  return request;
}

MailServersStub& mail_servers() {
  static MailServersStub servers;
  return servers;
}

std::unique_ptr<app::Application> open(const std::string& url, const base::Clock& clock, int rate_limit,
                                       std::size_t cache_bytes) {
  return std::make_unique<app::Application>(
      app::Application::Options{.database = url,
                                .secret_key = base::Secret(std::string(ApiHouse::kSecret)),
                                .clock = &clock,
                                .readers = 2,
                                .rate_limit = rate_limit,
                                .cache_bytes = cache_bytes,
                                .job_threads = 0,
                                .public_url = "https://outreach.acme.test",
                                .probe = &mail_servers(),
                                .token_source = &mail_servers()});
}

}  // namespace

struct ApiHouse::Built {
  std::string directory;
  std::string url;
  Facts facts;
  ~Built() {
    if (!directory.empty()) std::filesystem::remove_all(directory);
  }
};

std::unique_ptr<ApiHouse::Built> ApiHouse::build(db::Engine engine) {
  auto made = std::make_unique<Built>();
  if (engine == db::Engine::sqlite) {
    made->directory = make_directory();
    made->url = "sqlite:" + made->directory + "/house.sqlite";
  } else {
    made->url = PostgresServer::shared().make_migrated_database();
  }
  base::FakeClock clock(kStart - base::kDay);
  auto app = open(made->url, clock, 0, 0);
  Facts& facts = made->facts;
  for (const std::string account : {"acme", "globex"}) {
    app->database().write(
        [&](db::Connection& connection) { app::create_account(connection, clock.now(), account); });
  }
  put_person(*app, clock.now(), facts, "ada", "admin", "acme");
  put_person(*app, clock.now(), facts, "ulf", "user", "acme");
  put_person(*app, clock.now(), facts, "ina", "inspector", "acme");
  put_person(*app, clock.now(), facts, "pia", "personalizer", "acme");
  put_person(*app, clock.now(), facts, "ivy", "inspector_personalizer", "acme");
  put_person(*app, clock.now(), facts, "gil", "admin", "globex");
  for (const auto& [person, name] : {std::pair{"ada", "site"}, {"ada", "shop"}, {"gil", "rival"}}) {
    std::string title = name;
    title.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(title.front())));
    const auto answer = app->handle(
        make_request(facts, person, http::Method::post, "/api/projects", R"({"name":")" + title + R"("})"));
    if (answer.status != 200) throw std::runtime_error("no project: " + answer.body);
    facts[name] = std::to_string(boost::json::parse(answer.body).at("id").to_number<std::int64_t>());
  }
  for (const std::string person : {"ulf", "ina", "pia", "ivy"}) put_grant(*app, facts, person, "site");
  app->stop(std::chrono::seconds(10));
  app->database().write([](db::Connection& connection) { connection.run_script("DELETE FROM usage_days"); });
  app.reset();
  return made;
}

const ApiHouse::Built& ApiHouse::built(db::Engine engine) {
  if (engine == db::Engine::sqlite) {
    static const std::unique_ptr<Built> made = build(engine);
    return *made;
  }
  static const std::unique_ptr<Built> made = build(engine);
  return *made;
}

ApiHouse::ApiHouse(db::Engine engine) : engine_(engine) {
  const Built& house = built(engine);
  facts_ = house.facts;
  if (engine == db::Engine::sqlite) {
    directory_ = make_directory();
    std::filesystem::copy_file(house.directory + "/house.sqlite", directory_ + "/house.sqlite");
    url_ = "sqlite:" + directory_ + "/house.sqlite";
  } else {
    const std::string path = house.url.substr(0, house.url.find('?'));
    url_ = PostgresServer::shared().make_database("TEMPLATE " + path.substr(path.rfind('/') + 1));
  }
  restart();
}

ApiHouse::~ApiHouse() {
  elsewhere_.reset();
  app_.reset();
  if (engine_ == db::Engine::sqlite) {
    std::filesystem::remove_all(directory_);
  } else {
    PostgresServer::shared().drop_database(url_);
  }
}

std::unique_ptr<app::Application> ApiHouse::start(int rate_limit, std::size_t cache_bytes) const {
  return open(url_, clock_, rate_limit, cache_bytes);
}

void ApiHouse::restart() {
  app_.reset();
  app_ = start(300, std::size_t{4} << 20U);
  if (!elsewhere_) elsewhere_ = start(0, 0);
}

void ApiHouse::add_person(const std::string& name, const std::string& role, const std::string& account) {
  put_person(*app_, clock_.now(), facts_, name, role, account);
}

void ApiHouse::grant(const std::string& person, const std::string& project) {
  put_grant(*app_, facts_, person, project);
}

http::Request ApiHouse::request(const std::string& person, http::Method method, std::string target,
                                std::string body) const {
  return make_request(facts_, person, method, std::move(target), std::move(body));
}

void ApiHouse::run_jobs() {
  while (app_->runner().run_one()) {
  }
}

void ApiHouse::tell_events() {
  const outreach::Install install{.key = base::HmacKey(std::string(32, 'k')), .public_url = {}};
  work::Herald herald(app_->database(), clock_, install);
  while (herald.tell_next()) {
  }
}

}  // namespace overture::test
