// The q language: each text and the tree it means.
#include "rest/search.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "base/error.hpp"

namespace overture::rest {
namespace {

/// A tree as one unambiguous line: `(and a=[x] (not b:"y"))`; bare values in brackets, quoted in quotes.
std::string show(const Search& search) {
  if (search.kind == Search::Kind::condition) {
    std::string out = search.condition.field + std::string(operator_text(search.condition.op));
    if (search.condition.is_list) out += "list";
    for (const Operand& value : search.condition.values) {
      out += value.quoted ? '"' + value.text + '"' : '[' + value.text + ']';
    }
    return out;
  }
  std::string out = search.kind == Search::Kind::all_of   ? "(and"
                    : search.kind == Search::Kind::any_of ? "(or"
                                                          : "(not";
  for (const Search& part : search.parts) out += ' ' + show(part);
  return out + ')';
}

std::string tree(std::string_view text) {
  const auto search = parse_search(text);
  return search ? show(*search) : "nothing";
}

std::string detail(std::string_view text) {
  try {
    return "accepted: " + tree(text);
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), base::ErrorCode::invalid_query);
    EXPECT_EQ(error.message(), "Invalid search query");
    return error.detail();
  }
}

TEST(Search, the_documented_examples_are_one_condition_each) {
  const std::pair<const char*, const char*> cases[] = {
      {"project.name=\"Example\"", "project.name=\"Example\""},
      {"project.name=\"\"", "project.name=\"\""},
      {"project.name!=\"Example\"", "project.name!=\"Example\""},
      {"project.name!=\"\"", "project.name!=\"\""},
      {"project.name:\"Example\"", "project.name:\"Example\""},
      {"project.name!:\"Example\"", "project.name!:\"Example\""},
      {"project.id>=5", "project.id>=[5]"},
      {"project.id<=5", "project.id<=[5]"},
      {"project.id>5", "project.id>[5]"},
      {"project.id<5", "project.id<[5]"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(tree(text), expected);
}

TEST(Search, trees) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "nothing"},
      {" \t\n", "nothing"},
      {"a==1", "a=[1]"},
      {"a<>1", "a!=[1]"},
      {" a.b_1  >=  -5 ", "a.b_1>=[-5]"},
      {"_x=null", "_x=[null]"},
      {"x=\"null\"", "x=\"null\""},
      // Binding: NOT before AND before OR.
      {"a=1 OR b=2 AND c=3", "(or a=[1] (and b=[2] c=[3]))"},
      {"(a=1 or b=2) and c=3", "(and (or a=[1] b=[2]) c=[3])"},
      {"a=1 b=2", "(and a=[1] b=[2])"},
      {"a=1,b=2;c=3&&d=4", "(and a=[1] b=[2] c=[3] d=[4])"},
      {"a=1||b=2 || c=3", "(or a=[1] b=[2] c=[3])"},
      {"NOT a=1 b=2", "(and (not a=[1]) b=[2])"},
      {"!a=1", "(not a=[1])"},
      {"! (a=1)", "(not a=[1])"},
      {"not not a=1", "(not (not a=[1]))"},
      {"a=1 !b=2", "(and a=[1] (not b=[2]))"},
      {"a=1 and not b=2", "(and a=[1] (not b=[2]))"},
      {"a=\"x\"b=\"y\"", "(and a=\"x\" b=\"y\")"},
      {"(a=1)(b=2)", "(and a=[1] b=[2])"},
      {"((a=1))", "a=[1]"},
      {"not(a=1)and(b=2)", "(and (not a=[1]) b=[2])"},
      // Words are words only when they stand alone.
      {"order=5", "order=[5]"},
      {"android=1 organic=2 nothing=3", "(and android=[1] organic=[2] nothing=[3])"},
      {"not.x=1", "not.x=[1]"},
      {"a=and", "a=[and]"},
      {"a=or or b=not", "(or a=[or] b=[not])"},
      {"a=1 ORDER=2", "(and a=[1] ORDER=[2])"},
      // Quotes.
      {"a='it''s'", "a=\"it's\""},
      {"a=\"say \\\"x\\\"\"", "a=\"say \"x\"\""},
      {"a=\"\"\"\"", "a=\"\"\""},
      {"a=\"\\\\\"", "a=\"\\\""},
      {"a='x\\ny'", "a=\"xny\""},
      {"a=\"b c, (d) && e\"", "a=\"b c, (d) && e\""},
      {"a=\"\" b=\"\"", "(and a=\"\" b=\"\")"},
      // Bare values.
      {"url:https://x.org/a?b=c", "url:[https://x.org/a?b=c]"},
      {"url:https://x.org/a?b=c&d=e", "url:[https://x.org/a?b=c&d=e]"},
      {"email=a@b.org", "email=[a@b.org]"},
      {"name:ab%c*", "name:[ab%c*]"},
      {"name=größe", "name=[größe]"},
      {"a=!x", "a=[!x]"},
      {"a===1", "a=[=1]"},
      {"a> =5", "a>[=5]"},
      {"a< >5", "a<[>5]"},
      {"a=x|y||b=1", "(or a=[x|y] b=[1])"},
      {"a=x|||b=1", "(or a=[x|] b=[1])"},
      {"a=x&y&&b=1", "(and a=[x&y] b=[1])"},
      // Dates and times are one value.
      {"created_at=2025-02-24|2025-02-27", "created_at=[2025-02-24|2025-02-27]"},
      {"created_at=2025-02-24| b=1", "(and created_at=[2025-02-24|] b=[1])"},
      {"created_at=|2025-02-24", "created_at=[|2025-02-24]"},
      {"created_at>=2025-02-24 10:10", "created_at>=[2025-02-24 10:10]"},
      {"created_at>=2025-02-24 10:10:11 b=1", "(and created_at>=[2025-02-24 10:10:11] b=[1])"},
      {"created_at>=2025-02-24   10:10,b=1", "(and created_at>=[2025-02-24 10:10] b=[1])"},
      {"created_at=2025-02-24 10:10|2025-02-27 11:11 OR b=1",
       "(or created_at=[2025-02-24 10:10|2025-02-27 11:11] b=[1])"},
      {"created_at=2025-02-24T10:10:00+02:00", "created_at=[2025-02-24T10:10:00+02:00]"},
      {"(created_at<2025-02-24 10:10)", "created_at<[2025-02-24 10:10]"},
      {"created_at<2025-02-24 b=10:10", "(and created_at<[2025-02-24] b=[10:10])"},
      // Lists.
      {"id=(1,2 , 3)", "id=list[1][2][3]"},
      {"name!:( 'a' , b )", "name!:list\"a\"[b]"},
      {"id=(1) id!=(2)", "(and id=list[1] id!=list[2])"},
      {"d=(2025-02-24 10:10,2025-02-25)", "d=list[2025-02-24 10:10][2025-02-25]"},
  };
  for (const auto& [text, expected] : cases) {
    EXPECT_EQ(tree(text), expected) << text;
    if (const auto search = parse_search(text)) {
      EXPECT_EQ(parse_search(write_search(*search)), search) << write_search(*search);
    }
  }
}

