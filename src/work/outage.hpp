// Whose fault a failure is.
#pragma once
#include <exception>

#include "base/error.hpp"

namespace overture::work {

/// It says something about the database and nothing about the work: whoever comes next would fare the same.
/// Of other failures the one work is to blame, and it shall not hold up the rest.
inline bool is_outage(const std::exception& error) {
  const auto* ours = dynamic_cast<const base::Error*>(&error);
  return ours != nullptr && ours->code() == base::ErrorCode::unavailable;
}

}  // namespace overture::work
