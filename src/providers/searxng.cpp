// https://docs.searxng.org/dev/search_api.html
#include "providers/searxng.hpp"

#include <boost/json/parse.hpp>
#include <set>

#include "base/error.hpp"

namespace overture::providers {
namespace {

namespace json = boost::json;
using base::Error;
using base::ErrorCode;

constexpr int kMaxPages = 10;

void append_encoded(std::string& out, std::string_view text) {
  static constexpr std::string_view kDigits = "0123456789ABCDEF";
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 15U];
  }
}

std::string text_at(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(std::string_view(value->get_string()))
                                                : std::string();
}

/// The language in which most of the country's pages are; `all` where that says nothing.
std::string language_of(std::string_view country) {
  static constexpr std::pair<std::string_view, std::string_view> kLanguages[] = {
      {"at", "de"}, {"au", "en"}, {"be", "nl"}, {"br", "pt"}, {"ca", "en"}, {"ch", "de"}, {"cn", "zh"},
      {"cz", "cs"}, {"de", "de"}, {"dk", "da"}, {"es", "es"}, {"fi", "fi"}, {"fr", "fr"}, {"gb", "en"},
      {"gr", "el"}, {"hu", "hu"}, {"ie", "en"}, {"in", "en"}, {"it", "it"}, {"jp", "ja"}, {"kr", "ko"},
      {"mx", "es"}, {"nl", "nl"}, {"no", "nb"}, {"nz", "en"}, {"pl", "pl"}, {"pt", "pt"}, {"ro", "ro"},
      {"ru", "ru"}, {"se", "sv"}, {"tr", "tr"}, {"ua", "uk"}, {"us", "en"}};
  for (const auto& [code, language] : kLanguages) {
    if (code != country) continue;
    std::string text(language);
    text += '-';
    for (const char c : country) text += static_cast<char>(c - 'a' + 'A');
    return text;
  }
  return "all";
}

class Searxng final : public SearchProvider {
 public:
  Searxng(SearxngSettings settings, net::HttpClient& client)
      : settings_(std::move(settings)), client_(client) {
    while (settings_.url.ends_with('/')) settings_.url.pop_back();
  }

  std::vector<FoundPage> search(const rules::DiscoveryQuery& query, std::string_view country,
                                std::size_t limit) override {
    std::vector<FoundPage> pages;
    std::set<std::string> seen;
    for (int number = 1; number <= kMaxPages && pages.size() < limit; ++number) {
      const std::size_t before = pages.size();
      for (FoundPage& page : fetch(query, country, number)) {
        if (pages.size() < limit && seen.insert(page.url).second) pages.push_back(std::move(page));
      }
      // Run dry, or the same page again.
      if (pages.size() == before) break;
    }
    return pages;
  }

 private:
  std::string address(const rules::DiscoveryQuery& query, std::string_view country, int page) const {
    std::string url = settings_.url + "/search?q=";
    append_encoded(url, query.text);
    url += "&format=json&pageno=" + std::to_string(page) + "&language=" + language_of(country);
    url += query.news ? "&categories=news" : "&categories=general";
    // It knows no other spans; a quarter is asked as a year.
    if (query.days > 0)
      url += query.days <= 7    ? "&time_range=week"
             : query.days <= 31 ? "&time_range=month"
                                : "&time_range=year";
    return url;
  }

  std::vector<FoundPage> fetch(const rules::DiscoveryQuery& query, std::string_view country, int page) {
    const net::Fetched answer =
        client_.get(address(query, country, page),
                    {.allow_private = settings_.allow_private, .accept = "application/json"});
    if (answer.status == 403) {
      throw Error(ErrorCode::unavailable,
                  "The search server refuses JSON: allow the format json in its settings");
    }
    if (answer.status != 200) {
      throw Error(ErrorCode::unavailable,
                  "The search server answers with status " + std::to_string(answer.status));
    }
    boost::system::error_code problem;
    const json::value whole = json::parse(answer.body, problem);
    const json::value* results =
        !problem && whole.is_object() ? whole.get_object().if_contains("results") : nullptr;
    if (results == nullptr || !results->is_array()) {
      throw Error(ErrorCode::unavailable, "The search server answers something that is no SearXNG result");
    }
    std::vector<FoundPage> pages;
    for (const json::value& result : results->get_array()) {
      if (!result.is_object()) continue;
      const json::object& object = result.get_object();
      FoundPage found{text_at(object, "url"), text_at(object, "title"), text_at(object, "content")};
      if (!found.url.empty()) pages.push_back(std::move(found));
    }
    return pages;
  }

  SearxngSettings settings_;
  net::HttpClient& client_;
};

}  // namespace

std::unique_ptr<SearchProvider> make_searxng(SearxngSettings settings, net::HttpClient& client) {
  return std::make_unique<Searxng>(std::move(settings), client);
}

}  // namespace overture::providers
