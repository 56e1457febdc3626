// Bodies of imports: what becomes rows, what stays, what is refused.
#include "intake/import_body.hpp"

#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>

#include "base/error.hpp"

namespace overture::intake {
namespace {

std::string rows_of(const ImportBody& body) {
  std::string text;
  for (const std::string& chunk : body.chunks) {
    ChunkReader reader(chunk);
    ImportRow row;
    while (reader.next(row)) {
      text += std::to_string(row.number) + ":";
      if (!row.problem.empty()) text += "!" + std::string(row.problem);
      for (const Cell& cell : row.cells) {
        text += " " + std::string(reader.columns()[cell.column]) + "=" + std::string(cell.value);
      }
      text += "\n";
    }
  }
  return text;
}

std::string message_of(std::string_view body) {
  try {
    parse_import_body(body);
  } catch (const base::Error& error) {
    return std::to_string(error.status()) + " " + std::string(base::error_kind(error.code()).name) + " " +
           error.message();
  }
  return "no error";
}

TEST(ImportBody, RowsAndRest) {
  const auto body = parse_import_body(
      R"({"name":"n\u00e4me","project":5,"deep":{"a":[1,2.5,null,{"b":true}]},
          "import_json":[{"url":"a.example","n":10,"big":12345678901234567890123,"f":1.50,"e":1e3,"y":true,"z":null,"t":"x\n\"\u20ac"},
                         {},{"t":"","url":"b.example"}], "personalization_mapping":{}} )");
  EXPECT_TRUE(body.has_rows);
  EXPECT_EQ(body.rows, 3U);
  EXPECT_EQ(rows_of(body),
            "1: url=a.example n=10 big=12345678901234567890123 f=1.50 e=1e3 y=true t=x\n\"€\n2:\n3: t= "
            "url=b.example\n");
  EXPECT_EQ(
      boost::json::serialize(body.rest),
      R"({"name":"näme","project":5,"deep":{"a":[1,2.5E0,null,{"b":true}]},"personalization_mapping":{}})");
}

TEST(ImportBody, NothingIsLostSilently) {
  const auto body = parse_import_body(
      R"({"import_json":[{"a":"1","b":{"c":[[1]]},"d":"2"},{"a":[]},{"a":"x\u0000y"},{"new":"1","a":"2"}]})");
  EXPECT_EQ(rows_of(body),
            "1:!a nested value in column b\n2:!a nested value in column a\n3:!a NUL character in column a\n"
            "4: new=1 a=2\n");
}

TEST(ImportBody, Chunks) {
  std::string text = R"({"import_json":[)";
  for (int i = 0; i < 1001; ++i)
    text += (i > 0 ? "," : "") + std::string(R"({"url":"s)") + std::to_string(i) + "\"}";
  const auto body = parse_import_body(text + "]}");
  EXPECT_EQ(body.chunks.size(), 3U);
  EXPECT_EQ(body.rows, 1001U);
  EXPECT_NE(rows_of(body).find("1001: url=s1000\n"), std::string::npos);
}

TEST(ImportBody, Absent) {
  EXPECT_FALSE(parse_import_body("{}").has_rows);
  EXPECT_FALSE(parse_import_body(R"({"import_json":null,"a":1})").has_rows);
  const auto empty = parse_import_body(R"({"import_json":[]})");
  EXPECT_TRUE(empty.has_rows);
  EXPECT_EQ(empty.rows, 0U);
}

TEST(ImportBody, Refused) {
  EXPECT_EQ(message_of(R"({"import_json":[{},{},3]})"),
            "400 invalid_value import_json[2]: must be an object");
  EXPECT_EQ(message_of(R"({"import_json":[[]]})"), "400 invalid_value import_json[0]: must be an object");
  EXPECT_EQ(message_of(R"({"import_json":[null]})"), "400 invalid_value import_json[0]: must be an object");
  for (const char* rows : {"{}", "\"x\"", "1", "true", "1.5"}) {
    EXPECT_EQ(message_of(R"({"import_json":)" + std::string(rows) + "}"),
              "400 invalid_value import_json: must be an array of objects");
  }
  for (const char* other : {"[]", "1", "\"x\"", "null", "true"}) {
    EXPECT_EQ(message_of(other), "400 invalid_value body: must be a JSON object") << other;
  }
  const std::string deep(31, '[');
  const std::string end(31, ']');
  EXPECT_EQ(message_of(R"({"a":)" + deep + end + "}"), "no error");
  EXPECT_EQ(message_of(R"({"a":[)" + deep + end + "]}"), "400 invalid_json Invalid JSON");
  EXPECT_EQ(message_of(R"({"import_json":[{"a":[)" + deep + end + "]}]}"), "400 invalid_json Invalid JSON");
  for (const char* broken : {"", "{", "{} x", R"({"import_json":[{]})", "{\"a\":\"\xff\"}", R"({"a":1,})",
                             "{\"import_json\":[{\"a\":\"\xc0\x80\"}]}", R"({"import_json":[{"a":1})"}) {
    EXPECT_EQ(message_of(broken), "400 invalid_json Invalid JSON") << broken;
  }
  std::string many = R"({"import_json":[{})";
  for (std::size_t i = 1; i < kImportMaxRows; ++i) many += ",{}";
  EXPECT_EQ(message_of(many + "]}"), "no error");
  EXPECT_EQ(message_of(many + ",{}]}"), "400 invalid_value import_json: has more than 100000 rows");
  EXPECT_EQ(message_of(R"({"import_json":[],"import_json":[]})"),
            "400 invalid_value import_json: must be given once");
}

TEST(ImportBody, UsableRows) {
  std::string reason;
  const ImportMapping mapping;
  EXPECT_TRUE(
      has_usable_row(parse_import_body(R"({"import_json":[{},{"url":"a.example"}]})"), mapping, reason));
  EXPECT_FALSE(has_usable_row(parse_import_body(R"({"import_json":[{},{"url":"::"}]})"), mapping, reason));
  EXPECT_EQ(reason, "row 1: there is neither a web address nor an email address");
}

TEST(ImportRow, BrokenChunks) {
  for (const char* broken : {"x", "1", "1 ", "1 1 ", "1 1 0 ", "1 1 +9 a", "1 1 +1 a5 x", "1 !9 x"}) {
    ChunkReader reader(broken);
    ImportRow row;
    EXPECT_THROW(reader.next(row), base::Error) << broken;
  }
}

}  // namespace
}  // namespace overture::intake
