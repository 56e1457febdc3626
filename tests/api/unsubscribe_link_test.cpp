// The unsubscribe link of a mail, as people and mail programs use it, on both engines.
#include <gtest/gtest.h>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "outreach/unsubscribe_link.hpp"
#include "support/api_house.hpp"

namespace overture::test {
namespace {

constexpr std::string_view kOneClick = "List-Unsubscribe=One-Click";

std::string header(const http::Response& response, std::string_view name) {
  for (const http::Header& each : response.headers) {
    if (each.name == name) return each.value;
  }
  return {};
}

class UnsubscribeLink : public testing::TestWithParam<db::Engine> {
 protected:
  UnsubscribeLink()
      : house_(GetParam()), key_(base::bytes_of(base::hmac_sha256(ApiHouse::kSecret, "outreach"))) {
    account_ = number("SELECT account_id FROM users WHERE id = " + std::to_string(house_.id_of("ada")));
    ask("ada", http::Method::post, "/api/campaigns/import",
        R"({"name":"Spring","project":)" + house_.facts().at("site") +
            R"(,"import_json":[{"url":"https://one.example.com","email":"olga@one.example.com"},)"
            R"({"url":"https://two.example.com","email":"olga@one.example.com"}]})");
    house_.run_jobs();
    one_ = number("SELECT MIN(id) FROM opportunities");
    two_ = number("SELECT MAX(id) FROM opportunities");
    olga_ = number("SELECT id FROM contacts WHERE email = 'olga@one.example.com'");
    mail_ = add_mail(one_, olga_, "olga@one.example.com", "sent");
  }

  http::Response ask(const std::string& person, http::Method method, std::string target,
                     std::string body = {}) {
    return house_.ask(house_.request(person, method, std::move(target), std::move(body)));
  }
  void run(const std::string& script) {
    house_.app().database().write([&](db::Connection& connection) { connection.run_script(script); });
  }
  /// Statements are made of literals: a view for one answer that never becomes durable.
  std::string text(const std::string& select) {
    struct Seen {
      std::string value;
    };
    try {
      house_.app().database().write([&](db::Connection& connection) {
        connection.run_script("CREATE TABLE seen AS SELECT CAST((" + select + ") AS TEXT) AS value");
        throw Seen{connection.text(db::Sql("SELECT value FROM seen"))};
      });
    } catch (const Seen& seen) {
      return seen.value;
    }
    return {};
  }
  std::int64_t number(const std::string& select) { return std::stoll(text(select)); }

  std::int64_t add_mail(std::int64_t opportunity, std::int64_t contact, const std::string& to,
                        const std::string& status) {
    run("INSERT INTO outreach_emails (account_id, project_id, campaign_id, opportunity_id, contact_id, "
        "attempt_number, run, subject, to_email, status, created_at) SELECT account_id, project_id, "
        "campaign_id, id, " +
        std::to_string(contact) + ", " + std::to_string(++attempts_) + ", 1, 'Hello', '" + to + "', '" +
        status + "', 1772352000000 FROM opportunities WHERE id = " + std::to_string(opportunity));
    return number("SELECT MAX(id) FROM outreach_emails");
  }
  /// `stage` as it is in workflow outreach; the run writes to olga.
  void add_run(std::int64_t opportunity, const std::string& state, const std::string& stage) {
    run("INSERT INTO outreach_runs (account_id, opportunity_id, project_id, campaign_id, contact_id, due_at, "
        "state, next_attempt) SELECT account_id, id, project_id, campaign_id, " +
        std::to_string(olga_) + ", 0, '" + state +
        "', 2 FROM opportunities WHERE id = " + std::to_string(opportunity));
    run("UPDATE opportunities SET workflow_status = 'outreach', stage_status = '" + stage +
        "' WHERE id = " + std::to_string(opportunity));
  }
  std::string link(std::int64_t mail) const {
    return outreach::make_unsubscribe_path(key_, {account_, mail});
  }

  ApiHouse house_;
  base::HmacKey key_;
  std::int64_t account_ = 0;
  std::int64_t one_ = 0;
  std::int64_t two_ = 0;
  std::int64_t olga_ = 0;
  std::int64_t mail_ = 0;
  int attempts_ = 0;
};

TEST_P(UnsubscribeLink, AsksFirstAndChangesNothing) {
  for (const http::Method method : {http::Method::get, http::Method::head}) {
    const http::Response page = ask("nobody", method, link(mail_) + "?utm_source=mail");
    EXPECT_EQ(page.status, 200);
    EXPECT_EQ(page.content_type, "text/html; charset=utf-8");
    EXPECT_NE(page.body.find("olga@one.example.com"), std::string::npos);
    EXPECT_NE(page.body.find("<form method=\"post\"><button type=\"submit\">"), std::string::npos);
    EXPECT_NE(page.body.find("<html lang=\"en\">"), std::string::npos);
    EXPECT_EQ(header(page, "Cache-Control"), "no-store");
    EXPECT_EQ(header(page, "Referrer-Policy"), "no-referrer");
  }
  EXPECT_EQ(number("SELECT COUNT(*) FROM unsubscribes"), 0);
  EXPECT_EQ(number("SELECT COUNT(*) FROM contacts WHERE is_unsubscribed = 1"), 0);
}

TEST_P(UnsubscribeLink, PolicyAllowsItsOwnStyleOnly) {
  const http::Response page = ask("nobody", http::Method::get, link(mail_));
  const std::size_t begin = page.body.find("<style>") + 7;
  const std::string style = page.body.substr(begin, page.body.find("</style>") - begin);
  EXPECT_EQ(header(page, "Content-Security-Policy"),
            "default-src 'none'; style-src 'sha256-" +
                base::base64url(base::bytes_of(base::sha256_digest(style))) +
                "='; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
  EXPECT_EQ(page.body.find("<script"), std::string::npos);
}

TEST_P(UnsubscribeLink, ButtonAndOneClickBothUnsubscribeAtOnce) {
  for (const std::string_view body : {std::string_view(), kOneClick}) {
    const http::Response page = ask("nobody", http::Method::post, link(mail_), std::string(body));
    EXPECT_EQ(page.status, 200);
    EXPECT_NE(page.body.find("You are unsubscribed"), std::string::npos);
    EXPECT_EQ(text("SELECT reason FROM unsubscribes WHERE entry = 'olga@one.example.com' AND user_id = 0 AND "
                   "project_id = 0"),
              "Unsubscribed by link");
    EXPECT_EQ(number("SELECT COUNT(*) FROM contacts WHERE is_unsubscribed = 1"), 1);
    house_.clock().advance(base::kDay);
  }
  EXPECT_EQ(number("SELECT COUNT(*) FROM unsubscribes"), 1) << "twice is once";
  EXPECT_EQ(number("SELECT created_at FROM unsubscribes"), ApiHouse::kStart);
  // What is shown elsewhere knows it, too, also where rows are kept rendered.
  EXPECT_NE(ask("ada", http::Method::get, "/api/unsubscribes").body.find("olga@one.example.com"),
            std::string::npos);
}

TEST_P(UnsubscribeLink, WorksForEverAndAfterARestart) {
  house_.clock().advance(400 * base::kDay);
  house_.restart();
  EXPECT_EQ(ask("nobody", http::Method::post, link(mail_)).status, 200);
  EXPECT_EQ(number("SELECT COUNT(*) FROM unsubscribes"), 1);
}

TEST_P(UnsubscribeLink, EndsWhatHasNoOtherContact) {
  run("UPDATE accounts SET lost_unsubscribed = 1");
  add_run(one_, "waiting", "waiting_follow_up");
  add_run(two_, "review", "waiting_follow_up");
  const std::int64_t draft = add_mail(two_, olga_, "olga@one.example.com", "review");
  const std::int64_t planned = add_mail(one_, olga_, "olga@one.example.com", "scheduled");
  run("INSERT INTO outbox (account_id, kind, mail_id, email_account_id, send_at, created_at) SELECT "
      "account_id, "
      "'outreach', id, 1, 0, 0 FROM outreach_emails WHERE id = " +
      std::to_string(planned));
  ASSERT_EQ(ask("nobody", http::Method::post, link(mail_)).status, 200);
  for (const std::int64_t mail : {draft, planned}) {
    EXPECT_EQ(text("SELECT status FROM outreach_emails WHERE id = " + std::to_string(mail)), "cancelled");
  }
  EXPECT_EQ(number("SELECT COUNT(*) FROM outbox"), 0);
  EXPECT_EQ(number("SELECT COUNT(*) FROM outreach_runs WHERE state = 'over'"), 2);
  EXPECT_EQ(
      number("SELECT COUNT(*) FROM opportunities WHERE workflow_status = 'completed' AND stage_status = "
             "'unsubscribed'"),
      2);
  EXPECT_EQ(
      number("SELECT COUNT(*) FROM opportunities o JOIN milestones m ON m.account_id = o.account_id AND "
             "m.id = o.milestone_id WHERE m.name = 'Lost - Unsubscribed'"),
      2);
  EXPECT_EQ(text("SELECT status FROM outreach_emails WHERE id = " + std::to_string(mail_)), "sent");
}

TEST_P(UnsubscribeLink, TheNextContactGoesOn) {
  ask("ada", http::Method::post, "/api/opportunities/" + std::to_string(one_) + "/contacts",
      R"({"email":"piet@one.example.com"})");
  const std::int64_t piet = number("SELECT id FROM contacts WHERE email = 'piet@one.example.com'");
  add_run(one_, "waiting", "waiting_follow_up");
  add_run(two_, "finishing", "waiting_follow_up");
  ask("ada", http::Method::post, "/api/opportunities/" + std::to_string(two_) + "/contacts",
      R"({"email":"piet@one.example.com"})");
  ASSERT_EQ(ask("nobody", http::Method::post, link(mail_)).status, 200);
  EXPECT_EQ(text("SELECT state FROM outreach_runs WHERE opportunity_id = " + std::to_string(one_)),
            "waiting");
  EXPECT_EQ(number("SELECT contact_id FROM outreach_runs WHERE opportunity_id = " + std::to_string(one_)),
            piet);
  EXPECT_EQ(number("SELECT next_attempt FROM outreach_runs WHERE opportunity_id = " + std::to_string(one_)),
            1);
  EXPECT_EQ(text("SELECT state FROM outreach_runs WHERE opportunity_id = " + std::to_string(two_)), "over")
      << "its sequence had run through";
}

TEST_P(UnsubscribeLink, WhatIsLeavingIsLeftToTheSender) {
  add_run(one_, "outgoing", "queued");
  const std::int64_t leaving = add_mail(one_, olga_, "olga@one.example.com", "sending");
  run("INSERT INTO outbox (account_id, kind, mail_id, email_account_id, state, send_at, created_at) SELECT "
      "account_id, 'outreach', id, 1, 'sending', 0, 0 FROM outreach_emails WHERE id = " +
      std::to_string(leaving));
  ASSERT_EQ(ask("nobody", http::Method::post, link(mail_)).status, 200);
  EXPECT_EQ(text("SELECT state FROM outreach_runs WHERE opportunity_id = " + std::to_string(one_)),
            "outgoing");
  EXPECT_EQ(number("SELECT COUNT(*) FROM outbox"), 1);
}

TEST_P(UnsubscribeLink, OtherAccountsAreNotTouched) {
  const std::int64_t globex = account_ + 1;
  run("INSERT INTO contacts (account_id, email, created_at) VALUES (" + std::to_string(globex) +
      ", 'olga@one.example.com', 0)");
  ASSERT_EQ(ask("nobody", http::Method::post, link(mail_)).status, 200);
  EXPECT_EQ(number("SELECT COUNT(*) FROM unsubscribes WHERE account_id = " + std::to_string(globex)), 0);
  EXPECT_EQ(number("SELECT is_unsubscribed FROM contacts WHERE account_id = " + std::to_string(globex)), 0);
}

TEST_P(UnsubscribeLink, UnknownTokensAreAllAlike) {
  const std::string good = link(mail_);
  std::string changed = good;
  changed.back() = changed.back() == '0' ? '1' : '0';
  const std::string of_other = outreach::make_unsubscribe_path(key_, {account_ + 1, mail_});
  const std::string of_none = outreach::make_unsubscribe_path(key_, {account_, mail_ + 1000});
  const base::HmacKey other_key("another key of the installation!");
  const std::string of_elsewhere = outreach::make_unsubscribe_path(other_key, {account_, mail_});
  std::string body;
  for (const std::string& path :
       {std::string("/u/"), std::string("/u/x"), std::string("/u/1-2-3"), changed, of_other, of_none,
        of_elsewhere, good + "0", good.substr(0, good.size() - 1),
        std::string("/u/") + std::string(5000, '1')}) {
    for (const http::Method method : {http::Method::get, http::Method::post}) {
      const http::Response page = ask("nobody", method, path);
      EXPECT_EQ(page.status, 404) << path;
      EXPECT_EQ(page.content_type, "text/html; charset=utf-8");
      if (body.empty()) body = page.body;
      EXPECT_EQ(page.body, body) << path;
    }
  }
  EXPECT_EQ(number("SELECT COUNT(*) FROM unsubscribes"), 0);
}

TEST_P(UnsubscribeLink, MailsWithoutAnAddressHaveNoLink) {
  const std::int64_t broken = add_mail(one_, olga_, "nobody", "sent");
  EXPECT_EQ(ask("nobody", http::Method::post, link(broken)).status, 404);
}

TEST_P(UnsubscribeLink, OtherMethodsAreRefused) {
  for (const http::Method method : {http::Method::put, http::Method::delete_, http::Method::options}) {
    const http::Response page = ask("nobody", method, link(mail_));
    EXPECT_EQ(page.status, 405);
    EXPECT_EQ(header(page, "Allow"), "GET, HEAD, POST");
  }
  EXPECT_EQ(number("SELECT COUNT(*) FROM unsubscribes"), 0);
}

TEST_P(UnsubscribeLink, MaintenanceAsksToComeBack) {
  run("INSERT INTO settings (name, value) VALUES ('maintenance', 'on')");
  house_.app().pipeline().tick();
  const http::Response page = ask("nobody", http::Method::post, link(mail_));
  EXPECT_EQ(page.status, 503);
  EXPECT_EQ(header(page, "Retry-After"), "60");
  EXPECT_EQ(number("SELECT COUNT(*) FROM unsubscribes"), 0);
}

std::string engine_name(const testing::TestParamInfo<db::Engine>& info) {
  return info.param == db::Engine::sqlite ? "sqlite" : "postgres";
}

INSTANTIATE_TEST_SUITE_P(Api, UnsubscribeLink, testing::Values(db::Engine::sqlite, db::Engine::postgres),
                         engine_name);

}  // namespace
}  // namespace overture::test
