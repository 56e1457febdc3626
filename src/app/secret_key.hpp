// The key that signs tokens: given by a setting, or a file of the data directory that is made once.
#pragma once
#include <filesystem>

#include "app/config.hpp"
#include "base/log.hpp"

namespace overture::app {

/// Makes the directory (mode 0700) when it is missing. Throws base::Error with a message for people.
void make_data_directory(const std::filesystem::path& directory);

std::filesystem::path secret_key_file(const Config& config);

/// The bytes of the key: the setting, else DATA/secret.key, which is made (mode 0600) when it is missing; of
/// two processes that make it at once both get the same. Throws base::Error when it cannot be read or is no
/// key.
base::Secret load_secret_key(const Config& config);

/// Reads the file only. Throws as load_secret_key() does, also when it is missing.
base::Secret read_secret_key(const std::filesystem::path& file);

}  // namespace overture::app