TEST(Search, refuses_with_the_place) {
  const std::pair<const char*, const char*> cases[] = {
      {"a", "an operator is missing at byte 1"},
      {"a=", "a value is missing at byte 2"},
      {"=5", "a field is missing at byte 0"},
      {"5=5", "a field is missing at byte 0"},
      {"a..b=5", "a field is missing at byte 0"},
      {".a=5", "a field is missing at byte 0"},
      {"a.=5", "a field is missing at byte 0"},
      {"a.5=5", "a field is missing at byte 0"},
      {"a!5", "an operator is missing at byte 1"},
      {"a~5", "an operator is missing at byte 1"},
      {"a=\"x", "a quote does not end at byte 2"},
      {"a=\"x\\\"", "a quote does not end at byte 2"},
      {"a=\"x\"\"", "a quote does not end at byte 2"},
      {"a=\"\\", "a quote does not end at byte 2"},
      {"a=John Smith", "an operator is missing at byte 12"},
      {"a=O'Brien'", "unexpected character at byte 3"},
      {"a=1)", "unexpected character at byte 3"},
      {"(a=1", "a closing parenthesis is missing at byte 4"},
      {"()", "a field is missing at byte 1"},
      {"a=1 AND", "a field is missing at byte 7"},
      {"a=1 OR", "a field is missing at byte 6"},
      {"a=1,", "a field is missing at byte 4"},
      {",a=1", "a field is missing at byte 0"},
      {"a=1 && || b=2", "a field is missing at byte 7"},
      {"a=1 5", "unexpected character at byte 4"},
      {"a=1 |b=2", "unexpected character at byte 4"},
      {"NOT", "a field is missing at byte 3"},
      {"OR=5", "a field is missing at byte 0"},
      {"a>(1,2)", "this operator takes no list at byte 2"},
      {"a=()", "a value is missing at byte 3"},
      {"a=(1,)", "a value is missing at byte 5"},
      {"a=(1", "the list does not end at byte 4"},
      {"a=(1 2)", "the list does not end at byte 5"},
      {"a=((1))", "a value is missing at byte 3"},
      {"url:https://x.org/a_(b)", "an operator is missing at byte 22"},
      {"a=\xFF", "not UTF-8 text"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(detail(text), expected) << text;
  EXPECT_EQ(detail(std::string_view("a=\0", 3)), "not UTF-8 text");
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  while (times-- > 0) out += text;
  return out;
}

TEST(Search, is_bounded) {
  EXPECT_EQ(detail("a=" + std::string(kSearchMaxBytes - 2, 'x')).substr(0, 8), "accepted");
  EXPECT_EQ(detail("a=" + std::string(kSearchMaxBytes - 1, 'x')), "too long");
  EXPECT_EQ(detail(repeated("a=1 ", kSearchMaxConditions)).substr(0, 8), "accepted");
  EXPECT_EQ(detail(repeated("a=1 ", kSearchMaxConditions + 1)), "too many conditions at byte 256");
  const auto nested = [](std::size_t depth) { return repeated("(", depth) + "a=1" + repeated(")", depth); };
  EXPECT_EQ(detail(nested(kSearchMaxNesting)).substr(0, 8), "accepted");
  EXPECT_EQ(detail(nested(kSearchMaxNesting + 1)), "nested too deeply at byte 25");
  EXPECT_EQ(detail(repeated("!", kSearchMaxNesting) + "a=1").substr(0, 8), "accepted");
  EXPECT_EQ(detail(repeated("!", 4000) + "a=1"), "nested too deeply at byte 25");
  EXPECT_EQ(detail(repeated("(", 4000)), "nested too deeply at byte 25");
  EXPECT_EQ(detail(repeated("(a=1)", kSearchMaxConditions)).substr(0, 8), "accepted");
  EXPECT_EQ(detail("a=(" + repeated("1,", kSearchMaxListValues - 1) + "1)").substr(0, 8), "accepted");
  EXPECT_EQ(detail("a=(" + repeated("1,", kSearchMaxListValues) + "1)"),
            "too many values in a list at byte 403");
}

/// Trees as the parser makes them: no group directly inside a group of its own kind is excluded, both are
/// legal.
rc::Gen<Search> arbitrary_search(int depth) {
  return rc::gen::exec([depth] {
    Search search;
    const int kind = depth == 0 ? 0 : *rc::gen::inRange(0, 4);
    search.kind = static_cast<Search::Kind>(kind);
    if (kind == 0) {
      search.condition.field = *rc::gen::element<std::string>("a", "project.name", "order", "_x.y1");
      search.condition.op = static_cast<Operator>(*rc::gen::inRange(0, 8));
      search.condition.is_list = search.condition.op < Operator::greater_equal && *rc::gen::arbitrary<bool>();
      const int count = search.condition.is_list ? *rc::gen::inRange(1, 4) : 1;
      for (int i = 0; i < count; ++i) {
        const auto text = *rc::gen::container<std::string>(
            rc::gen::element('a', '"', '\'', '\\', ' ', '(', ')', ',', '|', '&', '%'));
        search.condition.values.push_back({text, true});
      }
      return search;
    }
    const int count = search.kind == Search::Kind::negation ? 1 : *rc::gen::inRange(2, 4);
    for (int i = 0; i < count; ++i) search.parts.push_back(*arbitrary_search(depth - 1));
    return search;
  });
}

TEST(Search, reads_what_it_writes) {
  rc::check([] {
    const Search search = *arbitrary_search(3);
    RC_ASSERT(parse_search(write_search(search)) == search);
  });
}

}  // namespace
}  // namespace overture::rest
