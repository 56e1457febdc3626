// One request on its way through a handler.
#pragma once
#include <boost/json/value.hpp>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "api/caller.hpp"
#include "api/services.hpp"
#include "http/message.hpp"
#include "rest/parameters.hpp"

namespace overture::api {

class IdempotentRequest;

struct Call {
  const http::Request& request;
  const std::vector<std::string>& path;  ///< decoded {…} parts
  const rest::Parameters& query;
  const boost::json::value& json;               ///< the body; see body_error
  const std::exception_ptr& body_error;         ///< why there is no body
  const std::shared_ptr<const void>& prepared;  ///< what the route's `prepare` made of the body
  Services& services;
  const Caller& caller;
  base::Millis now;
  db::Connection* connection = nullptr;           ///< none on Lane::password
  bool writing = false;                           ///< inside a write: nothing that is read may be remembered
  const IdempotentRequest* idempotent = nullptr;  ///< the Idempotency-Key of a POST; see answer_once()

  std::int64_t items = 1;                         ///< objects in the answer, for its cost
  std::vector<std::function<void()>> after = {};  ///< run once the write is durable
  bool replayed = false;                          ///< the answer is one that was given before

  db::Connection& db() { return *connection; }
  const rest::Scope& scope() const { return caller.scope; }
  /// The parsed body. Throws invalid_json; read it after looking up what the path names (404 comes before
  /// 400).
  const boost::json::value& body() const {
    if (body_error) std::rethrow_exception(body_error);
    return json;
  }
  /// What `prepare` made. Throws what it threw.
  template <class T>
  const T& prepared_as() const {
    if (body_error) std::rethrow_exception(body_error);
    return *static_cast<const T*>(prepared.get());
  }
  /// The path's n-th part as an id; throws not_found with `message` when it is none.
  std::int64_t id(std::size_t part, std::string_view message) const;
};

}  // namespace overture::api
