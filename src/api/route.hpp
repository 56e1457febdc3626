// One operation of the API: where it is, who may call it, what runs, and how it is described.
#pragma once
#include <array>
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
  outside,   ///< on the small pool for what waits for other servers, half a minute at most; without one, too
};

/// A parameter of the query that is not a field of the resource.
struct QueryParameter {
  std::string_view name;
  rest::Type type = rest::Type::string;
  bool required = false;
  std::string_view doc = {};
};

/// A form that the answer's object may take: all its fields are always there. Views of resources have one by
/// themselves; other answers list theirs beside the code that writes them, where SQL plays no part.
struct Form {
  std::string_view name;  ///< among the schemas of the OpenAPI document
  std::span<const rest::Field> fields;
  rest::Views view = rest::kEveryView;  ///< the fields that are shown
};

/// What is known of a property of the answer beyond its field.
struct Shape {
  std::string_view path;                           ///< runs through arrays: `tags.tag.type`
  std::span<const std::string_view> allowed = {};  ///< a text from a closed list
  std::string_view format = {};                    ///< of a text: `uri`, `date`; `email` goes without saying
  std::string_view schema = {};  ///< JSON Schema of what is stored as JSON, where no table knows it
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
  const rest::View* answer = nullptr;  ///< null: no resource's object
  std::vector<Form> forms = {};        ///< of the answer or of a list's items; none: an empty object
  std::vector<Shape> shapes = {};
  bool is_list = false;
  bool answers_array = false;  ///< the answer may also be an array of such objects
  bool takes_array = false;    ///< and so may the body
  std::vector<rest::Input> inputs = {};
  std::vector<std::string_view> needed = {};  ///< one of these inputs has to be there
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
  /// `name` is needed where views of one resource show different fields.
  Route&& answers(const rest::View& view, std::string_view name = {}) && {
    answer = &view;
    return std::move(*this).or_answers(view, name);
  }
  Route&& answers(const Form& form) && {
    forms.push_back(form);
    return std::move(*this);
  }
  /// A further form, which a parameter asks for.
  Route&& or_answers(const rest::View& view, std::string_view name = {}) && {
    forms.push_back({name.empty() ? view.resource().name : name, view.resource().fields, view.bit()});
    return std::move(*this);
  }
  Route&& lists(const rest::View& view, std::string_view name = {}) && {
    is_list = true;
    return std::move(*this).answers(view, name);
  }
  /// Items of several forms.
  Route&& lists(std::vector<Form> forms_) && {
    is_list = true;
    forms = std::move(forms_);
    return std::move(*this);
  }
  Route&& or_an_array() && {
    answers_array = true;
    return std::move(*this);
  }
  Route&& one_or_many() && {
    takes_array = true;
    return std::move(*this).or_an_array();
  }
  Route&& shaped(std::span<const Shape> shapes_) && {
    shapes.assign(shapes_.begin(), shapes_.end());
    return std::move(*this);
  }
  Route&& takes(std::span<const rest::Input> inputs_) && {
    inputs.assign(inputs_.begin(), inputs_.end());
    return std::move(*this);
  }
  /// The server refuses a body without any of these (beside the inputs that are required by themselves).
  Route&& needs_one_of(std::vector<std::string_view> keys) && {
    needed = std::move(keys);
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

/// Whether the answer is one object of a resource as it stands: it has an ETag, and If-Match on a write of
/// object_paths() is held against it.
inline bool shows_object(const Route& route) {
  return route.method == http::Method::get && !route.is_list && route.answer != nullptr;
}

/// Where the object that a write of `path` changes may be shown: there, or, when that is an action of it, at
/// the path without the last part.
inline std::array<std::string_view, 2> object_paths(std::string_view path) {
  if (path.ends_with('/')) path.remove_suffix(1);
  return {path, path.substr(0, path.rfind('/'))};
}

using Routes = std::vector<Route>;

/// All operations, each file of this folder adds its own.
Routes make_routes();

}  // namespace overture::api
