// The mappings of a request, pair by pair: which side is the field.
#include "intake/import_mapping.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"

namespace overture::intake {
namespace {

using base::Error;

struct Found {
  const KnownField* field = nullptr;
  bool exact = false;  ///< by token or id, not by a name that a column may well have, too
  bool ambiguous = false;
};

/// `text` as token, id, name or label, in this order; only names that two fields share are ambiguous, since
/// of two tokens the nearer one is meant.
Found find_field(const std::vector<KnownField>& fields, std::string_view text, bool is_custom) {
  std::string_view token = text;
  if (is_custom && token.starts_with("cf.")) token.remove_prefix(3);
  for (const KnownField& field : fields) {
    if (field.token == token) return {&field, true};
  }
  std::int64_t id = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (failed == std::errc() && end == text.data() + text.size()) {
    for (const KnownField& field : fields) {
      if (field.id == id) return {&field, true};
    }
  }
  Found found;
  for (const KnownField& field : fields) {
    if (!base::equal_ignoring_case(field.name, text) && !base::equal_ignoring_case(field.label, text))
      continue;
    if (found.field == nullptr) {
      found.field = &field;
    } else if (found.field->token != field.token) {
      found.ambiguous = true;
    }
  }
  return found;
}

std::string side_text(std::string_view parameter, const boost::json::value& value) {
  if (value.is_string()) {
    const std::string text(value.get_string());
    return std::string(base::trim(text));
  }
  if (value.is_int64()) return std::to_string(value.get_int64());
  if (value.is_uint64()) return std::to_string(value.get_uint64());
  throw Error::invalid(parameter, "must map fields to names of columns");
}

/// The field of a pair and the column it comes from.
std::pair<const KnownField*, std::string> resolve(std::string_view parameter,
                                                  const std::vector<KnownField>& fields,
                                                  const std::string& key, const std::string& value,
                                                  bool is_custom) {
  const Found left = find_field(fields, key, is_custom);
  const Found right = find_field(fields, value, is_custom);
  const std::string pair = "\"" + key + "\": \"" + value + "\"";
  if (left.ambiguous || right.ambiguous) {
    throw Error::invalid(parameter, pair + " could mean several fields; use the token or the id");
  }
  if (left.field == nullptr && right.field == nullptr)
    throw Error::invalid(parameter, pair + " names no known field");
  const bool both = left.field != nullptr && right.field != nullptr;
  if (both && left.field != right.field && left.exact == right.exact) {
    throw Error::invalid(parameter, pair + " names two fields; rename the column");
  }
  const bool key_is_field = both ? left.exact || !right.exact : left.field != nullptr;
  return key_is_field ? std::pair{left.field, value} : std::pair{right.field, key};
}

std::vector<KnownField> load_fields(db::Connection& connection, const db::Sql& sql) {
  std::vector<KnownField> fields;
  auto rows = connection.query(sql);
  while (rows->next()) {
    fields.push_back({rows->integer(0), std::string(rows->text(1)), std::string(rows->text(2)),
                      std::string(rows->text(3))});
  }
  return fields;
}

}  // namespace

KnownFields load_known_fields(db::Connection& connection, std::int64_t account, std::int64_t project,
                              std::int64_t campaign) {
  static constexpr db::Literal kPersonalization =
      "SELECT id, token, token, label FROM personalization_fields "
      "WHERE account_id = ? AND project_id IN (0, ?) AND campaign_id IN (0, ?) "
      "ORDER BY campaign_id DESC, project_id DESC, id";
  static constexpr db::Literal kCustom =
      "SELECT id, token, name, label FROM custom_fields WHERE account_id = ? ORDER BY id";
  return {load_fields(connection, db::Sql(kPersonalization, account, project, campaign)),
          load_fields(connection, db::Sql(kCustom, account))};
}

ImportMapping::ImportMapping(const KnownFields& fields, const boost::json::object& personalization_mapping,
                             const boost::json::object& custom_fields_mapping)
    : fields_(fields) {
  auto add_pairs = [this](std::string_view parameter, const boost::json::object& mapping,
                          const std::vector<KnownField>& known, bool is_custom) {
    for (const auto& [key, value] : mapping) {
      if (value.is_null()) continue;
      const std::string name(base::trim(std::string_view(key.data(), key.size())));
      const auto [field, column] = resolve(parameter, known, name, side_text(parameter, value), is_custom);
      const bool again = std::any_of(pairs_.begin(), pairs_.end(), [&, wanted = field](const Pair& pair) {
        return pair.is_custom == is_custom && pair.field == wanted->id;
      });
      if (again) throw Error::invalid(parameter, "the field " + field->token + " is mapped twice");
      pairs_.push_back({column, is_custom, field->id, field->token});
    }
  };
  add_pairs("personalization_mapping", personalization_mapping, fields_.personalization, false);
  add_pairs("custom_fields_mapping", custom_fields_mapping, fields_.custom, true);
}

}  // namespace overture::intake
