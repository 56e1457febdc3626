// pg_dump and pg_restore, for what PostgreSQL does better itself.
#pragma once
#include <string>
#include <vector>

namespace overture::app {

/// Runs one of PostgreSQL's programs against the database of `url`, with this process's standard streams, and
/// waits for it. The address goes through the environment: a password must not stand in the process list.
/// Throws base::Error when the program is not installed, the URL is no URL, or the program fails.
void run_postgres_tool(const std::string& program, const std::vector<std::string>& arguments,
                       const std::string& url);

}  // namespace overture::app
