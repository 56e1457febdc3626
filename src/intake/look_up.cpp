// What the database knows about a batch: one statement a kind, for all prospects together.
#include <algorithm>
#include <limits>

#include "db/text_list.hpp"
#include "intake/batch.hpp"
#include "intake/blocklist.hpp"
#include "rules/host.hpp"

namespace overture::intake {
namespace {

/// Opportunities that count as there: not deleted, nor in something deleted. One row for each thing and
/// campaign.
constexpr db::Literal kFromLiving =
    " JOIN campaigns c ON c.account_id = o.account_id AND c.id = o.campaign_id AND c.status <> 'deleted'"
    " JOIN projects p ON p.account_id = o.account_id AND p.id = o.project_id AND p.status <> 'deleted'";

/// Every host that may have the key of `host`, for look-ups by name.
void add_names(std::vector<std::string>& names, DeduplicationKey key, const std::string& host) {
  names.push_back(host);
  if (key != DeduplicationKey::host_without_www) return;
  const std::string_view bare = rules::host_without_www(host);
  if (bare.size() < host.size()) {
    names.emplace_back(bare);
  } else {
    names.push_back("www." + host);
  }
}

void stand(Standing& standing, const Target& target, std::int64_t campaign, std::int64_t project,
           std::int64_t opportunity) {
  std::int64_t& kept = campaign == target.campaign ? standing.in_campaign
                       : project == target.project ? standing.in_project
                                                   : standing.in_account;
  if (kept == 0 || opportunity < kept) kept = opportunity;
}

class LookUp {
 public:
  LookUp(db::Connection& connection, const Target& target, std::span<const Prospect> prospects)
      : connection_(connection), target_(target), prospects_(prospects) {}

  Known run() {
    find_keys();
    if (!names_.empty()) {
      find_domains();
      find_blocked_hosts();
      if (target_.without_partners) find_partners();
    }
    if (target_.only_equal_rows()) {
      find_equal_rows();
    } else {
      if (!ids_.empty()) find_sites();
      find_people();
    }
    find_room();
    return std::move(known_);
  }

 private:
  void find_keys() {
    known_.keys.reserve(prospects_.size());
    for (const Prospect& prospect : prospects_) {
      if (!prospect.site) {
        known_.keys.emplace_back();
        continue;
      }
      known_.keys.push_back(deduplication_key(target_.key, prospect.site->host));
      add_names(names_, target_.key, prospect.site->host);
    }
  }

  void find_domains() {
    find_domains_by("name", names_);
    // By name too: the public suffix list may have changed since the domain was written down.
    if (target_.key == DeduplicationKey::registrable_domain)
      find_domains_by("registrable_domain", known_.keys);
  }

  void find_domains_by(db::Literal column, std::span<const std::string> texts) {
    db::Sql sql("SELECT id, name FROM domains WHERE account_id = ? AND ", target_.account);
    db::append_in_texts(sql, connection_.engine(), column, texts);
    auto rows = connection_.query(sql);
    while (rows->next()) {
      if (known_.domains.emplace(rows->text(1), rows->integer(0)).second) ids_.push_back(rows->integer(0));
    }
  }

  void find_sites() {
    std::unordered_map<std::int64_t, std::string> keys;
    for (const auto& [host, id] : known_.domains) keys.emplace(id, deduplication_key(target_.key, host));
    db::Sql sql("SELECT o.domain_id, o.campaign_id, o.project_id, MIN(o.id) FROM opportunities o");
    sql << kFromLiving << db::Sql(" WHERE o.account_id = ? AND ", target_.account);
    db::append_in(sql, connection_.engine(), "o.domain_id", ids_);
    sql << " AND o.workflow_status <> 'deleted' GROUP BY o.domain_id, o.campaign_id, o.project_id";
    auto rows = connection_.query(sql);
    while (rows->next()) {
      stand(known_.sites[keys.at(rows->integer(0))], target_, rows->integer(1), rows->integer(2),
            rows->integer(3));
    }
  }

  void find_people() {
    std::vector<std::string> addresses;
    for (const Prospect& prospect : prospects_) {
      if (prospect.site) continue;
      for (const ProspectContact& contact : prospect.contacts) addresses.push_back(contact.email);
    }
    if (addresses.empty()) return;
    db::Sql sql(
        "SELECT k.email, o.campaign_id, o.project_id, MIN(o.id) FROM contacts k "
        "JOIN opportunity_contacts oc ON oc.account_id = k.account_id AND oc.contact_id = k.id "
        "JOIN opportunities o ON o.account_id = k.account_id AND o.id = oc.opportunity_id AND o.domain_id = "
        "0");
    sql << kFromLiving << db::Sql(" WHERE k.account_id = ? AND ", target_.account);
    db::append_in_texts(sql, connection_.engine(), "k.email", addresses);
    sql << " AND o.workflow_status <> 'deleted' GROUP BY k.email, o.campaign_id, o.project_id";
    auto rows = connection_.query(sql);
    while (rows->next()) {
      stand(known_.people[std::string(rows->text(0))], target_, rows->integer(1), rows->integer(2),
            rows->integer(3));
    }
  }

