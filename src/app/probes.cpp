#include "app/probes.hpp"

#include <fmt/format.h>

#include <array>

#include "api/error_body.hpp"
#include "api/openapi.hpp"
#include "app/metrics_text.hpp"
#include "app/reference.hpp"
#include "app/version.hpp"
#include "base/error.hpp"

namespace overture::app {
namespace {

constexpr std::string_view kPlainText = "text/plain; charset=utf-8";
constexpr std::string_view kPrometheusText = "text/plain; version=0.0.4; charset=utf-8";

http::Response plain(int status, std::string_view text) {
  http::Response response;
  response.status = status;
  response.content_type = kPlainText;
  response.headers.push_back({"Cache-Control", "no-store"});
  response.body = fmt::format("{}\n", text);
  return response;
}

http::Response refuse(const http::Request& request, base::ErrorCode code) {
  return api::make_error_response(std::make_exception_ptr(base::Error(code)), request);
}

void write_server_metrics(MetricsText& text, const http::ServerMetrics& server) {
  text.family("overture_connections_open", "gauge", "Connections to clients.");
  text.sample(server.connections_open.load());
  text.family("overture_connections_accepted_total", "counter", "Connections accepted.");
  text.sample(server.connections_accepted.load());
  text.family("overture_connections_refused_total", "counter",
              "Connections closed because there were too many.");
  text.sample(server.connections_refused.load());
  text.family("overture_accept_failures_total", "counter",
              "Times the system had no descriptor or memory left.");
  text.sample(server.accept_failures.load());
  text.family("overture_requests_in_flight", "gauge", "Requests not yet answered.");
  text.sample(server.requests_in_flight.load());
  text.family("overture_connection_timeouts_total", "counter", "Connections closed for being slow.");
  text.sample(server.timeouts.load());
  text.family("overture_handler_exceptions_total", "counter",
              "Faults of the program, caught by the last net.");
  text.sample(server.handler_exceptions.load());
  text.family("overture_responses_total", "counter", "Responses by class of status.");
  for (std::size_t status_class = 1; status_class < server.responses_by_class.size(); ++status_class) {
    text.sample(server.responses_by_class.at(status_class).load(),
                {{"class", fmt::format("{}xx", status_class)}});
  }
}

struct RouteName {
  std::string method;
  std::string path;
};

/// Routes that nobody has called yet are left out.
void write_route_metrics(MetricsText& text, const api::Pipeline& pipeline) {
  std::vector<std::pair<RouteName, const api::RouteMetrics*>> called;
  for (std::size_t i = 0; i < pipeline.metrics().size(); ++i) {
    const api::RouteMetrics& metrics = *pipeline.metrics().at(i);
    bool any = false;
    for (const auto& count : metrics.by_class) any = any || count.load() > 0;
    if (!any) continue;
    const bool known = i < pipeline.routes().size();
    called.push_back({known ? RouteName{std::string(http::method_name(pipeline.routes().at(i).method)),
                                        std::string(pipeline.routes().at(i).path)}
                            : RouteName{"-", "none"},
                      &metrics});
  }
  text.family("overture_api_requests_total", "counter", "API requests by operation and class of status.");
  for (const auto& [name, metrics] : called) {
    for (std::size_t status_class = 1; status_class < metrics->by_class.size(); ++status_class) {
      const std::uint64_t count = metrics->by_class.at(status_class).load();
      if (count == 0) continue;
      text.sample(
          count,
          {{"method", name.method}, {"path", name.path}, {"class", fmt::format("{}xx", status_class)}});
    }
  }
  text.family("overture_api_request_seconds", "histogram", "Time from the request read to its answer made.");
  for (const auto& [name, metrics] : called) {
    std::uint64_t sum = 0;
    for (std::size_t bucket = 0; bucket < metrics->by_latency.size(); ++bucket) {
      sum += metrics->by_latency.at(bucket).load();
      const std::string bound =
          bucket < api::kLatencyBounds.size()
              ? fmt::format("{}", static_cast<double>(api::kLatencyBounds.at(bucket)) / 1e6)
              : "+Inf";
      text.sample(sum, {{"method", name.method}, {"path", name.path}, {"le", bound}}, "_bucket");
    }
    text.sample(static_cast<double>(metrics->microseconds.load()) / 1e6,
                {{"method", name.method}, {"path", name.path}}, "_sum");
    text.sample(sum, {{"method", name.method}, {"path", name.path}}, "_count");
  }
}

/// Only states that jobs leave again: the table keeps the finished ones for ever.
constexpr std::array<std::string_view, 3> kLivelyStates = {"queued", "running", "failed"};

void write_job_metrics(MetricsText& text, db::Database& database) {
  std::array<std::int64_t, kLivelyStates.size()> counts{};
  bool answered = true;
  try {
    database.read([&counts](db::Connection& connection) {
      for (std::size_t i = 0; i < counts.size(); ++i) {
        counts.at(i) =
            connection.integer(db::Sql("SELECT count(*) FROM jobs WHERE state = ?", kLivelyStates.at(i)));
      }
    });
  } catch (const base::Error&) {
    answered = false;
  }
  text.family("overture_database_up", "gauge", "1 when the database answered this request.");
  text.sample(answered ? 1 : 0);
  if (!answered) return;
  text.family("overture_jobs", "gauge", "Jobs by state.");
  for (std::size_t i = 0; i < counts.size(); ++i) text.sample(counts.at(i), {{"state", kLivelyStates.at(i)}});
}

}  // namespace

http::Response Probes::answer(const http::Request& request, const api::Pipeline& pipeline,
                              const http::ServerMetrics* server) const {
  if (std::optional<http::Response> reference = find_reference(request)) return std::move(*reference);
  const std::string& path = request.path;
  if (path != "/healthz" && path != "/readyz" && path != "/metrics" && path != "/swagger.json") {
    return refuse(request, base::ErrorCode::not_found);
  }
  if (request.method != http::Method::get && request.method != http::Method::head) {
    http::Response response = refuse(request, base::ErrorCode::method_not_allowed);
    response.headers.push_back({"Allow", "GET, HEAD"});
    return response;
  }
  if (path == "/healthz") return plain(200, "ok");
  if (path == "/readyz") return ready(pipeline);
  if (path == "/swagger.json") {
    http::Response document;
    document.body = api::make_openapi(pipeline.routes(), kVersion);
    return document;
  }
  http::Response response = plain(200, "");
  response.content_type = kPrometheusText;
  response.body = metrics(pipeline, server);
  return response;
}

http::Response Probes::ready(const api::Pipeline& pipeline) const {
  if (pipeline.in_maintenance()) return plain(503, "maintenance");
  try {
    const int version =
        parts_.database.read([](db::Connection& connection) { return db::schema_version(connection); });
    if (version != db::latest_schema_version()) {
      return plain(503, fmt::format("the database is at schema {}, this program at {}", version,
                                    db::latest_schema_version()));
    }
  } catch (const base::Error&) {
    return plain(503, "the database does not answer");
  }
  return plain(200, "ready");
}

std::string Probes::metrics(const api::Pipeline& pipeline, const http::ServerMetrics* server) const {
  MetricsText text;
  text.family("overture_build_info", "gauge", "1, with the version as a label.");
  text.sample(1, {{"version", kVersion}});
  text.family("overture_uptime_seconds", "gauge", "Since the server was built.");
  text.sample(std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count());
  text.family("overture_maintenance", "gauge", "1 while every API request is answered with 503.");
  text.sample(pipeline.in_maintenance() ? 1 : 0);
  if (server != nullptr) write_server_metrics(text, *server);
  write_route_metrics(text, pipeline);
  write_job_metrics(text, parts_.database);
  text.family("overture_cache_hits_total", "counter", "Rendered rows that were found in memory.");
  text.sample(parts_.caches.fragments.hits());
  text.family("overture_cache_misses_total", "counter", "Rendered rows that had to be made.");
  text.sample(parts_.caches.fragments.misses());
  write_process_metrics(text);
  return text.take();
}

}  // namespace overture::app
