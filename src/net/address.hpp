// Which network addresses are somebody else's on the public Internet. Pure.
#pragma once
#include <sys/socket.h>

namespace overture::net {

/// False for loopback, private, link-local, shared, multicast, documentation and reserved addresses (IANA
/// special- purpose registries), for the IPv6 forms that carry one of them, and for families other than IPv4
/// and IPv6.
bool is_public_address(const sockaddr& address);

}  // namespace overture::net
