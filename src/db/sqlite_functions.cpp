// lower() as PostgreSQL answers it under LC_CTYPE C.UTF-8: one code point to one.
#include "db/sqlite_functions.hpp"

#include <sqlite3.h>

#include <exception>

#include "base/text.hpp"

namespace overture::db {
namespace {

void lower(sqlite3_context* context, int, sqlite3_value** arguments) {
  if (sqlite3_value_type(arguments[0]) == SQLITE_NULL) return;
  const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(arguments[0]));
  if (text == nullptr) return sqlite3_result_error_nomem(context);
  const auto size = static_cast<std::size_t>(sqlite3_value_bytes(arguments[0]));
  try {
    const std::string result = base::lower({text, size});
    sqlite3_result_text64(context, result.data(), result.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  } catch (const std::exception& error) {
    sqlite3_result_error(context, error.what(), -1);
  }
}

}  // namespace

int add_sqlite_functions(sqlite3* connection) {
  return sqlite3_create_function_v2(connection, "lower", 1,
                                    SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, nullptr, lower,
                                    nullptr, nullptr, nullptr);
}

}  // namespace overture::db
