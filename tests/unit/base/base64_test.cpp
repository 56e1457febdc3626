// Base64 with padding.
#include "base/base64.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace overture::base {
namespace {

TEST(Base64, HasTheVectorsOfRfc4648) {
  const std::pair<const char*, const char*> cases[] = {
      {"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foobar", "Zm9vYmFy"}, {"\xfb\xff", "+/8="}};
  for (const auto& [bytes, text] : cases) {
    EXPECT_EQ(base64(bytes), text);
    EXPECT_EQ(parse_base64(text), bytes);
  }
  rc::check("base64 round trip",
            [](const std::string& bytes) { RC_ASSERT(parse_base64(base64(bytes)) == bytes); });
}

TEST(Base64, OtherSpellingsAreNone) {
  for (const char* bad : {"Zg", "Zg=", "Zm9vYg", "-_8=", "====", "Zm9v====", "Z===", "Zh==", "Zm 9v==="}) {
    EXPECT_FALSE(parse_base64(bad)) << bad;
  }
}

}  // namespace
}  // namespace overture::base
