// The API reference for people: the page at /docs and the files it loads, out of the program itself.
#pragma once
#include <optional>

#include "http/message.hpp"

namespace overture::app {

/// The answer to a request for /docs or a file below it; nullopt for every other path. Only GET and HEAD,
/// else 405. Each file has a strong ETag of the form that is sent (RFC 9110 section 8.8.3): If-None-Match is
/// answered with 304. Where a gzip form exists, Accept-Encoding chooses. The page may load nothing from
/// elsewhere and run no script but these files. A program built without the page (OVERTURE_DOCS=OFF) answers
/// 404 and says so.
std::optional<http::Response> find_reference(const http::Request& request);

}  // namespace overture::app
