// A line stays a line whatever is in it, and a secret stays a secret.
#include "base/log.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <sstream>

namespace overture::base {
namespace {

constexpr std::int64_t kTime = 1'700'000'000'123;

std::string json(std::string_view message, LogFields fields = {}) {
  return write_log_line(LogFormat::json, kTime, LogLevel::info, message, fields);
}

TEST(Log, json_line) {
  EXPECT_EQ(
      json("request", {{"method", "GET"}, {"status", 200}, {"seconds", 0.5}, {"cached", true}}),
      R"({"time":"2023-11-14T22:13:20.123Z","level":"info","message":"request","method":"GET","status":200,"seconds":0.5,"cached":true})");
}

TEST(Log, text_line_quotes_only_what_needs_it) {
  EXPECT_EQ(write_log_line(LogFormat::text, kTime, LogLevel::warning, "slow request",
                           {{"path", "/api/me"}, {"agent", "two words"}, {"empty", ""}, {"n", -1}}),
            R"(2023-11-14T22:13:20.123Z warning slow request path=/api/me agent="two words" empty="" n=-1)");
}

TEST(Log, nothing_starts_a_new_line) {
  const std::string nasty("a\r\nb\x1b[31m\"\\\t\x7f\xc2\x85\xe2\x80\xa8\xff\0z", 21);
  for (LogFormat format : {LogFormat::json, LogFormat::text}) {
    std::string line = write_log_line(format, kTime, LogLevel::info, nasty, {{nasty.c_str(), nasty}});
    for (char c : line.substr(line.find("\\r"))) {
      EXPECT_GE(static_cast<unsigned char>(c), 0x20) << line;
      EXPECT_NE(static_cast<unsigned char>(c), 0x7f) << line;
    }
    EXPECT_EQ(line.find("\xc2\x85"), std::string::npos);
    EXPECT_EQ(line.find("\xe2\x80\xa8"), std::string::npos);
    EXPECT_EQ(line.find('\xff'), std::string::npos);
  }
  EXPECT_NE(json(nasty).find(R"(a\r\nb\u001b[31m\"\\\t\u007f\u0085\u2028\ufffd\u0000z)"), std::string::npos)
      << json(nasty);
}

TEST(Log, text_of_other_scripts_passes) {
  EXPECT_NE(json("Grüße 你好 🎉").find("Grüße 你好 🎉"), std::string::npos);
}

TEST(Log, secrets_never_show) {
  Secret secret("swordfish");
  std::ostringstream stream;
  stream << secret;
  EXPECT_EQ(stream.str(), "***");
  std::string line = json("log-in", {{"password", secret}});
  EXPECT_EQ(line.find("swordfish"), std::string::npos);
  EXPECT_NE(line.find(R"("password":"***")"), std::string::npos);
  EXPECT_EQ(secret.reveal(), "swordfish");
}

TEST(Log, levels_by_name) {
  EXPECT_EQ(parse_log_level("debug"), LogLevel::debug);
  EXPECT_EQ(parse_log_level("off"), LogLevel::off);
  EXPECT_EQ(parse_log_level("loud"), std::nullopt);
  EXPECT_EQ(parse_log_format("json"), LogFormat::json);
  EXPECT_EQ(parse_log_format("xml"), std::nullopt);
}

TEST(Log, a_full_disk_or_closed_standard_error_is_survived) {
  const int kept = dup(STDERR_FILENO);
  const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
  ASSERT_GE(full, 0);
  dup2(full, STDERR_FILENO);
  log_error("to a full disk", {{"n", 1}});
  close(STDERR_FILENO);
  log_error("to nowhere", {{"n", 2}});
  dup2(kept, STDERR_FILENO);
  close(full);
  close(kept);
}

}  // namespace
}  // namespace overture::base
