// Query strings: splitting, decoding, spellings of names, typed values.
#include "rest/parameters.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace overture::rest {
namespace {

std::string value(std::string_view query, std::string_view name) {
  const auto parameters = Parameters::parse(query);
  const std::string* found = parameters.find(name);
  return found == nullptr ? "(none)" : *found;
}

TEST(Parameters, splits_and_decodes) {
  const struct {
    const char* query;
    const char* name;
    const char* expected;
  } cases[] = {
      {"", "a", "(none)"},
      {"a=1", "a", "1"},
      {"&&a=1&", "a", "1"},
      {"a", "a", "(none)"},
      {"a=", "a", "(none)"},
      {"a=&a=2", "a", "2"},
      {"a=1&a=2", "a", "1"},
      {"=x&a=1", "", "x"},
      {"A=1", "a", "(none)"},
      {"q=project.name=\"Example\"", "q", "project.name=\"Example\""},
      {"q=project.name=\"\"", "q", "project.name=\"\""},
      {"q=project.id>=5", "q", "project.id>=5"},
      {"q=project.id>5", "q", "project.id>5"},
      {"q=a!:%22x%20y%22", "q", "a!:\"x y\""},
      {"q=a:x+y", "q", "a:x y"},
      {"q=a%3D1%26%26b%3D2", "q", "a=1&&b=2"},
      {"q%5B%5D=x", "q", "x"},
      {"name=caf%C3%A9", "name", "café"},
      {"name=caf\xC3\xA9", "name", "café"},
      {"name=100%", "name", "100%"},
      {"name=%zz%4", "name", "%zz%4"},
      {"name=%2525", "name", "%25"},
      {"created_at=2025-02-24|2025-02-27", "created_at", "2025-02-24|2025-02-27"},
      {"created_at=2025-02-24%7C2025-02-27", "created_at", "2025-02-24|2025-02-27"},
      {"sent_at_from=2020-07-07 10:10", "sent_at_from", "2020-07-07 10:10"},
      {"sent_at_from=2020-07-07+10:10", "sent_at_from", "2020-07-07 10:10"},
  };
  for (const auto& c : cases) EXPECT_EQ(value(c.query, c.name), c.expected) << c.query;
}

TEST(Parameters, the_spellings_of_a_relation_are_one_name) {
  for (const char* sent :
       {"project.id=5", "project_id=5", "project[id]=5", "project%5Bid%5D=5", "project%2Eid=5"}) {
    for (const char* asked : {"project.id", "project_id", "project[id]"})
      EXPECT_EQ(value(sent, asked), "5") << sent << ' ' << asked;
  }
  EXPECT_EQ(value("projectid=5", "project.id"), "(none)");
  EXPECT_EQ(value("a[b][c]=1", "a.b.c"), "1");
  EXPECT_EQ(value("a[b=1", "a[b"), "1");
  EXPECT_EQ(value("[x]=1", "[x]"), "1");
}

TEST(Parameters, lists_have_four_spellings) {
  const std::vector<std::string> expected{"1", "2", "3"};
  for (const char* query : {"ids=1&ids=2&ids=3", "ids[]=1&ids[]=2&ids[]=3", "ids[0]=1&ids[1]=2&ids[2]=3",
                            "ids=1,2,3", "ids=1,%202+,,&ids[]=3,", "ids%5B%5D=1&ids=2%2C3"}) {
    EXPECT_EQ(Parameters::parse(query).list("ids"), expected) << query;
  }
  EXPECT_TRUE(Parameters::parse("ids=,").list("ids").empty());
  EXPECT_TRUE(Parameters::parse("x=1").list("ids").empty());
}

TEST(Parameters, all_keeps_the_order) {
  const auto parameters = Parameters::parse("q=a=1&x=0&q=b=2&q=");
  EXPECT_EQ(parameters.all("q"), (std::vector<std::string_view>{"a=1", "b=2"}));
}

base::ErrorCode refusal(std::string_view query) {
  try {
    Parameters::parse(query);
  } catch (const base::Error& error) {
    return error.code();
  }
  return base::ErrorCode::internal;
}

TEST(Parameters, refuses_what_is_not_text) {
  for (const char* query : {"a=%00", "a=%FF", "%FF=a", "a=%C3", "a=\xED\xA0\x80", "%00=1"}) {
    EXPECT_EQ(refusal(query), base::ErrorCode::invalid_value) << query;
  }
  EXPECT_EQ(refusal("a=%C3%A9"), base::ErrorCode::internal);
}

TEST(Parameters, is_bounded) {
  std::string query;
  for (std::size_t i = 0; i < Parameters::kMaxPairs; ++i) query += "a=1&";
  EXPECT_EQ(Parameters::parse(query).all("a").size(), Parameters::kMaxPairs);
  EXPECT_EQ(refusal(query + "b=1"), base::ErrorCode::invalid_value);
}

TEST(Parameters, reads_integers) {
  const std::pair<const char*, std::int64_t> good[] = {{"0", 0},
                                                       {"+5", 5},
                                                       {"-5", -5},
                                                       {" 007 ", 7},
                                                       {"9223372036854775807", INT64_MAX},
                                                       {"-9223372036854775808", INT64_MIN}};
  for (const auto& [text, number] : good) EXPECT_EQ(parse_integer(text), number) << text;
  for (const char* text : {"", " ", "+", "-", "+-5", "--5", "5x", "x5", "5.0", "1e3", "0x10", "5 6",
                           "9223372036854775808", "-9223372036854775809"}) {
    EXPECT_FALSE(parse_integer(text)) << text;
  }
}

TEST(Parameters, reads_booleans) {
  for (const char* text : {"true", "TRUE", "1", "Yes", " true "})
    EXPECT_EQ(parse_boolean(text), true) << text;
  for (const char* text : {"false", "False", "0", "NO"}) EXPECT_EQ(parse_boolean(text), false) << text;
  for (const char* text : {"", "2", "on", "y", "truee", "nil"})
    EXPECT_FALSE(parse_boolean(text).has_value()) << text;
}

}  // namespace
}  // namespace overture::rest
