// Bounds from JSON, and their decision.
#include "rules/metrics_filter.hpp"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <cmath>
#include <iterator>

#include "base/text.hpp"

namespace overture::rules {
namespace {

namespace json = boost::json;

constexpr std::pair<std::string_view, std::string_view> kKnown[] = {
    {"moz", "domain_authority"},
    {"moz", "page_authority"},
    {"moz", "spam_score"},
    {"moz", "linking_root_domains"},
    {"majestic", "trust_flow"},
    {"majestic", "citation_flow"},
    {"majestic", "ref_domains"},
    {"ahrefs", "domain_rating"},
    {"ahrefs", "url_rating"},
    {"ahrefs", "ref_domains"},
    {"ahrefs", "org_traffic"},
    {"ahrefs", "org_keywords"},
    {"semrush", "authority_score"},
    {"semrush", "organic_traffic"},
    {"semrush", "organic_keywords"},
    {"semrush", "rank"},
    {"cemper", "power"},
    {"cemper", "trust"},
    {"cemper", "power_trust"},
    {"google", "indexed_pages"},
    {"google", "index_status"},
};

bool is_known(const MetricBound& bound) {
  return std::any_of(std::begin(kKnown), std::end(kKnown), [&](const auto& known) {
    return known.first == bound.provider && known.second == bound.metric;
  });
}

json::object parse_object(std::string_view text) {
  boost::system::error_code problem;
  json::value value = json::parse(json::string_view(text.data(), text.size()), problem);
  return !problem && value.is_object() ? std::move(value.as_object()) : json::object();
}

std::optional<double> number_of(const json::value* value) {
  if (value == nullptr) return std::nullopt;
  if (value->is_int64()) return static_cast<double>(value->get_int64());
  if (value->is_uint64()) return static_cast<double>(value->get_uint64());
  if (value->is_double()) return value->get_double();
  if (value->is_string()) return parse_metric(std::string_view(value->get_string()));
  return std::nullopt;
}

}  // namespace

bool is_metrics_provider(std::string_view name) {
  static constexpr std::string_view kProviders[] = {"moz",    "semrush", "majestic",
                                                    "google", "cemper",  "ahrefs"};
  return std::find(std::begin(kProviders), std::end(kProviders), name) != std::end(kProviders);
}

MetricsFilter::MetricsFilter(const std::vector<std::pair<std::string, std::string>>& objects) {
  for (const auto& [provider, text] : objects) {
    const json::object parsed = parse_object(text);
    for (const auto& [metric, value] : parsed) {
      if (!value.is_object()) continue;
      const json::object& bound = value.get_object();
      MetricBound made{provider, std::string(std::string_view(metric)), number_of(bound.if_contains("min")),
                       number_of(bound.if_contains("max"))};
      if (made.min || made.max) bounds_.push_back(std::move(made));
    }
  }
}

MetricsVerdict MetricsFilter::judge(const SiteMetrics& metrics) const {
  bool pending = false;
  for (const MetricBound& bound : bounds_) {
    const auto provider = metrics.find(bound.provider);
    if (provider == metrics.end()) {
      pending = true;
      continue;
    }
    const auto told = provider->second.find(bound.metric);
    if (told == provider->second.end() && !is_known(bound)) continue;
    const double value = told == provider->second.end() ? 0 : told->second;
    if ((bound.min && value < *bound.min) || (bound.max && value > *bound.max))
      return MetricsVerdict::filtered;
  }
  return pending ? MetricsVerdict::pending : MetricsVerdict::fits;
}

std::map<std::string, double, std::less<>> parse_metrics(std::string_view object) {
  std::map<std::string, double, std::less<>> metrics;
  const json::object parsed = parse_object(object);
  for (const auto& [metric, value] : parsed) {
    if (const auto number = number_of(&value)) metrics.emplace(std::string_view(metric), *number);
  }
  return metrics;
}

std::string write_metrics(const std::map<std::string, double, std::less<>>& metrics) {
  std::string text = "{";
  for (const auto& [metric, value] : metrics) {
    std::array<char, 32> digits{};
    const auto end = std::to_chars(digits.begin(), digits.end(), value).ptr;
    if (text.size() > 1) text += ',';
    text += json::serialize(json::string(metric)) + ":";
    text.append(digits.begin(), end);
  }
  return text + "}";
}

std::optional<double> parse_metric(std::string_view text) {
  std::string digits;
  for (const char c : base::trim(text)) {
    if (c != ',') digits += c;
  }
  double value = 0;
  const char* end = digits.data() + digits.size();
  const auto [at, problem] = std::from_chars(digits.data(), end, value);
  if (digits.empty() || problem != std::errc() || at != end || !std::isfinite(value)) return std::nullopt;
  return value;
}

}  // namespace overture::rules
