// What a list should hold, computed the slow and obvious way from all items as JSON. Written from the
// documentation of the filters, and shares no code with the server.
#pragma once
#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace overture::test {

enum class FieldType { number, boolean, text, time };

/// A property that can be asked for. Dotted; arrays on its way are gone into.
struct ListField {
  std::string path;
  FieldType type;
};

/// One operand with what it means, so that the model has to parse nothing.
struct Operand {
  std::string text;         ///< as the server is sent it, without quotes
  bool missing = false;     ///< `""` or null: asks for no value
  std::int64_t number = 0;  ///< numbers and booleans (0, 1)
  std::int64_t from = 0;    ///< times: milliseconds, [from, to)
  std::int64_t to = 0;
};

/// A condition (`parts` is empty), or a combination of parts.
struct ListQuery {
  enum class Kind { condition, all_of, any_of, negation };
  Kind kind = Kind::condition;
  std::string path;  ///< as the server is sent it
  ListField field;   ///< where it is found in an item
  std::string op;    ///< = != : !: >= <= > <
  std::vector<Operand> operands;
  std::vector<ListQuery> parts;
};

bool matches(const boost::json::value& item, const ListQuery& query);

/// Ids of the items that match all of the queries, in order of id.
std::vector<std::int64_t> matching_ids(const std::vector<boost::json::value>& items,
                                       const std::vector<ListQuery>& queries);

/// `2026-03-02T09:00:00Z` as milliseconds.
std::int64_t millis_of(const std::string& rfc3339);

}  // namespace overture::test
