// From method and path to a route number and its path parameters.
#pragma once
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/message.hpp"

namespace overture::http {

struct Match {
  int route = -1;                       ///< the number given by add(); -1 when nothing matches
  std::vector<std::string> parameters;  ///< percent-decoded values of the {…} parts, in order
  std::vector<Method> allowed;          ///< filled when the path is known but the method is not (405)
};

/// A trailing slash is the same route; PATCH finds a PUT route; HEAD finds a GET route. Literal parts win
/// over {…}. A literal path without the method gives way to a {…} path that has it; `allowed` names the
/// methods of both. A path with an empty part (`//`) or a broken escape matches nothing.
class Router {
 public:
  /// `path` like `/api/campaigns/{campaign}/tags`; returns the route's number, counting from 0.
  /// Throws std::logic_error for a path without its leading slash, with too many {…}, or added before.
  int add(Method method, std::string_view path);
  Match find(Method method, std::string_view path) const;

 private:
  static constexpr std::size_t kMethods = 7;
  static constexpr std::size_t kMostParameters = 8;
  /// One part of a path; the paths below it are its children.
  struct Node {
    Node() { routes.fill(-1); }
    std::vector<std::pair<std::string, std::size_t>> literals;  ///< sorted by text; positions in nodes_
    std::size_t parameter = 0;                                  ///< position of the {…} child, 0 when none
    std::array<int, kMethods> routes;                           ///< by method, -1 when none
  };
  struct Search;

  void descend(Search& search, std::size_t node, std::string_view rest) const;
  std::size_t find_literal(const Node& node, std::string_view part) const;
  static std::size_t position(const Node& node, std::string_view part);

  std::vector<Node> nodes_{1};
  int count_ = 0;
};

/// `%41` → `A`; a `+` stays. nullopt on a broken escape.
std::optional<std::string> percent_decode(std::string_view text);

}  // namespace overture::http
