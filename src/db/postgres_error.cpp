// SQLSTATEs (PostgreSQL manual, appendix A) as errors of ours.
#include "db/postgres_error.hpp"

#include <string>

namespace overture::db {
namespace {

using base::Error;
using base::ErrorCode;

constexpr std::size_t kLongestSqlInLog = 500;

std::string_view state_of(const PGresult* result) {
  const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  return state == nullptr ? std::string_view() : std::string_view(state);
}

std::string_view message_of(const PGresult* result) {
  const char* message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  return message == nullptr ? std::string_view(PQresultErrorMessage(result)) : std::string_view(message);
}

}  // namespace

PostgresFailure postgres_failure(std::string_view sqlstate) {
  if (sqlstate.empty()) return PostgresFailure::lost;  // libpq's own: the connection broke
  if (sqlstate == "40001" || sqlstate == "40P01") return PostgresFailure::conflict;
  if (sqlstate == "08P01") return PostgresFailure::statement;  // a wrong number of parameters, not the wire
  // Connection exceptions, the server shutting down or crashed or starting, a standby that was the primary.
  if (sqlstate.starts_with("08") || sqlstate.starts_with("57P") || sqlstate == "25006") {
    return PostgresFailure::lost;
  }
  return PostgresFailure::statement;
}

bool is_stale_statement(const PGresult* result) {
  const std::string_view state = state_of(result);
  return state == "26000" ||
         (state == "0A000" && message_of(result).find("cached plan") != std::string_view::npos);
}

Error postgres_error(const PGresult* result, std::string_view sql) {
  const std::string_view state = state_of(result);
  std::string detail = "postgresql " + std::string(state) + ": " + std::string(message_of(result));
  if (!sql.empty()) detail.append(" in: ").append(sql.substr(0, kLongestSqlInLog));
  if (postgres_failure(state) == PostgresFailure::lost) {
    return Error(ErrorCode::unavailable, "The database cannot be reached", std::move(detail));
  }
  if (state == "40001" || state == "40P01" || state == "55P03") {
    return Error(ErrorCode::unavailable, "The database is busy", std::move(detail));
  }
  if (state == "57014") return Error(ErrorCode::unavailable, "The database took too long", std::move(detail));
  if (state == "53100") {
    return Error(ErrorCode::unavailable, "The database cannot be written: disk full", std::move(detail));
  }
  if (state.starts_with("53") || state.starts_with("58")) {
    return Error(ErrorCode::unavailable, "The database is out of resources", std::move(detail));
  }
  if (state == "23505") return Error(ErrorCode::conflict, {}, std::move(detail));
  if (state == "22021") return Error(ErrorCode::invalid_value, "Text must be valid UTF-8", std::move(detail));
  return Error(ErrorCode::internal, {}, std::move(detail));
}

Error postgres_error(const PGconn* connection, std::string_view client) {
  return Error(ErrorCode::unavailable, std::string(client),
               "postgresql: " + std::string(PQerrorMessage(connection)));
}

}  // namespace overture::db
