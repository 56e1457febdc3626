// Addresses of other people's servers that the API is given.
#pragma once
#include <string>
#include <string_view>

namespace overture::api {

/// `http` or `https`, a server that may well be called `localhost` or stand under a bare name of the own
/// network, no user and no fragment; ASCII. Throws base::Error::invalid.
std::string checked_web_address(std::string_view key, std::string url);

}  // namespace overture::api
