// Discovery and backlink jobs from the source to opportunities, with files and a search server on loopback.
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <fstream>
#include <optional>

#include "house.hpp"
#include "intake/prospecting.hpp"
#include "jobs/queue.hpp"
#include "support/search_stub.hpp"
#include "work/discover.hpp"
#include "work/filter_by_metrics.hpp"
#include "work/find_backlinks.hpp"

namespace overture::db {
namespace {

using jobs::JobState;
using test::SearchStub;

class Prospecting : public House {
 protected:
  void SetUp() override {
    House::SetUp();
    account_ = add_account();
    project_ = add_project(account_, "active", R"(["own.example"])");
    std::string pattern = testing::TempDir() + "overture-sources-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    data_ = pattern;
    sources_.emplace(data_, client_);
    files_ = data_ / "providers" / std::to_string(account_);
    std::filesystem::create_directories(files_);
  }
  void TearDown() override {
    std::filesystem::remove_all(data_);
    House::TearDown();
  }

  void write(const std::string& name, const std::string& text) { std::ofstream(files_ / name) << text; }
  void configure(std::string_view kind, std::string_view adapter, const std::string& settings) {
    execute(
        Sql("INSERT INTO providers (account_id, kind, adapter, settings, created_at) VALUES (?, ?, ?, ?, 0)",
            account_, kind, adapter, settings));
  }
  std::int64_t add_template(std::string_view moz) {
    return database().write([&](Connection& connection) {
      return connection.integer(
          Sql("INSERT INTO metrics_filter_templates (account_id, moz, created_by, created_at) "
              "VALUES (?, ?, 1, 0) RETURNING id",
              account_, moz));
    });
  }

  std::int64_t enqueue(std::string_view kind, std::int64_t campaign,
                       const intake::ProspectingSettings& settings,
                       const std::vector<intake::ProspectingTask>& tasks) {
    std::vector<std::string> chunks;
    for (const auto& task : tasks) chunks.push_back(intake::write_prospecting_task(task));
    return database().write([&](Connection& connection) {
      return jobs::enqueue(connection,
                           {.account = account_,
                            .kind = kind,
                            .campaign = campaign,
                            .payload = intake::write_prospecting_settings(settings),
                            .total = static_cast<std::int64_t>(tasks.size()),
                            .now = clock.now()},
                           chunks);
    });
  }
  std::vector<jobs::JobKind> kinds() {
    const auto filter = work::filter_by_metrics(*sources_);
    return {work::discover(*sources_, filter), work::find_backlinks(*sources_, filter)};
  }
  jobs::Job run(std::int64_t id) {
    jobs::Runner runner(database(), clock, kinds());
    while (runner.run_one()) {
    }
    return load(id);
  }
  jobs::Job load(std::int64_t id) {
    return database().read([&](Connection& connection) { return jobs::load_job(connection, account_, id); });
  }
  std::string urls(std::int64_t campaign) {
    std::string all;
    database().read([&](Connection& connection) {
      const auto rows =
          connection.query(Sql("SELECT url FROM opportunities WHERE campaign_id = ? ORDER BY id", campaign));
      while (rows->next()) all += std::string(rows->text(0)) + " ";
    });
    return all;
  }
  static intake::ProspectingTask keyword(std::string text) { return {text, {text, false, 0}}; }

