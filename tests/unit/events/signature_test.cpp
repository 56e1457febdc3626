// Secrets and signatures of webhooks.
#include "events/signature.hpp"

#include <gtest/gtest.h>

#include "base/base64.hpp"

namespace overture::events {
namespace {

// The vector that the reference libraries of Standard Webhooks are tested with.
TEST(WebhookSignature, IsThatOfTheReferenceLibraries) {
  const auto secret = parse_secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  ASSERT_TRUE(secret);
  EXPECT_EQ(
      sign({*secret}, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330LL * 1000 + 999, R"({"test": 2432232314})"),
      "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(WebhookSignature, OneForEachSecret) {
  const std::string both = sign({"new", "old"}, "msg_1", 0, "{}");
  EXPECT_EQ(both, sign({"new"}, "msg_1", 0, "{}") + " " + sign({"old"}, "msg_1", 0, "{}"));
}

TEST(WebhookSecret, HasItsLength) {
  const auto written = [](std::size_t bytes) { return "whsec_" + base::base64(std::string(bytes, 'x')); };
  EXPECT_FALSE(parse_secret(written(23)));
  EXPECT_EQ(parse_secret(written(24)), std::string(24, 'x'));
  EXPECT_EQ(parse_secret(written(64)), std::string(64, 'x'));
  EXPECT_FALSE(parse_secret(written(65)));
  EXPECT_FALSE(parse_secret(written(24).substr(6)));
  EXPECT_FALSE(parse_secret("whsec_" + std::string(32, '-')));
}

TEST(WebhookSecret, IsMadeAnotherOneEachTime) {
  EXPECT_EQ(parse_secret(make_secret()).value().size(), 32U);
  EXPECT_NE(make_secret(), make_secret());
}

}  // namespace
}  // namespace overture::events
