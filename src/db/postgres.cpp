// PostgreSQL as a Database.
#include "db/engines.hpp"
namespace overture::db {
std::unique_ptr<Database> open_postgres(const Options&) { return nullptr; }
}  // namespace overture::db
