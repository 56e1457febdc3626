// The world's mail: servers that mailboxes submit to, what recipients' servers took, and the folders that are
// read.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "mailbox/transport.hpp"
#include "sim/shape.hpp"

namespace overture::sim {

/// Thrown where a process dies. Not an exception of the program: nothing catches it on its way.
struct Killed {};

struct StoredMail {
  std::uint32_t uid = 0;
  base::Millis date = 0;
  base::Millis visible_at = 0;
  std::string raw;
};

/// One account at a mail provider.
struct Box {
  std::string address;
  std::uint32_t uid_validity = 1;
  std::uint32_t next_uid = 1;
  std::vector<StoredMail> inbox;
  std::vector<StoredMail> sent;
  std::map<std::string, base::Millis> sent_ids;  ///< Message-ID, and from when on it is seen
  bool files = false;                            ///< puts what it submits into the sent folder
  base::Millis filing_delay = 0;
  base::Millis down_until = 0;
  base::Millis login_refused_until = 0;
};

/// A mail that a server took for good.
struct AcceptedMail {
  base::Millis at = 0;
  std::string mailbox;
  std::string to;
  std::string message_id;
  std::string raw;
  bool answered = true;  ///< the client heard the 250
};

/// The value of a header, unfolded; empty when there is none.
std::string header_of(std::string_view raw, std::string_view name);
/// `<a> <b>` without the brackets.
std::vector<std::string> ids_of(std::string_view text);

class Post final : public mailbox::SmtpTransport, public mailbox::ImapTransport {
 public:
  Post(base::FakeClock& clock, Dice& dice, const Shape& shape) : clock_(clock), dice_(dice), shape_(shape) {}

  Box& add_box(const std::string& address);
  Box& box(const std::string& address) { return boxes_.at(address); }
  std::map<std::string, Box>& boxes() { return boxes_; }
  /// Puts a mail into an inbox.
  void deliver(const std::string& address, std::string raw);
  /// Every mail of the inbox gets another number.
  void renumber(Box& box);

  mailbox::SendResult send(const mailbox::Server& server, const mailbox::Login& login,
                           const mailbox::Envelope& envelope, std::string_view message,
                           const std::function<bool()>& before_dot) override;
  std::unique_ptr<mailbox::ImapSession> open(const mailbox::Server& server,
                                             const mailbox::Login& login) override;

  /// What the recipient's server says at RCPT; nullptr: it takes mail.
  std::function<const char*(const std::string& to)> refusal;
  std::function<void(const AcceptedMail&)> accepted;
  std::function<void(const std::string& mailbox)> delivered;
  /// The mail whose final dot may leave now.
  struct InHand {
    std::string mailbox;
    std::string to;
    std::string_view raw;
  };
  std::function<void(const InHand&)> dot_allowed;
  const InHand* in_hand() const { return in_hand_; }
  std::uint64_t handed_over = 0;

  bool trouble(double often) { return shape_.trouble > 0 && !peace && dice_.chance(often * shape_.trouble); }
  bool killed(double often) { return shape_.kills > 0 && !peace && dice_.chance(often * shape_.kills); }
  bool peace = false;  ///< nothing goes wrong any more
  const base::FakeClock& clock() const { return clock_; }

 private:
  mailbox::SendResult submit(Box& box, const mailbox::Envelope& envelope, std::string_view message,
                             const std::function<bool()>& before_dot);
  void take(Box& box, const mailbox::Envelope& envelope, std::string_view message, bool answered);

  base::FakeClock& clock_;
  Dice& dice_;
  const Shape& shape_;
  std::map<std::string, Box> boxes_;
  const InHand* in_hand_ = nullptr;
};

}  // namespace overture::sim
