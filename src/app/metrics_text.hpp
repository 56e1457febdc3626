// The text that Prometheus reads (exposition format 0.0.4): a header once a family, then its samples.
#pragma once
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace overture::app {

class MetricsText {
 public:
  using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  /// `type`: counter, gauge or histogram.
  void family(std::string_view name, std::string_view type, std::string_view help);
  /// A sample of the family that was named last; `suffix` is `_bucket`, `_sum`, `_count` of a histogram.
  template <std::integral T>
  void sample(T value, Labels labels = {}, std::string_view suffix = {}) {
    write_name(labels, suffix);
    text_ += std::to_string(value);
    text_ += '\n';
  }
  void sample(double value, Labels labels = {}, std::string_view suffix = {});

  std::string take() { return std::move(text_); }

 private:
  void write_name(Labels labels, std::string_view suffix);

  std::string text_;
  std::string name_;
};

/// Memory, descriptors and processor time of this process, and what its database writers do.
void write_process_metrics(MetricsText& text);

}  // namespace overture::app
