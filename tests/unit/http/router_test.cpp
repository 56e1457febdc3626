// The rules of the routing table: slashes, stand-in methods, literals before parameters, escapes.
#include "http/router.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace overture::http {
namespace {

using Values = std::vector<std::string>;
using Methods = std::vector<Method>;

TEST(RouterTest, FindsRootAndNestedPaths) {
  Router router;
  EXPECT_EQ(router.add(Method::get, "/"), 0);
  EXPECT_EQ(router.add(Method::get, "/api/campaigns"), 1);
  EXPECT_EQ(router.add(Method::get, "/api/campaigns/{campaign}"), 2);
  EXPECT_EQ(router.add(Method::put, "/api/campaigns/{campaign}/tags/{tag}"), 3);
  EXPECT_EQ(router.find(Method::get, "/").route, 0);
  EXPECT_EQ(router.find(Method::get, "/api/campaigns").route, 1);
  Match one = router.find(Method::get, "/api/campaigns/17");
  EXPECT_EQ(one.route, 2);
  EXPECT_EQ(one.parameters, Values({"17"}));
  Match tag = router.find(Method::put, "/api/campaigns/17/tags/hot");
  EXPECT_EQ(tag.route, 3);
  EXPECT_EQ(tag.parameters, Values({"17", "hot"}));
}

TEST(RouterTest, TrailingSlashIsTheSameRoute) {
  Router router;
  router.add(Method::get, "/api/campaigns/");
  router.add(Method::get, "/api/campaigns/{campaign}");
  EXPECT_EQ(router.find(Method::get, "/api/campaigns").route, 0);
  EXPECT_EQ(router.find(Method::get, "/api/campaigns/").route, 0);
  EXPECT_EQ(router.find(Method::get, "/api/campaigns/5/").route, 1);
  EXPECT_THROW(router.add(Method::get, "/api/campaigns"), std::logic_error);
}

TEST(RouterTest, EmptyPartsMatchNothing) {
  Router router;
  router.add(Method::get, "/");
  router.add(Method::get, "/a/{x}");
  for (const char* path : {"", "a", "//", "/a//", "//a/1", "/a//1", "/a/1//", "*"}) {
    Match match = router.find(Method::get, path);
    EXPECT_EQ(match.route, -1) << path;
    EXPECT_TRUE(match.allowed.empty()) << path;
  }
}

TEST(RouterTest, HeadFindsGetAndPatchFindsPut) {
  Router router;
  router.add(Method::get, "/a");
  router.add(Method::put, "/a");
  router.add(Method::patch, "/b");
  router.add(Method::put, "/b");
  EXPECT_EQ(router.find(Method::head, "/a").route, 0);
  EXPECT_EQ(router.find(Method::patch, "/a").route, 1);
  EXPECT_EQ(router.find(Method::patch, "/b").route, 2);
  EXPECT_EQ(router.find(Method::put, "/b").route, 3);
  EXPECT_EQ(router.find(Method::head, "/b").route, -1);
}

TEST(RouterTest, LiteralsWinAndGiveWayWhenTheyLeadNowhere) {
  Router router;
  router.add(Method::get, "/o/{id}");
  router.add(Method::get, "/o/search");
  router.add(Method::get, "/o/{id}/notes");
  router.add(Method::post, "/o/{id}");
  EXPECT_EQ(router.find(Method::get, "/o/search").route, 1);
  Match notes = router.find(Method::get, "/o/search/notes");
  EXPECT_EQ(notes.route, 2);
  EXPECT_EQ(notes.parameters, Values({"search"}));
  Match post = router.find(Method::post, "/o/search");
  EXPECT_EQ(post.route, 3);
  EXPECT_EQ(post.parameters, Values({"search"}));
}

TEST(RouterTest, WrongMethodNamesTheAllowedOnes) {
  Router router;
  router.add(Method::get, "/o/search");
  router.add(Method::put, "/o/{id}");
  Match match = router.find(Method::delete_, "/o/search");
  EXPECT_EQ(match.route, -1);
  EXPECT_EQ(match.allowed, Methods({Method::get, Method::head, Method::put, Method::patch}));
  EXPECT_TRUE(router.find(Method::delete_, "/elsewhere").allowed.empty());
  EXPECT_TRUE(router.find(Method::get, "/o").allowed.empty()) << "a prefix of a route is no path of its own";
}

TEST(RouterTest, ParametersAreDecodedAfterSplitting) {
  Router router;
  router.add(Method::get, "/tags/{tag}");
  EXPECT_EQ(router.find(Method::get, "/tags/a%2Fb+c%20d").parameters, Values({"a/b+c d"}));
  EXPECT_EQ(router.find(Method::get, "/t%61gs/x").route, 0) << "an escaped letter is the letter";
  EXPECT_EQ(router.find(Method::get, "/tags/a%2").route, -1);
  EXPECT_EQ(router.find(Method::get, "/tags/%zz").route, -1);
}

TEST(RouterTest, RefusesWhatCannotBeARoute) {
  Router router;
  router.add(Method::get, "/a/{x}");
  EXPECT_THROW(router.add(Method::get, "a"), std::logic_error);
  EXPECT_THROW(router.add(Method::get, "/a/{other}"), std::logic_error)
      << "the name does not make it another route";
  EXPECT_THROW(router.add(Method::get, "/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}/{i}"), std::logic_error);
}

TEST(RouterTest, HundredRoutesEachFindThemselves) {
  Router router;
  std::vector<std::string> paths;
  for (int i = 0; i < 50; ++i) {
    paths.push_back("/api/resource" + std::to_string(i * 37 % 50));
    paths.push_back(paths.back() + "/{id}");
  }
  for (std::size_t i = 0; i < paths.size(); ++i) {
    EXPECT_EQ(router.add(Method::get, paths[i]), static_cast<int>(i));
  }
  for (std::size_t i = 0; i < paths.size(); ++i) {
    EXPECT_EQ(router.find(Method::get, paths[i]).route, static_cast<int>(i)) << paths[i];
  }
}

TEST(PercentDecodeTest, DecodesOrRefuses) {
  EXPECT_EQ(percent_decode("a%41%7e+%00b"), std::string("aA~+\0b", 6));
  EXPECT_EQ(percent_decode(""), "");
  for (const char* broken : {"%", "%4", "a%", "%g0", "%0g", "%%41"})
    EXPECT_FALSE(percent_decode(broken)) << broken;
}

TEST(MessageTest, HeadersAreFoundWithoutCase) {
  Request request;
  request.headers = {{"Content-Type", "a"}, {"content-type", "b"}, {"X", "c"}};
  EXPECT_EQ(request.header("CONTENT-TYPE"), "a");
  EXPECT_EQ(request.header("x"), "c");
  EXPECT_EQ(request.header("y"), "");
  EXPECT_EQ(method_name(Method::delete_), "DELETE");
}

}  // namespace
}  // namespace overture::http
