#include "mailbox/opening.hpp"

#include "base/text.hpp"

namespace overture::mailbox {
namespace {

using Clock = std::chrono::steady_clock;

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// Whether a TLS port was asked in clear, or the other way round: as far as the number tells, else for people
/// to find out.
std::string advice_on_security(const Server& server) {
  const bool usually_tls = server.port == 465 || server.port == 993;
  const bool usually_starttls = server.port == 587 || server.port == 143 || server.port == 25;
  const std::string port = "Port " + std::to_string(server.port);
  if (usually_tls && server.security != Security::tls) {
    return " " + port + " usually speaks TLS from the start: choose TLS instead.";
  }
  if (usually_starttls && server.security == Security::tls) {
    return " " + port + " usually begins in clear: choose STARTTLS instead.";
  }
  if (usually_tls || usually_starttls) return {};
  return server.security == Security::tls ? " If it begins in clear, choose STARTTLS instead."
                                          : " If it speaks TLS from the start, choose TLS instead.";
}

/// What the server said, as a sentence behind others; nothing for nothing.
std::string quote(std::string_view words) {
  if (words.empty()) return {};
  const bool is_ended = words.ends_with('.') || words.ends_with('!') || words.ends_with('?');
  return " It said: " + std::string(words) + (is_ended ? "" : ".");
}

}  // namespace

OpeningProgress::OpeningProgress(const Opening& opening) : opening_(opening), since_(Clock::now()) {}

void OpeningProgress::attach(CURL* curl) {
  curl_ = curl;
  curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L);
  curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, &on_debug);
  curl_easy_setopt(curl, CURLOPT_DEBUGDATA, this);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, &on_progress);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, this);
}

void OpeningProgress::detach(CURL* curl) {
  curl_easy_setopt(curl, CURLOPT_VERBOSE, 0L);
  curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, nullptr);
  curl_easy_setopt(curl, CURLOPT_DEBUGDATA, nullptr);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 1L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, nullptr);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, nullptr);
}

int OpeningProgress::on_debug(CURL*, curl_infotype type, char* data, size_t size, void* self) {
  auto& progress = *static_cast<OpeningProgress*>(self);
  try {
    if (type == CURLINFO_HEADER_OUT) progress.sent({data, size});
    if (type == CURLINFO_HEADER_IN) progress.received({data, size});
  } catch (const std::exception&) {
    progress.late_ = true;  // out of memory: nothing may be thrown through libcurl
  }
  return 0;
}

int OpeningProgress::on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<OpeningProgress*>(self)->late() ? 1 : 0;
}

bool OpeningProgress::late() {
  if (late_) return true;
  if (!connected_) {
    curl_off_t when = 0;
    const bool tls = opening_.server.security == Security::tls;
    curl_easy_getinfo(curl_, tls ? CURLINFO_APPCONNECT_TIME_T : CURLINFO_CONNECT_TIME_T, &when);
    if (when > 0) {
      connected_ = true;
      phase_ = "greeting";
      since_ = Clock::now();
    }
  }
  const milliseconds limit = !connected_            ? opening_.connect
                             : phase_ == "greeting" ? opening_.greeting
                             : phase_ == "tls"      ? opening_.connect
                                                    : opening_.command;
  late_ = Clock::now() - since_ > limit;
  return late_;
}

void OpeningProgress::sent(std::string_view command) {
  connected_ = true;
  since_ = Clock::now();
  if (opening_.protocol == Protocol::imap) {
    const std::size_t space = command.find(' ');  // after the tag
    command = space == std::string_view::npos ? std::string_view() : command.substr(space + 1);
  }
  if (command.starts_with("EHLO") || command.starts_with("HELO")) extensions_.clear();
  if (command.starts_with("STARTTLS")) {
    phase_ = "tls";
  } else if (command.starts_with("AUTH") || command.starts_with("LOGIN")) {
    phase_ = "login";
    sent_login_ = true;
  } else if (phase_ == "tls") {
    phase_ = "greeting";
  }
}

void OpeningProgress::received(std::string_view line) {
  connected_ = true;
  since_ = Clock::now();
  if (phase_ == "connect") phase_ = "greeting";
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  if (opening_.protocol == Protocol::smtp) return received_smtp(line);
  const std::size_t space = line.find(' ');
  if (!line.starts_with("* ") && space != std::string_view::npos)
    reply_.text = safe_line(line.substr(space + 1));
  if (line.starts_with("* BYE")) reply_.text = safe_line(line.substr(2));
}

