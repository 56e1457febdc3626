// A walk along the states of an opportunity. Each wait may end after today: then it stands where it is.
#include "app/demo_journey.hpp"

#include <algorithm>
#include <span>

#include "app/demo_texts.hpp"
#include "app/demo_walk.hpp"

namespace overture::app {
namespace {

using base::kDay;
using base::kHour;
using base::kMinute;
using base::Millis;

class Walk : private DemoWalk {
 public:
  Walk(DemoRandom& random, const DemoPlan& plan) : DemoWalk(random, plan) {}

  DemoJourney run() {
    if (inspect() && personalize() && launch()) contact();
    // The campaign was archived around it.
    if (campaign_.end_days > 0 && journey_.workflow_status == "outreach") {
      now_ = plan_.today;
      enter("outreach", "paused");
    }
    return std::move(journey_);
  }

 private:
  /// True once it is accepted.
  bool inspect() {
    if (campaign_.metrics && random_.chance(5)) {
      now_ = std::min(now_ + random_.between(1, 9) * kMinute, plan_.today);
      enter("rejected", "filtered");
      return false;
    }
    const bool forgotten = random_.chance(5);
    if (forgotten || !wait(4 * kDay)) return false;
    if (random_.chance(18)) {
      enter("rejected", "inspected");
      maybe_note(45, project_.inspector, kDemoRejectedNotes);
      return false;
    }
    maybe_note(14, project_.inspector, kDemoInspectedNotes);
    if (!campaign_.approval) return accept();
    enter("inspect", "awaiting_approval");
    if (!wait(4 * kDay)) return false;
    if (random_.chance(16)) {
      enter("rejected", "declined");
      maybe_note(90, project_.owner, kDemoDeclinedNotes);
      return false;
    }
    return accept();
  }

  bool accept() {
    journey_.inspected_at = now_;
    enter("personalize", "pending");
    return true;
  }

  /// True once all fields are filled.
  bool personalize() {
    if (!plan_.has_contacts && !plan_.only_form) {
      if (campaign_.contacts) {
        enter("personalize", "finding_contacts");
        if (!wait(20 * kHour)) return false;
        enter("personalize", "pending");
      }
      if (!random_.chance(8)) journey_.contacts_at = now_;
    }
    if (!wait(4 * kDay)) return false;
    const bool nobody = journey_.contacts_at == 0 && !plan_.only_form;
    if (nobody || random_.chance(11)) {
      enter("personalize", "missing_data");
      maybe_note(40, project_.personalizer, kDemoMissingNotes);
      const bool given_up = random_.chance(nobody ? 65 : 30);
      if (given_up || !wait(10 * kDay)) return false;
      if (nobody) journey_.contacts_at = now_;
    }
    journey_.personalized_at = now_;
    enter("personalize", "ready");
    return wait(2 * kDay);
  }

  /// True when the first message leaves.
  bool launch() {
    if (campaign_.reviewed) {
      enter("compose", "review");
      if (!wait(40 * kHour)) return false;
    }
    if (plan_.only_form) return submit_form();
    enter("outreach", "queued");
    if (!wait(30 * kHour)) return false;
    if (!random_.chance(3)) return true;
    pause();
    return false;
  }

  void pause() {
    enter("outreach", "paused");
    maybe_note(70, project_.owner, kDemoPausedNotes);
  }

  /// Always false: nothing is mailed.
  bool submit_form() {
    journey_.outreach_started = now_;
    communicate("form_submission");
    enter("completed", "form_submitted");
    mark(DemoMilestone::contacted, kDemoNobody);
    if (random_.chance(30) && wait(6 * kDay)) {
      journey_.contacts_at = now_;
      answer();
    }
    return false;
  }

  void contact() {
    constexpr std::int64_t kAnswers[] = {27, 19, 14};  // per cent, by attempt
    for (const std::int64_t percent : kAnswers) {
      if (journey_.outreach_started == 0 && random_.chance(5)) return bounce();
      send();
      if (random_.chance(percent)) {
        if (wait(3 * kDay)) answer();
        return;
      }
      if (random_.chance(2)) return unsubscribe();
      if (random_.chance(2)) return stop();
      if (random_.chance(2)) {
        if (wait(kDay)) pause();
        return;
      }
      if (percent != kAnswers[2] && !follow_up()) return;
    }
    finish();
  }

  void send() {
    if (journey_.outreach_started == 0) journey_.outreach_started = now_;
    communicate("outreach_email");
    enter("outreach", "waiting_follow_up");
    if (!journey_.milestone) mark(DemoMilestone::contacted, kDemoNobody);
  }

