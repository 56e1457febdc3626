// Paths: the tree of routes answers what a plain comparison with every route answers.
#include <algorithm>
#include <array>
#include <set>

#include "http/router.hpp"
#include "promise.hpp"

using namespace overture;
using fuzz::promise;
using http::Method;

namespace {

struct Route {
  Method method;
  const char* path;
};

// Every shape of the API: shared beginnings, literals beside parameters, one path with several methods.
constexpr std::array<Route, 18> kRoutes{{
    {Method::get, "/"},
    {Method::get, "/api/me"},
    {Method::get, "/api/contacts"},
    {Method::get, "/api/contacts/{id}"},
    {Method::put, "/api/contacts/{id}"},
    {Method::patch, "/api/contacts/{id}/names"},
    {Method::put, "/api/contacts/{id}/names"},
    {Method::post, "/api/campaigns/import"},
    {Method::get, "/api/campaigns/{id}"},
    {Method::put, "/api/campaigns/{id}"},
    {Method::post, "/api/campaigns/{campaign}/import"},
    {Method::delete_, "/api/campaigns/{campaign}/tags/{tag}"},
    {Method::post, "/api/automations/launch"},
    {Method::post, "/api/automations/{automation}/launch"},
    {Method::get, "/{any}/me"},
    {Method::head, "/api/{any}"},
    {Method::get, "/api/{any}"},
    {Method::options, "/{a}/{b}/{c}"},
}};

std::vector<std::string_view> parts_of(std::string_view path) {
  std::vector<std::string_view> parts;
  path.remove_prefix(1);
  if (path.ends_with('/')) path.remove_suffix(1);
  while (!path.empty()) {
    const auto slash = std::min(path.find('/'), path.size());
    parts.push_back(path.substr(0, slash));
    path.remove_prefix(slash);
    if (path.starts_with('/')) path.remove_prefix(1);
  }
  return parts;
}

bool is_parameter(std::string_view part) { return part.starts_with('{'); }

bool fits(const std::vector<std::string_view>& pattern, const std::vector<std::string>& parts) {
  return std::equal(pattern.begin(), pattern.end(), parts.begin(), parts.end(),
                    [](std::string_view wanted, const std::string& part) {
                      return is_parameter(wanted) || wanted == part;
                    });
}

/// 0 where the route has this method itself, 1 where it stands in for it, -1 where it does not.
int serves(Method route, Method asked) {
  if (route == asked) return 0;
  const bool stands_in =
      (asked == Method::head && route == Method::get) || (asked == Method::patch && route == Method::put);
  return stands_in ? 1 : -1;
}

const http::Router& router() {
  static const http::Router made = [] {
    http::Router fresh;
    for (const Route& route : kRoutes) fresh.add(route.method, route.path);
    return fresh;
  }();
  return made;
}

struct Candidate {
  std::vector<bool> is_parameter;  ///< literals first, from left to right
  int substitute;
  int route;
  friend auto operator<=>(const Candidate&, const Candidate&) = default;
};

void compare(Method method, std::string_view path, const std::vector<std::string>& parts) {
  std::set<Candidate> candidates;
  std::set<Method> allowed;
  for (std::size_t i = 0; i < kRoutes.size(); ++i) {
    const auto pattern = parts_of(kRoutes[i].path);
    if (!fits(pattern, parts)) continue;
    for (int m = 0; m < 7; ++m) {
      if (serves(kRoutes[i].method, static_cast<Method>(m)) >= 0) allowed.insert(static_cast<Method>(m));
    }
    const int substitute = serves(kRoutes[i].method, method);
    if (substitute < 0) continue;
    Candidate candidate{{}, substitute, static_cast<int>(i)};
    for (const auto part : pattern) candidate.is_parameter.push_back(is_parameter(part));
    candidates.insert(std::move(candidate));
  }
  const http::Match match = router().find(method, path);
  if (candidates.empty()) {
    promise(match.route == -1, "no route fits");
    promise(std::set<Method>(match.allowed.begin(), match.allowed.end()) == allowed,
            "the methods of the path");
    return;
  }
  promise(match.route == candidates.begin()->route, "the most literal route");
  std::vector<std::string> expected;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (candidates.begin()->is_parameter[i]) expected.push_back(parts[i]);
  }
  promise(match.parameters == expected, "its parameters");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  if (size == 0) return 0;
  const auto method = static_cast<Method>(data[0] % 7);
  const auto path = fuzz::text_of(data + 1, size - 1);
  if (!path.starts_with('/')) {
    promise(router().find(method, path).route == -1, "a path begins with a slash");
    return 0;
  }
  std::vector<std::string> decoded;
  bool fits_nothing = path.find("//") != std::string_view::npos;
  for (const auto part : parts_of(path)) {
    auto text = http::percent_decode(part);
    fits_nothing = fits_nothing || !text;
    if (text) {
      promise(text->size() <= part.size(), "decoding never grows");
      promise(part.find('%') != std::string_view::npos || *text == part, "plain text is itself");
      decoded.push_back(std::move(*text));
    }
  }
  if (fits_nothing) {
    promise(router().find(method, path).route == -1, "empty parts and broken escapes match nothing");
  } else {
    compare(method, path, decoded);
  }
  return 0;
}
