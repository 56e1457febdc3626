// The SMTP client against Postfix's smtp-sink: its faults, its bytes, and how fast it takes mail.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <thread>

#include "mailbox/servers.hpp"
#include "mailbox/smtp_client.hpp"

namespace overture::mailbox {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

/// smtp-sink with these options, on a port of its own.
class Sink {
 public:
  explicit Sink(std::vector<std::string> options = {}) : port_(testing::free_port()) {
    const std::string program = testing::find_program("smtp-sink");
    if (program.empty()) return;
    std::vector<std::string> command = {program};
    if (::getuid() == 0) command.insert(command.end(), {"-u", "nobody"});
    command.insert(command.end(), options.begin(), options.end());
    command.insert(command.end(), {"127.0.0.1:" + std::to_string(port_), "512"});
    process_ = testing::Process(command, directory_.path() / "sink.log");
    running_ = testing::wait_for_port(port_);
  }
  bool running() const { return running_; }
  Server server() const { return {"127.0.0.1", port_, Security::none}; }
  int port() const { return port_; }
  const std::filesystem::path& directory() const { return directory_.path(); }

 private:
  testing::TemporaryDirectory directory_;
  int port_;
  testing::Process process_;
  bool running_ = false;
};

std::string mail_of(std::size_t bytes) {
  std::string mail =
      "From: <a@in.test>\r\nTo: <b@out.test>\r\nSubject: news\r\nMessage-ID: <1@in.test>\r\n\r\n";
  while (mail.size() < bytes)
    mail += "The quick brown fox jumps over the lazy dog, and on it goes for a while.\r\n";
  return mail;
}

const Envelope kEnvelope{"a@in.test", {"b@out.test"}, false};

TEST(SmtpSink, PlaysFaults) {
  struct {
    std::vector<std::string> options;
    SendOutcome outcome;
    int code;
  } const rows[] = {
      {{}, SendOutcome::accepted, 250},
      {{"-p"}, SendOutcome::accepted, 250},  // without PIPELINING
      {{"-e"}, SendOutcome::accepted, 250},  // HELO only
      {{"-r", "RCPT", "-b", "451 4.7.1 Greylisted, try again later"}, SendOutcome::deferred, 451},
      {{"-f", "RCPT", "-B", "550 5.1.1 No such user"}, SendOutcome::refused, 550},
      {{"-r", ".", "-b", "452 4.3.1 Insufficient system storage"}, SendOutcome::deferred, 452},
      {{"-f", ".", "-B", "554 5.7.1 Message refused"}, SendOutcome::sender_refused, 554},
      {{"-q", "."}, SendOutcome::unknown, 0},
      {{"-q", "DATA"}, SendOutcome::deferred, 0},
      {{"-Q", "MAIL"}, SendOutcome::sender_refused, 421},
      {{"-W", ".:20"}, SendOutcome::unknown, 0},
      {{"-W", "CONNECT:20"}, SendOutcome::deferred, 0},
  };
  for (const auto& row : rows) {
    Sink sink(row.options);
    if (!sink.running()) GTEST_SKIP() << "smtp-sink does not run here (package postfix)";
    SmtpOptions options;
    options.timeouts.greeting = options.timeouts.dot = 500ms;
    SmtpClient client(options);
    for (int i = 0; i < 2; ++i) {
      const SendResult result = client.send(sink.server(), {}, kEnvelope, mail_of(1000), [] { return true; });
      EXPECT_EQ(name_of(result.outcome), name_of(row.outcome)) << row.options.back() << " " << result.text;
      EXPECT_EQ(result.code, row.code) << result.text;
    }
  }
}

TEST(SmtpSink, TakesMailFromEightConnectionsAtOnce) {
  const std::string source = testing::find_program("smtp-source");
  Sink sink;
  if (!sink.running() || source.empty()) GTEST_SKIP() << "smtp-sink does not run here (package postfix)";
  constexpr int kConnections = 8;
  constexpr int kMails = 4000;
  const std::string mail = mail_of(4096);
  std::vector<double> ratios;
  SmtpClient client;
  for (int round = 0; round < 5; ++round) {
    std::atomic<int> left = kMails;
    std::atomic<int> accepted = 0;
    auto start = Clock::now();
    std::vector<std::thread> threads;
    for (int i = 0; i < kConnections; ++i) {
      threads.emplace_back([&] {
        while (left-- > 0) {
          const auto result = client.send(sink.server(), {}, kEnvelope, mail, [] { return true; });
          if (result.outcome == SendOutcome::accepted) ++accepted;
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    const double ours = std::chrono::duration<double>(Clock::now() - start).count();
    EXPECT_EQ(accepted, kMails);
    start = Clock::now();
    testing::Process peer(
        {source, "-d", "-s", std::to_string(kConnections), "-m", std::to_string(kMails), "-l", "4096", "-f",
         "a@in.test", "-t", "b@out.test", "127.0.0.1:" + std::to_string(sink.port())},
        sink.directory() / "source.log");
    EXPECT_EQ(peer.wait(), 0);
    const double theirs = std::chrono::duration<double>(Clock::now() - start).count();
    std::printf("%.0f mails/s, smtp-source %.0f\n", kMails / ours, kMails / theirs);
    ratios.push_back(theirs / ours);
  }
  std::sort(ratios.begin(), ratios.end());
  std::printf("in the middle %.2f of smtp-source\n", ratios[ratios.size() / 2]);
  EXPECT_LE(client.idle_connections(), static_cast<std::size_t>(kConnections));
}

}  // namespace
}  // namespace overture::mailbox
