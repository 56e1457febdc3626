// The tree of routes: one node for each part of a path, literal children in order of their text.
#include "http/router.hpp"

#include <algorithm>
#include <stdexcept>

namespace overture::http {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_parameter(std::string_view part) {
  return part.size() > 2 && part.front() == '{' && part.back() == '}';
}

/// Takes the first part off `rest`; `rest` keeps what stands after its slash.
std::string_view take_part(std::string_view& rest) {
  std::size_t slash = rest.find('/');
  std::string_view part = rest.substr(0, slash);
  rest = slash == std::string_view::npos ? std::string_view{} : rest.substr(slash + 1);
  return part;
}

std::string_view without_slashes(std::string_view path) {
  path.remove_prefix(1);
  if (path.ends_with('/')) path.remove_suffix(1);
  return path;
}

}  // namespace

std::optional<std::string> percent_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    int high = hex_digit(text[i + 1]);
    int low = hex_digit(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

/// What is kept while the tree is walked; the parts are views into the path that was asked for.
struct Router::Search {
  Method method;
  int route = -1;
  std::array<std::string_view, kMostParameters> parts{};
  std::size_t count = 0;
  std::array<bool, kMethods> seen{};  ///< methods of paths that fit, for `allowed`
};

int Router::add(Method method, std::string_view path) {
  if (!path.starts_with('/')) throw std::logic_error("route without a leading slash: " + std::string(path));
  std::size_t node = 0;
  std::size_t parameters = 0;
  for (std::string_view rest = without_slashes(path); !rest.empty();) {
    std::string_view part = take_part(rest);
    std::size_t next = nodes_.size();
    if (is_parameter(part)) {
      if (++parameters > kMostParameters) throw std::logic_error("too many parameters: " + std::string(path));
      if (nodes_[node].parameter != 0) {
        next = nodes_[node].parameter;
      } else {
        nodes_[node].parameter = next;
      }
    } else if (std::size_t known = find_literal(nodes_[node], part); known != 0) {
      next = known;
    } else {
      auto& literals = nodes_[node].literals;
      auto at = literals.begin() + static_cast<std::ptrdiff_t>(position(nodes_[node], part));
      literals.emplace(at, std::string(part), next);
    }
    if (next == nodes_.size()) nodes_.emplace_back();
    node = next;
  }
  int& route = nodes_[node].routes.at(static_cast<std::size_t>(method));
  if (route != -1) throw std::logic_error("route added twice: " + std::string(path));
  route = count_++;
  return route;
}

Match Router::find(Method method, std::string_view path) const {
  Match match;
  if (!path.starts_with('/')) return match;
  Search search{.method = method};
  std::string_view rest = without_slashes(path);
  // "//" is a path of one empty part, which is not the root.
  if (rest.empty() && path.size() > 1) return match;
  descend(search, 0, rest);
  if (search.route == -1) {
    for (std::size_t i = 0; i < kMethods; ++i) {
      if (search.seen[i]) match.allowed.push_back(static_cast<Method>(i));
    }
    return match;
  }
  match.parameters.reserve(search.count);
  for (std::size_t i = 0; i < search.count; ++i) {
    auto value = percent_decode(search.parts[i]);
    if (!value) return {};
    match.parameters.push_back(std::move(*value));
  }
  match.route = search.route;
  return match;
}

void Router::descend(Search& search, std::size_t at, std::string_view rest) const {
  const Node& node = nodes_[at];
  if (rest.empty()) {
    auto route_of = [&node](Method method) { return node.routes[static_cast<std::size_t>(method)]; };
    search.route = route_of(search.method);
    if (search.route == -1 && search.method == Method::head) search.route = route_of(Method::get);
    if (search.route == -1 && search.method == Method::patch) search.route = route_of(Method::put);
    for (std::size_t i = 0; i < kMethods; ++i) search.seen[i] |= node.routes[i] != -1;
    search.seen[static_cast<std::size_t>(Method::head)] |= route_of(Method::get) != -1;
    search.seen[static_cast<std::size_t>(Method::patch)] |= route_of(Method::put) != -1;
    return;
  }
  bool is_last = rest.find('/') == std::string_view::npos;
  std::string_view part = take_part(rest);
  // An empty rest after a slash is an empty part too ("/a//"), which fits nothing.
  if (part.empty() || (!is_last && rest.empty())) return;
  std::size_t literal = find_literal(node, part);
  // `%63ampaigns` is the same text as `campaigns` (RFC 3986 section 6.2.2.2).
  if (literal == 0 && part.find('%') != std::string_view::npos) {
    if (auto decoded = percent_decode(part)) literal = find_literal(node, *decoded);
  }
  if (literal != 0) descend(search, literal, rest);
  if (search.route != -1 || node.parameter == 0) return;
  search.parts[search.count++] = part;
  descend(search, node.parameter, rest);
  if (search.route == -1) --search.count;
}

std::size_t Router::position(const Node& node, std::string_view part) {
  auto at = std::lower_bound(node.literals.begin(), node.literals.end(), part,
                             [](const auto& child, std::string_view text) { return child.first < text; });
  return static_cast<std::size_t>(at - node.literals.begin());
}

std::size_t Router::find_literal(const Node& node, std::string_view part) const {
  std::size_t at = position(node, part);
  if (at == node.literals.size() || node.literals[at].first != part) return 0;
  return node.literals[at].second;
}

}  // namespace overture::http
