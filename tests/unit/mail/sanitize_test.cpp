// HTML of strangers: what is kept, what is not.
#include "mail/sanitize.hpp"

#include <gtest/gtest.h>

#include <string>

namespace overture::mail {
namespace {

TEST(Sanitize, keeps_what_is_harmless) {
  EXPECT_EQ(sanitize_html("<p>Hi <b>Bob</b> &amp; co<br></p>"), "<p>Hi <b>Bob</b> &amp; co<br></p>");
  EXPECT_EQ(sanitize_html("<a href='https://x.example/?a=1&b=2'>x</a>"),
            "<a href=\"https://x.example/?a=1&amp;b=2\" rel=\"noopener noreferrer nofollow\" "
            "target=\"_blank\">x</a>");
  EXPECT_EQ(sanitize_html("<td>"), "");
  EXPECT_EQ(sanitize_html("<p style='color: red; position: fixed; background: url(x)'>a</p>"),
            "<p style=\"color: red\">a</p>");
  EXPECT_EQ(sanitize_html("<img src=https://x.example/p.png alt=P>"),
            "<img alt=\"P\" data-src=\"https://x.example/p.png\">");
  EXPECT_EQ(sanitize_html("<img src=data:image/png;base64,AAAA>"),
            "<img src=\"data:image/png;base64,AAAA\">");
}

TEST(Sanitize, drops_what_acts) {
  for (const char* html :
       {"<script>alert(1)</script>", "<style>*{}</style>", "<iframe src=x></iframe>",
        "<svg onload=x><script>y</script></svg>", "<math><mi xlink:href=x>", "<object data=x></object>",
        "<embed src=x>", "<link rel=stylesheet href=x>", "<meta http-equiv=refresh content=0>",
        "<base href=x>", "<template><b>x</b></template>", "<form><input></form>", "<!-- <b>x</b> -->",
        "<video src=x></video>", "<title>x</title>", "<textarea>x</textarea>"}) {
    EXPECT_EQ(sanitize_html(html), "") << html;
  }
  EXPECT_EQ(sanitize_html("<b onclick=x onmouseover='y'>a</b>"), "<b>a</b>");
  for (const char* url :
       {"javascript:x", "JaVaScRiPt:x", " java\nscript:x", "\x01javascript:x", "data:text/html,x",
        "vbscript:x", "file:///etc", "//x.example", "&#106;avascript:x"}) {
    EXPECT_EQ(sanitize_html(std::string("<a href=\"") + url + "\">a</a>"), "<a>a</a>") << url;
  }
  for (const char* style :
       {"width: expression(x)", "color: re\\64", "background-image: url(x)", "behavior: url(x)",
        "width: calc(1)", "color: /**/red", "font-family: 'a", "margin: -500px", "color: red}b{x"}) {
    EXPECT_EQ(sanitize_html(std::string("<p style=\"") + style + "\">a</p>"), "<p>a</p>") << style;
  }
}

TEST(Sanitize, is_bounded) {
  std::string deep;
  for (int i = 0; i < 200'000; ++i) deep += "<div>";
  EXPECT_LT(sanitize_html(deep + "x").size(), 100U);
  std::string formatting;
  for (int i = 0; i < 20'000; ++i) formatting += "<p><b class=" + std::to_string(i) + ">";
  EXPECT_LT(sanitize_html(formatting).size(), 1000U);
  EXPECT_LE(sanitize_html(std::string(3U << 20U, '<')).size(), 2U << 20U);
}

TEST(HtmlToText, reads_like_the_page) {
  EXPECT_EQ(html_to_text("<p>One</p><p>Two<br>three</p><ul><li>a<li>b</ul><script>x</script>"),
            "One\n\nTwo\nthree\n\n- a\n- b");
  EXPECT_EQ(html_to_text("a &lt;b&gt; &nbsp; c\n d"), "a <b> c d");
}

}  // namespace
}  // namespace overture::mail
