// Time zones by their IANA names, from the system's tzdata.
#pragma once
#include <string>

namespace overture::rules {

bool is_timezone(const std::string& name);

}  // namespace overture::rules
