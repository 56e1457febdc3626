// Which found pages are no prospects at all: search engines, social networks, shops, files. Pure.
#pragma once
#include "rules/site.hpp"

namespace overture::rules {

/// Nobody to write to is behind this address.
bool is_junk_page(const Site& site);

}  // namespace overture::rules
