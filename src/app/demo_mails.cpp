// The mails of the demo workspace: each exchange of a journey becomes a row that says when, by whom and what.
#include "app/demo_mails.hpp"

#include <algorithm>
#include <iterator>

#include "app/demo_mail_texts.hpp"

namespace overture::app {
namespace {

using base::kDay;
using base::kHour;
using base::kMinute;
using base::Millis;

void replace_all(std::string& text, std::string_view name, std::string_view value) {
  for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at + value.size())) {
    text.replace(at, name.size(), value);
  }
}

/// The conversation of one opportunity.
class Conversation {
 public:
  Conversation(DemoMails& mails, const DemoWork& work, std::size_t place, Millis now)
      : mails_(mails),
        opportunity_(work.opportunities[place]),
        journey_(opportunity_.journey),
        campaign_(kDemoCampaigns[opportunity_.place.campaign]),
        project_(kDemoProjects[campaign_.project]),
        site_(work.people.sites()[opportunity_.place.site].name),
        person_(opportunity_.contacts.empty() ? nullptr : &work.people.all()[opportunity_.contacts.front()]),
        random_(place + 1'000'000),
        now_(now),
        common_{.opportunity = place, .account = pick_account(), .user = project_.owner} {}

  void tell() {
    for (const DemoExchange& exchange : journey_.exchanges) {
      if (exchange.type == "outreach_email") {
        send(exchange.at);
      } else if (exchange.type == "form_submission") {
        mails_.forms.push_back(form("submitted", exchange.at, exchange.at));
        ++attempt_;
      } else if (exchange.type == "inbound_email") {
        receive(exchange.at);
      } else {
        reply(exchange.at);
      }
    }
    if (journey_.bounced) return_undelivered();
    wait_for_sending();
    if (journey_.last_communication_type == "sent_reply" && journey_.stage_status == "replied") plan_nudge();
  }

 private:
  /// One that works, and belongs to the project; all mails of an opportunity come from the same.
  std::size_t pick_account() {
    std::vector<std::size_t> fitting;
    for (std::size_t i = 0; i < kDemoMailAccounts.size(); ++i) {
      const DemoMailAccount& account = kDemoMailAccounts[i];
      if (account.status == "active" && (account.projects >> campaign_.project & 1U) != 0)
        fitting.push_back(i);
    }
    return fitting[static_cast<std::size_t>(random_.below(static_cast<std::int64_t>(fitting.size())))];
  }

  std::string filled(std::string_view pattern) const {
    const DemoUser& user = kDemoUsers[project_.owner];
    std::string opening;
    const auto field = static_cast<std::size_t>(DemoText::opening_line_ledgerleaf) + campaign_.project;
    for (const auto& [text, value] : opportunity_.texts) {
      if (static_cast<std::size_t>(text) == field) opening = value;
    }
    std::string text(pattern);
    if (opening.empty()) replace_all(text, "{opening}\n\n", "");
    replace_all(text, "{opening}", opening);
    replace_all(text, "{name}",
                person_ != nullptr && !person_->first_name.empty() ? person_->first_name : "all");
    replace_all(text, "{site}", site_);
    replace_all(text, "{title}", opportunity_.article);
    replace_all(text, "{niche}", opportunity_.niche);
    replace_all(text, "{sender}", std::string(user.first_name) + " " + std::string(user.last_name));
    return text;
  }
  std::string subject() const { return filled(kDemoSequences[campaign_.project].subject); }

  DemoOutreach outreach(std::int64_t attempt, std::string_view status, Millis sent_at,
                        Millis created_at) const {
    const DemoSequence& sequence = kDemoSequences[campaign_.project];
    DemoOutreach mail{.mail = common_};
    mail.mail.subject = (attempt > 1 ? "Re: " : "") + subject();
    mail.mail.text = filled(attempt == 1 ? sequence.first : attempt == 2 ? sequence.second : sequence.third);
    mail.mail.status = status;
    mail.mail.at = created_at;
    mail.attempt = attempt;
    mail.sent_at = sent_at;
    mail.reviewed = campaign_.reviewed && attempt == 1;
    return mail;
  }

  void send(Millis at) {
    ++attempt_;
    mails_.outreach.push_back(
        outreach(attempt_, journey_.bounced ? "bounced" : "sent", at, at - random_.between(1, 40) * kMinute));
    if (attempt_ == 1 && !journey_.bounced && random_.chance(6)) {
      const Millis answered = at + random_.between(1, 4) * kMinute;
      if (answered <= now_) {
        mails_.inbound.push_back(inbound(answered, "Automatic reply: " + subject(),
                                         std::string(random_.pick(kDemoOutOfOffice)), "archived",
                                         "auto_reply"));
      }
    }
  }

