// Tokens: what is one, what becomes of it, and that a value never becomes anything else.
#include "rules/template_text.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>

#include "base/error.hpp"
#include "rules/leftovers.hpp"

namespace overture::rules {
namespace {

const std::map<std::string, std::string, std::less<>> kValues = {
    {"first_name", "Ada"},
    {"cf.price", "40 €"},
    {"empty", ""},
    {"blank", " \t"},
    {"hidden", " \x01\xC2\xA0\xE2\x80\x8B\xEF\xBB\xBF"},
    {"token", "{first_name}"},
    {"html", "<b>\"x\" & 'y'</b>"},
    {"lines", "a\r\nb\nc"},
    {"7", "seven"},
    {"controls", std::string("a\x01\x7f\0b", 5)}};

std::optional<std::string> look_up(std::string_view token) {
  const auto found = kValues.find(token);
  if (found == kValues.end()) return std::nullopt;
  return found->second;
}

std::string render(std::string_view source, TextKind kind = TextKind::text) {
  return render_template(source, kind, look_up).text;
}

TEST(TemplateText, fills_in_tokens_and_leaves_everything_else) {
  const std::pair<const char*, const char*> cases[] = {
      {"", ""},
      {"Hi {first_name},", "Hi Ada,"},
      {"{{first_name}}", "Ada"},
      {"{{ first_name }}", "Ada"},
      {"{ first_name }", "{ first_name }"},
      {"{first_name }", "{first_name }"},
      {"{first_name|there}", "Ada"},
      {"{last_name|there}", "there"},
      {"{{last_name|my friend}}", "my friend"},
      {"{empty|x}{blank|y}{hidden|z}", "xyz"},
      {"a{last_name|}b", "ab"},
      {"{cf.price}", "40 €"},
      {"{7}", "seven"},
      {"\\{first_name}", "{first_name}"},
      {"\\{first_name\\}", "{first_name}"},
      {"a\\b \\n", "a\\b \\n"},
      {"{token}", "{first_name}"},
      {"{nobody}", "{nobody}"},
      {"{First_Name} {first name} {}", "{First_Name} {first name} {}"},
      {"p {color:red} a{b:c}", "p {color:red} a{b:c}"},
      {"{{{first_name}}}", "{Ada}"},
      {"{{first_name}", "{Ada"},
      {"{first_name}}", "Ada}"},
      {"{first_name", "{first_name"},
      {"{", "{"},
      {"}", "}"},
      {"\\", "\\"},
      {"{a|b{first_name}", "{a|bAda"},
      {"{first_name|a\nb}", "{first_name|a\nb}"},
  };
  for (const auto& [source, text] : cases) EXPECT_EQ(render(source), text) << source;
}

TEST(TemplateText, says_what_is_missing_in_order_and_once) {
  const RenderedText result =
      render_template("{b} {a} {b} {first_name} {empty} {blank} {c|d}", TextKind::text, look_up);
  EXPECT_EQ(result.unresolved, (std::vector<std::string>{"b", "a", "empty", "blank"}));
  EXPECT_EQ(result.text, "{b} {a} {b} Ada {empty} {blank} d");
}

TEST(TemplateText, a_subject_is_one_line) {
  EXPECT_EQ(render("For {lines}\r\nBcc: x{controls}", TextKind::subject), "For a b c Bcc: xa b");
  EXPECT_EQ(render("{html}", TextKind::subject), "<b>\"x\" & 'y'</b>");
}

TEST(TemplateText, a_text_has_plain_line_ends) { EXPECT_EQ(render("{lines}{controls}"), "a\nb\ncab"); }

TEST(TemplateText, html_escapes_values_where_they_stand) {
  const std::pair<const char*, const char*> cases[] = {
      {"<p>{html}</p>", "<p>&lt;b&gt;&quot;x&quot; &amp; &#39;y&#39;&lt;/b&gt;</p>"},
      {"<p>{lines}</p>", "<p>a<br>b<br>c</p>"},
      {"<a title=\"{lines}\">", "<a title=\"a b c\">"},
      {"<a title='{html}'>", "<a title='&lt;b&gt;&quot;x&quot; &amp; &#39;y&#39;&lt;/b&gt;'>"},
      {"<a title={lines}>{lines}", "<a title=a&#32;b&#32;c>a<br>b<br>c"},
      {"<{first_name}>", "<&#65;&#100;&#97;>"},
      {"</{first_name}>", "</&#65;&#100;&#97;>"},
      {"<!-- {lines} -->{lines}", "<!-- a&#32;b&#32;c -->a<br>b<br>c"},
      {"<!DOCTYPE a--b>{lines}", "<!DOCTYPE a--b>a<br>b<br>c"},
      {"<?--a>{lines}", "<?--a>a<br>b<br>c"},
      {"<a href={7}\"x>{lines}", "<a href=seven\"x>a<br>b<br>c"},
      {"<style>p{7} a{color:red}</style>{7}", "<style>p{7} a{color:red}</style>seven"},
      {"<STYLE type=x>{7}</Style>{7}<script>{7}</script>",
       "<STYLE type=x>{7}</Style>seven<script>{7}</script>"},
      {"<styled>{7}</styled>", "<styled>seven</styled>"},
      {"{nobody|<i>you</i> &amp; yours}", "<i>you</i> &amp; yours"},
      {"1 < 2 {lines}", "1 < 2 a<br>b<br>c"},
      {"<br/>{lines}", "<br/>a<br>b<br>c"},
      {"<img alt=\"a>b\" x={lines}>{7}", "<img alt=\"a>b\" x=a&#32;b&#32;c>seven"},
  };
  for (const auto& [source, text] : cases) EXPECT_EQ(render(source, TextKind::html), text) << source;
}

/// Names and values a hostile sheet might hold.
rc::Gen<std::string> any_value() {
  return rc::gen::map(
      rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(std::vector<std::string>{
          "<", ">", "\"", "'",  "/", "=", " ",    "-",     "--",  "!", "script", "onload", "{first_name}",
          "{", "}", "\n", "\r", "&", "a", "\x01", "{{x}}", "\\{", "ä"})),
      [](const std::vector<std::string>& parts) {
        std::string text;
        for (const std::string& part : parts) text += part;
        return text;
      });
}

TEST(TemplateText, no_value_is_ever_expanded_again) {
  EXPECT_TRUE(rc::check("the rest of the template stands, the value once", [] {
    std::string value = *any_value();
    for (char& c : value) {
      if (c == '\r' || c == '\n' || c == '\x01') c = '.';
    }
    const RenderedText result =
        render_template("[{v}]", TextKind::text, [&](std::string_view name) -> std::optional<std::string> {
          RC_ASSERT(name == "v");
          return value;
        });
    const bool blank = value.find_first_not_of(' ') == std::string::npos;
    RC_ASSERT(result.text == (blank ? "[{v}]" : "[" + value + "]"));
  }));
}

TEST(TemplateText, no_value_ever_opens_or_ends_anything_in_html) {
  EXPECT_TRUE(rc::check("the marks of markup are those of the template", [] {
    const std::string source = *rc::gen::elementOf(std::vector<std::string>{
        "<p>{v}</p>", "<a href=\"{v}\">x</a>", "<a href='{v}'>x</a>", "<a href={v}>x</a>", "<{v}>", "</{v}>",
        "<a {v}>", "<!-- {v} -->", "<!{v}>", "<b{v}>", "<a x=\"1\"{v}>", "<!--{v}-->x"});
    const std::string value = *any_value();
    const std::string text = render_template(source, TextKind::html, [&](std::string_view) {
                               return std::optional<std::string>(value);
                             }).text;
    const std::size_t at = source.find("{v}");
    const std::string_view front(source.data(), at);
    const std::string_view back = std::string_view(source).substr(at + 3);
    RC_ASSERT(text.size() >= front.size() + back.size());
    std::string middle = text.substr(front.size(), text.size() - front.size() - back.size());
    if (middle == "{v}") return;
    const bool between_tags = source == "<p>{v}</p>";
    for (std::size_t br = middle.find("<br>"); between_tags && br != std::string::npos;
         br = middle.find("<br>"))
      middle.erase(br, 4);
    RC_ASSERT(middle.find_first_of("<>\"'\r\n\x01") == std::string::npos);
    if (source.find("!--") != std::string::npos) RC_ASSERT(middle.find('-') == std::string::npos);
    if (!between_tags && source.find("=\"{") == std::string::npos && source.find("='{") == std::string::npos)
      RC_ASSERT(middle.find_first_of(" =/\t") == std::string::npos);
    if (source == "<{v}>" || source == "</{v}>") RC_ASSERT(middle[0] == '&' || (middle[0] & 0x80) != 0);
  }));
}

TEST(TemplateText, is_bounded) {
  const std::string large(kRenderedMaxBytes / 4, 'x');
  const auto large_value = [&](std::string_view) { return std::optional<std::string>(large); };
  EXPECT_EQ(render_template("{a}{b}{c}{d}", TextKind::text, large_value).text.size(), kRenderedMaxBytes);
  EXPECT_THROW(render_template("{a}{b}{c}{d}.", TextKind::text, large_value), base::Error);
  EXPECT_THROW(render_template(std::string(kRenderedMaxBytes + 1, 'x'), TextKind::html, look_up),
               base::Error);
}

TEST(TemplateText, finds_its_tokens) {
  const std::vector<TemplateToken> expected = {
      {"a", std::nullopt, 0, 3}, {"b", "c d", 4, 7}, {"a", std::nullopt, 12, 5}, {"e", "", 21, 4}};
  EXPECT_EQ(find_tokens("{a} {b|c d} {{a}} \\{x{e|}", TextKind::text), expected);
  EXPECT_EQ(find_tokens("<style>{a}</style>", TextKind::html).size(), 0U);
}

struct ProblemCase {
  const char* source;
  TextKind kind;
  std::vector<std::string> expected;  ///< line:excerpt
};

std::vector<std::string> texts_of(const std::vector<TextProblem>& problems) {
  std::vector<std::string> texts;
  for (const TextProblem& problem : problems)
    texts.push_back(std::to_string(problem.line) + ":" + problem.excerpt);
  return texts;
}

TEST(TemplateText, explains_what_is_wrong) {
  const ProblemCase cases[] = {
      {"Hi {first_name|there}, \\{plain\\}", TextKind::text, {}},
      {"a\n{first_name\nb", TextKind::text, {"2:{first_name"}},
      {"{first_name}}", TextKind::text, {"1:}"}},
      {"{} { }", TextKind::text, {"1:{}", "1:{ }"}},
      {"{First_Name} {{First Name}}", TextKind::text, {"1:{First_Name}", "1:{{First Name}}"}},
      {"{|there}", TextKind::text, {"1:{|there}"}},
      {"{{first_name}", TextKind::text, {"1:{{first_name}"}},
      {"<style>p{color:red}</style>{}", TextKind::html, {"1:{}"}},
      {"{a{b}", TextKind::text, {"1:{a{b}"}},
  };
  for (const ProblemCase& each : cases)
    EXPECT_EQ(texts_of(check_template(each.source, each.kind)), each.expected) << each.source;
  EXPECT_EQ(check_template("{First-Name|you}", TextKind::text).at(0).problem,
            "A name has only small letters, digits, _ and . in it: write {first_name|you}.");
  EXPECT_EQ(check_template(std::string(1000, '}'), TextKind::text).size(), kMaxTextProblems);
}

TEST(Leftovers, are_found) {
  const ProblemCase cases[] = {
      {"Dear [Name],", TextKind::text, {"1:[Name]"}},
      {"Hi\n[[first_name]] at [Company Name]", TextKind::text, {"2:[[first_name]", "2:[Company Name]"}},
      {"<<name>> «first name» <p>", TextKind::text, {"1:<<name>>", "1:«first name»"}},
      {"%FIRST_NAME% %%name%%", TextKind::text, {"1:%FIRST_NAME%", "1:%%name%%"}},
      {"*|FNAME|* ${name} {% if x %}", TextKind::text, {"1:*|FNAME|*", "1:{name}", "1:{% if x %}"}},
      {"{{ name }} {first_name} {First Name}",
       TextKind::text,
       {"1:{{ name }}", "1:{first_name}", "1:{First Name}"}},
      {"Dear First Name,", TextKind::text, {"1:Dear First Name"}},
      {"Hi ,\nfoo", TextKind::text, {"1:Hi ,"}},
      {"Dear,", TextKind::text, {"1:Dear,"}},
      {"<p>Hi&nbsp;,</p>", TextKind::html, {"1:Hi&nbsp;,"}},
      {"<p>Dear <b>First</b> Name</p>", TextKind::html, {"1:Dear First Name"}},
      {"Lorem ipsum XXX TODO", TextKind::text, {"1:Lorem ipsum", "1:XXX", "1:TODO"}},
      {"&lt;&lt;name&gt;&gt;", TextKind::html, {"1:&lt;&lt;name&gt;&gt;"}},
      {"1 < 2, [Name]", TextKind::html, {"1:[Name]"}},
      {"insert link here", TextKind::text, {"1:insert link here"}},
      {"unbalanced { here", TextKind::text, {"1:{ here"}},
  };
  for (const ProblemCase& each : cases)
    EXPECT_EQ(texts_of(find_leftovers(each.source, each.kind)), each.expected) << each.source;
}

TEST(Leftovers, are_not_seen_in_ordinary_mail) {
  for (const char* text :
       {"Hi Ada,\n\nI read your piece [1] and [this one](https://a.example).", "Hello,\nthere",
        "50% off, up to 20% more", "https://a.example/%D0%BA%D0%B0?x=%20y", "He wrote [sic] it",
        "Un « mot » et «bonjour»", "a << b >> c", "Hi there, name your price", "1 < 2 > 0"})
    EXPECT_EQ(texts_of(find_leftovers(text, TextKind::text)), std::vector<std::string>{}) << text;
  for (const char* text :
       {"<p>Hi <b>Ada</b>,</p>", "<style>p{color:red}</style><p class=\"[x]\">Hi Ada ,</p>",
        "<p><b>Hello</b>, all</p>", "<a href=\"https://a.example/%NAME%\">x</a>"})
    EXPECT_EQ(texts_of(find_leftovers(text, TextKind::html)), std::vector<std::string>{}) << text;
  EXPECT_EQ(find_leftovers("Hi {first_name}, {x|y}", TextKind::text, true).size(), 0U);
  EXPECT_EQ(find_leftovers("<p title=\"{a}\">Hi {first_name},", TextKind::html, true).size(), 0U);
}

TEST(Leftovers, anything_may_be_asked) {
  EXPECT_TRUE(rc::check("places lie in the text, in order", [] {
    const std::string text = *any_value() + *any_value();
    for (const TextKind kind : {TextKind::text, TextKind::html, TextKind::subject}) {
      std::size_t last = 0;
      for (const TextProblem& problem : find_leftovers(text, kind)) {
        RC_ASSERT(problem.at < text.size());
        RC_ASSERT(problem.at >= last);
        last = problem.at;
      }
    }
  }));
}

}  // namespace
}  // namespace overture::rules
