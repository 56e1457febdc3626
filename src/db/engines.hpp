// The two engines behind Database::open.
#pragma once
#include <memory>
#include <string>

#include "db/database.hpp"

namespace overture::db {

std::unique_ptr<Database> open_sqlite(const std::string& path, const Options& options);
std::unique_ptr<Database> open_postgres(const Options& options);

/// Writes that may wait before new ones are refused.
inline constexpr std::size_t kMostWaitingWrites = 10'000;
/// How long a read may wait for a free connection.
inline constexpr base::Millis kLongestWaitForReader = 3 * base::kSecond;
/// The limit of a statement in a write that sets none itself.
inline constexpr base::Millis kWriteDeadline = base::kMinute;

}  // namespace overture::db
