// What the writers of this process have done, for its metrics.
#pragma once
#include <atomic>
#include <cstdint>

namespace overture::db {

struct WriterCounters {
  std::atomic<std::int64_t> waiting{0};  ///< writes in a queue now
  std::atomic<std::int64_t> refused{0};  ///< because the queue was full or closing
  std::atomic<std::int64_t> writes{0};   ///< taken from a queue and ended, well or not
  std::atomic<std::int64_t> groups{
      0};  ///< groups of writes that were committed together (PostgreSQL: of one)
};

/// Of all databases this process has open; servers have one.
inline WriterCounters& writer_counters() {
  static WriterCounters counters;
  return counters;
}

}  // namespace overture::db
