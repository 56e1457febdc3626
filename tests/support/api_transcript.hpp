// Every exchange of the scenarios, for tests/e2e/document_test.py.
#pragma once
#include <string>

#include "api/route.hpp"
#include "http/message.hpp"

namespace overture::test {

/// Appends a line of JSON to the file that OVERTURE_TRANSCRIPT names, if it names one; the first line of the
/// file is the OpenAPI document of `routes`. Random tokens are replaced.
void write_transcript(const std::string& scenario, int line, const api::Routes& routes,
                      const http::Request& request, const http::Response& response);

}  // namespace overture::test
