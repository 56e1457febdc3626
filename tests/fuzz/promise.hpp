// What a fuzzer checks: a promise that does not hold ends the run, as a crash does.
#pragma once
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace overture::fuzz {

/// Where it was broken stands in the trace that libFuzzer prints on abort.
inline void promise(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "broken promise: %s\n", what);
  std::abort();
}

inline std::string_view text_of(const unsigned char* data, std::size_t size) {
  return size == 0 ? std::string_view() : std::string_view(reinterpret_cast<const char*>(data), size);
}

}  // namespace overture::fuzz
