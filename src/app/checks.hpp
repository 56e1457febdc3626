// The checks of `overture doctor`, one finding each.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "app/config.hpp"
#include "db/database.hpp"

namespace overture::app {

enum class Health { ok, warning, error };

struct Finding {
  Health health = Health::ok;
  std::string_view subject;
  std::string text;
};
using Findings = std::vector<Finding>;

/// Directory, disk, secret key, descriptors, clock, time zones, public address: what needs no database.
Findings check_machine(const Config& config);
/// Schema, integrity, counters, clock against the rows: costs a full read of the database.
Findings check_database(const Config& config);

}  // namespace overture::app
