// The way of every request under /api: maintenance, token, limit, route, handler, answer.
#pragma once
#include <atomic>
#include <memory>
#include <vector>

#include "api/known_callers.hpp"
#include "api/route.hpp"
#include "api/route_metrics.hpp"
#include "base/worker_pool.hpp"
#include "http/router.hpp"

namespace overture::api {

/// Errors are answered in this order when several apply (contract 3.2): 503, 401, 403, 429, 404, 400.
class Pipeline {
 public:
  /// `outside` answers everything that is not under /api.
  Pipeline(Services services, http::Dispatch outside);
  ~Pipeline();

  /// Answers one request; `reply` is called once, from this thread or another. Never throws.
  void dispatch(http::Request&& request, http::Reply reply);
  std::size_t body_limit(const http::Request& head) const;

  /// Reads the maintenance switch and writes usage; to be called twice a second or so. Never throws.
  void tick();
  /// Writes usage now. Never throws.
  void flush();
  bool in_maintenance() const { return maintenance_; }

  const Routes& routes() const { return routes_; }
  /// In the order of routes(); the last one counts what found no route.
  const std::vector<std::unique_ptr<RouteMetrics>>& metrics() const { return metrics_; }

 private:
  void wake_snoozed(base::Millis now);

  struct Exchange;
  using ExchangePtr = std::shared_ptr<Exchange>;

  void run(const ExchangePtr& exchange);
  void admit(Exchange& exchange, db::Connection& connection);
  void find_route(Exchange& exchange) const;
  void run_write(const ExchangePtr& exchange);
  void run_apart(const ExchangePtr& exchange, base::WorkerPool& pool, std::string_view busy);
  void write(Exchange& exchange, db::Connection& connection);
  void check_precondition(Exchange& exchange, db::Connection& connection);
  void call_handler(Exchange& exchange, db::Connection* connection);
  void run_handler(Exchange& exchange, const Route& route, db::Connection* connection);
  void answer(Exchange& exchange);
  void fail(Exchange& exchange, const std::exception_ptr& problem);

  Services services_;
  KnownCallers known_callers_;
  http::Dispatch outside_;
  Routes routes_;
  http::Router router_;
  std::vector<std::unique_ptr<RouteMetrics>> metrics_;
  std::atomic<bool> maintenance_{false};
  std::atomic<bool> database_away_{false};
  std::atomic<base::Millis> flushed_at_{0};
  std::atomic<base::Millis> forgotten_at_{0};
  base::WorkerPool password_pool_;
  base::WorkerPool outside_pool_;
};

}  // namespace overture::api
