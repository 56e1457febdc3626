// One file for a run of the program.
#include "support/api_transcript.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cstdlib>
#include <fstream>

#include "api/openapi.hpp"
#include "support/api_text.hpp"

namespace overture::test {

void write_transcript(const std::string& scenario, int line, const api::Routes& routes,
                      const http::Request& request, const http::Response& response) {
  const char* const path = std::getenv("OVERTURE_TRANSCRIPT");
  if (path == nullptr) return;
  static std::ofstream file = [&] {
    std::ofstream opened(path, std::ios::trunc);
    opened << api::make_openapi(routes, "transcript") << '\n';
    return opened;
  }();
  boost::json::object headers;
  for (const http::Header& header : response.headers) headers[header.name] = header.value;
  const boost::json::object exchange{{"scenario", scenario},
                                     {"line", line},
                                     {"method", http::method_name(request.method)},
                                     {"target", request.target},
                                     {"body", without_tokens(request.body)},
                                     {"status", response.status},
                                     {"headers", std::move(headers)},
                                     {"answer", without_tokens(response.body)}};
  file << boost::json::serialize(exchange) << '\n' << std::flush;
}

}  // namespace overture::test
