// The import job and the import command: the same end state however often and wherever they are killed.
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fstream>
#include <sstream>

#include "app/command_import.hpp"
#include "house.hpp"
#include "intake/import_body.hpp"
#include "jobs/queue.hpp"
#include "work/import_prospects.hpp"

namespace overture::db {
namespace {

using jobs::JobState;

/// What a killed process leaves: no catch, no clean-up.
struct Killed {};

class Import : public House {
 protected:
  void SetUp() override {
    House::SetUp();
    account_ = add_account();
    project_ = add_project(account_);
    campaign_ = add_campaign(account_, project_, {.type = "import"});
  }

  std::int64_t enqueue(const std::string& rows, const intake::ImportSettings& settings = {}) {
    const auto body = intake::parse_import_body("{\"import_json\":[" + rows + "]}");
    return database().write([&](Connection& connection) {
      return jobs::enqueue(connection,
                           {.account = account_,
                            .kind = intake::kImportKind,
                            .campaign = campaign_,
                            .payload = intake::write_import_settings(settings),
                            .total = static_cast<std::int64_t>(body.rows),
                            .now = clock.now()},
                           body.chunks);
    });
  }
  jobs::Job run_all(std::int64_t id) {
    jobs::Runner runner(database(), clock, {work::import_prospects()});
    while (runner.run_one()) {
    }
    return load(id);
  }
  jobs::Job load(std::int64_t id) {
    return database().read([&](Connection& connection) { return jobs::load_job(connection, account_, id); });
  }
  /// Rows for several steps, a third of them duplicates, some of them no prospects.
  static std::string many_rows(int count) {
    std::string rows;
    for (int i = 0; i < count; ++i) {
      rows += i == 0 ? "" : ",";
      rows += i % 50 == 7 ? "{\"name\":\"no address\"}"
                          : "{\"url\":\"site" + std::to_string(i % (count * 2 / 3)) +
                                ".example/x\",\"email\":\"p" + std::to_string(i % 100) + "@x.example\"}";
    }
    return rows;
  }