  /// True when the next message leaves.
  bool follow_up() {
    now_ += random_.between(4, 6) * kDay;
    if (now_ > plan_.today) return false;
    enter("outreach", "queued");
    return wait(20 * kHour);
  }

  void bounce() {
    communicate("outreach_email");
    now_ = std::min(now_ + random_.between(1, 20) * kMinute, plan_.today);
    journey_.bounced = true;
    enter("completed", "bounced");
    mark(DemoMilestone::bad_contact, kDemoNobody);
  }

  void unsubscribe() {
    if (!wait(2 * kDay)) return;
    journey_.unsubscribed_at = now_;
    enter("completed", "unsubscribed");
    mark(DemoMilestone::unsubscribed, kDemoNobody);
  }

  void stop() {
    if (!wait(2 * kDay)) return;
    enter("completed", "stopped");
    maybe_note(80, project_.owner, kDemoStoppedNotes);
  }

  void finish() {
    now_ += 5 * kDay;
    if (now_ > plan_.today) return;
    enter("completed", "finished");
    now_ += 7 * kDay;
    if (now_ > plan_.today) return;
    mark(DemoMilestone::no_response, kDemoNobody);
  }

  void answer() {
    journey_.answered = true;
    communicate("inbound_email");
    enter("completed", "replied");
    mark(DemoMilestone::responded, kDemoNobody);
    maybe_note(25, project_.owner, kDemoReplyNotes);
    const std::int64_t draw = random_.below(100);
    const std::int64_t refused = project_.win_percent + 20;
    if (draw < project_.win_percent) return negotiate();
    if (draw < refused) return lose(DemoMilestone::not_interested, kDemoNotInterestedNotes);
    if (draw < refused + 8) return lose(DemoMilestone::asked_payment, kDemoPaymentNotes);
    if (!wait(kDay)) return;
    communicate("sent_reply");
    if (random_.chance(50)) mark(DemoMilestone::negotiating);
  }

  void lose(DemoMilestone milestone, std::span<const std::string_view> notes) {
    if (!wait(30 * kHour)) return;
    if (random_.chance(60)) communicate("sent_reply");
    mark(milestone);
    maybe_note(55, project_.owner, notes);
    enter("completed", "stopped");
  }

  void negotiate() {
    if (!wait(kDay)) return;
    communicate("sent_reply");
    if (random_.chance(80)) {
      mark(DemoMilestone::negotiating);
      maybe_note(25, project_.owner, kDemoNegotiationNotes);
      if (!wait(4 * kDay)) return;
    }
    if (random_.chance(75)) {
      communicate("sent_reply");
      mark(DemoMilestone::content);
      maybe_note(30, project_.owner, kDemoContentNotes);
      if (!wait(6 * kDay)) return;
    }
    mark(DemoMilestone::awaiting_link);
    if (!wait(6 * kDay)) return;
    communicate("inbound_email");
    win();
  }

  void win() {
    if (!wait(10 * kHour)) return;
    journey_.won_at = now_;
    if (random_.chance(10)) {
      mark(DemoMilestone::won_other);
      maybe_note(80, project_.owner, kDemoWonOtherNotes);
    } else {
      const bool found_live = random_.chance(25);
      mark(DemoMilestone::won_link, found_live ? kDemoNobody : static_cast<std::int64_t>(project_.owner));
      maybe_note(40, project_.owner, kDemoWonNotes);
      if (random_.chance(30)) {
        journey_.notes.push_back(
            {now_, kDemoNobody, std::string(random_.pick(kDemoZapierNotes)), false, true});
      }
    }
    enter("completed", "stopped");
  }
};

}  // namespace

bool DemoJourney::reached(DemoMilestone wanted) const {
  return std::any_of(history.begin(), history.end(),
                     [wanted](const DemoMilestoneChange& change) { return change.next == wanted; });
}

DemoJourney make_demo_journey(DemoRandom& random, const DemoPlan& plan) { return Walk(random, plan).run(); }

std::string_view demo_reason(DemoMilestone milestone) {
  switch (milestone) {
    case DemoMilestone::contacted:
      return "the first message was sent";
    case DemoMilestone::responded:
      return "a reply came in";
    case DemoMilestone::no_response:
      return "the sequence ended a week ago without a reply";
    case DemoMilestone::bad_contact:
      return "the message could not be delivered";
    case DemoMilestone::unsubscribed:
      return "the contact opted out";
    case DemoMilestone::won_link:
      return "the link was found on the page";
    default:
      return "changed by automation";
  }
}

}  // namespace overture::app
