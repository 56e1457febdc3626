// How statements and values are written for PostgreSQL.
#pragma once
#include <array>
#include <string>
#include <string_view>

#include "db/sql.hpp"

namespace overture::db {

/// `?` becomes `$1`, `$2`, … outside of quotes and comments; `??` stands for a question mark.
std::string number_places(std::string_view sql);

/// A number as PostgreSQL reads it, in `buffer`; it reads back as the same number.
using NumberBuffer = std::array<char, 40>;
std::string_view write_number(std::int64_t value, NumberBuffer& buffer);
std::string_view write_number(double value, NumberBuffer& buffer);

/// Appends a value as a field of COPY in text format.
void append_copy_field(std::string& out, const Value& value);

/// 64 bits that stand for `name` in advisory locks, the same in every program (FNV-1a).
std::int64_t lock_number(std::string_view name);

}  // namespace overture::db
