// A message cut into its leaves, without recursion and within limits.
#pragma once
#include <functional>
#include <string_view>

#include "mail/header_text.hpp"

namespace overture::mail {

struct MimeLeaf {
  ContentHeader type;         ///< `text/plain` where the part says nothing (RFC 2045 section 5.2)
  ContentHeader disposition;  ///< empty where the part says nothing
  std::string_view encoding;  ///< as written
  std::string_view body;      ///< still encoded
};

/// Calls `visit` for each part that is not a multipart, in order. `headers` are those of the message, `body`
/// what follows them. Returns a sentence about what was left out or broken; empty when all is well.
std::string visit_parts(const std::vector<RawHeader>& headers, std::string_view body,
                        const std::function<void(const MimeLeaf&)>& visit);

}  // namespace overture::mail
