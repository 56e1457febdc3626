// Errors and accounting as clients see them.
#pragma once
#include <exception>

#include "api/rate_limit.hpp"
#include "http/message.hpp"

namespace overture::api {

/// {"message": …} first, as documented; then `code`, `errors` (by field) and `request_id`. Anything that is
/// not a base::Error is logged and answered as 500 without its text.
http::Response make_error_response(const std::exception_ptr& problem, const http::Request& request);

/// X-Request-Cost and, for a caller under a limit, X-RateLimit-Limit, -Remaining and -Reset (seconds).
void add_accounting_headers(http::Response& response, const RateLimit::Verdict& verdict, std::int64_t cost);

}  // namespace overture::api
