// Rows that do not fit together: an end that is gone, a chain with a hole. There should never be one; the
// doctor looks.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "db/connection.hpp"

namespace overture::intake {

struct LooseEnd {
  std::string what;  ///< readable: `tags of opportunities where either is gone`
  std::int64_t rows = 0;
};

/// Empty when everything in the account fits together. Reads every table whole.
std::vector<LooseEnd> find_loose_ends(db::Connection& connection, std::int64_t account);

}  // namespace overture::intake
