// Random filters with their meaning: the text that is sent, and what the model is asked.
#pragma once
#include <boost/json/value.hpp>
#include <random>
#include <string>
#include <vector>

#include "support/api_list_model.hpp"

namespace overture::test {

/// A field and what it is called where it is asked for.
struct AskedField {
  std::string name;
  ListField field;
};

class QueryMaker {
 public:
  /// Operands are mostly taken from `items`, so that they find something.
  QueryMaker(std::mt19937& random, const std::vector<AskedField>& fields,
             const std::vector<boost::json::value>& items)
      : random_(random), fields_(fields), items_(items) {}

  ListQuery make_tree(int depth);
  /// In one of the spellings that the language allows.
  std::string write(const ListQuery& query);

  /// One parameter of a list: `name=value`, not yet escaped; its meaning is added to `meaning`.
  std::string make_parameter(std::vector<ListQuery>& meaning);

  /// 0 to limit - 1.
  int below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(random_); }

 private:
  ListQuery make_condition();
  Operand make_operand(const ListField& field, const std::string& op);
  Operand make_time(const ListField& field, const std::string& example, const std::string& op);
  boost::json::value example_of(const ListField& field);
  std::string write_condition(const ListQuery& query);
  std::string write_operand(const Operand& operand, FieldType type);
  const std::string& pick(const std::vector<std::string>& choices) {
    return choices[static_cast<std::size_t>(below(static_cast<int>(choices.size())))];
  }

  std::mt19937& random_;
  const std::vector<AskedField>& fields_;
  const std::vector<boost::json::value>& items_;
};

/// For a query string.
std::string percent_encoded(const std::string& text);

}  // namespace overture::test
