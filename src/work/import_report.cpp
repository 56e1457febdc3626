// Counts and errors of an import as JSON.
#include "work/import_report.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_to.hpp>

namespace overture::work {

ImportReport::ImportReport(const jobs::Job& job) : done_(job.done) {
  const boost::json::value counts = boost::json::parse(job.counts);
  for (const auto& [reason, n] : counts.as_object()) {
    counts_.emplace(std::string_view(reason.data(), reason.size()), boost::json::value_to<std::int64_t>(n));
  }
  errors_ = std::move(boost::json::parse(job.errors).as_array());
}

void ImportReport::add(std::string_view reason, std::int64_t n) {
  note(reason, n);
  done_ += n;
}

void ImportReport::note(std::string_view reason, std::int64_t n) {
  if (n == 0) return;
  const auto found = counts_.find(reason);
  if (found == counts_.end()) {
    counts_.emplace(reason, n);
  } else {
    found->second += n;
  }
}

void ImportReport::add_error(std::int64_t row, std::string_view message) {
  add(intake::Outcome::invalid);
  if (errors_.size() >= kMaxErrors) return;
  errors_.push_back(boost::json::object{{"row", row}, {"message", message}});
}

std::int64_t ImportReport::count(std::string_view reason) const {
  const auto found = counts_.find(reason);
  return found == counts_.end() ? 0 : found->second;
}

jobs::Progress ImportReport::progress(std::int64_t total) const {
  boost::json::object counts;
  for (const auto& [reason, n] : counts_) counts[reason] = n;
  return {total, done_, boost::json::serialize(counts), boost::json::serialize(errors_)};
}

}  // namespace overture::work
