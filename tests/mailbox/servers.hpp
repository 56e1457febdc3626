// Real mail servers on loopback, each in a directory of its own: Dovecot, and Postfix's smtp-sink.
#pragma once
#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace overture::testing {

/// A program that is ended with this object.
class Process {
 public:
  Process() = default;
  /// Output goes to `log`.
  Process(const std::vector<std::string>& command, const std::filesystem::path& log);
  ~Process() { stop(); }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  Process(Process&& other) noexcept : id_(other.id_) { other.id_ = 0; }
  Process& operator=(Process&& other) noexcept;
  void stop();
  /// Its exit status.
  int wait();
  pid_t id() const { return id_; }

 private:
  pid_t id_ = 0;
};

class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// A port that is free now.
int free_port();
/// False when nothing listens there after ten seconds.
bool wait_for_port(int port);
/// The program's path, "" when it is not installed; also looks into the sbin directories.
std::string find_program(const std::string& name);

/// Dovecot with the users u1 to u3, password "pw". As root its own users do
/// the work, as in a real installation; otherwise everything runs as whoever runs the test.
class Dovecot {
 public:
  Dovecot();
  ~Dovecot();
  /// Why it cannot run here; empty when it runs.
  const std::string& problem() const { return problem_; }
  int port() const { return port_; }
  std::filesystem::path maildir(const std::string& user) const;
  /// Puts `count` mails into the folder ("" is INBOX) as files, without asking the server. `lines` makes them
  /// large.
  void put_mails(const std::string& user, const std::string& folder, int count, std::size_t bytes = 0);
  /// Ends all sessions of a user.
  void kick(const std::string& user);
  /// New UIDVALIDITY: what the server remembers of the folder is thrown away.
  void forget_uids(const std::string& user);

 private:
  void write_configuration();
  void own(const std::filesystem::path& path) const;
  TemporaryDirectory directory_;
  Process process_;
  std::string problem_;
  int port_ = 0;
  int put_ = 0;
  unsigned mail_user_ = 0;
  unsigned mail_group_ = 0;
};

}  // namespace overture::testing