void OpeningProgress::received_smtp(std::string_view line) {
  auto parsed = parse_reply_line(line);
  if (!parsed) {
    if (!within_reply_) reply_ = {.code = 0, .enhanced = {}, .text = safe_line(line)};
    return;
  }
  if (!within_reply_) reply_ = {.code = parsed->code, .enhanced = {}, .text = {}};
  within_reply_ = !parsed->last;
  if (extensions_.size() < 8192 && parsed->code == 250 && phase_ == "greeting") {
    extensions_.append(parsed->text).append("\n");
  }
  std::string enhanced = take_enhanced(parsed->text);
  if (reply_.enhanced.empty()) reply_.enhanced = std::move(enhanced);
  if (reply_.text.size() < 500) {
    reply_.text = safe_line(reply_.text + (reply_.text.empty() ? "" : " ") + std::string(parsed->text));
  }
}

Trouble trouble_of_certificate(const Server& server, std::string_view words) {
  const std::string whose = "The certificate of " + server.host;
  if (contains(words, "does not match")) {
    return {Trouble::Kind::certificate,
            whose + " is for another name. Use the host name that your provider gives for mail programs."};
  }
  if (contains(words, "expir")) {
    return {Trouble::Kind::certificate, whose + " has expired. Whoever runs that server has to renew it."};
  }
  if (contains(words, "not activated")) {
    return {Trouble::Kind::certificate, whose + " is not valid yet. Is the clock of this machine right?"};
  }
  if (contains(words, "self-signed")) {
    return {Trouble::Kind::certificate,
            whose +
                " is self-signed, so nobody vouches for it. It needs one of a known authority, or this "
                "server has to be told to trust its authority."};
  }
  return {Trouble::Kind::certificate,
          whose + " cannot be trusted: it is not signed by an authority that this machine knows."};
}

Trouble OpeningProgress::trouble_of(CURL* curl, CURLcode result, std::string_view words) const {
  using Kind = Trouble::Kind;
  const Server& server = opening_.server;
  const std::string where = write_address(server);
  const std::string said = quote(reply_.text);
  curl_off_t connected = 0;
  curl_easy_getinfo(curl, CURLINFO_CONNECT_TIME_T, &connected);
  switch (result) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return {Kind::dns, "The host name " + server.host + " is unknown. Is it spelled right?"};
    case CURLE_COULDNT_CONNECT:
      return {Kind::connect, "Nothing listens at " + where + ". Are host and port right?"};
    case CURLE_PEER_FAILED_VERIFICATION:
      return trouble_of_certificate(server, words);
    case CURLE_USE_SSL_FAILED:
      return {Kind::tls, where + " offers no encryption by STARTTLS." + advice_on_security(server)};
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CIPHER:
      return {Kind::tls, "No encryption could be agreed on with " + where + "." + advice_on_security(server)};
    case CURLE_SSL_CACERT_BADFILE:
      return {Kind::certificate, "The file of trusted authorities cannot be read."};
    case CURLE_LOGIN_DENIED:
      if (!sent_login_) {
        const std::string advice =
            server.security == Security::none
                ? " Many servers let nobody log in before the connection is encrypted: "
                  "choose STARTTLS."
                : advice_on_security(server);
        return {Kind::login, where + " offers no way to log in that this program knows." + advice};
      }
      return {Kind::login, where + " refused the log-in." + said};
    default:
      break;
  }
  if (late_ || result == CURLE_OPERATION_TIMEDOUT) {
    if (connected == 0) return {Kind::timeout, where + " does not answer. Are host and port right?"};
    return {Kind::timeout, where + " is there but says nothing in time." + advice_on_security(server)};
  }
  if (reply_.code >= 400) return {Kind::protocol, where + " does not want to talk to us." + said};
  if (result == CURLE_WEIRD_SERVER_REPLY) {
    return {Kind::protocol,
            where + " does not answer like a mail server." + advice_on_security(server) + said};
  }
  return {Kind::closed, where + " hung up." + advice_on_security(server) + said};
}

OpenFailure OpeningProgress::failure(CURL* curl, CURLcode result, const char* words) const {
  OpenFailure failure;
  failure.trouble = trouble_of(curl, result, words);
  failure.trouble.text = safe_line(failure.trouble.text);
  failure.phase = phase_;
  if (failure.trouble.kind == Trouble::Kind::certificate || failure.trouble.kind == Trouble::Kind::tls) {
    failure.phase = "tls";
  } else if (failure.trouble.kind == Trouble::Kind::login) {
    failure.phase = "login";
  }
  if (reply_.code >= 400) {
    failure.code = reply_.code;
    failure.enhanced = reply_.enhanced;
  }
  failure.reply = reply_.text;
  return failure;
}

}  // namespace overture::mailbox
