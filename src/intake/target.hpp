// Where prospects go: a campaign with everything that decides what may become an opportunity in it.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/connection.hpp"

namespace overture::intake {

/// What makes two sites the same one (accounts.deduplication_key).
enum class DeduplicationKey { host, host_without_www, registrable_domain };

/// The key of a host under `key`: what is compared, never what is stored.
std::string deduplication_key(DeduplicationKey key, std::string_view host);

struct Target {
  std::int64_t account = 0;
  std::int64_t project = 0;
  std::int64_t campaign = 0;
  std::string campaign_name;
  std::string campaign_status;  ///< active, archived, deleted
  std::string campaign_type;    ///< backlink, discovery, import
  std::string project_status;   ///< active, archived, deleted
  DeduplicationKey key = DeduplicationKey::host;
  bool in_project = true;         ///< not campaigns.disable_deduplication
  bool in_all_projects = false;   ///< not campaigns.disable_deduplication_all_projects
  bool without_partners = false;  ///< not campaigns.disable_deduplication_partners
  bool approval_workflow = false;
  bool domain_metrics = false;
  bool domain_contact = false;
  std::optional<std::int64_t> limit;   ///< most opportunities of the campaign; none = unlimited
  std::vector<std::string> own_sites;  ///< the project's own hosts, without www

  /// Import campaigns whose de-duplication is off collapse only rows that are equal in address and contacts.
  bool only_equal_rows() const { return campaign_type == "import" && !in_project && !in_all_projects; }
  /// One of the project's own hosts, with or without www, or a host below it.
  bool is_own_site(std::string_view host) const;
  /// Both the campaign and its project take prospects.
  bool is_active() const { return campaign_status == "active" && project_status == "active"; }
};

/// One statement. Throws Error(not_found) for a campaign the account does not have. A campaign that is
/// archived or deleted is returned like any other: whether that is an error is the caller's decision (see
/// is_active()).
Target load_target(db::Connection& connection, std::int64_t account, std::int64_t campaign);

}  // namespace overture::intake
