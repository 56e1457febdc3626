// What lists remember between requests: rendered rows, totals and positions. Everything here is checked
// against versions read from the database, so that other processes may write beside this one.
#pragma once
#include <array>
#include <atomic>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "rest/view.hpp"

namespace overture::rest {

/// An id with the version its row had.
struct Row {
  std::int64_t id;
  std::int64_t version;
};

/// Rendered rows, bounded in bytes, the least recently used leave first. Safe for many threads.
class FragmentCache {
 public:
  explicit FragmentCache(std::size_t max_bytes);

  /// The text of a row of the scope's account as `view` shows it, if it was rendered at exactly this version
  /// and the names of the scope.
  std::shared_ptr<const std::string> find(const View& view, const Scope& scope, Row row);
  /// The same without asking for its version, as long as the account has not changed since it was last known
  /// to be right. For whoever sees every row of the account.
  std::shared_ptr<const std::string> find_unchanged(const View& view, const Scope& scope, std::int64_t id);
  void put(const View& view, const Scope& scope, const Fragment& fragment);

  std::uint64_t hits() const { return hits_; }
  std::uint64_t misses() const { return misses_; }

 private:
  struct Key {
    const View* view;
    std::int64_t id;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const {
      return (static_cast<std::size_t>(key.id) * 0x9e3779b97f4a7c15ULL) ^
             reinterpret_cast<std::size_t>(key.view);
    }
  };
  struct Entry {
    Key key;
    std::int64_t account;
    std::int64_t version;
    std::int64_t names_version;
    std::int64_t changes;  ///< of the account, when it was last known to be right
    std::shared_ptr<const std::string> text;

    bool is_of(const Scope& scope) const {
      return account == scope.account && names_version == scope.names_version;
    }
  };
  struct Shard {
    std::mutex mutex;
    std::list<Entry> entries;  ///< most recently used first
    std::unordered_map<Key, std::list<Entry>::iterator, KeyHash> by_key;
    std::size_t bytes = 0;
  };
  static constexpr std::size_t kShards = 16;

  using Entries = std::list<Entry>;
  std::shared_ptr<const std::string> use(Shard& shard, Entries::iterator entry);
  Shard& shard_of(const Key& key) { return shards_.at(KeyHash{}(key) >> 32U & (kShards - 1)); }

  std::size_t max_bytes_a_shard_;
  std::array<Shard, kShards> shards_;
  std::atomic<std::uint64_t> hits_{0};
  std::atomic<std::uint64_t> misses_{0};
};

/// What is known of the rows that one filter matches, in ascending order of id.
struct FilterFacts {
  std::int64_t changes = -1;          ///< the account's changes it was learned at
  std::optional<std::int64_t> count;  ///< rows with id ≤ counted_to
  std::int64_t counted_to = 0;
  std::map<std::int64_t, std::int64_t> positions;  ///< position (from 0) → the first id there
};

/// Facts by filter (its SQL and parameters), bounded, least recently used first out. Safe for many threads.
class FactsCache {
 public:
  explicit FactsCache(std::size_t max_filters) : max_filters_(max_filters) {}
  /// A copy of what is known without the positions, and the nearest known position at or before `position`.
  struct Known {
    std::int64_t changes = -1;
    std::optional<std::int64_t> count;
    std::int64_t counted_to = 0;
    std::int64_t position = 0;
    std::int64_t id = 0;  ///< 0: nothing known
  };
  Known find(const std::string& key, std::int64_t position);
  /// Facts of other `changes` are dropped first, unless `lasting` (the filter speaks of what never changes).
  void put_count(const std::string& key, std::int64_t changes, bool lasting, std::int64_t count,
                 std::int64_t counted_to);
  void put_position(const std::string& key, std::int64_t changes, bool lasting, std::int64_t position,
                    std::int64_t id);

 private:
  struct Entry {
    std::string key;
    FilterFacts facts;
  };
  FilterFacts& facts_for(const std::string& key, std::int64_t changes, bool lasting);

  static constexpr std::size_t kMaxPositions = 4096;
  std::size_t max_filters_;
  std::mutex mutex_;
  std::list<Entry> entries_;
  std::unordered_map<std::string, std::list<Entry>::iterator> by_key_;
};

/// Which rows stand on a page, while nothing in the account changes. Bounded in rows, least recently used
/// first out. Safe for many threads.
class PageCache {
 public:
  explicit PageCache(std::size_t max_rows) : max_rows_(max_rows) {}
  std::optional<std::vector<Row>> find(const std::string& key, std::int64_t changes);
  void put(const std::string& key, std::int64_t changes, const std::vector<Row>& rows);

 private:
  struct Entry {
    std::string key;
    std::int64_t changes;
    std::vector<Row> rows;
    std::size_t cost() const { return rows.size() + key.size() / sizeof(Row) + 8; }
  };
  void remove(std::list<Entry>::iterator entry);

  std::size_t max_rows_;
  std::mutex mutex_;
  std::size_t rows_ = 0;
  std::list<Entry> entries_;
  std::unordered_map<std::string, std::list<Entry>::iterator> by_key_;
};

struct Caches {
  explicit Caches(std::size_t fragment_bytes) : fragments(fragment_bytes), facts(512), pages(100'000) {}
  FragmentCache fragments;
  FactsCache facts;
  PageCache pages;
};

}  // namespace overture::rest
