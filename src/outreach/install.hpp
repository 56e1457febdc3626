// What the books of sending need to know of this installation.
#pragma once
#include <string>

#include "base/crypto.hpp"

namespace overture::outreach {

struct Install {
  base::HmacKey key;       ///< behind Message-IDs and unsubscribe links
  std::string public_url;  ///< `https://host`, no slash at the end; empty: mails carry no links
};

}  // namespace overture::outreach
