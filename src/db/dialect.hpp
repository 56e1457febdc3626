// What differs between the engines, in one place.
#pragma once
#include <string>
#include <string_view>

#include "db/connection.hpp"

namespace overture::db {

/// A migration as the engine wants it: the words in braces replaced (see dialect.cpp). Throws base::Error
/// `internal` for a word that does not exist.
std::string translate_schema(std::string_view script, Engine engine);

}  // namespace overture::db
