// It forgets the right one.
#include "base/lru_cache.hpp"

#include <gtest/gtest.h>

namespace overture::base {
namespace {

TEST(LruCache, ForgetsWhatWasNotUsedForLongest) {
  LruCache<int> cache(2);
  const auto any = [](int) { return true; };
  cache.add("a", 1, any);
  cache.add("b", 2, any);
  ASSERT_NE(cache.find("a"), nullptr);
  cache.add("c", 3, any);
  EXPECT_EQ(cache.find("b"), nullptr);
  EXPECT_EQ(*cache.find("a"), 1);
  EXPECT_EQ(*cache.find("c"), 3);
  EXPECT_EQ(cache.size(), 2U);
}

TEST(LruCache, KeepsWhatMayNotBeForgotten) {
  LruCache<int> cache(2);
  const auto not_one = [](int value) { return value != 1; };
  cache.add("a", 1, not_one);
  cache.add("b", 2, not_one);
  cache.add("c", 3, not_one);
  EXPECT_NE(cache.find("a"), nullptr);
  EXPECT_EQ(cache.find("b"), nullptr);
  cache.add("d", 4, [](int) { return false; });
  EXPECT_EQ(cache.size(), 3U);
  cache.clear();
  EXPECT_EQ(cache.find("a"), nullptr);
}

}  // namespace
}  // namespace overture::base
