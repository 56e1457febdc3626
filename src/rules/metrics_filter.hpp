// Whether a site's metrics fulfil a filter template. Pure.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace overture::rules {

/// moz, semrush, majestic, google, cemper, ahrefs: the providers that templates speak of.
bool is_metrics_provider(std::string_view name);

struct MetricBound {
  std::string provider;
  std::string metric;
  std::optional<double> min;  ///< inclusive
  std::optional<double> max;  ///< inclusive
};

/// Provider → metric → value. A provider that is there has answered, if only to say that it does not know the
/// site; one that is not there is not configured or has failed.
using SiteMetrics = std::map<std::string, std::map<std::string, double, std::less<>>, std::less<>>;

enum class MetricsVerdict {
  fits,
  filtered,  ///< a bound that could be applied does not hold
  pending,   ///< none is broken, but some provider said nothing: the site stays
};

class MetricsFilter {
 public:
  MetricsFilter() = default;
  /// `objects` are pairs of provider and JSON object as the template keeps them. A bound is `{"min": …,
  /// "max": …}` with numbers, or numbers as text; anything else in them is no bound and is left alone.
  explicit MetricsFilter(const std::vector<std::pair<std::string, std::string>>& objects);

  bool empty() const { return bounds_.empty(); }
  const std::vector<MetricBound>& bounds() const { return bounds_; }

  /// All bounds must hold. A metric that its provider does not tell counts as 0; a metric whose name we do
  /// not know and that is not told is not asked for.
  MetricsVerdict judge(const SiteMetrics& metrics) const;

 private:
  std::vector<MetricBound> bounds_;
};

/// A JSON object of numbers, or numbers as text, as a map; everything else in it is left out. Empty for other
/// text.
std::map<std::string, double, std::less<>> parse_metrics(std::string_view object);
/// The other way; numbers in their shortest form.
std::string write_metrics(const std::map<std::string, double, std::less<>>& metrics);
/// A finite decimal number, spaces around it and thousands commas are ignored; nullopt for anything else.
std::optional<double> parse_metric(std::string_view text);

}  // namespace overture::rules
