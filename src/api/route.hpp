// One operation of the API: where it is, who may call it, what runs, and how it is described.
#pragma once
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "api/call.hpp"
#include "rest/resource.hpp"
#include "rest/view.hpp"

namespace overture::api {

/// Returns the body of the 200.
using Handler = std::string (*)(Call&);

/// Where a handler runs.
enum class Lane {
  read,      ///< at once, on a reading connection
  write,     ///< inside a write transaction; answered when it is durable
  password,  ///< on the small pool for argon2id, without a connection
};

/// A parameter of the query that is not a field of the resource.
struct QueryParameter {
  std::string_view name;
  rest::Type type = rest::Type::string;
  bool required = false;
  std::string_view doc = {};
};

inline constexpr std::size_t kUsualBodyLimit = std::size_t{1} << 20U;
inline constexpr std::size_t kImportBodyLimit = std::size_t{64} << 20U;

struct Route {
  Route(http::Method method_, std::string_view path_, Permission permission_, Lane lane_, Handler handler_)
      : method(method_), path(path_), permission(permission_), lane(lane_), handler(handler_) {}

  http::Method method;
  std::string_view path;
  Permission permission;
  Lane lane;
  Handler handler;

  int number = 0;  ///< in the documented API, 1…52; 0: ours
  std::string_view tag;
  std::string_view summary;
  int cost = 2;  ///< of the request; reads cost one more for each object returned
  /// Reads a large body before the write begins, so that writers do not wait for it; its result is
  /// Call::prepared.
  std::shared_ptr<const void> (*prepare)(std::string_view body) = nullptr;
  std::size_t body_limit = kUsualBodyLimit;
  const rest::View* answer = nullptr;  ///< null: an object of its own kind
  bool is_list = false;
  std::vector<rest::Input> inputs = {};
  std::vector<QueryParameter> parameters = {};

  // The rest of a row, readable as a sentence.
  Route&& documented(int number_, std::string_view tag_, std::string_view summary_) && {
    number = number_;
    return std::move(*this).about(tag_, summary_);
  }
  Route&& about(std::string_view tag_, std::string_view summary_) && {
    tag = tag_;
    summary = summary_;
    return std::move(*this);
  }
  Route&& answers(const rest::View& view) && {
    answer = &view;
    return std::move(*this);
  }
  Route&& lists(const rest::View& view) && {
    is_list = true;
    return std::move(*this).answers(view);
  }
  Route&& takes(std::span<const rest::Input> inputs_) && {
    inputs.assign(inputs_.begin(), inputs_.end());
    return std::move(*this);
  }
  Route&& asks(std::vector<QueryParameter> parameters_) && {
    parameters = std::move(parameters_);
    return std::move(*this);
  }
  Route&& costs(int cost_) && {
    cost = cost_;
    return std::move(*this);
  }
  Route&& prepares(std::shared_ptr<const void> (*prepare_)(std::string_view)) && {
    prepare = prepare_;
    body_limit = kImportBodyLimit;
    return std::move(*this);
  }
};

using Routes = std::vector<Route>;

/// All operations, each file of this folder adds its own.
Routes make_routes();

}  // namespace overture::api
