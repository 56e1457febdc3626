// CSV in and out.
#include "base/csv.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <sstream>

#include "base/error.hpp"

namespace overture::base {
namespace {

using Rows = std::vector<std::vector<std::string>>;

Rows read(const std::string& text) {
  std::istringstream input(text);
  CsvReader reader(input);
  Rows rows;
  std::vector<std::string> row;
  while (reader.next(row)) rows.push_back(row);
  return rows;
}

std::string problem(const std::string& text) {
  try {
    read(text);
    return "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_value);
    return error.message();
  }
}

TEST(Csv, reads) {
  const struct {
    const char* text;
    Rows rows;
  } cases[] = {
      {"", {}},
      {"\n\r\n\r", {}},
      {"a", {{"a"}}},
      {"a,b\r\n1,2\r\n", {{"a", "b"}, {"1", "2"}}},
      {"a,b\n1,2", {{"a", "b"}, {"1", "2"}}},
      {"a,b\r1,2\r", {{"a", "b"}, {"1", "2"}}},
      {"a,b\n\n\r\n1,\n", {{"a", "b"}, {"1", ""}}},
      {",", {{"", ""}}},
      {"\"\"", {{""}}},
      {"\"a,b\",\"say \"\"hi\"\"\"", {{"a,b", "say \"hi\""}}},
      {"\"two\r\nlines\",x\ny", {{"two\r\nlines", "x"}, {"y"}}},
      {"5\" pipe,\"q\" ,x", {{"5\" pipe", "q", "x"}}},
      {" a , b ", {{" a ", " b "}}},
      {"\xEF\xBB\xBFurl,name\n", {{"url", "name"}}},
      {"\xEF\xBB\xBF\"url\",name\n", {{"url", "name"}}},
      {"a;b;c\n1,5;2;3", {{"a", "b", "c"}, {"1,5", "2", "3"}}},
      {"a\tb\n1,2\t3", {{"a", "b"}, {"1,2", "3"}}},
      {"\"x;y;z\",b\n1;2,3", {{"x;y;z", "b"}, {"1;2", "3"}}},
      {"a,b;c\n1,2", {{"a", "b;c"}, {"1", "2"}}},
      {"größe,名\n", {{"größe", "名"}}},
  };
  for (const auto& c : cases) EXPECT_EQ(read(c.text), c.rows) << c.text;
}

TEST(Csv, knows_the_line_of_a_row) {
  std::istringstream input("a\n\n\"b\nc\rd\r\ne\"\n\r\nf");
  CsvReader reader(input);
  std::vector<std::string> row;
  std::vector<std::size_t> lines;
  while (reader.next(row)) lines.push_back(reader.line());
  EXPECT_EQ(lines, (std::vector<std::size_t>{1, 3, 8}));
}

TEST(Csv, names_the_line_it_refuses) {
  EXPECT_EQ(problem("a\n\"b"), "Line 2 has a quote that does not end");
  EXPECT_EQ(problem("a\n\n\"b\nc\"x"), "Line 4 has text after a closing quote");
  EXPECT_EQ(problem("a\nb,\xFF"), "Line 2 is not UTF-8 text");
  EXPECT_EQ(problem(std::string("a\0b", 3)), "Line 1 is not UTF-8 text");
  EXPECT_EQ(problem("\xFF\xFE"
                    "a"),
            "Line 1 is not UTF-8 text");
}

TEST(Csv, is_bounded) {
  EXPECT_EQ(problem(std::string(kCsvMaxField, 'x')), "accepted");
  EXPECT_EQ(problem("a\n" + std::string(kCsvMaxField + 1, 'x')), "Line 2 has a cell that is too large");
  EXPECT_EQ(problem('"' + std::string(kCsvMaxField + 1, '"') + '"' + std::string(kCsvMaxField + 2, '"')),
            "Line 1 has a cell that is too large");
  EXPECT_EQ(problem(std::string(kCsvMaxColumns - 1, ',')), "accepted");
  EXPECT_EQ(problem(std::string(kCsvMaxColumns, ',')), "Line 1 has too many columns");
  const std::string cell(kCsvMaxField, 'x');
  EXPECT_EQ(problem(cell + ',' + cell + ',' + cell + ',' + cell), "accepted");
  EXPECT_EQ(problem(cell + ',' + cell + ',' + cell + ',' + cell + ",x"), "Line 1 is too large");
}

TEST(Csv, writes_cells) {
  const std::pair<const char*, const char*> cases[] = {
      {"plain", "plain"},
      {"", ""},
      {"a,b", "\"a,b\""},
      {"a;b", "\"a;b\""},
      {"say \"x\"", "\"say \"\"x\"\"\""},
      {"a\nb", "\"a\nb\""},
      {" a", "\" a\""},
      {"=1+1", "'=1+1"},
      {"+49", "'+49"},
      {"-5", "'-5"},
      {"@sum", "'@sum"},
      {"\tx", "\"'\tx\""},
      {"\rx", "\"'\rx\""},
      {"a=b", "a=b"},
      {"=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\""},
  };
  for (const auto& [cell, text] : cases) {
    std::string out;
    append_csv_cell(out, cell);
    EXPECT_EQ(out, text) << cell;
  }
}

TEST(Csv, reads_what_it_writes) {
  rc::check([](const Rows& written) {
    std::string text;
    Rows expected;
    for (auto row : written) {
      if (row.empty()) continue;
      for (auto& cell : row) {
        for (auto& c : cell) c = static_cast<char>(c & 0x7F) == '\0' ? 'x' : static_cast<char>(c & 0x7F);
      }
      append_csv_row(text, row);
      for (auto& cell : row) {
        if (!cell.empty() && std::string_view("=+-@\t\r\n").find(cell.front()) != std::string_view::npos)
          cell.insert(0, 1, '\'');
      }
      expected.push_back(row);
    }
    RC_ASSERT(read(text) == expected);
  });
}

}  // namespace
}  // namespace overture::base
