#include "app/demo_key.hpp"

#include <fstream>

#include "app/accounts.hpp"
#include "app/files.hpp"
#include "base/crypto.hpp"
#include "intake/counts.hpp"

namespace overture::app {

std::string ensure_demo_key(const Config& config, db::Database& database, const api::TokenKeys& keys,
                            const base::Clock& clock, const DemoLogin& login) {
  const std::filesystem::path file = config.data / "demo.key";
  std::string kept;
  std::getline(std::ifstream(file), kept);
  const bool valid = !kept.empty() && database.read([&kept](db::Connection& connection) {
    return connection.exists(
        db::Sql("SELECT 1 FROM tokens WHERE token_hash = ? AND revoked_at IS NULL", base::sha256(kept)));
  });
  if (valid) return kept;

  const std::string key = database.write([&](db::Connection& connection) {
    const std::int64_t account = load_account(connection, login.account);
    const std::int64_t user = load_user(connection, account, login.email);
    const api::MadeToken made = api::create_token(
        connection, keys, {.account = account, .user = user, .name = "Demo", .now = clock.now()});
    intake::note_change(connection, account);
    return made.token;
  });
  std::error_code ignored;
  std::filesystem::remove(file, ignored);
  write_private_file(file, key + "\n");
  return key;
}

}  // namespace overture::app
