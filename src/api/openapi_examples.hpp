// Examples of the operations: requests and answers of the API scenarios, kept in openapi_examples.json.
#pragma once
#include <boost/json/object.hpp>
#include <string>

namespace overture::api {

/// The example of an operation, by method and path as in `GET /api/tags`; nullptr when there is none yet.
/// {"parameters": {name: value}, "body": …, "answer": …}: what does not apply is left out.
/// tests/e2e/document_test.py writes the file and holds it against the document.
const boost::json::object* find_example(const std::string& method_and_path);

}  // namespace overture::api
