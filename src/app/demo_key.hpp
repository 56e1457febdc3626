// The API key that `overture serve --demo` prints.
#pragma once
#include <string>

#include "api/tokens.hpp"
#include "app/config.hpp"
#include "app/demo.hpp"

namespace overture::app {

/// The key of the demo's admin: the one in DATA/demo.key while it is valid, else a new one that is put there
/// (mode 0600), so that a command that was pasted yesterday still works.
std::string ensure_demo_key(const Config& config, db::Database& database, const api::TokenKeys& keys,
                            const base::Clock& clock, const DemoLogin& login);

}  // namespace overture::app
