// Reads as the recipe it is: run() is what happens to a request, top to bottom.
#include "api/pipeline.hpp"

#include <chrono>

#include "api/entity_tag.hpp"
#include "api/error_body.hpp"
#include "api/idempotency.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "intake/counts.hpp"
#include "rest/body.hpp"

namespace overture::api {
namespace {

using base::Error;
using base::ErrorCode;

/// argon2id takes 64 MiB each: two at a time, and a short queue.
constexpr std::size_t kPasswordThreads = 2;
constexpr std::size_t kPasswordQueue = 32;
/// Asking other servers takes next to nothing but time.
constexpr std::size_t kOutsideThreads = 4;
constexpr std::size_t kOutsideQueue = 8;
/// Whose turn comes later than this is refused: somebody waits for the answer.
constexpr std::chrono::seconds kLongestWait{20};

/// ETag, and 304 without a body when the client has this version.
void tag_entity(const http::Request& request, http::Response& response) {
  std::string tag = make_entity_tag(response.body);
  std::string_view known = request.header("If-None-Match");
  if (!known.empty() && names_entity_tag(known, tag)) {
    response.status = 304;
    response.body.clear();
  }
  response.headers.push_back({"ETag", std::move(tag)});
}

}  // namespace

/// A request with everything that is found out about it.
struct Pipeline::Exchange {
  http::Request request;
  http::Reply reply;
  std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();
  base::Millis now = 0;
  int route_number = -1;
  const Route* route = nullptr;
  std::vector<std::string> path;
  std::vector<http::Method> allowed;
  rest::Parameters query;
  boost::json::value json;
  std::exception_ptr body_error;
  std::shared_ptr<const void> prepared;
  Caller caller;
  RateLimit::Verdict verdict;
  std::string text;
  std::int64_t items = 1;
  std::vector<std::function<void()>> after;
  std::optional<IdempotentRequest> idempotent;
  bool replayed = false;
};

Pipeline::Pipeline(Services services, http::Dispatch outside)
    : services_(services),
      known_callers_(services_.database, services_.tokens),
      outside_(std::move(outside)),
      routes_(make_routes()),
      password_pool_(kPasswordThreads, kPasswordQueue),
      outside_pool_(kOutsideThreads, kOutsideQueue) {
  for (const Route& route : routes_) {
    router_.add(route.method, route.path);
    metrics_.push_back(std::make_unique<RouteMetrics>());
  }
  metrics_.push_back(std::make_unique<RouteMetrics>());
}

Pipeline::~Pipeline() = default;

void Pipeline::dispatch(http::Request&& request, http::Reply reply) {
  if (request.path != "/api" && !std::string_view(request.path).starts_with("/api/")) {
    outside_(std::move(request), std::move(reply));
    return;
  }
  auto exchange = std::make_shared<Exchange>();
  exchange->request = std::move(request);
  exchange->reply = std::move(reply);
  exchange->now = services_.clock.now();
  try {
    run(exchange);
  } catch (...) {
    fail(*exchange, std::current_exception());
  }
}

void Pipeline::run(const ExchangePtr& exchange) {
  Exchange& now = *exchange;
  if (maintenance_) throw Error(ErrorCode::maintenance);
  http::Match match = router_.find(now.request.method, now.request.path);
  now.route_number = match.route;
  now.path = std::move(match.parameters);
  now.allowed = std::move(match.allowed);
  if (match.route >= 0) now.route = &routes_.at(static_cast<std::size_t>(match.route));

  bool reads = now.route != nullptr && now.route->lane == Lane::read;
  if (now.route == nullptr || now.route->permission != Permission::anyone) {
    services_.database.read([&](db::Connection& connection) {
      admit(now, connection);
      find_route(now);
      if (reads) call_handler(now, &connection);
    });
  } else {
    find_route(now);
    if (reads) services_.database.read([&](db::Connection& connection) { call_handler(now, &connection); });
  }
  if (reads) {
    answer(now);
  } else if (now.route->lane == Lane::write) {
    run_write(exchange);
  } else if (now.route->lane == Lane::password) {
    run_apart(exchange, password_pool_, "Too many log-ins at once");
  } else {
    run_apart(exchange, outside_pool_, "Too many tests at once; try again in a minute");
  }
}

void Pipeline::admit(Exchange& now, db::Connection& connection) {
  now.caller = known_callers_.authenticate(connection, now.request, now.now);
  if (now.route != nullptr) {
    if (!may(now.caller.role, now.route->permission)) throw Error(ErrorCode::access_denied);
    if (now.caller.read_only && now.route->lane != Lane::read) {
      throw Error(ErrorCode::access_denied, "This API key may only read");
    }
  }
  now.verdict = services_.rate_limit.take(now.caller.scope.user, now.now);
  if (!now.verdict.allowed) throw Error(ErrorCode::rate_limited);
}

void Pipeline::find_route(Exchange& now) const {
  if (now.route == nullptr) {
    throw Error(now.allowed.empty() ? ErrorCode::not_found : ErrorCode::method_not_allowed);
  }
  bool anyone = now.route->permission == Permission::anyone;
  now.query = rest::Parameters::parse(now.request.query);
  if (now.route->method == http::Method::get || now.route->method == http::Method::delete_) return;
  std::string_view key = now.request.header("Idempotency-Key");
  if (!key.empty() && now.route->method == http::Method::post && !anyone)
    now.idempotent.emplace(now.request, key, services_.sealer);
  try {
    if (now.route->prepare != nullptr) {
      // As for parse_body(): no text is an empty object.
      bool empty = base::trim(now.request.body).empty();
      now.prepared = now.route->prepare(empty ? std::string_view("{}") : std::string_view(now.request.body));
      now.request.body = {};
    } else {
      now.json = rest::parse_body(now.request.body);
    }
  } catch (const Error&) {
    now.body_error = std::current_exception();
  }
}

void Pipeline::call_handler(Exchange& now, db::Connection* connection) {
  run_handler(now, *now.route, connection);
}

void Pipeline::run_handler(Exchange& now, const Route& route, db::Connection* connection) {
  Call call{now.request,
            now.path,
            now.query,
            now.json,
            now.body_error,
            now.prepared,
            services_,
            now.caller,
            now.now,
            connection,
            now.route->lane == Lane::write,
            now.idempotent ? &*now.idempotent : nullptr};
  now.text = route.handler(call);
  now.replayed = call.replayed;
  now.items = call.items;
  now.after = std::move(call.after);
}

void Pipeline::run_write(const ExchangePtr& exchange) {
  services_.database.write_async(
      [this, exchange](db::Connection& connection) { write(*exchange, connection); },
      [this, exchange](const std::exception_ptr& problem) {
        if (problem) {
          fail(*exchange, problem);
        } else {
          answer(*exchange);
        }
      });
}

void Pipeline::write(Exchange& now, db::Connection& connection) {
  const rest::Scope& scope = now.caller.scope;
  if (now.idempotent) {
    std::optional<std::string> answer = now.idempotent->find_answer(connection, scope, now.now);
    now.replayed = answer.has_value();
    if (now.replayed) {
      now.text = std::move(*answer);
      return;
    }
  }
  check_precondition(now, connection);
  call_handler(now, &connection);
  if (now.idempotent) now.idempotent->keep_answer(connection, scope, now.text, now.now);
  intake::note_change(connection, scope.account);
}

/// If-Match on a write is held against what GET shows now of the object that it changes.
void Pipeline::check_precondition(Exchange& now, db::Connection& connection) {
  std::string_view wanted = now.request.header("If-Match");
  if (wanted.empty()) return;
  for (const std::string_view path : object_paths(now.request.path)) {
    const http::Match shown = router_.find(http::Method::get, path);
    if (shown.route < 0) continue;
    const Route& route = routes_.at(static_cast<std::size_t>(shown.route));
    if (!shows_object(route)) continue;
    run_handler(now, route, &connection);
    if (!names_entity_tag(wanted, make_entity_tag(now.text))) throw Error(ErrorCode::precondition_failed);
    return;
  }
}

void Pipeline::run_apart(const ExchangePtr& exchange, base::WorkerPool& pool, std::string_view busy) {
  bool queued = pool.try_run([this, exchange, busy] {
    try {
      if (std::chrono::steady_clock::now() - exchange->started > kLongestWait) {
        throw Error(ErrorCode::rate_limited, std::string(busy));
      }
      call_handler(*exchange, nullptr);
      answer(*exchange);
    } catch (...) {
      fail(*exchange, std::current_exception());
    }
  });
  if (!queued) throw Error(ErrorCode::rate_limited, std::string(busy));
}

void Pipeline::answer(Exchange& now) {
  for (const auto& action : now.after) action();
  http::Response response;
  response.body = std::move(now.text);
  if (now.replayed) response.headers.push_back({"Idempotency-Replayed", "true"});
  bool read = now.route->method == http::Method::get;
  if (shows_object(*now.route)) tag_entity(now.request, response);
  std::int64_t cost = now.route->cost + (read && now.route->cost > 0 ? now.items : 0);
  add_accounting_headers(response, now.verdict, cost);
  if (now.caller.token > 0) {
    services_.usage.add(now.caller.scope.account, now.caller.scope.user, now.caller.token, cost, now.now);
  }
  auto spent = std::chrono::steady_clock::now() - now.started;
  metrics_.at(static_cast<std::size_t>(now.route_number))
      ->record(response.status, std::chrono::duration_cast<std::chrono::microseconds>(spent).count());
  now.reply(std::move(response));
}

void Pipeline::fail(Exchange& now, const std::exception_ptr& problem) {
  http::Response response = make_error_response(problem, now.request);
  if (response.status == 429 || response.status == 503) {
    std::int64_t wait = response.status == 429 ? std::max<std::int64_t>(1, now.verdict.reset) : 5;
    response.headers.push_back({"Retry-After", std::to_string(wait)});
  }
  for (http::Method method : now.allowed) {
    if (response.status == 405) response.headers.push_back({"Allow", std::string(http::method_name(method))});
  }
  std::int64_t cost = now.route == nullptr ? 0 : now.route->cost;
  add_accounting_headers(response, now.verdict, cost);
  bool counted = now.caller.token > 0 && now.verdict.allowed;
  if (counted)
    services_.usage.add(now.caller.scope.account, now.caller.scope.user, now.caller.token, cost, now.now);
  auto spent = std::chrono::steady_clock::now() - now.started;
  std::size_t number =
      now.route_number < 0 ? metrics_.size() - 1 : static_cast<std::size_t>(now.route_number);
  metrics_.at(number)->record(response.status,
                              std::chrono::duration_cast<std::chrono::microseconds>(spent).count());
  now.reply(std::move(response));
}

std::size_t Pipeline::body_limit(const http::Request& head) const {
  http::Match match = router_.find(head.method, head.path);
  if (match.route < 0) return kUsualBodyLimit;
  return routes_.at(static_cast<std::size_t>(match.route)).body_limit;
}

}  // namespace overture::api
