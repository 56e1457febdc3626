// The one exception of the program, and the closed table of its codes.
#pragma once
#include <exception>
#include <string>
#include <string_view>
#include <vector>

namespace overture::base {

/// Every error a client can see. The order is the order of kErrorKinds in error.cpp.
enum class ErrorCode {
  missing_parameters,
  invalid_value,
  invalid_json,
  invalid_query,
  unauthorized,
  invalid_credentials,
  inactive,
  access_denied,
  not_found,
  method_not_allowed,
  conflict,
  precondition_failed,
  payload_too_large,
  uri_too_long,
  headers_too_large,
  rate_limited,
  internal,
  not_implemented,
  maintenance,
  unavailable,
};

struct ErrorKind {
  std::string_view name;     ///< machine-readable, in the `code` key of the body
  int status;                ///< HTTP status
  std::string_view message;  ///< the default client text
};

/// The row of the table for `code`.
const ErrorKind& error_kind(ErrorCode code);

struct FieldError {
  std::string field;    ///< the key or parameter as the client wrote it
  std::string message;  ///< a sentence for people
};

/// Thrown when this request or job cannot go on; caught once at each edge.
class Error : public std::exception {
 public:
  /// `message` is for the client; `detail` is only ever logged.
  explicit Error(ErrorCode code, std::string message = {}, std::string detail = {});

  /// A wrong value of one field: 400 with a sentence that names it.
  static Error invalid(std::string_view field, std::string_view problem);

  ErrorCode code() const { return code_; }
  int status() const { return error_kind(code_).status; }
  const std::string& message() const { return message_; }
  const std::string& detail() const { return detail_; }
  const std::vector<FieldError>& fields() const { return fields_; }
  const char* what() const noexcept override { return what_.c_str(); }

 private:
  ErrorCode code_;
  std::string message_;
  std::string detail_;
  std::string what_;
  std::vector<FieldError> fields_;
};

}  // namespace overture::base
