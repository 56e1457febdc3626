// Columns to fields in both directions, default columns, and readable reasons.
#include "intake/import_mapping.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "base/error.hpp"

namespace overture::intake {
namespace {

KnownFields fields() {
  return {{{1, "company", "company", "Company"},
           {2, "first_name", "first_name", "First name"},
           {3, "opportunity_name", "opportunity_name", "Name"},
           {4, "website", "website", "Website"},
           {5, "topic", "topic", "Shared"},
           {6, "angle", "angle", "Shared"}},
          {{1, "price", "Link price", "Price"}, {2, "note", "note", "Note"}}};
}

ImportMapping map(std::string_view personalization, std::string_view custom = "{}") {
  return {fields(), boost::json::parse(std::string(personalization)).as_object(),
          boost::json::parse(std::string(custom)).as_object()};
}

std::string shown(const Prospect& prospect) {
  std::string text = prospect.site ? prospect.site->url : "-";
  text += " '" + prospect.name + "'";
  if (!prospect.contact_form_url.empty()) text += " form " + prospect.contact_form_url;
  for (const auto& contact : prospect.contacts) {
    text += " <" + contact.email + " " + contact.first_name + " " + contact.last_name + ">";
  }
  for (const auto& value : prospect.personalization)
    text += " p" + std::to_string(value.field) + "=" + value.value;
  for (const auto& value : prospect.custom_values)
    text += " c" + std::to_string(value.field) + "=" + value.value;
  return text;
}

using Row = std::vector<std::pair<std::string_view, std::string_view>>;

std::string made(const ImportMapping& mapping, const Row& row) {
  std::vector<std::string_view> columns;
  ImportRow cells;
  for (const auto& [column, value] : row) {
    cells.cells.push_back({columns.size(), value});
    columns.push_back(column);
  }
  const auto result = RowMapper(mapping).make(columns, cells);
  const auto* problem = std::get_if<std::string>(&result);
  return problem != nullptr ? "! " + *problem : shown(std::get<Prospect>(result));
}

std::string refusal(std::string_view personalization, std::string_view custom = "{}") {
  try {
    map(personalization, custom);
  } catch (const base::Error& error) {
    return error.message();
  }
  return "taken";
}

TEST(ImportMapping, DefaultColumns) {
  EXPECT_EQ(made(map("{}"), {{"URL", " a.example "}, {"Name", "A"}, {"E-Mail", "?"}, {"colour", "red"}}),
            "https://a.example 'A'");
  EXPECT_EQ(made(map("{}"), {{"website", "b.example"}, {"url", "a.example"}}), "https://a.example ''");
  EXPECT_EQ(made(map("{}"), {{"website", "b.example"}, {"url", ""}}), "https://b.example ''");
  EXPECT_EQ(
      made(map("{}"),
           {{"email", "A@x.example; b@x.example,,a@x.example"}, {"first_name", "Ann"}, {"Last Name", "Lee"}}),
      "- '' <a@x.example Ann Lee> <b@x.example  >");
  EXPECT_EQ(made(map("{}"), {{"url", "a.example"}, {"company", "C"}, {"price", "5"}, {"cf.note", "n"}}),
            "https://a.example '' p1=C c1=5 c2=n");
  EXPECT_EQ(made(map("{}"), {{"url", "a.example"}, {"contact_form_url", "a.example/form"}}),
            "https://a.example '' form https://a.example/form");
}

TEST(ImportMapping, EitherDirection) {
  const Row row = {{"url", "a.example"}, {"Firm", "C"}, {"Cost", "5"}};
  for (const char* pair : {R"({"company":"Firm"})", R"({"Firm":"company"})", R"({"Company":"Firm"})",
                           R"({"1":"Firm"})", R"({"Firm":1})"}) {
    EXPECT_EQ(made(map(pair), row), "https://a.example '' p1=C") << pair;
  }
  for (const char* pair :
       {R"({"price":"Cost"})", R"({"Cost":"cf.price"})", R"({"Link price":"Cost"})", R"({"Cost":"1"})"}) {
    EXPECT_EQ(made(map("{}", pair), row), "https://a.example '' c1=5") << pair;
  }
  for (const char* pair : {R"({"company":"Company"})", R"({"Company":"company"})"}) {
    EXPECT_EQ(made(map(pair), {{"url", "a.example"}, {"Company", "C"}}), "https://a.example '' p1=C") << pair;
  }
  EXPECT_EQ(made(map(R"({"company":"company"})"), {{"url", "a.example"}, {"company", "C"}}),
            "https://a.example '' p1=C");
}

TEST(ImportMapping, MappedColumnsKeepOnlyTheirMeaning) {
  EXPECT_EQ(made(map(R"({"company":"name"})"), {{"url", "a.example"}, {"name", "C"}}),
            "https://a.example '' p1=C");
  EXPECT_EQ(made(map(R"({"opportunity_name":"Title","website":"Home"})"),
                 {{"Home", "a.example"}, {"url", "b.example"}, {"Title", "T"}}),
            "https://a.example 'T' p4=a.example p3=T");
}

TEST(ImportMapping, Refused) {
  EXPECT_EQ(refusal(R"({"a":"b"})"), R"(personalization_mapping: "a": "b" names no known field)");
  EXPECT_EQ(refusal(R"({"company":"topic"})"),
            R"(personalization_mapping: "company": "topic" names two fields; rename the column)");
  EXPECT_EQ(refusal(R"({"x":"Shared"})"),
            R"(personalization_mapping: "x": "Shared" could mean several fields; use the token or the id)");
  EXPECT_EQ(refusal(R"({"company":"a","b":"company"})"),
            "personalization_mapping: the field company is mapped twice");
  EXPECT_EQ(refusal(R"({"company":["a"]})"), "personalization_mapping: must map fields to names of columns");
  EXPECT_EQ(refusal("{}", R"({"company":"a"})"),
            R"(custom_fields_mapping: "company": "a" names no known field)");
}

TEST(ImportMapping, Reasons) {
  EXPECT_EQ(made(map("{}"), {{"name", "A"}}), "! there is neither a web address nor an email address");
  EXPECT_EQ(made(map("{}"), {{"url", "mailto:x"}}), "! \"mailto:x\" is not a web address");
  EXPECT_EQ(made(map("{}"), {{"url", "a.example"}, {"email", "a@x.example, nobody"}}),
            "! \"nobody\" is not an email address");
  EXPECT_EQ(made(map("{}"), {{"url", "a.example"}, {"name", std::string(501, 'n')}}),
            "! the name is longer than 500 bytes");
}

TEST(ImportMapping, AddOpportunity) {
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  const std::vector<ProspectContact> ann = {{"Ann@x.example", "Ann", ""}};
  const Pairs values = {{"first_name", "Given"}, {"company", "C"}, {"opportunity_name", "N"}};
  EXPECT_EQ(shown(make_prospect(fields(), "a.example", ann, values)),
            "https://a.example 'N' <ann@x.example Ann > p2=Given p1=C p3=N");
  EXPECT_EQ(shown(make_prospect(fields(), "", ann, {})), "- '' <ann@x.example Ann >");
  EXPECT_EQ(shown(make_prospect(fields(), "", {}, Pairs{{"website", "a.example"}})),
            "https://a.example '' p4=a.example");
  auto code = [](std::string_view url, const std::vector<ProspectContact>& contacts, const Pairs& pairs) {
    try {
      make_prospect(fields(), url, contacts, pairs);
    } catch (const base::Error& error) {
      return error.message();
    }
    return std::string("taken");
  };
  EXPECT_EQ(code("", {}, {}), "Missed required request parameters");
  EXPECT_EQ(code("ftp://a", {}, {}), "url: \"ftp://a\" is not a web address");
  EXPECT_EQ(code("a.example", {{"x", "", ""}}, {}), "contacts: \"x\" is not an email address");
  EXPECT_EQ(code("a.example", {}, {{"nonsense", "x"}}), "personalization: there is no field \"nonsense\"");
}

}  // namespace
}  // namespace overture::intake
