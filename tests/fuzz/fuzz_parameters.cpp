// Query strings: whatever is found is text, and the spellings of a name find the same.
#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "promise.hpp"
#include "rest/parameters.hpp"

using namespace overture;
using fuzz::promise;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const auto query = fuzz::text_of(data, size);
  try {
    const auto parameters = rest::Parameters::parse(query);
    for (const char* name : {"q", "project.id", "ids", "", "a[b]"}) {
      const auto all = parameters.all(name);
      const std::string* first = parameters.find(name);
      promise(all.size() <= rest::Parameters::kMaxPairs, "bounded");
      promise((first == nullptr) == all.empty(), "find and all agree");
      if (first != nullptr) promise(all.front() == *first, "find is the first of all");
      for (const auto value : all) {
        promise(!value.empty() && base::is_valid_utf8(value) && !base::has_nul(value), "values are text");
        if (const auto number = rest::parse_integer(value)) {
          promise(rest::parse_integer(std::to_string(*number)) == number, "integers read back");
        }
        rest::parse_boolean(value);
      }
      for (const std::string& element : parameters.list(name)) {
        promise(!element.empty() && element == base::trim(element) && element.find(',') == std::string::npos,
                "elements");
      }
    }
    promise(parameters.all("project.id") == parameters.all("project[id]"), "one name");
    promise(parameters.all("project.id") == parameters.all("project_id"), "one name");
  } catch (const base::Error& error) {
    promise(error.code() == base::ErrorCode::invalid_value, "refused as a value");
    promise(base::is_valid_utf8(error.message()) && !base::has_control(error.message()),
            "the message is text");
  }
  return 0;
}
