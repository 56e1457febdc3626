// One constant table per resource: answers, filters, validation and the OpenAPI document all read it.
#pragma once
#include <cstdint>
#include <span>
#include <string_view>

#include "db/sql.hpp"

namespace overture::rest {

enum class Type {
  integer,
  boolean,  ///< stored as 0 and 1
  string,
  time,      ///< stored as Unix milliseconds, shown as RFC 3339 in UTC
  strings,   ///< a JSON array of strings stored as text, shown as it is
  object,    ///< a JSON object stored as text, shown as it is; in bodies any object
  array,     ///< an array of anything, stored as text, shown as it is; in bodies checked by its handler
  integers,  ///< in bodies only: an array of ids
  rows,      ///< the rows of a Child, shown as an array
};

struct Inside;

/// What a body may hold under one key. Fields carry one when they can be written; actions list their own.
struct Input {
  std::string_view key = {};  ///< empty: not writable
  Type type = Type::string;
  bool required = false;                           ///< missing, null or empty text → the documented 400
  bool filled = false;                             ///< may be left out or null, but not be empty text → 400
  bool clearable = false;                          ///< null empties it; otherwise null means "unchanged"
  std::int64_t max = 255;                          ///< characters of a text, elements of an array
  std::span<const std::string_view> allowed = {};  ///< of a text, or each of `strings`
  /// Brings a text into the form that is stored; throws base::Error::invalid(key, …).
  std::string (*normalise)(std::string_view key, std::string text) = nullptr;
  /// What an object, or each object of an array, may hold: told in the document; handlers read it by a Body.
  const Inside* inside = nullptr;
  std::string_view doc = {};
};

struct Inside {
  std::span<const Input> inputs;
  bool or_text = false;  ///< a text may stand in place of the object
};

using Views = std::uint8_t;
inline constexpr Views kEveryView = 0xff;
inline constexpr Views kNoView = 0;  ///< a name for filters only

struct Child;

/// One property: its place in the answer, where its value comes from and how it may be asked for.
struct Field {
  std::string_view path;  ///< dotted names nest: `project.id`
  Type type = Type::string;
  db::Literal sql = {};
  std::string_view join = {};    ///< the alias in Resource::joins that sql needs
  Views views = kEveryView;      ///< the answers that show it
  bool nullable_object = false;  ///< when null, the object around it is null (stands on its first field)
  bool nullable = false;         ///< may be null by itself (times always may)
  bool quoted = false;           ///< a number shown as text
  bool lowered = false;          ///< stored in lower case: compared without lower()
  bool fixed = false;            ///< never changes once the row is there
  bool counted = false;          ///< also a column of Resource::counts_from
  bool only_in_search = false;  ///< asked for by q, not by a parameter of its name (its operation reads that)
  const Child* child = nullptr;  ///< for Type::rows
  db::Literal column = {};       ///< the column that input is written to
  Input create = {};             ///< what POST takes
  Input update = {};             ///< what PUT takes
  std::string_view doc = {};
};

struct Join {
  std::string_view alias;
  db::Literal sql;
};

/// Rows that belong to one row of a resource: shown as an array, asked for with EXISTS.
struct Child {
  db::Literal from;        ///< tables with alias x for the one that holds account_id
  db::Literal parent;      ///< expression of the parent's id
  db::Literal order = {};  ///< ORDER BY within one parent
  std::span<const Field> fields;
  bool scalar = false;             ///< an array of the only field's values
  db::Literal restricted = {};     ///< as in Resource
  db::Literal collaborating = {};  ///< as in Resource
};

struct Alias {
  std::string_view name;  ///< a documented filter name
  std::string_view path;  ///< the field it stands for
};

struct Resource {
  std::string_view name;       ///< of the schema: `Campaign`
  std::string_view not_found;  ///< the text of its 404
  db::Literal from;            ///< main table with alias o
  db::Literal table;           ///< that table, for writes
  std::span<const Join> joins = {};
  std::span<const Field> fields;
  std::span<const Alias> aliases = {};
  /// A condition with two parameters (account, user) that holds for what a user without all projects may see;
  /// empty: all of the account.
  db::Literal restricted = {};
  /// A further condition, with the same two parameters, for a user who sees only campaigns he collaborates
  /// in.
  db::Literal collaborating = {};
  /// Left out unless the field `default_filter_path` is asked for.
  db::Literal default_filter = {};
  std::string_view default_filter_path = {};
  db::Literal version =
      {};  ///< a number that rises with each change of what is shown: rows are then kept rendered
  db::Literal counts_from = {};   ///< a table of sums with alias o and column n
  std::string_view counter = {};  ///< the name in `counters` that holds the number of all rows
};

/// Whose eyes: every statement carries it.
struct Scope {
  std::int64_t account = 0;
  std::int64_t user = 0;
  bool restricted = true;          ///< sees granted projects only
  bool by_campaign = false;        ///< and in these only campaigns he collaborates in
  std::int64_t names_version = 0;  ///< of the account, see the accounts table
  std::int64_t changes = 0;        ///< sum of account_changes at the time of the request
};

}  // namespace overture::rest
