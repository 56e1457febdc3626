// What comes in: its class once our mail is known, and what follows from it.
#include <gtest/gtest.h>

#include "received_house.hpp"

namespace overture::db {
namespace {

class Receive : public ReceivedHouse {};
ON_EACH_ENGINE(Receive);

TEST_P(Receive, TheWordInOurOwnSubjectIsNoWish) {
  set_subject("Opt-out");
  receive_answer("Subject: Re: opt-out\n\nHi, great article. We will link to it.");
  EXPECT_EQ(classes(), "human");
  EXPECT_EQ(opt_outs(), 0);
}

TEST_P(Receive, TheWordThatTheyPutIntoTheSubjectIsAWish) {
  set_subject("A link for your list");
  receive_answer(
      "Subject: Re: a link for your list - how often do I have to say that I want to opt out\n\nx");
  EXPECT_EQ(classes(), "unsubscribe");
  EXPECT_EQ(opt_outs(), 1);
  EXPECT_EQ(run_state(), "over");
}

TEST_P(Receive, TheWordAloneIsAWishWhateverOurSubjectWas) {
  set_subject("How to unsubscribe readers");
  receive_answer("Subject: Re: unsubscribe\n\nx");
  EXPECT_EQ(classes(), "unsubscribe");
}

}  // namespace
}  // namespace overture::db
