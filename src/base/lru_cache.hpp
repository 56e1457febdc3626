// A bounded map from text to value that forgets what was not used for longest.
#pragma once
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace overture::base {

template <class Value>
class LruCache {
 public:
  explicit LruCache(std::size_t limit) : limit_(limit) {}

  /// The value of `key`, now the most recently used; nullptr when there is none. Valid until the next add().
  Value* find(std::string_view key) {
    const auto found = index_.find(key);
    if (found == index_.end()) return nullptr;
    order_.splice(order_.begin(), order_, found->second);
    return &found->second->second;
  }

  /// Adds a key that is not there yet. When that is one too many, the oldest value for which
  /// `may_forget(Value&)` holds is dropped; if it holds for none, the cache grows.
  template <class MayForget>
  Value& add(std::string key, Value value, MayForget may_forget) {
    if (order_.size() >= limit_) forget_one(may_forget);
    order_.emplace_front(std::move(key), std::move(value));
    index_.emplace(order_.front().first, order_.begin());
    return order_.front().second;
  }

  void clear() {
    index_.clear();
    order_.clear();
  }
  std::size_t size() const { return order_.size(); }

 private:
  using Entry = std::pair<const std::string, Value>;

  template <class MayForget>
  void forget_one(MayForget& may_forget) {
    for (auto oldest = order_.end(); oldest != order_.begin();) {
      --oldest;
      if (!may_forget(oldest->second)) continue;
      index_.erase(oldest->first);
      order_.erase(oldest);
      return;
    }
  }

  std::size_t limit_;
  std::list<Entry> order_;
  std::unordered_map<std::string_view, typename std::list<Entry>::iterator> index_;
};

}  // namespace overture::base
