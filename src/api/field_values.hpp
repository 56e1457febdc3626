// Values of fields on an opportunity: custom fields and personalization fields keep them alike.
#pragma once
#include "api/crud.hpp"

namespace overture::api {

/// Writes `value` for `field` into `values` (custom_field_values or personalization_values), over an older
/// one, and returns the value's id, which stays the same.
std::int64_t write_field_value(Call& call, db::Literal values, std::int64_t opportunity, std::int64_t field,
                               const std::string& value);

/// Deletes a field of `fields` and all its values, from every opportunity that shows them.
void delete_field_everywhere(Call& call, db::Literal fields, db::Literal values, std::int64_t field);

}  // namespace overture::api