  void find_equal_rows() {
    std::unordered_map<std::string, std::string> texts;  // identity → row text
    std::vector<std::string> identities;
    for (const Prospect& prospect : prospects_) {
      std::int64_t domain = 0;
      if (prospect.site) {
        const auto known = known_.domains.find(prospect.site->host);
        if (known == known_.domains.end()) continue;
        domain = known->second;
      }
      std::string text = row_text(prospect);
      identities.push_back(row_identity(domain, text));
      texts.emplace(identities.back(), std::move(text));
    }
    if (identities.empty()) return;
    db::Sql sql(
        "SELECT r.identity, MIN(r.opportunity_id) FROM import_rows r "
        "JOIN opportunities o ON o.account_id = r.account_id AND o.id = r.opportunity_id "
        "WHERE r.account_id = ? AND r.campaign_id = ? AND ",
        target_.account, target_.campaign);
    db::append_in_texts(sql, connection_.engine(), "r.identity", identities);
    sql << " AND o.workflow_status <> 'deleted' GROUP BY r.identity";
    auto rows = connection_.query(sql);
    while (rows->next()) known_.equal_rows.emplace(texts.at(std::string(rows->text(0))), rows->integer(1));
  }

  void find_blocked_hosts() {
    std::vector<std::string> hosts;
    for (const Prospect& prospect : prospects_) {
      if (prospect.site) hosts.push_back(prospect.site->host);
    }
    known_.blocked = find_blocked(connection_, target_.account, target_.project, hosts);
  }

  /// By registrable domain a partner's host may be any of its sub-domains, so all partners are read.
  void find_partners() {
    db::Sql sql("SELECT host FROM partners WHERE account_id = ?", target_.account);
    if (target_.key != DeduplicationKey::registrable_domain) {
      sql << " AND ";
      db::append_in_texts(sql, connection_.engine(), "host", names_);
    }
    auto rows = connection_.query(sql);
    while (rows->next()) known_.partners.insert(deduplication_key(target_.key, rows->text(0)));
  }

  void find_room() {
    known_.room = std::numeric_limits<std::int64_t>::max();
    if (!target_.limit) return;
    static constexpr db::Literal kCount =
        "SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) FROM opportunity_counts "
        "WHERE account_id = ? AND project_id = ? AND campaign_id = ? AND workflow_status <> 'deleted'";
    known_.room = *target_.limit -
                  connection_.integer(db::Sql(kCount, target_.account, target_.project, target_.campaign));
  }

  db::Connection& connection_;
  const Target& target_;
  std::span<const Prospect> prospects_;
  Known known_;
  std::vector<std::string> names_;
  std::vector<std::int64_t> ids_;
};

}  // namespace

Known look_up(db::Connection& connection, const Target& target, std::span<const Prospect> prospects) {
  return LookUp(connection, target, prospects).run();
}

std::string row_text(const Prospect& prospect) {
  std::string text = prospect.site ? prospect.site->url : std::string();
  std::vector<std::string_view> addresses;
  for (const ProspectContact& contact : prospect.contacts) addresses.push_back(contact.email);
  std::sort(addresses.begin(), addresses.end());
  addresses.erase(std::unique(addresses.begin(), addresses.end()), addresses.end());
  for (const std::string_view address : addresses) {
    text += '\n';
    text += address;
  }
  return text;
}

std::string row_identity(std::int64_t domain, std::string_view row_text) {
  // FNV-1a with a finalizer: rows are compared within one campaign and host only, where 64 bits do not meet.
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : row_text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  hash = (hash ^ (hash >> 33U)) * 0xff51afd7ed558ccdULL;
  hash ^= hash >> 33U;

  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string identity(28, '0');
  auto number = static_cast<std::uint64_t>(domain);
  for (std::size_t i = 12; i-- > 0; number >>= 4U) identity[i] = kDigits[number & 15U];
  for (std::size_t i = 28; i-- > 12; hash >>= 4U) identity[i] = kDigits[hash & 15U];
  return identity;
}

}  // namespace overture::intake
