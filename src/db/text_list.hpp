// Lists of texts as one parameter, like append_in() for ids.
#pragma once
#include <span>
#include <string>

#include "db/connection.hpp"

namespace overture::db {

/// Appends `<expression> IN (all of texts)` with the texts bound as one parameter, so that the text of the
/// statement (and the prepared statement) is the same for any number of them. UTF-8 without NUL.
void append_in_texts(Sql& sql, Engine engine, Literal expression, std::span<const std::string> texts);

}  // namespace overture::db
