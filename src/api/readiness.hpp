// An opportunity after something about it was supplied.
#pragma once
#include <cstdint>

#include "api/call.hpp"
#include "intake/launch.hpp"

namespace overture::api {

/// What the first mails of the caller's account lack.
intake::MissingInMail missing_in_mail(Call& call);

/// intake::settle_readiness(), with what the first mail lacks.
void settle_readiness(Call& call, std::int64_t opportunity);

/// The same for the opportunities of the contact that stand in missing_data: for a hundred of them; others
/// are settled when they are launched.
void settle_readiness_of_contact(Call& call, std::int64_t contact);

}  // namespace overture::api
