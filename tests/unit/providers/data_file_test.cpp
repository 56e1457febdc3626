#include "providers/data_file.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "base/error.hpp"
#include "providers/file_provider.hpp"

namespace overture::providers {
namespace {

class DataFile : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "overture-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  std::filesystem::path write(const std::string& name, const std::string& text) {
    std::ofstream(directory_ / name) << text;
    return directory_ / name;
  }
  static std::string problem_of(const std::filesystem::path& path) {
    try {
      read_data_file(path, [](const DataRow&) { return true; });
    } catch (const base::Error& error) {
      return error.message();
    }
    return "none";
  }
  std::filesystem::path directory_;
};

TEST_F(DataFile, NamesAreNamesOnly) {
  for (const char* name : {"a.csv", "Links_2026-01.JSON", "a..csv"})
    EXPECT_TRUE(is_data_file_name(name)) << name;
  for (const char* name :
       {"", ".csv", "../a.csv", "a/b.csv", "a\\b.csv", "a.txt", "a.csv\n", "a b.csv", "/a.csv"}) {
    EXPECT_FALSE(is_data_file_name(name)) << name;
  }
  EXPECT_FALSE(is_data_file_name(std::string(100, 'a') + ".csv"));
}

TEST_F(DataFile, CsvAndJsonGiveTheSameRows) {
  const auto csv = write("a.csv", "URL, Title ,n\nhttps://a.example,\"A, b\",5\nhttps://b.example,,\n");
  const auto json = write(
      "a.json", R"([{"url":"https://a.example","Title":"A, b","n":5},{"url":"https://b.example","n":null}])");
  const auto rows = [](const std::filesystem::path& path) {
    std::vector<DataRow> all;
    read_data_file(path, [&](const DataRow& row) { return all.push_back(row), true; });
    return all;
  };
  EXPECT_EQ(rows(csv), (std::vector<DataRow>{{{"url", "https://a.example"}, {"title", "A, b"}, {"n", "5"}},
                                             {{"url", "https://b.example"}}}));
  EXPECT_EQ(rows(json), rows(csv));
}

TEST_F(DataFile, ProblemsNameTheFileAndNotWhereItIs) {
  EXPECT_EQ(problem_of(directory_ / "none.csv"), "The provider's file none.csv is not there");
  EXPECT_EQ(problem_of(write("a.json", "{}")), "The provider's file a.json is no JSON array");
  EXPECT_EQ(problem_of(write("b.json", "[5]")),
            "The provider's file b.json holds something that is no object");
  EXPECT_TRUE(problem_of(write("c.csv", "url\n\"never ends\n")).starts_with("The provider's file c.csv "));
  std::filesystem::create_symlink("/etc/passwd", directory_ / "link.csv");
  EXPECT_EQ(problem_of(directory_ / "link.csv"), "The provider's file link.csv is not there");
}

TEST_F(DataFile, MetricsOfKnownAndUnknownDomains) {
  const auto metrics = make_file_metrics(write("m.csv",
                                               "domain,moz.domain_authority,provider,metric,value\n"
                                               "www.a.example,40,,,\nb.example,,ahrefs,domain_rating,7.5\n"));
  const auto found = metrics->find_metrics({"a.example", "none.example"});
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found.at("a.example").at("moz").at("domain_authority"), 40);
  EXPECT_TRUE(found.at("a.example").at("ahrefs").empty()) << "asked, and does not know it";
  EXPECT_TRUE(found.at("none.example").at("moz").empty());
  EXPECT_FALSE(found.at("none.example").contains("semrush")) << "this file does not speak of it";
}

}  // namespace
}  // namespace overture::providers
