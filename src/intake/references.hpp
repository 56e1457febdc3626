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

/// Until the end of the write every milestone of the account that is found after this call stays, with its
/// kind. A lock of its own: who removes tags or fields writes opportunities, and who asks for this has
/// written one already.
inline void hold_milestones(db::Connection& connection, std::int64_t account) {
  connection.lock("milestones:" + std::to_string(account), false);
}

/// Before a milestone is removed or its kind is changed: waits for those who hold. Such a write changes no
/// opportunity.
inline void await_milestones(db::Connection& connection, std::int64_t account) {
  connection.lock("milestones:" + std::to_string(account));
}

}  // namespace overture::intake
