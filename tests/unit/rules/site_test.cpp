// Web addresses and hosts in their one spelling.
#include "rules/site.hpp"

#include <gtest/gtest.h>

#include <string>

namespace overture::rules {
namespace {

std::string url(std::string_view text) {
  const auto site = parse_site(text);
  if (!site) return "(none)";
  EXPECT_EQ(parse_site(site->url), site) << "not stable: " << text;
  EXPECT_NE(site->url.find("://" + site->host), std::string::npos);
  return site->url;
}

TEST(Site, normalises) {
  const std::pair<const char*, const char*> cases[] = {
      {"https://example.com", "https://example.com"},
      {"http://example.com/", "http://example.com/"},
      {"HTTPS://WWW.Example.COM/Path/File.HTML?Q=1", "https://www.example.com/Path/File.HTML?Q=1"},
      {"  https://example.com/x \r\n", "https://example.com/x"},
      {"example.com/x", "https://example.com/x"},
      {"example.com", "https://example.com"},
      {"//example.com/x", "https://example.com/x"},
      {"example.com:8080/x", "https://example.com:8080/x"},
      {"https://example.com./x", "https://example.com/x"},
      {"https://example.com:443/x", "https://example.com/x"},
      {"http://example.com:80", "http://example.com"},
      {"http://example.com:443", "http://example.com:443"},
      {"https://example.com:0443/", "https://example.com/"},
      {"https://example.com:/x", "https://example.com/x"},
      {"https://example.com/x#part", "https://example.com/x"},
      {"https://example.com#?a=1", "https://example.com"},
      {"https://example.com?a=1", "https://example.com?a=1"},
      {"https://example.com/?", "https://example.com/"},
      {"https://example.com/?utm_source=a&x=1&UTM_Medium=b", "https://example.com/?x=1"},
      {"https://example.com/?gclid=1&fbclid=2&mc_cid=3&mc_eid=4", "https://example.com/"},
      {"https://example.com/?gclids=1&utm=2&a=utm_source",
       "https://example.com/?gclids=1&utm=2&a=utm_source"},
      {"https://example.com/?a=1&&b=2&", "https://example.com/?a=1&&b=2&"},
      {"https://example.com/?utm_a&", "https://example.com/"},
      {"https://example.com/a%20b/ä?ü=ö", "https://example.com/a%20b/ä?ü=ö"},
      {"https://example.com/a:b@c/http://x.org/", "https://example.com/a:b@c/http://x.org/"},
      {"example.com/?to=http://x.org/", "https://example.com/?to=http://x.org/"},
      {"https://example.com/a\\b", "https://example.com/a\\b"},
      {"https://Bücher.example/", "https://xn--bcher-kva.example/"},
      {"https://xn--bcher-kva.example/", "https://xn--bcher-kva.example/"},
      {"https://faß.de", "https://xn--fa-hia.de"},
      {"https://例え。テスト/", "https://xn--r8jz45g.xn--zckzah/"},
      {"https://ＥＸＡＭＰＬＥ.com", "https://example.com"},
      {"https://my_blog.example.com", "https://my_blog.example.com"},
      {"https://r3---sn-abc.example.com", "https://r3---sn-abc.example.com"},
      {"https://127.0.0.1/x", "https://127.0.0.1/x"},
      {"http://[::1]:8080/", "http://[::1]:8080/"},
      {"http://[2001:DB8:0:0::1]/", "http://[2001:db8::1]/"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(url(text), expected) << text;
}

TEST(Site, refuses) {
  for (const char* text : {"",
                           " ",
                           "ftp://example.com",
                           "javascript:alert(1)",
                           "mailto:a@example.com",
                           "data:text/html,x",
                           "file:///etc/passwd",
                           "a@example.com",
                           "https://user@example.com",
                           "https://user:pass@example.com/",
                           "https://good.com\\@evil.com/",
                           "https://good.com\\.evil.com",
                           "http:/example.com",
                           "http:example.com",
                           "https://",
                           "https:///x",
                           "/x",
                           "localhost",
                           "https://localhost/",
                           "https://example",
                           "https://.com",
                           "https://a..b.com",
                           "https://example.com..",
                           "https://-a.com",
                           "https://a-.com",
                           "https://exa mple.com",
                           "https://example.com/a b",
                           "https://example.com/\x01",
                           "https://example.com/\x7F",
                           "https://example.com/\xC2\x85",
                           "https://example.com/\xFF",
                           "https://ex%61mple.com",
                           "https://example.com:0",
                           "https://example.com:65536",
                           "https://example.com:8o",
                           "https://example.com:-1",
                           "https://example.com:+80",
                           "https://1.2.3",
                           "https://1.2.3.4.5",
                           "https://256.1.1.1",
                           "https://0x7f.1",
                           "https://0177.0.0.1",
                           "https://2130706433",
                           "https://a.0x1f",
                           "https://a.123",
                           "https://[::1",
                           "https://[::1]x",
                           "https://[fe80::1%25eth0]/",
                           "https://[::g]",
                           "https://[]",
                           "https://xn--a.com",
                           "https://xn--.com",
                           "https://*.example.com",
                           "https://\xC2\xAD.com",
                           "example.com:8080:90",
                           "https://a,b.com",
                           "https://<b>.com"}) {
    EXPECT_EQ(url(text), "(none)") << text;
  }
  EXPECT_FALSE(parse_site(std::string_view("https://example.com/\0", 21)));
}

TEST(Site, is_bounded) {
  const std::string start = "https://example.com/";
  EXPECT_TRUE(parse_site(start + std::string(kSiteMaxBytes - start.size(), 'x')));
  EXPECT_FALSE(parse_site(start + std::string(kSiteMaxBytes - start.size() + 1, 'x')));
  EXPECT_TRUE(parse_site(start + "?utm_term=" + std::string(kSiteMaxBytes, 'x')));
  const std::string label(63, 'a');
  const std::string name = label + '.' + label + '.' + label + '.';
  EXPECT_TRUE(parse_site(name + std::string(61, 'b')));
  EXPECT_FALSE(parse_site(name + std::string(62, 'b')));
  EXPECT_FALSE(parse_site(label + "a.com"));
}

TEST(Host, a_host_name_is_no_address) {
  EXPECT_EQ(parse_host_name("Example.COM."), "example.com");
  EXPECT_FALSE(parse_host_name("127.0.0.1"));
  EXPECT_FALSE(parse_host_name("[::1]"));
  EXPECT_TRUE(is_ip_literal("127.0.0.1"));
  EXPECT_TRUE(is_ip_literal("[::1]"));
  EXPECT_FALSE(is_ip_literal("example.com"));
}

TEST(Host, drops_www) {
  const std::pair<const char*, const char*> cases[] = {
      {"www.example.com", "example.com"}, {"example.com", "example.com"},           {"www.com", "www.com"},
      {"www.www.com", "www.com"},         {"www2.example.com", "www2.example.com"}, {"wwwx.com", "wwwx.com"},
  };
  for (const auto& [host, expected] : cases) EXPECT_EQ(host_without_www(host), expected);
}

TEST(Host, finds_the_registrable_domain) {
  const std::pair<const char*, const char*> cases[] = {
      {"example.com", "example.com"},
      {"www.blog.example.com", "example.com"},
      {"a.example.co.uk", "example.co.uk"},
      {"co.uk", "co.uk"},
      {"me.github.io", "me.github.io"},
      {"x.me.github.io", "me.github.io"},
      {"www.xn--85x722f.xn--55qx5d.cn", "xn--85x722f.xn--55qx5d.cn"},
      {"a.b.unknowntld", "b.unknowntld"},
      {"127.0.0.1", "127.0.0.1"},
      {"[::1]", "[::1]"},
  };
  for (const auto& [host, expected] : cases) EXPECT_EQ(registrable_domain(host), expected) << host;
}

}  // namespace
}  // namespace overture::rules
