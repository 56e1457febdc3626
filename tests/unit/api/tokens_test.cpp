// Access tokens: only what this installation signed, to the letter, is believed.
#include "api/tokens.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "base/text.hpp"

namespace overture::api {
namespace {

constexpr base::Millis kNow = 1'772'442'000'000;

bool accepted(const TokenKeys& keys, const std::string& token) {
  std::optional<ParsedToken> parsed = parse_token(token);
  return parsed && parsed->is_access && keys.signed_by_us(parsed->signed_part, parsed->signature);
}

TEST(AccessToken, NamesItsParentAndItsEnd) {
  TokenKeys keys("an installation's secret of 32 bytes");
  std::string token = keys.make_access_token("parent", kNow);
  EXPECT_TRUE(accepted(keys, token));
  std::optional<ParsedToken> parsed = parse_token(token);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->client_id, "parent");
  EXPECT_EQ(parsed->expires, (kNow + kAccessTokenLife) / base::kSecond);
}

TEST(AccessToken, OfAnotherInstallationIsRefused) {
  TokenKeys ours("an installation's secret of 32 bytes");
  TokenKeys theirs("another installation's secret, 32 bytes");
  EXPECT_FALSE(accepted(ours, theirs.make_access_token("parent", kNow)));
}

TEST(AccessToken, IsRefusedAfterAnyChange) {
  TokenKeys keys("an installation's secret of 32 bytes");
  const std::string token = keys.make_access_token("parent", kNow);
  std::mt19937 random(7);
  const std::string letters = "ABCxyz019-_.=+/ ";
  for (int round = 0; round < 5000; ++round) {
    std::string changed = token;
    switch (round % 3) {
      case 0:
        changed[random() % changed.size()] = letters[random() % letters.size()];
        break;
      case 1:
        changed.erase(random() % changed.size(), 1 + random() % 3);
        break;
      default:
        changed.insert(random() % changed.size(), 1, letters[random() % letters.size()]);
    }
    EXPECT_EQ(accepted(keys, changed), changed == token) << changed;
  }
}

TEST(AccessToken, NeverChoosesItsAlgorithm) {
  TokenKeys keys("an installation's secret of 32 bytes");
  const std::string token = keys.make_access_token("parent", kNow);
  const std::string payload = token.substr(token.find('.'), token.rfind('.') - token.find('.'));
  for (std::string header : {R"({"typ":"JWT","alg":"none"})", R"({"alg":"HS256","typ":"JWT"})",
                             R"({"alg":"RS256"})", R"({"typ":"JWT","alg":"HS256","kid":"../../x"})"}) {
    const std::string begin = base::base64url(header) + payload;
    EXPECT_FALSE(parse_token(begin + "."));
    EXPECT_FALSE(parse_token(begin + token.substr(token.rfind('.'))));
  }
}

TEST(LastingToken, IsNoAccessToken) {
  TokenKeys keys("an installation's secret of 32 bytes");
  std::optional<ParsedToken> parsed = parse_token(keys.make_lasting_token("id", "api_key", std::nullopt));
  ASSERT_TRUE(parsed);
  EXPECT_FALSE(parsed->is_access);
  EXPECT_FALSE(parsed->expires);
}

}  // namespace
}  // namespace overture::api
