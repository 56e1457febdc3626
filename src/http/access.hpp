// What is logged of a request: no addresses, no headers, no values of the query.
#pragma once
#include <cstdint>
#include <functional>
#include <string_view>

namespace overture::http {

/// The views are valid during the call only.
struct AccessEntry {
  std::string_view method;  ///< `-` when it was not understood
  std::string_view path;    ///< as received, without the query; empty when it was not understood
  int status = 0;
  std::uint64_t bytes_in = 0;    ///< header and body as they came over the wire
  std::uint64_t bytes_out = 0;   ///< less than the response when the client went away
  std::int64_t duration_us = 0;  ///< from the first byte read to the last byte handed to the system
  std::string_view request_id;
};

/// Called on an I/O thread after each response; it must not block.
using AccessLog = std::function<void(const AccessEntry&)>;

}  // namespace overture::http
