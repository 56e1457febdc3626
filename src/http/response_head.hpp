// The text of a response's head, and the answers the server gives by itself.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "http/message.hpp"

namespace overture::http {

enum class Connection { implicit, close, keep_alive };

/// True for 1xx, 204 and 304, which never have a body (RFC 9110 section 6.4.1).
bool is_bodiless(int status);

/// Appends the status line and all headers with the empty line. Headers of the response that would break the
/// framing (Content-Length, Transfer-Encoding, Connection, Date) are left out: they are the server's own.
void append_response_head(std::string& out, const Response& response, std::string_view request_id,
                          Connection connection);

/// False when a name is not a token or a value has control characters (response splitting), or the status is
/// odd.
bool is_sane(const Response& response);

/// `{"message":…,"code":…,"request_id":…}` with the status and text of the table of errors.
Response error_response(base::ErrorCode code, std::string_view request_id);

/// A client's X-Request-Id is taken when it is 1–64 of [A-Za-z0-9._-].
bool is_sane_request_id(std::string_view id);

/// 16 hexadecimal characters; unique enough for a log, not a secret.
std::string make_request_id();

}  // namespace overture::http
