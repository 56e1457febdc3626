// Times: what is read covers a day, a minute or a second, and is written back as its start.
#include <cstring>
#include <limits>

#include "base/time.hpp"
#include "promise.hpp"

using namespace overture;
using fuzz::promise;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const auto text = fuzz::text_of(data, size);
  if (const auto span = base::parse_time(text)) {
    const auto unit = span->to - span->from;
    promise(unit == base::kDay || unit == base::kMinute || unit == base::kSecond, "a span is a unit");
    promise(base::parse_time_range(text) == span, "a single value is a range too");
    if (span->from >= 0) {
      const auto again = base::parse_time(base::rfc3339(span->from));
      promise(again && again->from == span->from, "its start is read back");
    }
  }
  if (const auto range = base::parse_time_range(text)) {
    promise(range->from != std::numeric_limits<base::Millis>::min() ||
                range->to != std::numeric_limits<base::Millis>::max(),
            "one end at least is bounded");
  }
  if (size == sizeof(base::Millis)) {
    base::Millis time = 0;
    std::memcpy(&time, data, sizeof time);
    promise(base::rfc3339(time).size() == 20, "every time has twenty characters");
  }
  return 0;
}
