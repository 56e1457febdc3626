// What may be against a mail at the moment of its final dot, each rule written down again from the
// specification.
#include <algorithm>

#include "sim/oracle.hpp"

namespace overture::sim {

using db::Sql;

Oracle::Oracle(World& world) : world_(world) {}

Oracle::Mail Oracle::load_mail(const std::string& message_id) {
  const auto known = mails_.find(message_id);
  if (known != mails_.end()) return known->second;
  Mail mail;
  world_.database->read([&](db::Connection& connection) {
    db::RowsPtr rows = connection.query(Sql(
        "SELECT e.id, e.project_id, e.campaign_id, e.opportunity_id, e.contact_id, e.run, e.attempt_number, "
        "e.to_email, e.subject FROM message_ids m JOIN outreach_emails e ON e.account_id = m.account_id AND "
        "e.id = "
        "m.mail_id WHERE m.account_id = ? AND m.message_id = ? AND m.kind = 'outreach'",
        world_.truth.account, message_id));
    if (!rows->next()) return;
    mail = {.id = rows->integer(0),
            .project = rows->integer(1),
            .campaign = rows->integer(2),
            .opportunity = rows->integer(3),
            .contact = rows->integer(4),
            .run = rows->integer(5),
            .attempt = rows->integer(6),
            .to = std::string(rows->text(7)),
            .subject = std::string(rows->text(8))};
  });
  if (mail.id == 0) {
    fail("a Message-ID that the books do not know: " + message_id);
  } else {
    mails_.emplace(message_id, mail);
  }
  return mail;
}

std::int64_t Oracle::mailbox_named(const std::string& address) const {
  for (const auto& [id, mailbox] : world_.truth.mailboxes) {
    if (mailbox.address == address) return id;
  }
  return 0;
}

void Oracle::look_at(const Post::InHand& in_hand) {
  read_stored();
  const std::string message_id = ids_of(header_of(in_hand.raw, "Message-ID")).at(0);
  Pending& pending = pending_[&in_hand];
  pending = {.mail = load_mail(message_id), .mailbox = mailbox_named(in_hand.mailbox), .at = world_.now()};
  const Mail& mail = pending.mail;
  if (mail.id == 0) return;
  if (mail.to != in_hand.to) pending.against.push_back("goes to " + in_hand.to + " instead of " + mail.to);
  if (header_of(in_hand.raw, "From").find(in_hand.mailbox) == std::string::npos) {
    pending.against.push_back("does not come from " + in_hand.mailbox);
  }
  judge_gates(mail, pending.mailbox, pending.against);
  judge_limits(mail, pending.mailbox, pending.against);
  judge_person(mail, pending.against);
  judge_step(mail, pending.mailbox, in_hand.raw, pending.against);
  judge_text(in_hand.raw, pending.against);
}

void Oracle::dot_allowed(const Post::InHand& in_hand) {
  ++judged;
  const Pending pending = pending_[&in_hand];
  pending_.erase(&in_hand);
  const Mail& mail = pending.mail;
  sites_[mail.opportunity].decided_at = pending.at;
  last_of_mailbox_[pending.mailbox] = pending.at;
  for (const std::string& against : pending.against) {
    fail("mail " + std::to_string(mail.id) + " (opportunity " + std::to_string(mail.opportunity) + ", run " +
         std::to_string(mail.run) + ", attempt " + std::to_string(mail.attempt) + ", campaign " +
         std::to_string(mail.campaign) + ", mailbox " + std::to_string(pending.mailbox) +
         ") must not leave: " + against);
  }
}

void Oracle::judge_gates(const Mail& mail, std::int64_t mailbox, std::vector<std::string>& against) const {
  const Truth& truth = world_.truth;
  const Campaign& campaign = truth.campaigns.at(mail.campaign);
  const Project& project = truth.projects.at(mail.project);
  const base::Millis now = world_.now();
  const LocalTime local = local_time(project.zone, now);
  if (local.minute < campaign.from_minute || local.minute >= campaign.to_minute) {
    against.push_back("outside the hours, at minute " + std::to_string(local.minute));
  }
  if (!campaign.days[static_cast<std::size_t>(local.weekday)]) against.emplace_back("on a day that is off");
  if (truth.sending_paused) against.emplace_back("the server's sending is paused");
  if (!campaign.active) against.emplace_back("the campaign is archived");
  if (!campaign.is_active) against.emplace_back("the settings are switched off");
  if (!project.is_outreach_active) against.emplace_back("the project does not send");
  if (campaign.paused_until && *campaign.paused_until > now) against.emplace_back("paused until later");
  if (truth.mailboxes.at(mailbox).paused) against.emplace_back("the mailbox is paused");
  if (!project.mailboxes.contains(mailbox)) against.emplace_back("the mailbox has left the project");
  if (!campaign.rotation.empty() && !campaign.rotation.contains(mailbox)) {
    against.emplace_back("the mailbox is not in the campaign's rotation");
  }
}

void Oracle::judge_limits(const Mail& mail, std::int64_t mailbox_id, std::vector<std::string>& against) {
  const Truth& truth = world_.truth;
  const Campaign& campaign = truth.campaigns.at(mail.campaign);
  const Mailbox& mailbox = truth.mailboxes.at(mailbox_id);
  const auto limit_on = [](const auto& of, std::int64_t day) {
    const auto higher = of.highest_limit.find(day);
    return higher == of.highest_limit.end() ? of.daily_limit : std::max(of.daily_limit, higher->second);
  };
  const std::int64_t day = local_time(truth.projects.at(mail.project).zone, world_.now()).day;
  const std::int64_t sent = campaign_days_[{mail.campaign, day}];
  if (sent >= limit_on(campaign, day))
    against.push_back("the campaign has sent " + std::to_string(sent) + " today");
  const std::int64_t mailbox_day = local_time(truth.account_zone, world_.now()).day;
  const std::int64_t used = mailbox_days_[{mailbox_id, mailbox_day}];
  if (used >= limit_on(mailbox, mailbox_day)) {
    against.push_back("the mailbox has sent " + std::to_string(used) + " today");
  }
  const auto last = last_of_mailbox_.find(mailbox_id);
  if (last != last_of_mailbox_.end() && std::abs(world_.now() - last->second) < mailbox.spacing) {
    against.push_back("only " + std::to_string(world_.now() - last->second) +
                      " ms after the mailbox's last one");
  }
}

/// Whoever was taken off and has written since is linked again.
bool Oracle::is_linked(const Mail& mail) const {
  return world_.integer(
             Sql("SELECT COUNT(*) FROM opportunity_contacts WHERE account_id = ? AND opportunity_id = ? "
                 "AND contact_id = ?",
                 world_.truth.account, mail.opportunity, mail.contact)) > 0;
}

void Oracle::judge_person(const Mail& mail, std::vector<std::string>& against) const {
  const std::string domain = mail.to.substr(mail.to.find('@'));
  if (suppressed_.contains(mail.to) || suppressed_.contains(domain))
    against.emplace_back("the recipient has opted out");
  if (taken_off(mail.opportunity).contains(mail.contact) && !is_linked(mail)) {
    against.emplace_back("the contact was taken off");
  }
  if (dead_.contains(mail.to)) against.emplace_back("the address has bounced for good");
  const auto site = sites_.find(mail.opportunity);
  if (site != sites_.end()) {
    if (site->second.answered_run >= mail.run) against.emplace_back("a person has answered");
    if (site->second.away_run == mail.run && site->second.away_contact == mail.contact &&
        site->second.away_until > world_.now()) {
      against.emplace_back("the recipient is away");
    }
  }
  if (mail.attempt != 1) return;
  const auto others = first_mails_.find({mail.project, mail.to});
  if (others == first_mails_.end()) return;
  for (const auto& [opportunity, at] : others->second) {
    if (opportunity != mail.opportunity && world_.now() - at < 30 * base::kDay && world_.now() >= at) {
      against.push_back("the address was written to lately for opportunity " + std::to_string(opportunity));
    }
  }
}

void Oracle::judge_step(const Mail& mail, std::int64_t mailbox, std::string_view raw,
                        std::vector<std::string>& against) {
  const auto before = taken_.find(mail.key());
  const std::size_t copies = before == taken_.end() ? 0 : before->second.size();
  const auto soft = soft_bounces_.find(mail.key());
  const int allowed = 1 + (soft == soft_bounces_.end() ? 0 : soft->second);
  if (copies >= static_cast<std::size_t>(allowed)) against.emplace_back("it was taken already");

  const Site& site = sites_[mail.opportunity];
  if (site.mailbox != 0 && site.mailbox != mailbox) {
    const auto since = [&](const auto& parted, std::int64_t from) {
      const auto found = parted.find({site.mailbox, from});
      return found != parted.end() && found->second >= site.mailed_at;
    };
    const Truth& truth = world_.truth;
    if (!since(truth.parted, mail.project) && !since(truth.left_rotation, mail.campaign)) {
      against.push_back("the site's mailbox is " + std::to_string(site.mailbox));
    }
  }
  if (mail.attempt == 1) return;
  std::vector<std::string> thread;
  base::Millis last = 0;
  for (std::int64_t attempt = 1; attempt < mail.attempt; ++attempt) {
    const auto found = taken_.find({mail.opportunity, mail.contact, mail.run, attempt});
    if (found == taken_.end()) continue;
    thread.push_back(found->second.front().message_id);
    last = found->second.back().at;
  }
  if (thread.empty()) {
    against.emplace_back("a follow-up without a first mail");
    return;
  }
  if (!mail.subject.starts_with("Re: ")) return;
  if (ids_of(header_of(raw, "References")) != thread)
    against.emplace_back("References are not the mails before");
  if (ids_of(header_of(raw, "In-Reply-To")) != std::vector{thread.back()}) {
    against.emplace_back("In-Reply-To is not the mail before");
  }
  // The shortest delay that anybody may set is a day; clocks may have been put forward by an hour.
  if (!world_.shape.clock_jumps && world_.now() - last < 23 * base::kHour)
    against.emplace_back("too soon after the mail before");
}

void Oracle::judge_text(std::string_view raw, std::vector<std::string>& against) const {
  if (raw.find('{') != std::string_view::npos) against.emplace_back("a token is left in it");
}

bool Oracle::was_taken(const std::string& message_id) const {
  const auto mail = mails_.find(message_id);
  return mail != mails_.end() && taken_.contains(mail->second.key());
}

void Oracle::taken(const AcceptedMail& accepted_mail) {
  ++accepted;
  const Mail mail = load_mail(accepted_mail.message_id);
  if (world_.shape.trace) {
    std::printf("taken %lld mail %lld campaign %lld mailbox %s\n", static_cast<long long>(accepted_mail.at),
                static_cast<long long>(mail.id), static_cast<long long>(mail.campaign),
                accepted_mail.mailbox.c_str());
  }
  if (mail.id == 0) return;
  const std::int64_t mailbox = mailbox_named(accepted_mail.mailbox);
  std::vector<Taken>& copies = taken_[mail.key()];
  for (const Taken& copy : copies) {
    if (copy.message_id != accepted_mail.message_id) fail("a step with two Message-IDs");
  }
  copies.push_back({accepted_mail.at, mailbox, accepted_mail.message_id});
  Site& site = sites_[mail.opportunity];
  site.mailbox = mailbox;
  site.mailed_at = site.decided_at;
  // The day of its decision: a server may hear the dot after midnight.
  ++campaign_days_[{mail.campaign,
                    local_time(world_.truth.projects.at(mail.project).zone, site.decided_at).day}];
  ++mailbox_days_[{mailbox, local_time(world_.truth.account_zone, site.decided_at).day}];
  if (mail.attempt == 1) {
    first_mails_[{mail.project, mail.to}][mail.opportunity] = accepted_mail.at;
  }
}

}  // namespace overture::sim
