// The q language: any text is a tree within the limits or Error(invalid_query), and a tree survives being
// written.
#include "base/error.hpp"
#include "promise.hpp"
#include "rest/search.hpp"

using namespace overture;
using fuzz::promise;

namespace {

/// The number of conditions below; checks the shape on the way.
std::size_t check(const rest::Search& search, std::size_t depth) {
  // A group may stand in each pair of parentheses: two levels of tree for one of nesting, and the outermost
  // groups.
  promise(depth <= 2 * rest::kSearchMaxNesting + 3, "the depth is bounded");
  if (search.kind == rest::Search::Kind::condition) {
    const auto& values = search.condition.values;
    promise(search.parts.empty() && !search.condition.field.empty(), "a condition has a field and no parts");
    promise(search.condition.is_list ? !values.empty() && values.size() <= rest::kSearchMaxListValues
                                     : values.size() == 1,
            "a condition has its values");
    return 1;
  }
  promise(search.kind == rest::Search::Kind::negation ? search.parts.size() == 1 : search.parts.size() >= 2,
          "a group has its parts");
  std::size_t conditions = 0;
  for (const rest::Search& part : search.parts) conditions += check(part, depth + 1);
  return conditions;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  try {
    const auto search = rest::parse_search(fuzz::text_of(data, size));
    if (!search) return 0;
    promise(check(*search, 0) <= rest::kSearchMaxConditions, "the conditions are bounded");
    const std::string written = rest::write_search(*search);
    if (written.size() <= rest::kSearchMaxBytes)
      promise(rest::parse_search(written) == search, "the same tree again");
  } catch (const base::Error& error) {
    promise(error.code() == base::ErrorCode::invalid_query && !error.detail().empty(), "a refusal says why");
  }
  return 0;
}
