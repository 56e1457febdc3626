// A request body, checked against what an operation takes.
#pragma once
#include <boost/json/value.hpp>
#include <span>
#include <string>
#include <vector>

#include "rest/resource.hpp"

namespace overture::rest {

/// Parses a whole body: strict JSON, 32 levels deep, nothing behind it; empty text is an empty object.
/// Throws base::Error invalid_json.
boost::json::value parse_body(std::string_view text);

/// The keys of an object that an operation knows. Everything is checked when it is made, so that reading
/// cannot fail. Missing, null and empty required keys throw the documented missing_parameters; wrong types
/// and values throw invalid_value naming the key. Numbers may come as text, booleans as 0/1 or text. Unknown
/// keys are ignored.
class Body {
 public:
  /// `path` is put before names in messages (`[3].` for the elements of an array body).
  Body(const boost::json::value& body, std::span<const Input> inputs, std::string path = {});

  /// The key is there, null or not.
  bool has(std::string_view key) const;
  /// The key is there and not null.
  bool given(std::string_view key) const;
  std::int64_t integer(std::string_view key, std::int64_t otherwise = 0) const;
  bool boolean(std::string_view key, bool otherwise) const;
  /// Normalised as the input says; empty when not given.
  std::string text(std::string_view key) const;
  std::vector<std::int64_t> integers(std::string_view key) const;
  std::vector<std::string> strings(std::string_view key) const;
  const boost::json::array& array(std::string_view key) const;
  const boost::json::object& object(std::string_view key) const;
  /// As stored: text, integer (booleans 0/1, times in milliseconds), JSON text of an array of strings, or
  /// null.
  db::Value value(std::string_view key) const;

 private:
  struct Item {
    Input input;
    const boost::json::value* json;  ///< null when the key was null
    db::Value value;
  };
  const Item* find(std::string_view key) const;

  std::vector<Item> items_;
};

/// A column and what is written to it.
struct Assignment {
  db::Literal column;
  db::Value value;
};

/// The inputs of a resource's fields for POST (`creating`) or PUT.
std::vector<Input> inputs_of(const Resource& resource, bool creating);
/// What a checked body writes. For PUT: null clears what is clearable and leaves the rest unchanged.
std::vector<Assignment> assignments_of(const Resource& resource, const Body& body, bool creating);

/// `INSERT … RETURNING id`.
db::Sql make_insert(db::Literal table, const std::vector<Assignment>& assignments);
/// `UPDATE … WHERE account_id = … AND id = …`.
db::Sql make_update(db::Literal table, const std::vector<Assignment>& assignments, std::int64_t account,
                    std::int64_t id);

}  // namespace overture::rest
