#include "mailbox/servers.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <grp.h>
#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace overture::testing {
namespace fs = std::filesystem;
using namespace std::chrono_literals;

Process::Process(const std::vector<std::string>& command, const fs::path& log) {
  std::vector<char*> words;
  for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  const std::string log_name = log.string();
  id_ = ::fork();
  if (id_ == 0) {
    const int out = ::open(log_name.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
    ::dup2(out, 1);
    ::dup2(out, 2);
    ::execv(words[0], words.data());
    ::_exit(127);
  }
}

Process& Process::operator=(Process&& other) noexcept {
  stop();
  id_ = other.id_;
  other.id_ = 0;
  return *this;
}

void Process::stop() {
  if (id_ <= 0) return;
  ::kill(id_, SIGTERM);
  for (int i = 0; i < 300; ++i) {
    if (::waitpid(id_, nullptr, WNOHANG) != 0) {
      id_ = 0;
      return;
    }
    std::this_thread::sleep_for(10ms);
  }
  ::kill(id_, SIGKILL);
  wait();
}

int Process::wait() {
  int status = 0;
  if (id_ > 0) ::waitpid(id_, &status, 0);
  id_ = 0;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TemporaryDirectory::TemporaryDirectory() {
  std::string name = (fs::temp_directory_path() / "overture-mailbox-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
  path_ = name;
  fs::permissions(path_, fs::perms(0755));  // servers that gave up root look into it
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

int free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ::bind(socket, reinterpret_cast<sockaddr*>(&address), size);
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  ::close(socket);
  return ntohs(address.sin_port);
}

bool wait_for_port(int port) {
  for (int i = 0; i < 200; ++i) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    const bool there = ::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    ::close(socket);
    if (there) return true;
    std::this_thread::sleep_for(50ms);
  }
  return false;
}

std::string find_program(const std::string& name) {
  for (const char* directory : {"/usr/sbin/", "/usr/bin/", "/usr/local/sbin/", "/usr/local/bin/"}) {
    if (::access((directory + name).c_str(), X_OK) == 0) return directory + name;
  }
  return {};
}

Dovecot::Dovecot() {
  const std::string program = find_program("dovecot");
  if (program.empty()) {
    problem_ = "dovecot is not installed (packages dovecot-core and dovecot-imapd)";
    return;
  }
  mail_user_ = ::getuid();
  mail_group_ = ::getgid();
  if (mail_user_ == 0) {
    const passwd* nobody = ::getpwnam("nobody");
    const passwd* internal = ::getpwnam("dovecot");
    if (nobody == nullptr || internal == nullptr) {
      problem_ = "the users nobody and dovecot do not exist";
      return;
    }
    mail_user_ = nobody->pw_uid;
    mail_group_ = nobody->pw_gid;
  }
  port_ = free_port();
  write_configuration();
  process_ = Process({program, "-F", "-c", (directory_.path() / "dovecot.conf").string()},
                     directory_.path() / "dovecot.out");
  if (!wait_for_port(port_)) {
    std::ifstream out(directory_.path() / "dovecot.out");
    std::ifstream log(directory_.path() / "dovecot.log");
    problem_ = "dovecot does not start: " + std::string(std::istreambuf_iterator<char>(out), {}) +
               std::string(std::istreambuf_iterator<char>(log), {});
  }
}

Dovecot::~Dovecot() { process_.stop(); }

void Dovecot::own(const fs::path& path) const {
  if (::getuid() == 0 && ::chown(path.c_str(), mail_user_, mail_group_) != 0) {
    throw std::runtime_error("chown " + path.string());
  }
}

void Dovecot::write_configuration() {
  const fs::path& root = directory_.path();
  for (const char* name : {"run", "state", "mail"}) fs::create_directories(root / name);
  own(root / "mail");
  const std::string ids = std::to_string(mail_user_) + ":" + std::to_string(mail_group_);
  std::ofstream users(root / "users");
  for (const char* user : {"u1", "u2", "u3"}) {
    const std::string rest = ":" + ids + "::" + (root / "mail" / user).string() + "\n";
    users << user << "@in.test:{PLAIN}pw" << rest;
    fs::create_directories(root / "mail" / user);
    own(root / "mail" / user);
  }
  std::ofstream out(root / "dovecot.conf");
  const bool as_root = ::getuid() == 0;
  const passwd* self = ::getpwuid(::getuid());
  const group* self_group = ::getgrgid(::getgid());
  const std::string own_name = self != nullptr ? self->pw_name : "nobody";
  const std::string own_group = self_group != nullptr ? self_group->gr_name : "nogroup";
  out << "base_dir = " << (root / "run").string() << "\nstate_dir = " << (root / "state").string()
      << "\nlog_path = " << (root / "dovecot.log").string()
      << "\nprotocols = imap\nlisten = 127.0.0.1\nssl = no\ndisable_plaintext_auth = no\n"
         "auth_mechanisms = plain login\nmail_location = maildir:~/Maildir\nfirst_valid_uid = "
         "1\nfirst_valid_gid = 1\n"
         "mail_fsync = never\nimap_idle_notify_interval = 10 s\nmail_max_userip_connections = 50\n"
      << "default_internal_user = " << (as_root ? "dovecot" : own_name)
      << "\ndefault_login_user = " << (as_root ? "dovenull" : own_name)
      << "\ndefault_internal_group = " << (as_root ? "dovecot" : own_group) << "\n"
      << "passdb {\n  driver = passwd-file\n  args = scheme=PLAIN username_format=%u "
      << (root / "users").string() << "\n}\nuserdb {\n  driver = passwd-file\n  args = username_format=%u "
      << (root / "users").string()
      << "\n}\nservice imap-login {\n  chroot =\n  inet_listener imap {\n    port = " << port_
      << "\n  }\n  inet_listener imaps {\n    port = 0\n  }\n}\n"
         "namespace inbox {\n  inbox = yes\n  separator = /\n"
         "  mailbox \"Gesendete Objekte\" {\n    special_use = \\Sent\n    auto = create\n  }\n"
         "  mailbox Junk {\n    special_use = \\Junk\n    auto = create\n  }\n"
         "  mailbox \"Ärger/Post & mehr\" {\n    auto = create\n  }\n}\n";
  // Without root nothing can change its user or its root directory.
  if (!as_root) out << "service anvil {\n  chroot =\n}\nservice stats {\n  chroot =\n}\n";
}

fs::path Dovecot::maildir(const std::string& user) const {
  return directory_.path() / "mail" / user / "Maildir";
}

void Dovecot::put_mails(const std::string& user, const std::string& folder, int count, std::size_t bytes) {
  const fs::path root = folder.empty() ? maildir(user) : maildir(user) / ("." + folder);
  for (const fs::path& path : {maildir(user), root, root / "tmp", root / "new", root / "cur"}) {
    fs::create_directories(path);
    own(path);
  }
  std::string padding;
  while (padding.size() < bytes) padding += std::string(76, 'x') + "\r\n";
  for (int i = 0; i < count; ++i) {
    const std::string number = std::to_string(++put_);
    const fs::path name = std::to_string(1'600'000'000 + put_) + ".M" + number + "P1.test";
    std::ofstream(root / "tmp" / name)
        << "From: sender" << number << "@out.test\r\nTo: " << user << "@in.test\r\nSubject: mail " << number
        << "\r\nMessage-ID: <m" << number << "@out.test>\r\n\r\nbody " << number << "\r\n"
        << padding;
    own(root / "tmp" / name);
    fs::rename(root / "tmp" / name, root / "new" / name);
  }
}

void Dovecot::kick(const std::string& user) {
  Process kicker({find_program("doveadm"), "-c", (directory_.path() / "dovecot.conf").string(), "kick",
                  user + "@in.test"},
                 directory_.path() / "kick.out");
  kicker.wait();
}

void Dovecot::forget_uids(const std::string& user) {
  for (const auto& entry : fs::directory_iterator(maildir(user))) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("dovecot")) fs::remove(entry.path());
  }
  // Its number is the time in seconds: not the same again.
  std::this_thread::sleep_for(1100ms);
}

}  // namespace overture::testing
