// What a new password has to be like.
#pragma once
#include <string_view>

#include "base/error.hpp"
#include "rest/resource.hpp"

namespace overture::api {

inline constexpr std::size_t kShortestPassword = 8;
inline constexpr rest::Input kNewPassword{
    .key = "password", .required = true, .max = 1024, .doc = "8 to 1024 characters"};

/// Throws base::Error::invalid; the upper limit is the input's.
inline void check_password_length(std::string_view key, std::string_view password) {
  if (password.size() < kShortestPassword)
    throw base::Error::invalid(key, "must be at least 8 characters long");
}

}  // namespace overture::api
