// Tags, milestones and fields can be removed for good: whoever points at one must not do so while it goes.
#pragma once
#include <cstdint>
#include <string>

#include "db/connection.hpp"

namespace overture::intake {

/// Until the end of the write nothing of the account that was found after this call is removed.
inline void hold_references(db::Connection& connection, std::int64_t account) {
  connection.lock("references:" + std::to_string(account), false);
}

/// Before something is removed: waits for those who hold, and shows what they wrote.
inline void await_references(db::Connection& connection, std::int64_t account) {
  connection.lock("references:" + std::to_string(account));
}

}  // namespace overture::intake
