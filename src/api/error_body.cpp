// One place where exceptions become bodies.
#include "api/error_body.hpp"

#include "base/error.hpp"
#include "base/log.hpp"
#include "rest/json_writer.hpp"

namespace overture::api {
namespace {

using base::Error;

void write_error(std::string& out, const Error& error, const std::string& request_id) {
  out += "{\"message\":";
  rest::write_string(out, error.message());
  out += ",\"code\":";
  rest::write_string(out, base::error_kind(error.code()).name);
  if (error.code() == base::ErrorCode::invalid_query && !error.detail().empty()) {
    // The documented text is the same for all; what is wrong with the query stands here.
    out += ",\"errors\":[{\"field\":\"q\",\"message\":";
    rest::write_string(out, error.detail());
    out += "}]";
  } else if (!error.fields().empty()) {
    out += ",\"errors\":[";
    for (const base::FieldError& field : error.fields()) {
      if (out.back() == '}') out += ',';
      out += "{\"field\":";
      rest::write_string(out, field.field);
      out += ",\"message\":";
      rest::write_string(out, field.message);
      out += '}';
    }
    out += ']';
  }
  out += ",\"request_id\":";
  rest::write_string(out, request_id);
  out += '}';
}

http::Response response_of(const Error& error, const http::Request& request) {
  http::Response response;
  response.status = error.status();
  write_error(response.body, error, request.id);
  return response;
}

}  // namespace

http::Response make_error_response(const std::exception_ptr& problem, const http::Request& request) {
  try {
    std::rethrow_exception(problem);
  } catch (const Error& error) {
    if (error.status() >= 500 && error.code() != base::ErrorCode::maintenance) {
      base::log_error("request failed", {{"request_id", request.id}, {"problem", error.what()}});
    } else if (!error.detail().empty()) {
      base::log_debug("request refused", {{"request_id", request.id}, {"detail", error.detail()}});
    }
    return response_of(error, request);
  } catch (const std::exception& error) {
    base::log_error("request failed", {{"request_id", request.id}, {"problem", error.what()}});
  } catch (...) {
    base::log_error("request failed", {{"request_id", request.id}, {"problem", "unknown exception"}});
  }
  return response_of(Error(base::ErrorCode::internal), request);
}

void add_accounting_headers(http::Response& response, const RateLimit::Verdict& verdict, std::int64_t cost) {
  response.headers.push_back({"X-Request-Cost", std::to_string(cost)});
  if (verdict.limit == 0) return;
  response.headers.push_back({"X-RateLimit-Limit", std::to_string(verdict.limit)});
  response.headers.push_back({"X-RateLimit-Remaining", std::to_string(verdict.remaining)});
  response.headers.push_back({"X-RateLimit-Reset", std::to_string(verdict.reset)});
}

}  // namespace overture::api
