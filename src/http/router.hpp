// From method and path to a route number and its path parameters.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"

namespace overture::http {

struct Match {
  int route = -1;                       ///< the number given by add(); -1 when nothing matches
  std::vector<std::string> parameters;  ///< percent-decoded values of the {…} parts, in order
  std::vector<Method> allowed;          ///< filled when the path is known but the method is not (405)
};

/// A trailing slash is the same route; PATCH finds a PUT route; HEAD finds a GET route. Literal parts win over {…}.
class Router {
 public:
  /// `path` like `/api/campaigns/{campaign}/tags`; returns the route's number, counting from 0.
  int add(Method method, std::string_view path);
  Match find(Method method, std::string_view path) const;

 private:
  struct Node;
  struct Entry {
    Method method;
    std::vector<std::string> parts;
  };
  std::vector<Entry> routes_;
};

/// `%41` → `A`; a `+` stays. nullopt on a broken escape.
std::optional<std::string> percent_decode(std::string_view text);

}  // namespace overture::http
