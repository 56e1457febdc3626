// What is known of the worth of sites, by registrable domain: shared by all campaigns of an account.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "db/connection.hpp"
#include "rules/metrics_filter.hpp"

namespace overture::intake {

using DomainMetrics = std::map<std::string, rules::SiteMetrics>;  ///< by registrable domain

/// What was kept; domains of which nothing is known are left out.
DomainMetrics load_domain_metrics(db::Connection& connection, std::int64_t account,
                                  const std::vector<std::string>& domains);
/// Those of the domains of which nothing was fetched at or after `since`.
std::vector<std::string> find_unknown_domains(db::Connection& connection, std::int64_t account,
                                              const std::vector<std::string>& domains, base::Millis since);

/// Adds to what is kept, newer values in place of older ones; the opportunities that show a change get a new
/// version. Inside the write of its cause, before it locks anything of the intake.
void store_domain_metrics(db::Connection& connection, std::int64_t account, const DomainMetrics& metrics,
                          base::Millis now);

}  // namespace overture::intake
