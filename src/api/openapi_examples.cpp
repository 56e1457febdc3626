// Parsed once, when the document is first asked for.
#include "api/openapi_examples.hpp"

#include <boost/json/parse.hpp>

#include "embedded/api_examples.hpp"

namespace overture::api {

const boost::json::object* find_example(const std::string& method_and_path) {
  static const boost::json::object all =
      boost::json::parse(embedded::api_examples().front().bytes).as_object();
  const boost::json::value* found = all.if_contains(method_and_path);
  return found == nullptr ? nullptr : &found->as_object();
}

}  // namespace overture::api
