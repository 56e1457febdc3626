#include "mailbox/probe.hpp"

#include <algorithm>

#include "mailbox/imap_client.hpp"
#include "mailbox/presets.hpp"
#include "mailbox/smtp_client.hpp"
#include "mailbox/smtp_replies.hpp"

namespace overture::mailbox {
namespace {

using Kind = Trouble::Kind;

/// What may take up to a minute: the limits of real sending would let a person wait for too long.
SmtpOptions quick_smtp(const std::string& ca_file) {
  SmtpOptions options;
  options.trust.ca_file = ca_file;
  options.timeouts.connect = std::chrono::seconds(10);
  options.timeouts.greeting = options.timeouts.command = std::chrono::seconds(15);
  return options;
}

ImapOptions quick_imap(const std::string& ca_file) {
  ImapOptions options;
  options.trust.ca_file = ca_file;
  options.timeouts.connect = std::chrono::seconds(10);
  options.timeouts.command = std::chrono::seconds(15);
  options.timeouts.total = std::chrono::seconds(30);
  return options;
}

/// The steps of one side, in order; what was reached before the one that failed is told as fine.
class Report {
 public:
  Report(std::string side, const Server& server, std::vector<ProbeStep>& steps)
      : side_(std::move(side)), server_(server), steps_(steps) {}

  void good(const std::string& name, std::string message) {
    steps_.push_back({side_ + name, true, std::move(message)});
  }
  void bad(const std::string& name, std::string message) {
    steps_.push_back({side_ + name, false, safe_line(message)});
  }

  /// Everything up to the log-in went well.
  void opened(const Login& login) {
    reached(4);
    if (server_.security == Security::none) steps_.back().message += " The connection is not encrypted.";
    if (login.user.empty()) steps_.back().message = "The server lets us in without a log-in.";
  }

  void failed(const Trouble& trouble, const Login& login) {
    switch (trouble.kind) {
      case Kind::dns:
        return bad("dns", trouble.text);
      case Kind::connect:
        reached(1);
        return bad("connect", trouble.text);
      case Kind::tls:
      case Kind::certificate:
        reached(2);
        return bad("tls", trouble.text);
      case Kind::login:
        reached(3);
        return bad("login", trouble.text + hint(login));
      default:
        reached(1);
        return bad("connect", trouble.text);
    }
  }

 private:
  void reached(int count) {
    const std::string where = server_.host + ":" + std::to_string(server_.port);
    if (count > 0) good("dns", "The host name " + server_.host + " is known.");
    if (count > 1) good("connect", "A mail server answers at " + where + ".");
    if (count > 2) {
      good("tls", server_.security == Security::none
                      ? "Not encrypted, as chosen."
                      : "The connection is encrypted and the certificate is good.");
    }
    if (count > 3) good("login", "The log-in works.");
  }

  std::string hint(const Login& login) const {
    const auto preset = find_preset_of_host(server_.host);
    if (preset && !preset->hint.empty() && login.access_token.empty()) return " " + preset->hint;
    if (!login.access_token.empty()) return " Sign in to the provider again, so that it gives a new token.";
    return " Check user name and password. Some providers want the whole address as the user name, or a "
           "password "
           "made for mail programs.";
  }

  std::string side_;
  const Server& server_;
  std::vector<ProbeStep>& steps_;
};

class LiveProbe final : public Probe {
 public:
  explicit LiveProbe(std::string ca_file) : ca_file_(std::move(ca_file)) {}

  std::vector<ProbeStep> run(const Server& smtp, const Server& imap, const Login& login,
                             std::string_view from_address) override {
    std::vector<ProbeStep> steps;
    Report sending("smtp_", smtp, steps);
    try {
      try_smtp(smtp, login, from_address, sending);
    } catch (const MailboxError& error) {
      sending.failed(error.trouble(), login);
    } catch (const base::Error& error) {
      sending.bad("sender", error.message());
    }
    Report reading("imap_", imap, steps);
    try {
      try_imap(imap, login, reading);
    } catch (const MailboxError& error) {
      reading.failed(error.trouble(), login);
    }
    return steps;
  }

 private:
  void try_smtp(const Server& server, const Login& login, std::string_view from, Report& report) const {
    SmtpClient client(quick_smtp(ca_file_));
    const SendResult result = client.check_sender(server, login, from);
    report.opened(login);
    const std::string sender(from);
    if (result.outcome == SendOutcome::accepted)
      return report.good("sender", "Mail may be sent as " + sender + ".");
    if (result.code >= 400 && result.code < 500) {
      return report.bad("sender",
                        "The server does not take mail right now: " + result.text + " Try again later.");
    }
    report.bad("sender", "The server does not let this log-in send as " + sender + ": " + result.text +
                             " Use an address that belongs to the mailbox, or have it allowed there.");
  }

  void try_imap(const Server& server, const Login& login, Report& report) const {
    auto session = ImapClient(quick_imap(ca_file_)).open(server, login);
    report.opened(login);
    try {
      const FolderState inbox = session->select("INBOX");
      report.good("inbox", "The inbox can be read; it has " + std::to_string(inbox.messages) + " mails.");
    } catch (const MailboxError& error) {
      return report.bad("inbox", "The inbox cannot be opened. " + error.trouble().text);
    }
    try {
      const auto folders = session->folders();
      if (const Folder* sent = find_sent(folders)) {
        report.good("sent", "Sent mail lies in the folder " + sent->name + ".");
      } else {
        report.bad("sent", "No folder for sent mail was found. Make one called Sent.");
      }
    } catch (const MailboxError& error) {
      report.bad("sent", "The folders cannot be listed. " + error.trouble().text);
    }
    session->logout();
  }

  std::string ca_file_;
};

}  // namespace

bool all_ok(const std::vector<ProbeStep>& steps) {
  const auto done = [&](std::string_view name) {
    return std::any_of(steps.begin(), steps.end(), [&](const ProbeStep& step) { return step.name == name; });
  };
  return done("smtp_sender") && done("imap_sent") &&
         std::all_of(steps.begin(), steps.end(), [](const ProbeStep& step) { return step.ok; });
}

std::unique_ptr<Probe> make_probe(const std::string& ca_file) { return std::make_unique<LiveProbe>(ca_file); }

}  // namespace overture::mailbox