  std::int64_t account_ = 0;
  std::int64_t project_ = 0;
  std::int64_t campaign_ = 0;
};
ON_EACH_ENGINE(Import);

TEST_P(Import, CountsEveryRow) {
  const auto price = add_field(account_, "price", true);
  intake::ImportSettings settings;
  settings.custom_fields_mapping = {{"price", "Cost"}};
  const auto job = run_all(enqueue(
      R"({"url":"a.example","Cost":"5"},{"url":"a.example/2"},{"name":"x"},{"url":"b.example","x":{}},{"email":"c@d.example"})",
      settings));
  EXPECT_EQ(job.state, JobState::completed);
  EXPECT_EQ(boost::json::parse(job.counts),
            boost::json::parse(R"({"created":2,"duplicate_in_campaign":1,"invalid":2})"));
  EXPECT_EQ(boost::json::parse(job.errors), boost::json::parse(R"([
      {"row":3,"message":"there is neither a web address nor an email address"},
      {"row":4,"message":"a nested value in column x"}])"));
  EXPECT_EQ(job.done, 5);
  EXPECT_EQ(count("job_chunks"), 0);
  EXPECT_EQ(text(Sql("SELECT value FROM custom_field_values WHERE field_id = ?", price)), "5");
  check_books(account_);
}

TEST_P(Import, KilledAnywhereItEndsTheSame) {
  const std::string rows = many_rows(4300);
  const auto whole = run_all(enqueue(rows));
  ASSERT_EQ(whole.state, JobState::completed);
  const std::string expected = dump(account_);
  for (const int kill_every : {1, 700, 2100}) {
    account_ = add_account();
    campaign_ = add_campaign(account_, add_project(account_), {.type = "import"});
    intake::ImportSettings settings;
    settings.metrics_filter_template = 1;
    const auto id = enqueue(rows, settings);
    int seen = 0;
    int kills = 0;
    const auto kind = work::import_prospects([&](jobs::JobContext&, std::int64_t, work::ImportStep& step) {
      for (std::size_t i = 0; i < step.prospects.size(); ++i) {
        if (++seen % kill_every == 0 && kills < 3) {
          ++kills;
          throw Killed();
        }
      }
    });
    const std::vector<std::string> kinds = {kind.name};
    const std::atomic<bool> stopping = false;
    while (load(id).state != JobState::completed) {
      const auto job = database().write([&](Connection& connection) {
        jobs::rescue(connection, kinds, clock.now());
        return jobs::claim(connection, kinds, clock.now(), base::kMinute);
      });
      ASSERT_TRUE(job);
      jobs::JobContext context{database(), clock, *job, stopping};
      try {
        const auto end = kind.run(context);
        // Killed once more after the last row, before the end is written down.
        if (kills++ < 4) throw Killed();
        database().write([&](Connection& c) { jobs::finish(c, *job, end.state, end.error, clock.now()); });
      } catch (const Killed&) {
        clock.advance(2 * base::kMinute);
      }
    }
    EXPECT_EQ(load(id).counts, whole.counts);
    EXPECT_EQ(load(id).errors, whole.errors);
    EXPECT_EQ(dump(account_), expected);
    check_books(account_);
  }
}

TEST_P(Import, AFrozenWorkerChangesNothing) {
  const auto id = enqueue(many_rows(600));
  const auto kind = work::import_prospects();
  const std::vector<std::string> kinds = {kind.name};
  const auto frozen = database().write(
      [&](Connection& connection) { return jobs::claim(connection, kinds, clock.now(), base::kMinute); });
  clock.advance(2 * base::kMinute);
  run_all(id);
  const std::string before = dump(account_);
  // It still holds the rows it read before it froze.
  work::ImportStep step;
  step.prospects.push_back(site("late.example"));
  EXPECT_THROW(database().write([&](Connection& connection) {
    work::write_step(connection, *frozen, {}, step, {}, 600, clock.now());
  }),
               jobs::LeaseLost);
  EXPECT_EQ(dump(account_), before);
}

TEST_P(Import, EndsWithItsCampaignOrAtItsLimit) {
  execute(Sql("UPDATE campaigns SET status = 'archived' WHERE id = ?", campaign_));
  auto job = run_all(enqueue(many_rows(10)));
  EXPECT_EQ(job.state, JobState::cancelled);
  EXPECT_EQ(job.error, "The campaign is archived");
  EXPECT_EQ(count("opportunities"), 0);
  execute(Sql("UPDATE campaigns SET status = 'active', opportunities_limit = 3 WHERE id = ?", campaign_));
  job =
      run_all(enqueue(R"({"url":"a.example"},{"url":"b.example"},{"url":"c.example"},{"url":"d.example"})"));
  EXPECT_EQ(job.state, JobState::completed_at_limit);
  EXPECT_EQ(boost::json::parse(job.counts), boost::json::parse(R"({"created":3,"over_limit":1})"));
}

class ImportFromFile : public Import {
 protected:
  void write_file(const std::string& text) { std::ofstream(file_, std::ios::binary) << text; }
  void TearDown() override {
    std::filesystem::remove(file_);
    Import::TearDown();
  }
  int run(const std::atomic<bool>* stop = nullptr) {
    out_.str({});
    errors_.str({});
    return app::run_import(
        database(),
        {.file = file_, .campaign = campaign_, .clock = clock, .out = out_, .errors = errors_, .stop = stop});
  }
  std::string file_ = testing::TempDir() + "overture-import-" + std::to_string(::getpid()) + ".csv";
  std::ostringstream out_;
  std::ostringstream errors_;
};
ON_EACH_ENGINE(ImportFromFile);

TEST_P(ImportFromFile, SummaryWithLines) {
  write_file(
      "url;email;name\na.example;x@a.example;A\n\nb.example\n;;none\nc.example;;C;more\na.example/2;;\n");
  EXPECT_EQ(run(), 0) << errors_.str();
  EXPECT_TRUE(out_.str().starts_with("5 of 5 rows (100 %), ")) << out_.str();
  EXPECT_EQ(out_.str().substr(out_.str().find('\n') + 1),
            "5 rows worked off\n        2  opportunities created\n        1  already in this campaign\n"
            "        2  rows that are no prospects\n"
            "  line 5: there is neither a web address nor an email address\n"
            "  line 6: the row has 4 cells, the first row names 3 columns\n");
  EXPECT_EQ(run(), 0);
  EXPECT_NE(out_.str().find("3  already in this campaign"), std::string::npos) << out_.str();
  check_books(account_);
}

TEST_P(ImportFromFile, GoesOnWhereItStopped) {
  std::string file = "url\n";
  for (int i = 0; i < 5000; ++i) file += "site" + std::to_string(i) + ".example\n";
  write_file(file);
  std::atomic<bool> stop = false;
  // Stops as soon as something is shown: after the first step that passes a tenth.
  class StopAtOutput final : public std::stringbuf {
   public:
    explicit StopAtOutput(std::atomic<bool>& stop) : stop_(stop) {}
    int sync() override {
      stop_ = true;
      return 0;
    }

   private:
    std::atomic<bool>& stop_;
  } buffer(stop);
  std::ostream out(&buffer);
  const app::ImportCommand interrupted{
      .file = file_, .campaign = campaign_, .clock = clock, .out = out, .errors = errors_, .stop = &stop};
  EXPECT_EQ(app::run_import(database(), interrupted), 1);
  EXPECT_NE(errors_.str().find("goes on after row 2000"), std::string::npos) << errors_.str();
  EXPECT_EQ(count("opportunities"), 2000);
  EXPECT_EQ(run(), 0) << errors_.str();
  EXPECT_NE(out_.str().find("Going on after row 2000"), std::string::npos);
  EXPECT_NE(out_.str().find("5000  opportunities created"), std::string::npos) << out_.str();
  EXPECT_EQ(count("jobs"), 1);
}

TEST_P(ImportFromFile, ClearErrors) {
  auto error_of_file = [&](const std::string& text) {
    write_file(text);
    EXPECT_EQ(run(), 1);
    return errors_.str();
  };
  EXPECT_NE(error_of_file("").find("is empty"), std::string::npos);
  EXPECT_NE(error_of_file("name,colour\nx,y\n").find("line 1: the first row must name the columns"),
            std::string::npos);
  EXPECT_NE(error_of_file("url,url\n").find("the column url stands there twice"), std::string::npos);
  EXPECT_NE(error_of_file("url\na.example\n\"b.example\n").find("ine 3"), std::string::npos) << errors_.str();
  EXPECT_EQ(count("opportunities"), 0);
  EXPECT_EQ(count("jobs"), 0);
  campaign_ = add_campaign(account_, project_);
  EXPECT_NE(error_of_file("url\na.example\n").find("is no import campaign"), std::string::npos);
  campaign_ = 999;
  EXPECT_NE(error_of_file("url\na.example\n").find("Campaign 999 does not exist"), std::string::npos);
}

}  // namespace
}  // namespace overture::db
