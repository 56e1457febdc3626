// One prospect: what an import row, Add Opportunity or a search found, before it is an opportunity.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rules/site.hpp"

namespace overture::intake {

struct ProspectContact {
  std::string email;  ///< as rules::parse_email_address() spells it
  std::string first_name;
  std::string last_name;
};

/// The text of one personalization or custom field.
struct FieldValue {
  std::int64_t field;
  std::string value;  ///< never empty
};

/// A number that a provider gives for the site, as an import brings it (`moz.domain_authority`).
struct SiteMetric {
  std::string provider;
  std::string metric;
  double value = 0;
};

/// With a site it becomes an opportunity of that site, without one an opportunity of its contacts.
/// Having neither is `Outcome::invalid`.
struct Prospect {
  std::optional<rules::Site> site;
  std::vector<ProspectContact> contacts;  ///< the first one is the primary contact
  std::string name;                       ///< empty: the host, or the first address
  std::string contact_form_url;
  std::vector<FieldValue> personalization;  ///< a field at most once
  std::vector<FieldValue> custom_values;    ///< a field at most once
  std::vector<SiteMetric> metrics;
  std::int64_t row = 0;  ///< where it stood in its source, from 1
};

}  // namespace overture::intake
