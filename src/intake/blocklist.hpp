// The blocklist in its table: asked by intake, applied to what is there. Inside the write of its cause.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/clock.hpp"
#include "db/connection.hpp"

namespace overture::intake {

/// Those of `hosts` that the account or the project blocks. Two look-ups at most, however many hosts there
/// are and however long the list is.
std::unordered_set<std::string> find_blocked(db::Connection& connection, std::int64_t account,
                                             std::int64_t project, std::span<const std::string> hosts);

struct BlocklistEntry {
  std::string pattern;  ///< as rules::parse_block_pattern() spells it
  std::string reason;
  std::int64_t project = 0;  ///< 0: all projects
  std::int64_t user = 0;
};

/// Puts it on the list and returns its id; one that is there stays as it is. Waits for batches that are being
/// added and makes later ones wait, so it comes before anything else in a write that takes locks.
std::int64_t add_blocklist_entry(db::Connection& connection, std::int64_t account,
                                 const BlocklistEntry& entry, base::Millis now);

/// How many opportunities one write takes out of the workflow.
inline constexpr std::size_t kBlocklistStep = 500;
/// The job that goes on where one write is not enough; its payload is `{"entries": [ids]}`.
inline constexpr std::string_view kApplyBlocklistKind = "apply_blocklist";

/// Takes opportunities that these entries cover out of the workflow: those in inspect, personalize, compose
/// or outreach whom nobody has written to yet become workflow_status `deleted`, and mails and forms that wait
/// for them are cancelled. Contacted, completed and rejected ones stay as they are. At most kBlocklistStep a
/// call; returns how many: less than that means that there are no more. Entries that have gone cover nothing.
std::size_t apply_blocklist(db::Connection& connection, std::int64_t account,
                            std::span<const std::int64_t> entries, base::Millis now);

}  // namespace overture::intake
