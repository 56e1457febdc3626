// The small texts inside scenarios: variables, repetitions, stretches of time, and what is random in answers.
#pragma once
#include <stdexcept>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "support/api_pattern.hpp"

namespace overture::test {

struct UnknownVariable : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// `<x*3>` becomes `xxx`, `<x#,*3>` becomes `x1,x2,x3,`.
std::string fill_in_repeats(const std::string& text);
/// That, and `$name` or `${name}` by its value: as JSON where `is_json` and outside of quotes, else bare.
/// Throws UnknownVariable.
std::string fill_in_text(const std::string& text, const Variables& variables, bool is_json);

std::vector<std::string> words_of(const std::string& text);
/// `90s`, `31m`, `2h`, `1d`, `500ms`.
base::Millis parse_stretch(const std::string& text);
std::string spaces_escaped(const std::string& target);
/// The values of keys that hold random tokens become `*`.
std::string without_tokens(std::string body);

}  // namespace overture::test
