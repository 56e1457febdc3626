#include "mail/gmime.hpp"

#include <gmime/gmime.h>

namespace overture::mail {

void ensure_gmime() {
  static const bool ready = [] {
    g_mime_init();
    return true;
  }();
  static_cast<void>(ready);
}

}  // namespace overture::mail
