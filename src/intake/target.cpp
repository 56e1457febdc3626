// Reads a campaign with its project and account in one statement.
#include "intake/target.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "base/error.hpp"
#include "rules/host.hpp"
#include "rules/site.hpp"

namespace overture::intake {
namespace {

DeduplicationKey parse_key(std::string_view name) {
  if (name == "host_without_www") return DeduplicationKey::host_without_www;
  if (name == "registrable_domain") return DeduplicationKey::registrable_domain;
  return DeduplicationKey::host;
}

/// `own_sites` is a JSON array of hosts or addresses, as people wrote them.
std::vector<std::string> own_hosts(std::string_view own_sites) {
  std::vector<std::string> hosts;
  boost::system::error_code failed;
  const boost::json::value sites =
      boost::json::parse(boost::json::string_view(own_sites.data(), own_sites.size()), failed);
  if (failed || !sites.is_array()) return hosts;
  for (const boost::json::value& site : sites.get_array()) {
    if (!site.is_string()) continue;
    const auto& text = site.get_string();
    const auto parsed = rules::parse_site(std::string_view(text.data(), text.size()));
    if (parsed) hosts.emplace_back(rules::host_without_www(parsed->host));
  }
  return hosts;
}

}  // namespace

std::string deduplication_key(DeduplicationKey key, std::string_view host) {
  switch (key) {
    case DeduplicationKey::host_without_www:
      return std::string(rules::host_without_www(host));
    case DeduplicationKey::registrable_domain:
      return rules::registrable_domain(host);
    case DeduplicationKey::host:
      break;
  }
  return std::string(host);
}

bool Target::is_own_site(std::string_view host) const {
  const std::string_view bare = rules::host_without_www(host);
  for (const std::string& own : own_sites) {
    if (bare == own) return true;
    if (bare.size() > own.size() && bare.ends_with(own) && bare[bare.size() - own.size() - 1] == '.')
      return true;
  }
  return false;
}

Target load_target(db::Connection& connection, std::int64_t account, std::int64_t campaign) {
  static constexpr db::Literal kSelect =
      "SELECT c.project_id, c.name, c.status, c.type, p.status, a.deduplication_key, "
      "c.disable_deduplication, "
      "c.disable_deduplication_all_projects, c.disable_deduplication_partners, c.approval_workflow, "
      "c.domain_metrics, c.domain_contact, c.opportunities_limit, p.own_sites "
      "FROM campaigns c JOIN projects p ON p.account_id = c.account_id AND p.id = c.project_id "
      "JOIN accounts a ON a.id = c.account_id WHERE c.account_id = ? AND c.id = ?";
  auto rows = connection.query(db::Sql(kSelect, account, campaign));
  if (!rows->next()) throw base::Error(base::ErrorCode::not_found, "Campaign not found");
  Target target;
  target.account = account;
  target.campaign = campaign;
  target.project = rows->integer(0);
  target.campaign_name = rows->text(1);
  target.campaign_status = rows->text(2);
  target.campaign_type = rows->text(3);
  target.project_status = rows->text(4);
  target.key = parse_key(rows->text(5));
  target.in_project = rows->integer(6) == 0;
  target.in_all_projects = rows->integer(7) == 0;
  target.without_partners = rows->integer(8) == 0;
  target.approval_workflow = rows->integer(9) != 0;
  target.domain_metrics = rows->integer(10) != 0;
  target.domain_contact = rows->integer(11) != 0;
  if (!rows->is_null(12)) target.limit = rows->integer(12);
  target.own_sites = own_hosts(rows->text(13));
  return target;
}

}  // namespace overture::intake
