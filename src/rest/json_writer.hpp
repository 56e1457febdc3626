// JSON text, appended to a buffer.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace overture::rest {

/// A JSON string with quotes (RFC 8259 section 7); `text` is UTF-8.
void write_string(std::string& out, std::string_view text);
void write_integer(std::string& out, std::int64_t number);
inline void write_boolean(std::string& out, bool value) { out += value ? "true" : "false"; }

}  // namespace overture::rest