  std::int64_t account_ = 0;
  std::int64_t project_ = 0;
  std::filesystem::path data_;
  std::filesystem::path files_;
  net::CurlClient client_;
  std::optional<work::Sources> sources_;
};
ON_EACH_ENGINE(Prospecting);

boost::json::value counts_of(const jobs::Job& job) { return boost::json::parse(job.counts); }

TEST_P(Prospecting, PagesOfAFileBecomeOpportunities) {
  const auto title = add_field(account_, "page_title");
  configure("search", "file", R"({"file":"pages.csv"})");
  write("pages.csv",
        "url,title,snippet,keywords,country\n"
        "https://a.example/1,Goats on A,,cheese,\n"
        "https://a.example/2,A again,,cheese,\n"
        "https://www.own.example/,Ours,,cheese,\n"
        "https://www.google.com/search,Engine,,cheese,\n"
        "no address at all,X,,cheese,\n"
        "https://fr.example/,Ailleurs,,cheese,fr\n"
        "https://b.example/,B,,cheese,gb\n"
        "https://c.example/,C,,sheep,\n");
  const auto campaign = add_campaign(account_, project_);
  const auto job = run(enqueue(intake::kDiscoverKind, campaign, {"roundups", "gb", 0},
                               {keyword("cheese"), keyword("sheep"), keyword("nothing")}));
  EXPECT_EQ(job.state, JobState::completed) << job.error;
  EXPECT_EQ(job.done, 3);
  EXPECT_EQ(
      counts_of(job),
      boost::json::parse(R"({"created":3,"duplicate_in_campaign":1,"own_site":1,"junk":1,"invalid":1})"));
  EXPECT_EQ(urls(campaign), "https://a.example/1 https://b.example/ https://c.example/ ");
  EXPECT_EQ(
      text(Sql("SELECT v.value FROM personalization_values v JOIN opportunities o ON o.id = v.opportunity_id "
               "WHERE o.url = 'https://a.example/1' AND v.field_id = ?",
               title)),
      "Goats on A");
  check_books(account_);
}

TEST_P(Prospecting, OnlyWhatIsKeptCountsTowardTheLimit) {
  configure("search", "file", R"({"file":"pages.csv"})");
  configure("metrics", "file", R"({"file":"metrics.csv"})");
  write("pages.csv",
        "url,keywords\nhttps://low.example/,cheese\nhttps://a.example/,cheese\nhttps://own.example/,cheese\n"
        "https://unknown.example/,cheese\nhttps://b.example/,cheese\nhttps://c.example/,cheese\nhttps://"
        "d.example/,sheep\n");
  write("metrics.csv",
        "domain,moz.domain_authority\nlow.example,5\na.example,50\nb.example,60\nc.example,70\n"
        "d.example,70\n");
  const auto campaign = add_campaign(account_, project_, {.limit = 2});
  const auto id = enqueue(intake::kDiscoverKind, campaign,
                          {"roundups", "", add_template(R"({"domain_authority":{"min":20}})")},
                          {keyword("cheese"), keyword("sheep")});
  const auto job = run(id);
  EXPECT_EQ(job.state, JobState::completed_at_limit);
  EXPECT_EQ(counts_of(job), boost::json::parse(R"({"created":2,"filtered":2,"own_site":1,"over_limit":1})"));
  EXPECT_EQ(job.done, 1) << "a full campaign asks no further";
  EXPECT_EQ(urls(campaign), "https://a.example/ https://b.example/ ");
  EXPECT_EQ(text(Sql("SELECT metrics FROM domain_metrics WHERE account_id = ? AND domain = 'a.example' AND "
                     "provider = 'moz'",
                     account_)),
            R"({"domain_authority":50})");
  EXPECT_EQ(integer(Sql("SELECT count(*) FROM job_chunks")), 0);
}

TEST_P(Prospecting, AProviderThatFailsEmptiesNoCampaign) {
  configure("search", "file", R"({"file":"pages.csv"})");
  configure("metrics", "file", R"({"file":"gone.csv"})");
  write("pages.csv", "url,keywords\nhttps://a.example/,x\n");
  const auto campaign = add_campaign(account_, project_);
  const auto job =
      run(enqueue(intake::kDiscoverKind, campaign,
                  {"roundups", "", add_template(R"({"domain_authority":{"min":20}})")}, {keyword("x")}));
  EXPECT_EQ(job.state, JobState::completed);
  EXPECT_EQ(counts_of(job), boost::json::parse(R"({"created":1,"metrics_pending":1})"));
}

TEST_P(Prospecting, MetricsAreAskedOnceAMonthAndRaiseVersions) {
  configure("search", "file", R"({"file":"pages.csv"})");
  configure("metrics", "file", R"({"file":"metrics.csv"})");
  write("pages.csv", "url,keywords\nhttps://www.a.example/,x\n");
  write("metrics.csv", "domain,moz.domain_authority\na.example,50\n");
  const auto add = [&] {
    const auto campaign = add_campaign(account_, project_);
    execute(Sql("UPDATE campaigns SET domain_metrics = 1 WHERE id = ?", campaign));
    EXPECT_EQ(run(enqueue(intake::kDiscoverKind, campaign, {"roundups", "", 0}, {keyword("x")})).state,
              JobState::completed);
  };
  const auto version = [&] {
    return integer(Sql("SELECT min(version) FROM opportunities WHERE account_id = ?", account_));
  };
  const auto kept = [&] {
    return text(Sql("SELECT metrics FROM domain_metrics WHERE account_id = ?", account_));
  };
  add();
  EXPECT_EQ(kept(), R"({"domain_authority":50})");
  const auto before = version();
  write("metrics.csv", "domain,moz.domain_authority\na.example,55\n");
  add();
  EXPECT_EQ(kept(), R"({"domain_authority":50})") << "known well enough";
  EXPECT_EQ(version(), before);
  clock.advance(work::kMetricsAge + 1);
  add();
  EXPECT_EQ(kept(), R"({"domain_authority":55})");
  EXPECT_EQ(version(), before + 1);
}

TEST_P(Prospecting, BacklinksByDomainPageAndBrokenness) {
  const auto target = add_field(account_, "target_url");
  const auto anchor = add_field(account_, "anchor_text");
  configure("backlinks", "file", R"({"file":"links.csv"})");
  write("links.csv",
        "url_from,url_to,anchor,title,rel,http_code_target\n"
        "https://a.example/x,https://rival.example/page,the page,A,,200\n"
        "https://b.example/x,https://www.rival.example/gone,old,B,nofollow,404\n"
        "https://blog.rival.example/,https://rival.example/page,self,R,,200\n"
        "https://c.example/x,https://other.example/,else,C,,200\n");
  const auto find = [&](std::string_view type) {
    const auto campaign = add_campaign(account_, add_project(account_), {.type = "backlink"});
    const auto job = run(enqueue(intake::kFindBacklinksKind, campaign, {std::string(type), "", 0},
                                 {{"https://rival.example/page", {}}}));
    EXPECT_EQ(job.state, JobState::completed) << job.error;
    return urls(campaign);
  };
  EXPECT_EQ(find("ahrefs"), "https://a.example/x https://b.example/x ");
  EXPECT_EQ(
      text(Sql("SELECT value FROM personalization_values WHERE field_id = ? ORDER BY id LIMIT 1", target)),
      "https://rival.example/page");
  EXPECT_EQ(
      text(Sql("SELECT value FROM personalization_values WHERE field_id = ? ORDER BY id LIMIT 1", anchor)),
      "the page");
  EXPECT_EQ(find("ahrefs-url"), "https://a.example/x ");
  EXPECT_EQ(find("ahrefs-broken"), "https://b.example/x ");
}

TEST_P(Prospecting, ASearchServerIsAskedUntilItRunsDry) {
  SearchStub server([](const std::string& target) {
    const auto page = target.find("pageno=1&") != std::string::npos   ? "1"
                      : target.find("pageno=2&") != std::string::npos ? "2"
                                                                      : "";
    if (*page == '\0') return SearchStub::json(R"({"results":[]})");
    return SearchStub::json(R"({"results":[{"url":"https://found)" + std::string(page) +
                            R"(.example/","title":"T","content":"c"},{"title":"no address"},5]})");
  });
  configure("search", "searxng", R"({"url":")" + server.url() + R"(/","allow_private":true})");
  const auto campaign = add_campaign(account_, project_);
  const auto job = run(enqueue(intake::kDiscoverKind, campaign, {"hot_off_the_press", "de", 0},
                               {{"k", {"käse & \"wein\"", true, 7}}}));
  EXPECT_EQ(job.state, JobState::completed) << job.error;
  EXPECT_EQ(urls(campaign), "https://found1.example/ https://found2.example/ ");
  ASSERT_EQ(server.targets().size(), 3U);
  EXPECT_EQ(server.targets().front(),
            "/search?q=k%C3%A4se%20%26%20%22wein%22&format=json&pageno=1&language=de-DE&categories=news&time_"
            "range=week");
}

