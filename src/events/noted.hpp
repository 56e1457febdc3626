// Events on their way from the table to those who listen. Inside a write.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "db/connection.hpp"

namespace overture::events {

/// A row of the table.
struct Noted {
  std::int64_t id = 0;
  std::int64_t account = 0;
  std::string kind;              ///< one of kKindNames
  std::int64_t project = 0;      ///< 0: of no project
  std::int64_t opportunity = 0;  ///< 0: of none
  std::string data;              ///< a JSON object, as it was noted
  bool by_automation = false;    ///< it starts no other automation
  base::Millis at = 0;
};

/// The oldest, at most `limit`, in the order they were noted.
std::vector<Noted> find_noted(db::Connection& connection, std::size_t limit);

/// It has been told on.
void forget(db::Connection& connection, const Noted& event);

}  // namespace overture::events
