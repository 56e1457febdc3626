// The MIME library, made ready once.
#pragma once

namespace overture::mail {

/// Before any other call of GMime. Thread-safe; costs nothing after the first time.
void ensure_gmime();

}  // namespace overture::mail
