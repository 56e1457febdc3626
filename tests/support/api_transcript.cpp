// One file for a run of the program.
#include "support/api_transcript.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cstdlib>
#include <fstream>

#include "api/authentication.hpp"
#include "api/openapi.hpp"
#include "base/error.hpp"
#include "support/api_text.hpp"

namespace overture::test {

namespace {

const char* transcript_path() { return std::getenv("OVERTURE_TRANSCRIPT"); }

}  // namespace

bool wants_transcript() { return transcript_path() != nullptr; }

boost::json::value describe_caller(app::Application& app, const http::Request& request, base::Millis now) {
  return app.database().read([&](db::Connection& connection) -> boost::json::value {
    try {
      const api::Caller caller = api::authenticate(connection, app.token_keys(), request, now).caller;
      boost::json::array projects;
      db::RowsPtr rows = connection.query(
          db::Sql("SELECT project_id FROM project_access WHERE account_id = ? AND user_id = ? ORDER BY 1",
                  caller.scope.account, caller.scope.user));
      while (rows->next()) projects.emplace_back(rows->integer(0));
      return {{"account", caller.scope.account},
              {"user", caller.scope.user},
              {"role", api::role_name(caller.role)},
              {"read_only", caller.read_only},
              {"projects", std::move(projects)}};
    } catch (const base::Error&) {
      return nullptr;
    }
  });
}

void write_transcript(const std::string& scenario, int line, const api::Routes& routes,
                      const boost::json::value& caller, const http::Request& request,
                      const http::Response& response) {
  if (!wants_transcript()) return;
  static std::ofstream file = [&] {
    std::ofstream opened(transcript_path(), std::ios::trunc);
    opened << api::make_openapi(routes, "transcript") << '\n';
    return opened;
  }();
  boost::json::object headers;
  for (const http::Header& header : response.headers) headers[header.name] = header.value;
  const boost::json::object exchange{{"scenario", scenario},
                                     {"line", line},
                                     {"caller", caller},
                                     {"method", http::method_name(request.method)},
                                     {"target", request.target},
                                     {"body", without_tokens(request.body)},
                                     {"status", response.status},
                                     {"headers", std::move(headers)},
                                     {"answer", without_tokens(response.body)}};
  file << boost::json::serialize(exchange) << '\n' << std::flush;
}

}  // namespace overture::test
