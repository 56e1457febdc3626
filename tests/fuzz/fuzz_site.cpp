// Web and mail addresses: what is accepted is in the one spelling, which reads as itself.
#include "base/text.hpp"
#include "promise.hpp"
#include "rules/email_address.hpp"
#include "rules/site.hpp"

using namespace overture;
using fuzz::promise;

namespace {

bool is_host(std::string_view host) {
  return !host.empty() && host.find_first_of(" /\\@?#%\"<>") == std::string_view::npos &&
         base::lower(host) == host && host.size() <= 253;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const auto text = fuzz::text_of(data, size);
  if (const auto site = rules::parse_site(text)) {
    promise(rules::parse_site(site->url) == site, "the same site again");
    promise(site->url.size() <= rules::kSiteMaxBytes && base::is_valid_utf8(site->url),
            "an address is bounded text");
    promise(!base::has_control(site->url) && site->url.find_first_of(" #") == std::string::npos, "and clean");
    promise(site->url.starts_with("http://" + site->host) || site->url.starts_with("https://" + site->host),
            "of its host");
    promise(is_host(site->host) && rules::parse_host(site->host) == site->host, "a host is in its spelling");
    const auto bare = rules::host_without_www(site->host);
    promise(rules::parse_host(bare) == bare, "without www it still is a host");
    const auto domain = rules::registrable_domain(site->host);
    promise(!domain.empty() && site->host.ends_with(domain), "a domain is the end of its host");
    promise(rules::registrable_domain(domain) == domain, "and its own domain");
  }
  if (const auto address = rules::parse_email_address(text)) {
    promise(rules::parse_email_address(*address) == address, "the same address again");
    promise(address->size() <= 254 && base::lower(*address) == *address && !base::has_control(*address),
            "an address is clean");
    promise(is_host(rules::email_domain(*address)), "with a domain");
    rules::is_role_address(*address);
  }
  return 0;
}
