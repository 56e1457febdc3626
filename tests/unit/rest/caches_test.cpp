// What is remembered of one account or state is never shown for another.
#include "rest/caches.hpp"

#include <gtest/gtest.h>

namespace overture::rest {
namespace {

constexpr Resource kThings{.name = "Thing",
                           .not_found = "Thing not found",
                           .from = "things o",
                           .table = "things",
                           .version = "o.version"};

struct Fragments : testing::Test {
  const View view{kThings, 1};
  FragmentCache cache{1 << 20};
  Scope scope{.account = 1, .user = 2, .restricted = false, .names_version = 3, .changes = 10};

  void put(std::int64_t id, std::int64_t version) {
    cache.put(view, scope, {id, version, std::make_shared<const std::string>("text")});
  }
};

TEST_F(Fragments, OfAnotherVersionOrAccountAreNotFound) {
  put(7, 1);
  EXPECT_TRUE(cache.find(view, scope, {7, 1}));
  EXPECT_FALSE(cache.find(view, scope, {7, 2}));
  EXPECT_FALSE(cache.find(view, scope, {8, 1}));
  Scope other = scope;
  other.account = 2;
  EXPECT_FALSE(cache.find(view, other, {7, 1}));
  EXPECT_FALSE(cache.find_unchanged(view, other, 7));
  other = scope;
  other.names_version = 4;
  EXPECT_FALSE(cache.find(view, other, {7, 1}));
  EXPECT_FALSE(cache.find_unchanged(view, other, 7));
}

TEST_F(Fragments, AreRightWhileNothingChanges) {
  put(7, 1);
  EXPECT_TRUE(cache.find_unchanged(view, scope, 7));
  EXPECT_FALSE(cache.find_unchanged(view, scope, 8));
  scope.changes = 11;
  EXPECT_FALSE(cache.find_unchanged(view, scope, 7));
  EXPECT_TRUE(cache.find(view, scope, {7, 1})) << "its version says that it is still right";
  EXPECT_TRUE(cache.find_unchanged(view, scope, 7));
  scope.restricted = true;
  EXPECT_FALSE(cache.find_unchanged(view, scope, 7)) << "whether they may see it has to be asked";
}

}  // namespace
}  // namespace overture::rest
