// By registrable domain, and by the ending of the path.
#include "rules/page_filter.hpp"

#include <algorithm>
#include <iterator>
#include <string>

#include "base/text.hpp"
#include "rules/host.hpp"

namespace overture::rules {
namespace {

/// The name before the public suffix, so that google.de and google.com are one. Sorted.
constexpr std::string_view kEngines[] = {"baidu",  "bing",      "duckduckgo", "ecosia",
                                         "google", "startpage", "yahoo",      "yandex"};
/// Sorted.
constexpr std::string_view kDomains[] = {
    "archive.org",  "brave.com",     "facebook.com", "fb.com",      "instagram.com", "linkedin.com",
    "ok.ru",        "pinterest.com", "quora.com",    "reddit.com",  "t.co",          "t.me",
    "telegram.org", "tiktok.com",    "tumblr.com",   "twitter.com", "vimeo.com",     "vk.com",
    "whatsapp.com", "wikipedia.org", "x.com",        "youtu.be",    "youtube.com"};
/// Sorted.
constexpr std::string_view kEndings[] = {"7z",  "apk", "avi",  "csv",  "dmg",  "doc", "docx", "exe",
                                         "gif", "gz",  "iso",  "jpeg", "jpg",  "mov", "mp3",  "mp4",
                                         "odt", "pdf", "png",  "ppt",  "pptx", "rar", "rtf",  "svg",
                                         "tar", "wav", "webp", "xls",  "xlsx", "xml", "zip"};

template <std::size_t N>
bool holds(const std::string_view (&sorted)[N], std::string_view name) {
  return std::binary_search(std::begin(sorted), std::end(sorted), name);
}

std::string ending_of(std::string_view url) {
  const std::string_view before_query = url.substr(0, std::min(url.find('?'), url.size()));
  const std::size_t path = before_query.find('/', before_query.find("://") + 3);
  if (path == std::string_view::npos) return {};
  const std::string_view last = before_query.substr(before_query.rfind('/') + 1);
  const std::size_t dot = last.rfind('.');
  return dot == std::string_view::npos ? std::string() : base::lower_ascii(last.substr(dot + 1));
}

}  // namespace

bool is_junk_page(const Site& site) {
  const std::string domain = registrable_domain(site.host);
  const std::string_view name = std::string_view(domain).substr(0, domain.find('.'));
  return holds(kDomains, domain) || holds(kEngines, name) || holds(kEndings, ending_of(site.url));
}

}  // namespace overture::rules
