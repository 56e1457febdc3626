// Least-recently-used lists under short locks.
#include "rest/caches.hpp"

namespace overture::rest {
namespace {

/// What an entry costs beside its text: list and hash nodes, control block.
constexpr std::size_t kEntryBytes = 200;

}  // namespace

FragmentCache::FragmentCache(std::size_t max_bytes) : max_bytes_a_shard_(max_bytes / kShards) {}

std::shared_ptr<const std::string> FragmentCache::find(const View& view, const Scope& scope, Row row) {
  const Key key{&view, row.id};
  Shard& shard = shard_of(key);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.by_key.find(key);
  if (found == shard.by_key.end() || !found->second->is_of(scope) || found->second->version != row.version) {
    misses_.fetch_add(1, std::memory_order_relaxed);
    return nullptr;
  }
  found->second->changes = scope.changes;
  return use(shard, found->second);
}

std::shared_ptr<const std::string> FragmentCache::find_unchanged(const View& view, const Scope& scope,
                                                                 std::int64_t id) {
  if (scope.restricted) return nullptr;
  const Key key{&view, id};
  Shard& shard = shard_of(key);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.by_key.find(key);
  if (found == shard.by_key.end() || !found->second->is_of(scope) ||
      found->second->changes != scope.changes) {
    return nullptr;
  }
  return use(shard, found->second);
}

std::shared_ptr<const std::string> FragmentCache::use(Shard& shard, Entries::iterator entry) {
  shard.entries.splice(shard.entries.begin(), shard.entries, entry);
  hits_.fetch_add(1, std::memory_order_relaxed);
  return entry->text;
}

void FragmentCache::put(const View& view, const Scope& scope, const Fragment& fragment) {
  Key key{&view, fragment.id};
  std::size_t bytes = fragment.text->size() + kEntryBytes;
  if (bytes > max_bytes_a_shard_) return;
  Shard& shard = shard_of(key);
  std::lock_guard lock(shard.mutex);
  auto found = shard.by_key.find(key);
  if (found != shard.by_key.end()) {
    shard.bytes -= found->second->text->size() + kEntryBytes;
    shard.entries.erase(found->second);
    shard.by_key.erase(found);
  }
  shard.entries.push_front(
      {key, scope.account, fragment.version, scope.names_version, scope.changes, fragment.text});
  shard.by_key.emplace(key, shard.entries.begin());
  shard.bytes += bytes;
  while (shard.bytes > max_bytes_a_shard_) {
    const Entry& last = shard.entries.back();
    shard.bytes -= last.text->size() + kEntryBytes;
    shard.by_key.erase(last.key);
    shard.entries.pop_back();
  }
}

FactsCache::Known FactsCache::find(const std::string& key, std::int64_t position) {
  std::lock_guard lock(mutex_);
  auto found = by_key_.find(key);
  if (found == by_key_.end()) return {};
  entries_.splice(entries_.begin(), entries_, found->second);
  const FilterFacts& facts = found->second->facts;
  Known known{facts.changes, facts.count, facts.counted_to, 0, 0};
  auto after = facts.positions.upper_bound(position);
  if (after != facts.positions.begin()) {
    --after;
    known.position = after->first;
    known.id = after->second;
  }
  return known;
}

FilterFacts& FactsCache::facts_for(const std::string& key, std::int64_t changes, bool lasting) {
  auto found = by_key_.find(key);
  if (found == by_key_.end()) {
    entries_.push_front({key, {}});
    found = by_key_.emplace(key, entries_.begin()).first;
    if (entries_.size() > max_filters_) {
      by_key_.erase(entries_.back().key);
      entries_.pop_back();
    }
  }
  FilterFacts& facts = found->second->facts;
  if (facts.changes != changes && !lasting) facts = {};
  facts.changes = changes;
  return facts;
}

void FactsCache::put_count(const std::string& key, std::int64_t changes, bool lasting, std::int64_t count,
                           std::int64_t counted_to) {
  std::lock_guard lock(mutex_);
  FilterFacts& facts = facts_for(key, changes, lasting);
  facts.count = count;
  facts.counted_to = counted_to;
}

void FactsCache::put_position(const std::string& key, std::int64_t changes, bool lasting,
                              std::int64_t position, std::int64_t id) {
  std::lock_guard lock(mutex_);
  FilterFacts& facts = facts_for(key, changes, lasting);
  if (facts.positions.size() >= kMaxPositions) facts.positions.erase(std::prev(facts.positions.end()));
  facts.positions[position] = id;
}

std::optional<std::vector<Row>> PageCache::find(const std::string& key, std::int64_t changes) {
  std::lock_guard lock(mutex_);
  auto found = by_key_.find(key);
  if (found == by_key_.end() || found->second->changes != changes) return std::nullopt;
  entries_.splice(entries_.begin(), entries_, found->second);
  return found->second->rows;
}

void PageCache::put(const std::string& key, std::int64_t changes, const std::vector<Row>& rows) {
  std::lock_guard lock(mutex_);
  auto found = by_key_.find(key);
  if (found != by_key_.end()) remove(found->second);
  entries_.push_front({key, changes, rows});
  by_key_.emplace(key, entries_.begin());
  rows_ += entries_.front().cost();
  while (rows_ > max_rows_) remove(std::prev(entries_.end()));
}

void PageCache::remove(std::list<Entry>::iterator entry) {
  rows_ -= entry->cost();
  by_key_.erase(entry->key);
  entries_.erase(entry);
}

}  // namespace overture::rest