TEST_P(Prospecting, ASearchServerThatFailsIsAskedAgainAndNothingCountsTwice) {
  std::atomic<bool> broken = false;
  SearchStub server([&](const std::string& target) {
    if (target.find("q=second") != std::string::npos && broken) {
      return std::string("HTTP/1.1 502 Bad\r\nContent-Length: 0\r\n\r\n");
    }
    if (target.find("pageno=1&") == std::string::npos) return SearchStub::json(R"({"results":[]})");
    const std::string name = target.find("q=first") != std::string::npos ? "first" : "second";
    return SearchStub::json(R"({"results":[{"url":"https://)" + name + R"(.example/"}]})");
  });
  broken = true;
  configure("search", "searxng", R"({"url":")" + server.url() + R"(","allow_private":true})");
  const auto campaign = add_campaign(account_, project_);
  const auto id =
      enqueue(intake::kDiscoverKind, campaign, {"roundups", "", 0}, {keyword("first"), keyword("second")});
  EXPECT_EQ(run(id).state, JobState::queued);
  EXPECT_EQ(load(id).error, "The search server answers with status 502");
  EXPECT_EQ(load(id).done, 1);
  broken = false;
  clock.advance(base::kHour);
  const auto job = run(id);
  EXPECT_EQ(job.state, JobState::completed);
  EXPECT_EQ(job.done, 2);
  EXPECT_EQ(counts_of(job), boost::json::parse(R"({"created":2})"));
}

TEST_P(Prospecting, AServerInTheOwnNetworkNeedsPermission) {
  SearchStub server([](const std::string&) { return SearchStub::json(R"({"results":[]})"); });
  configure("search", "searxng", R"({"url":")" + server.url() + R"("})");
  const auto campaign = add_campaign(account_, project_);
  const auto job = run(enqueue(intake::kDiscoverKind, campaign, {"roundups", "", 0}, {keyword("x")}));
  EXPECT_EQ(job.state, JobState::queued);
  EXPECT_EQ(job.error, server.url() + " is not on the public Internet");
  EXPECT_TRUE(server.targets().empty());
}

TEST_P(Prospecting, AnArchivedCampaignTakesNothing) {
  configure("search", "file", R"({"file":"pages.csv"})");
  write("pages.csv", "url,keywords\nhttps://a.example/,x\n");
  const auto campaign = add_campaign(account_, project_, {.status = "archived"});
  const auto job = run(enqueue(intake::kDiscoverKind, campaign, {"roundups", "", 0}, {keyword("x")}));
  EXPECT_EQ(job.state, JobState::cancelled);
  EXPECT_EQ(job.error, "The campaign is archived");
}

}  // namespace
}  // namespace overture::db
