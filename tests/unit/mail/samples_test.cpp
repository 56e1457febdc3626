// The sample mails under tests/mail: each says in expectations.jsonl what it is.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "mail/inspect.hpp"

namespace overture::mail {
namespace {

const std::filesystem::path kSamples = std::filesystem::path(OVERTURE_TESTS_DIR) / "mail";

std::string read(const std::filesystem::path& file) {
  std::ifstream input(file, std::ios::binary);
  EXPECT_TRUE(input) << file;
  std::stringstream bytes;
  bytes << input.rdbuf();
  return bytes.str();
}

std::vector<boost::json::object> expectations() {
  std::ifstream input(kSamples / "expectations.jsonl");
  std::vector<boost::json::object> rows;
  for (std::string line; std::getline(input, line);) rows.push_back(boost::json::parse(line).as_object());
  return rows;
}

const InspectOptions kAnywhere{.unsubscribe = UnsubscribeRule::anywhere};

boost::json::object describe(const Inspection& found) {
  boost::json::object out;
  const auto text = [](const std::string& value) {
    return value.empty() ? boost::json::value(nullptr) : boost::json::value(value);
  };
  out["class"] = std::string(class_name(found.kind));
  out["message_id"] = text(found.message_id);
  out["text"] = text(found.text);
  if (found.bounce.recipients.empty()) return out;
  const Bounce& bounce = found.bounce.recipients.front();
  out["recipient"] = text(bounce.recipient);
  out["status"] = text(bounce.status);
  out["hard"] = bounce.hard;
  out["reason"] = std::string(reason_name(bounce.reason));
  return out;
}

TEST(MailSamples, are_what_they_are) {
  const auto rows = expectations();
  int human_taken = 0;
  int human_right = 0;
  for (const auto& row : rows) {
    const std::string file(row.at("file").as_string());
    const auto found = describe(inspect(read(kSamples / file), kAnywhere));
    for (const auto& [key, value] : row) {
      if (key == "file") continue;
      const auto* got = found.if_contains(key);
      EXPECT_EQ(got == nullptr ? boost::json::value(nullptr) : *got, value) << file << " " << key;
    }
    if (found.at("class") == "human") {
      ++human_taken;
      human_right += row.at("class") == "human" ? 1 : 0;
    }
  }
  EXPECT_GE(human_right, human_taken * 99 / 100);
}

TEST(MailSamples, are_many_and_all_listed) {
  std::set<std::string> listed;
  std::size_t bounces = 0;
  for (const auto& row : expectations()) {
    EXPECT_TRUE(listed.insert(std::string(row.at("file").as_string())).second);
    bounces += row.at("class") == "bounce" ? 1U : 0U;
  }
  EXPECT_GE(bounces, 150U);
  EXPECT_GE(listed.size() - bounces, 150U);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(kSamples)) {
    if (entry.path().extension() != ".eml") continue;
    EXPECT_TRUE(listed.contains(std::filesystem::relative(entry.path(), kSamples).string())) << entry.path();
  }
}

TEST(MailSamples, survive_the_ways_of_transport) {
  // CRLF, an mbox line in front, and a cut at any place change nothing or at least break nothing.
  for (const auto& row : expectations()) {
    const std::string file(row.at("file").as_string());
    const std::string mail = read(kSamples / file);
    std::string crlf;
    for (const char c : mail) crlf += c == '\n' ? "\r\n" : std::string(1, c);
    const Inspection plain = inspect(mail, kAnywhere);
    for (const std::string& other : {crlf, "From MAILER-DAEMON Mon Mar  2 11:00:00 2026\n" + mail}) {
      const Inspection found = inspect(other, kAnywhere);
      EXPECT_EQ(describe(found), describe(plain)) << file;
    }
    for (std::size_t end = 0; end < mail.size(); end += 97) {
      static_cast<void>(inspect(std::string_view(mail).substr(0, end), kAnywhere));
    }
  }
}

}  // namespace
}  // namespace overture::mail
