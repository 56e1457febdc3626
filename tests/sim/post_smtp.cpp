// Submission: a server that mostly works, and all the ways in which it does not.
#include <algorithm>

#include "sim/post.hpp"

namespace overture::sim {

using mailbox::SendOutcome;
using mailbox::SendResult;

std::string header_of(std::string_view raw, std::string_view name) {
  std::size_t at = 0;
  while (at < raw.size()) {
    std::size_t end = raw.find("\r\n", at);
    if (end == std::string_view::npos) end = raw.size();
    if (end == at) return {};
    std::string_view line = raw.substr(at, end - at);
    const bool same = line.size() > name.size() && line[name.size()] == ':' &&
                      std::equal(name.begin(), name.end(), line.begin(),
                                 [](char a, char b) { return (a | 32) == (b | 32); });
    std::string value(same ? line.substr(name.size() + 1) : std::string_view());
    at = std::min(end + 2, raw.size());
    while (at < raw.size() && (raw[at] == ' ' || raw[at] == '\t')) {
      end = std::min(raw.find("\r\n", at), raw.size());
      if (same) value.append(raw.substr(at, end - at));
      at = std::min(end + 2, raw.size());
    }
    if (!same) continue;
    const std::size_t first = value.find_first_not_of(" \t");
    return first == std::string::npos ? std::string() : value.substr(first);
  }
  return {};
}

std::vector<std::string> ids_of(std::string_view text) {
  std::vector<std::string> ids;
  for (std::size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', at + 1)) {
    const std::size_t end = text.find('>', at);
    if (end == std::string_view::npos) break;
    ids.emplace_back(text.substr(at + 1, end - at - 1));
  }
  return ids;
}

Box& Post::add_box(const std::string& address) {
  Box& box = boxes_[address];
  box.address = address;
  box.uid_validity = static_cast<std::uint32_t>(dice_.between(1, 1'000'000));
  box.next_uid = static_cast<std::uint32_t>(dice_.between(1, 5000));
  box.files = dice_.chance(0.5);
  box.filing_delay = dice_.chance(0.5) ? 0 : dice_.between(1, 100) * base::kSecond;
  return box;
}

void Post::deliver(const std::string& address, std::string raw) {
  Box& box = boxes_.at(address);
  box.inbox.push_back({box.next_uid++, clock_.now(), clock_.now(), std::move(raw)});
  delivered(address);
}

void Post::renumber(Box& box) {
  ++box.uid_validity;
  box.next_uid = static_cast<std::uint32_t>(dice_.between(1, 5000));
  for (StoredMail& mail : box.inbox) mail.uid = box.next_uid++;
}

void Post::take(Box& box, const mailbox::Envelope& envelope, std::string_view message, bool answered) {
  AcceptedMail mail{.at = clock_.now(),
                    .mailbox = box.address,
                    .to = envelope.to.front(),
                    .message_id = ids_of(header_of(message, "Message-ID")).at(0),
                    .raw = std::string(message),
                    .answered = answered};
  if (box.files) {
    const base::Millis seen = clock_.now() + box.filing_delay;
    // As Gmail does: one copy of a Message-ID.
    box.sent_ids.try_emplace(mail.message_id, seen);
  }
  accepted(mail);
}

SendResult Post::send(const mailbox::Server& /*server*/, const mailbox::Login& login,
                      const mailbox::Envelope& envelope, std::string_view message,
                      const std::function<bool()>& before_dot) {
  ++handed_over;
  clock_.advance(dice_.between(20, 900));
  Box& box = boxes_.at(login.user);
  const InHand mine{box.address, envelope.to.front(), message};
  const InHand* outer = in_hand_;
  in_hand_ = &mine;
  try {
    const SendResult result = submit(box, envelope, message, before_dot);
    in_hand_ = outer;
    return result;
  } catch (...) {
    in_hand_ = outer;
    throw;
  }
}

SendResult Post::submit(Box& box, const mailbox::Envelope& envelope, std::string_view message,
                        const std::function<bool()>& before_dot) {
  const base::Millis now = clock_.now();
  if (box.down_until > now) {
    return {
        .outcome = SendOutcome::deferred, .enhanced = {}, .text = "connection refused", .phase = "connect"};
  }
  if (box.login_refused_until > now) {
    return {.outcome = SendOutcome::login_failed,
            .code = 535,
            .enhanced = "5.7.8",
            .text = "no",
            .phase = "login"};
  }
  if (trouble(0.004)) {
    return {.outcome = SendOutcome::sender_refused,
            .code = 421,
            .enhanced = "4.7.0",
            .text = "slow down",
            .phase = "mail"};
  }
  if (trouble(0.001)) {
    return {.outcome = SendOutcome::sender_refused,
            .code = 550,
            .enhanced = "5.7.1",
            .text = "policy",
            .phase = "mail"};
  }
  if (const char* status = refusal(envelope.to.front())) {
    const bool final = *status == '5';
    return {.outcome = final ? SendOutcome::refused : SendOutcome::deferred,
            .code = final ? 550 : 450,
            .enhanced = status,
            .text = "recipient",
            .phase = "rcpt"};
  }
  if (trouble(0.02)) {
    return {
        .outcome = SendOutcome::deferred, .code = 451, .enhanced = "4.3.0", .text = "later", .phase = "data"};
  }
  if (trouble(0.01)) {
    clock_.advance(dice_.between(1, 300) * base::kSecond);
    return {.outcome = SendOutcome::deferred, .enhanced = {}, .text = "connection lost", .phase = "data"};
  }
  bool may = false;
  try {
    may = before_dot();
  } catch (const Killed&) {
    // The process is gone; the dot may have left it all the same when it had marked it. That is decided here.
    throw;
  } catch (...) {
    may = false;
  }
  if (!may) return {.outcome = SendOutcome::withheld, .enhanced = {}, .text = "withheld", .phase = "dot"};
  dot_allowed(*in_hand_);
  if (killed(0.02)) {
    if (dice_.chance(0.5)) take(box, envelope, message, false);
    throw Killed{};
  }
  if (trouble(0.015)) {
    const bool taken = dice_.chance(0.5);
    if (taken) take(box, envelope, message, false);
    clock_.advance(dice_.chance(0.5) ? 10 * base::kMinute : base::kSecond);
    return {.outcome = SendOutcome::unknown,
            .enhanced = {},
            .text = "no answer to the final dot",
            .phase = "dot"};
  }
  if (trouble(0.01)) {
    return {.outcome = SendOutcome::deferred,
            .code = 452,
            .enhanced = "4.3.1",
            .text = "disk full",
            .phase = "dot"};
  }
  take(box, envelope, message, true);
  return {
      .outcome = SendOutcome::accepted, .code = 250, .enhanced = "2.0.0", .text = "taken", .phase = "dot"};
}

}  // namespace overture::sim
