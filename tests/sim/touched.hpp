// Which opportunities are to be looked at: triggers note whose rows have changed, so that the oracle can
// check the books after every step without reading all of them.
#pragma once
#include "db/database.hpp"

namespace overture::sim {

/// From now on `sim_touched` (id, opportunity_id) gets a row for each change; ids rise.
void watch_rows(db::Database& database);

}  // namespace overture::sim
