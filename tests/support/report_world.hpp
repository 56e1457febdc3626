// Random events of an account, and what a slow and obvious count makes of them.
#pragma once
#include <boost/json/value.hpp>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "support/api_house.hpp"

namespace overture::test {

struct ReportCampaign {
  std::int64_t id, project;
  base::Millis at;
  std::string status;
  std::set<std::int64_t> tags;
};
struct ReportOpportunity {
  std::int64_t id;
  std::size_t campaign;
  std::int64_t milestone;
  std::set<std::int64_t> tags;
};
/// Any kind of event; what a and b hold depends on it.
struct ReportEvent {
  std::size_t opportunity;
  base::Millis at;
  std::int64_t number = 0;
  std::string a = {};
  std::string b = {};
  std::int64_t mailbox = 0;  ///< of a mail, as is the contact
  std::int64_t contact = 0;
};
/// An address on the do-not-email list.
struct ReportOptOut {
  std::int64_t contact;
  base::Millis at;
};
struct ReportQuestion {
  std::string start, end;
  std::set<std::int64_t> projects, campaigns, opportunity_tags, campaign_tags;
  bool restricted = false;
};

/// Whether one of those asked for is there, or none is asked for.
bool meets(const std::set<std::int64_t>& asked, const std::set<std::int64_t>& there);

/// Campaigns, opportunities and events in both projects of acme, from 2025 until the house's now.
class ReportWorld {
 public:
  ReportWorld(ApiHouse& house, std::uint64_t seed);

  ReportQuestion question();
  /// What GET /api/reports with all series has to answer (report_model.cpp).
  boost::json::value answer(const ReportQuestion& question) const;
  /// What GET /api/reports/outreach has to answer (report_groups_model.cpp).
  boost::json::value groups(const ReportQuestion& question, const std::string& group) const;

 private:
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(random_() % n); }
  std::string pick(std::initializer_list<const char*> texts) {
    return *(texts.begin() + below(texts.size()));
  }
  base::Millis time();
  std::int64_t milestone();
  std::set<std::int64_t> some_tags();
  std::string later(const std::string& start);
  std::string kind(std::int64_t milestone) const;
  std::set<std::int64_t> projects_of(const ReportQuestion& question) const;
  /// The day at the place that the question is about.
  std::string day_of(const std::set<std::int64_t>& projects, base::Millis at) const;
  void write();

  std::mt19937_64 random_;
  ApiHouse& house_;
  std::int64_t first_milestone_ = 0;
  std::vector<std::int64_t> projects_;
  std::map<std::int64_t, std::string> zones_;
  std::vector<ReportCampaign> campaigns_;
  std::vector<ReportOpportunity> opportunities_;
  std::vector<ReportEvent> mails_, forms_, replies_, changes_, moves_;
  std::vector<ReportOptOut> opt_outs_;
};

}  // namespace overture::test
