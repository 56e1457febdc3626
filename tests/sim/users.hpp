// What the people who use the program do on a day: settings, mailboxes, opportunities, mails of unsure fate.
#pragma once
#include "sim/oracle.hpp"
#include "sim/world.hpp"

namespace overture::sim {

class Users {
 public:
  Users(World& world, Oracle& oracle) : world_(world), oracle_(oracle) {}

  void do_something();
  void live_a_day();
  /// Reviews what waits for it, settles what is unknown, helps mailboxes: what people do in peace too.
  void tidy_up();
  /// Everything is switched on again.
  void make_peace();
  void follow_link(const AcceptedMail& mail);

 private:
  void act();
  /// As the API does after every write.
  void note_change();
  void change_settings();
  void change_sequence();
  void change_rotation();
  void archive_campaign();
  void switch_project();
  void change_mailbox();
  void part_mailbox();
  void trouble_server();
  void change_opportunity();
  void set_milestone();
  void suppress_somebody();
  void change_contacts();
  void switch_server();
  void jump_clock();
  void approve_mails();
  void edit_mail(std::int64_t mail);
  void resolve_unknown();
  void help_mailboxes();
  void store_mailbox(const Mailbox& mailbox);
  void store_campaign_status(const Campaign& campaign);
  Campaign& any_campaign();
  Mailbox& any_mailbox();
  std::int64_t any_opportunity();

  World& world_;
  Oracle& oracle_;
};

}  // namespace overture::sim
