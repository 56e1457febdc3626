// What is asked outside the API and without a token: /healthz, /readyz, /metrics and /swagger.json by
// machines, /docs by people.
#pragma once
#include <chrono>
#include <string>

#include "api/pipeline.hpp"
#include "db/database.hpp"
#include "http/message.hpp"
#include "http/metrics.hpp"
#include "rest/caches.hpp"

namespace overture::app {

class Probes {
 public:
  struct Parts {
    db::Database& database;
    const rest::Caches& caches;
  };
  explicit Probes(Parts parts) : parts_(parts) {}

  /// /healthz: 200 while the process answers. /readyz: 200 when the database answers, is of this version and
  /// there is no maintenance, else 503 with the reason. /metrics: Prometheus text (exposition format 0.0.4).
  /// /swagger.json: the OpenAPI document of the routes that run. /docs: that document for people
  /// (app/reference.hpp). Anything else: 404 in the API's shape.
  /// `server` may be null (no socket).
  http::Response answer(const http::Request& request, const api::Pipeline& pipeline,
                        const http::ServerMetrics* server) const;

 private:
  http::Response ready(const api::Pipeline& pipeline) const;
  std::string metrics(const api::Pipeline& pipeline, const http::ServerMetrics* server) const;

  Parts parts_;
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
};

}  // namespace overture::app
