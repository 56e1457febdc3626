// Every exchange of the scenarios, for tests/e2e/document_test.py.
#pragma once
#include <boost/json/value.hpp>
#include <string>

#include "api/route.hpp"
#include "app/application.hpp"
#include "http/message.hpp"

namespace overture::test {

/// Whether there is one to write: OVERTURE_TRANSCRIPT names its file.
bool wants_transcript();

/// Who asks: `{"account", "user", "role", "read_only", "projects"}`, or null for nobody. To be asked before
/// the request, which may change it.
boost::json::value describe_caller(app::Application& app, const http::Request& request, base::Millis now);

/// Appends a line of JSON; the first line of the file is the OpenAPI document of `routes`. Random tokens are
/// replaced.
void write_transcript(const std::string& scenario, int line, const api::Routes& routes,
                      const boost::json::value& caller, const http::Request& request,
                      const http::Response& response);

}  // namespace overture::test
