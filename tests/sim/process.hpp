// One process of the program: planner, sender and poller on the common database. It can die at any failpoint.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "sim/own_database.hpp"
#include "sim/world.hpp"
#include "work/planner.hpp"
#include "work/poller.hpp"
#include "work/sender.hpp"

namespace overture::sim {

class Process {
 public:
  /// `at`: what happens when the process comes to a failpoint, or to something that OwnDatabase names; it may
  /// throw Killed, or base::Error where that may. `died`: it has.
  Process(World& world, int number, std::function<void(Process&, std::string_view)> at);

  /// Everything that is due now, once; is another process when it dies on the way.
  void work();
  std::string name() const { return std::to_string(number_) + "." + std::to_string(deaths); }
  bool busy() const { return busy_; }
  /// The database has failed it, so that it tends its claims as soon as it can.
  bool is_troubled() const { return troubled_; }
  std::uint64_t deaths = 0;

 private:
  class NoTokens final : public mailbox::TokenSource {
    mailbox::OauthTokens refresh(const mailbox::OauthClient&, const std::string&) override {
      throw mailbox::MailboxError({mailbox::Trouble::Kind::login, "no tokens here"});
    }
  };
  void begin();
  void rest();
  void repeat(const char* what, const std::function<bool()>& step);

  World& world_;
  int number_;
  std::function<void(Process&, std::string_view)> at_;
  OwnDatabase database_;
  NoTokens tokens_;
  work::MailboxDoor door_;
  std::unique_ptr<work::Planner> planner_;
  std::unique_ptr<work::Sender> sender_;
  std::unique_ptr<work::Poller> poller_;
  bool busy_ = false;
  bool is_new_ = true;
  bool troubled_ = false;
};

}  // namespace overture::sim
