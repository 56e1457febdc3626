// Which column of an import goes where, and a row's way to a prospect. Pure.
#pragma once
#include <boost/json/object.hpp>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "db/connection.hpp"
#include "intake/import_row.hpp"
#include "intake/prospect.hpp"

namespace overture::intake {

struct KnownField {
  std::int64_t id = 0;
  std::string token;
  std::string name;
  std::string label;
};

/// The fields a campaign can fill. Of personalization fields with the same token the nearest one comes first:
/// the campaign's, the project's, the account's.
struct KnownFields {
  std::vector<KnownField> personalization;
  std::vector<KnownField> custom;
};
KnownFields load_known_fields(db::Connection& connection, std::int64_t account, std::int64_t project,
                              std::int64_t campaign);

/// The two mappings of a request, resolved to fields. Each pair may stand in either direction (field → column
/// or column → field); a field is given as token, token_with_prefix (`cf.<token>`), name, label or id.
class ImportMapping {
 public:
  ImportMapping() = default;
  /// Throws Error::invalid("personalization_mapping" or "custom_fields_mapping", …) for a pair in which
  /// neither side or each side (in different ways) is a field, a field that is mapped twice, or a value that
  /// is no text or id.
  ImportMapping(const KnownFields& fields, const boost::json::object& personalization_mapping,
                const boost::json::object& custom_fields_mapping);

 private:
  friend class RowMapper;
  struct Pair {
    std::string column;
    bool is_custom;
    std::int64_t field;
    std::string token;
  };
  KnownFields fields_;
  std::vector<Pair> pairs_;
};

/// Maps rows of one source; what each column means is found once. Not thread-safe.
///
/// Without a mapping: `url`, `website` → site; `email`, `email_address` → contacts (several with , or ;
/// between); `first_name`, `last_name` → the first contact; `name`, `opportunity_name` → name;
/// `contact_form_url`; every other column named like a field's token (`cf.<token>` for custom fields too) →
/// that field; `moz.domain_authority` and the like → metrics of the site, where the cell is a number; unknown
/// ones are ignored. Case, spaces and `-` in column names do not matter. A mapped column
/// has only its mapped meaning: its text is kept as the field's value, and the tokens named above also take
/// their part in the opportunity.
class RowMapper {
 public:
  explicit RowMapper(const ImportMapping& mapping) : mapping_(mapping) {}
  /// The prospect, or a sentence that says why there is none.
  std::variant<Prospect, std::string> make(std::span<const std::string_view> columns, const ImportRow& row);

  /// Whether any of these columns says where a prospect is: a web or an email address.
  bool has_address(std::span<const std::string_view> columns);

 private:
  enum class Part { none, site, email, first_name, last_name, name, contact_form_url };
  struct Use {
    Part part = Part::none;
    int rank = 0;  ///< of several columns for one part the lowest that is not empty is taken
    std::int64_t personalization = 0;
    std::int64_t custom = 0;
    std::string metrics_provider = {};  ///< with `metric`: the column `provider.metric`
    std::string metric = {};
  };
  struct Column {
    std::string name;
    std::vector<Use> uses;
  };
  void learn(std::span<const std::string_view> columns);
  void learn(std::string_view column);
  static Part part_of(std::string_view token);

  const ImportMapping& mapping_;
  std::vector<Column> columns_;
};

/// Add Opportunity: the same rules for values that come by name. `personalization` are pairs of token and
/// value; the twelve tokens take their part where url and contacts leave it open, and all known ones are kept
/// as values. Throws Error::invalid naming `url`, `contacts` or `personalization`; Error(missing_parameters)
/// when there is neither an address nor a contact.
Prospect make_prospect(const KnownFields& fields, std::string_view url,
                       std::span<const ProspectContact> contacts,
                       std::span<const std::pair<std::string, std::string>> personalization);

}  // namespace overture::intake
