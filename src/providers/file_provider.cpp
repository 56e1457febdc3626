#include "providers/file_provider.hpp"

#include <set>

#include "base/text.hpp"
#include "providers/data_file.hpp"
#include "providers/page_query.hpp"
#include "rules/host.hpp"
#include "rules/site.hpp"

namespace overture::providers {
namespace {

class FileSearch final : public SearchProvider {
 public:
  explicit FileSearch(std::filesystem::path file) : file_(std::move(file)) {}

  std::vector<FoundPage> search(const rules::DiscoveryQuery& query, std::string_view country,
                                std::size_t limit) override {
    const PageQuery asked(query.text);
    std::vector<FoundPage> pages;
    read_data_file(file_, [&](const DataRow& row) {
      const std::string_view of = text_of(row, "country");
      const bool elsewhere = !of.empty() && !country.empty() && !base::equal_ignoring_case(of, country);
      const std::string text =
          std::string(text_of(row, "snippet")) + "\n" + std::string(text_of(row, "keywords"));
      const std::string_view url = text_of(row, "url");
      const std::string_view title = text_of(row, "title");
      if (!elsewhere && asked.matches(url, title, text)) {
        pages.push_back({std::string(url), std::string(title), std::string(text_of(row, "snippet"))});
      }
      return pages.size() < limit;
    });
    return pages;
  }

 private:
  std::filesystem::path file_;
};

bool is_gone(std::string_view status) {
  return status == "404" || status == "410" || (status.size() == 3 && status.front() == '5');
}

class FileBacklinks final : public BacklinkProvider {
 public:
  explicit FileBacklinks(std::filesystem::path file) : file_(std::move(file)) {}

  std::vector<Backlink> find_backlinks(const BacklinkTarget& target, std::size_t limit) override {
    std::vector<Backlink> links;
    read_data_file(file_, [&](const DataRow& row) {
      const std::string url_to(text_of(row, "url_to"));
      const auto to = rules::parse_site(url_to);
      const bool wanted = to && (target.exact_page ? to->url == target.url
                                                   : rules::registrable_domain(to->host) == target.domain);
      if (wanted && (!target.broken || is_gone(text_of(row, "http_code_target")))) {
        links.push_back({std::string(text_of(row, "url_from")), url_to, std::string(text_of(row, "anchor")),
                         std::string(text_of(row, "title")), std::string(text_of(row, "rel"))});
      }
      return links.size() < limit;
    });
    return links;
  }

 private:
  std::filesystem::path file_;
};

class FileMetrics final : public MetricsProvider {
 public:
  explicit FileMetrics(std::filesystem::path file) : file_(std::move(file)) {}

  std::map<std::string, rules::SiteMetrics> find_metrics(const std::vector<std::string>& domains) override {
    std::map<std::string, rules::SiteMetrics> found;
    for (const std::string& domain : domains) found[domain];
    std::set<std::string> providers;
    read_data_file(file_, [&](const DataRow& row) {
      const std::string_view given = text_of(row, "domain");
      const auto site = rules::parse_site(given.empty() ? text_of(row, "url") : given);
      const auto known = site ? found.find(rules::registrable_domain(site->host)) : found.end();
      rules::SiteMetrics elsewhere;
      take_row(row, known == found.end() ? elsewhere : known->second, providers);
      return true;
    });
    for (auto& [domain, metrics] : found) {
      for (const std::string& provider : providers) metrics[provider];
    }
    return found;
  }

 private:
  static void take_row(const DataRow& row, rules::SiteMetrics& metrics, std::set<std::string>& providers) {
    const auto take = [&](std::string_view provider, std::string_view metric, std::string_view text) {
      const auto value = rules::parse_metric(text);
      if (!value || metric.empty() || !rules::is_metrics_provider(provider)) return;
      metrics[std::string(provider)][std::string(metric)] = *value;
      providers.emplace(provider);
    };
    for (const auto& [column, text] : row) {
      const std::size_t dot = column.find('.');
      if (dot != std::string::npos)
        take(std::string_view(column).substr(0, dot), column.substr(dot + 1), text);
    }
    take(base::lower_ascii(text_of(row, "provider")), text_of(row, "metric"), text_of(row, "value"));
  }

  std::filesystem::path file_;
};

}  // namespace

std::unique_ptr<SearchProvider> make_file_search(std::filesystem::path file) {
  return std::make_unique<FileSearch>(std::move(file));
}
std::unique_ptr<BacklinkProvider> make_file_backlinks(std::filesystem::path file) {
  return std::make_unique<FileBacklinks>(std::move(file));
}
std::unique_ptr<MetricsProvider> make_file_metrics(std::filesystem::path file) {
  return std::make_unique<FileMetrics>(std::move(file));
}

}  // namespace overture::providers
