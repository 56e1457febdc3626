// Where values come from, and what is said about wrong ones.
#include "app/settings.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "app/config.hpp"
#include "base/crypto.hpp"

namespace overture::app {
namespace {

class SettingsFile : public ::testing::Test {
 protected:
  void SetUp() override { path_ = std::filesystem::temp_directory_path() / ("conf-" + base::random_hex(8)); }
  void TearDown() override { std::filesystem::remove(path_); }

  Settings load(const std::string& text, std::map<std::string, std::string, std::less<>> flags = {},
                std::map<std::string, std::string> environment = {}) {
    std::ofstream(path_) << text;
    return Settings::load(
        {.flags = std::move(flags),
         .environment = [environment](const std::string& name) -> std::optional<std::string> {
           auto found = environment.find(name);
           return found == environment.end() ? std::nullopt : std::optional(found->second);
         },
         .file = path_});
  }

  std::string refusal(const std::string& text) {
    try {
      make_config(load(text));
    } catch (const UsageError& error) {
      return error.what();
    }
    return {};
  }

  std::filesystem::path path_;
};

TEST_F(SettingsFile, flag_beats_environment_beats_file_beats_default) {
  const std::string file = "listen = 127.0.0.1:1\nrate-limit = 1\nthreads = 1\n";
  Settings settings = load(file, {{"listen", "127.0.0.1:3"}},
                           {{"OVERTURE_LISTEN", "127.0.0.1:2"}, {"OVERTURE_RATE_LIMIT", "2"}});
  EXPECT_EQ(settings.at("listen").text, "127.0.0.1:3");
  EXPECT_EQ(settings.at("listen").origin, Origin::flag);
  EXPECT_EQ(settings.at("rate-limit").text, "2");
  EXPECT_EQ(settings.at("rate-limit").origin, Origin::environment);
  EXPECT_EQ(settings.at("threads").text, "1");
  EXPECT_EQ(settings.at("threads").origin, Origin::file);
  EXPECT_EQ(settings.at("cache-size").origin, Origin::fallback);
}

TEST_F(SettingsFile, reads_comments_quotes_and_both_spellings) {
  Settings settings = load(
      "# a comment\n\n ; another\n  rate_limit=7   # why\npublic-url = \"https://a.example/#x\" # kept\r\n"
      "data = /a#b\ndatabase = \"sqlite:/with \\\"quotes\\\"\"\n");
  EXPECT_EQ(settings.at("rate-limit").text, "7");
  EXPECT_EQ(settings.at("public-url").text, "https://a.example/#x");
  EXPECT_EQ(settings.at("data").text, "/a#b");
  EXPECT_EQ(settings.at("database").text, "sqlite:/with \"quotes\"");
}

TEST_F(SettingsFile, says_which_line_is_wrong) {
  EXPECT_NE(refusal("data = x\nlistne = 1\n").find("line 2: unknown key `listne`"), std::string::npos);
  EXPECT_NE(refusal("data\n").find("line 1: expected `key = value`"), std::string::npos);
  EXPECT_NE(refusal("data = a\ndata = b\n").find("`data` stands twice"), std::string::npos);
  EXPECT_NE(refusal("data = \"a\n").find("closing quote is missing"), std::string::npos);
}

TEST_F(SettingsFile, says_which_value_is_wrong_and_never_shows_a_secret) {
  EXPECT_NE(refusal("threads = many\n").find("threads in"), std::string::npos);
  EXPECT_NE(refusal("threads = -1\n").find("from 0 to 256, not `-1`"), std::string::npos);
  EXPECT_NE(refusal("rate-limit = 1.5\n"), "");
  EXPECT_NE(refusal("demo = maybe\n"), "");
  EXPECT_NE(refusal("log-level = loud\n"), "");
  EXPECT_NE(refusal("public-url = example.com\n"), "");
  const std::string key = refusal("secret-key = abcdef\n");
  EXPECT_NE(key.find("64 hex digits"), std::string::npos);
  EXPECT_EQ(key.find("abcdef"), std::string::npos);
  const std::string database = refusal("database = mysql://u:swordfish@h/d\n");
  EXPECT_NE(database, "");
  EXPECT_EQ(database.find("swordfish"), std::string::npos);
}

TEST_F(SettingsFile, an_empty_flag_sets_nothing_instead_of_the_file) {
  Settings settings = load("database = postgresql://h/d\n", {{"database", ""}});
  EXPECT_EQ(make_config(settings).database, "sqlite:./overture-data/overture.db");
}

struct AddressCase {
  std::string text;
  std::string host;
  int port;
};

TEST(ListenAddress, forms) {
  const AddressCase cases[] = {{"127.0.0.1:8080", "127.0.0.1", 8080},
                               {"[::1]:0", "::1", 0},
                               {"localhost:65535", "localhost", 65535},
                               {"*:80", "*", 80},
                               {":80", "*", 80}};
  for (const AddressCase& known : cases) {
    ListenAddress address = parse_listen_address(known.text);
    EXPECT_EQ(address.host, known.host) << known.text;
    EXPECT_EQ(address.port, known.port) << known.text;
  }
  EXPECT_EQ(parse_listen_address("[::1]:80").text(), "[::1]:80");
  for (const char* wrong : {"", "localhost", "localhost:", "localhost:65536", "localhost:-1", "::1:80",
                            "[::1:80", "a b:80", "host:8o", "localhost: 80"}) {
    EXPECT_THROW(parse_listen_address(wrong), UsageError) << wrong;
  }
}

TEST(Config, passwords_in_addresses_are_not_shown) {
  EXPECT_EQ(without_password("postgresql://u:secret@h:5432/d?sslmode=require"), "postgresql://u@h:5432/d");
  EXPECT_EQ(without_password("postgresql://h/d"), "postgresql://h/d");
  EXPECT_EQ(without_password("sqlite:/a/b"), "sqlite:/a/b");
  for (const char* odd :
       {"postgresql://u:se@cret@h/d", "postgresql://u:se/cret@h/d", "postgresql://u:se?cret@h/d",
        "postgresql://u:se#cret@h/d", "postgresql://h/d?password=se@cret"}) {
    const std::string shown = without_password(odd);
    EXPECT_EQ(shown.find("cret"), std::string::npos) << shown;
    EXPECT_EQ(shown.find("se"), shown.find("sep")) << shown;
  }
}

}  // namespace
}  // namespace overture::app
