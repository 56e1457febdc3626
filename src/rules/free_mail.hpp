// Domains that anybody may have an address at, so that the domain says nothing about who writes.
#pragma once
#include <string_view>

namespace overture::rules {

/// For a domain in lower case as email_domain() gives it: providers of mailboxes for everybody, relays and
/// throw-away addresses, and domains below them.
bool is_free_mail(std::string_view domain);

}  // namespace overture::rules
