// The table of error codes. Texts marked "documented" are the original's, to the letter.
#include "base/error.hpp"

#include <array>

namespace overture::base {
namespace {

constexpr std::array<ErrorKind, 20> kErrorKinds{{
    {"missing_parameters", 400, "Missed required request parameters"},  // documented
    {"invalid_value", 400, "Invalid value"},
    {"invalid_json", 400, "Invalid JSON"},
    {"invalid_query", 400, "Invalid search query"},
    {"unauthorized", 401, "Access token is required for this operation."},  // documented
    {"invalid_credentials", 401, "Invalid credentials"},
    {"inactive", 403, "User or account inactive"},  // documented
    {"access_denied", 403, "Access denied"},
    {"not_found", 404, "Not found"},
    {"method_not_allowed", 405, "Method not allowed"},
    {"conflict", 409, "Conflict"},
    {"precondition_failed", 412, "The object has changed since you read it"},
    {"payload_too_large", 413, "Request body is too large"},
    {"uri_too_long", 414, "Request address is too long"},
    {"headers_too_large", 431, "Request headers are too large"},
    {"rate_limited", 429, "Too many requests"},
    {"internal", 500, "Internal server error"},
    {"not_implemented", 501, "Method not implemented"},
    {"maintenance", 503, "Maintenance"},  // documented
    {"unavailable", 503, "Service unavailable"},
}};
static_assert(kErrorKinds.size() == static_cast<std::size_t>(ErrorCode::unavailable) + 1);

}  // namespace

const ErrorKind& error_kind(ErrorCode code) { return kErrorKinds.at(static_cast<std::size_t>(code)); }

Error::Error(ErrorCode code, std::string message, std::string detail)
    : code_(code),
      message_(message.empty() ? std::string(error_kind(code).message) : std::move(message)),
      detail_(std::move(detail)),
      what_(detail_.empty() ? message_ : message_ + " (" + detail_ + ")") {}

Error Error::invalid(std::string_view field, std::string_view problem) {
  std::string message = std::string(field) + ": " + std::string(problem);
  Error error(ErrorCode::invalid_value, message);
  error.fields_.push_back({std::string(field), std::string(problem)});
  return error;
}

}  // namespace overture::base