  DemoForm form(std::string_view status, Millis sent_at, Millis created_at) const {
    DemoForm made{.mail = common_, .attempt = attempt_ + 1, .sent_at = sent_at};
    made.mail.subject = subject();
    made.mail.text = filled(kDemoFormText);
    made.mail.status = status;
    made.mail.at = created_at;
    return made;
  }

  DemoInbound inbound(Millis at, std::string subject, std::string text, std::string_view status,
                      std::string_view kind) const {
    DemoInbound mail{.mail = common_, .kind = kind, .attempt = attempt_};
    mail.mail.subject = std::move(subject);
    mail.mail.text = std::move(text);
    mail.mail.status = status;
    mail.mail.at = at;
    return mail;
  }

  void receive(Millis at) {
    const bool first = !received_;
    received_ = true;
    std::string text = filled(first ? random_.pick(kDemoAnswers) : random_.pick(kDemoLaterAnswers));
    const bool is_last =
        journey_.last_communication == at && journey_.last_communication_type == "inbound_email";
    const bool is_open = is_last && journey_.stage_status == "replied";
    std::string_view status = "archived";
    if (is_open) status = at > now_ - 4 * kDay ? "new" : "read";
    if (!is_open && random_.chance(40)) status = "read";
    mails_.inbound.push_back(inbound(at, "Re: " + subject(), std::move(text), status, "human"));
  }

  void reply(Millis at) {
    DemoReply mail{.mail = common_, .sent_at = at};
    mail.mail.subject = "Re: " + subject();
    mail.mail.text = filled(random_.pick(kDemoReplies));
    mail.mail.status = "sent";
    mail.mail.at = at;
    mails_.replies.push_back(std::move(mail));
  }

  /// Somebody who answered once and then fell silent gets one more question, unless he writes before.
  void plan_nudge() {
    if (!random_.chance(35)) return;
    DemoReply mail{.mail = common_};
    mail.mail.subject = "Re: " + subject();
    mail.mail.text = filled(kDemoNudge);
    mail.mail.status = "scheduled";
    mail.mail.at = journey_.updated_at;
    mail.schedule_for = (now_ / kDay + random_.between(1, 5)) * kDay + 9 * kHour;
    mail.stops = random_.chance(80);
    mails_.replies.push_back(std::move(mail));
  }

  void return_undelivered() {
    DemoInbound mail = inbound(std::min(journey_.updated_at, now_), "Undelivered mail: " + subject(),
                               std::string(kDemoUndelivered), "archived", "bounce");
    mails_.inbound.push_back(std::move(mail));
  }

  /// What is written and not sent, by the stage.
  void wait_for_sending() {
    const bool by_form = person_ == nullptr;
    if (journey_.workflow_status == "compose" && by_form) {
      mails_.forms.push_back(form("pending", 0, journey_.updated_at));
    } else if (journey_.workflow_status == "compose") {
      mails_.outreach.push_back(outreach(1, "review", 0, journey_.updated_at));
    } else if (journey_.stage_status == "queued" && !by_form) {
      mails_.outreach.push_back(outreach(attempt_ + 1, "scheduled", 0, journey_.updated_at));
    }
  }

  DemoMails& mails_;
  const DemoOpportunity& opportunity_;
  const DemoJourney& journey_;
  const DemoCampaign& campaign_;
  const DemoProject& project_;
  const std::string& site_;
  const DemoPerson* person_;
  DemoRandom random_;
  Millis now_;
  DemoMail common_;
  std::int64_t attempt_ = 0;
  bool received_ = false;
};

template <class Mail>
void sort_by_time(std::vector<Mail>& mails) {
  std::stable_sort(mails.begin(), mails.end(),
                   [](const Mail& a, const Mail& b) { return a.mail.at < b.mail.at; });
}

/// Every third of the new mails has been put off.
void snooze_some(std::vector<DemoInbound>& mails, Millis now) {
  std::int64_t seen = 0;
  for (DemoInbound& each : mails) {
    if (each.mail.status != "new" || ++seen % 3 != 0) continue;
    each.mail.status = "snoozed";
    each.snooze_until = (now / kDay + 1 + seen % 7) * kDay + 8 * kHour;
  }
}

}  // namespace

DemoMails make_demo_mails(const DemoWork& work, Millis now) {
  DemoMails mails;
  for (std::size_t i = 0; i < work.opportunities.size(); ++i) {
    const DemoJourney& journey = work.opportunities[i].journey;
    if (!journey.exchanges.empty() || journey.workflow_status == "compose" ||
        journey.stage_status == "queued") {
      Conversation(mails, work, i, now).tell();
    }
  }
  sort_by_time(mails.outreach);
  sort_by_time(mails.forms);
  sort_by_time(mails.inbound);
  snooze_some(mails.inbound, now);
  sort_by_time(mails.replies);
  return mails;
}

}  // namespace overture::app
