// Half of a SHA-256 is more than enough to tell two versions of an object apart.
#include "api/entity_tag.hpp"

#include "base/crypto.hpp"
#include "base/text.hpp"

namespace overture::api {

std::string make_entity_tag(std::string_view body) { return '"' + base::sha256(body).substr(0, 32) + '"'; }

bool names_entity_tag(std::string_view header, std::string_view tag) {
  if (base::trim(header) == "*") return true;
  for (std::string_view part : base::split(header, ',')) {
    part = base::trim(part);
    if (part.starts_with("W/")) part.remove_prefix(2);
    if (part == tag) return true;
  }
  return false;
}

}  // namespace overture::api
