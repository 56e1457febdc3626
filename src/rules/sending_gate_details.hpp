// One look at a gate, and what it has to say with its figures.
#pragma once
#include <optional>
#include <string>

#include "rules/sending_gates.hpp"

namespace overture::rules {

struct GateLook {
  bool open = true;
  std::optional<base::Millis> opens_at;
};

/// What both judge_sending() and explain_sending() ask.
GateLook look_at(Gate gate, const SendingFacts& facts);

/// A sentence about how the gate stands.
std::string describe(Gate gate, const GateLook& look, const SendingFacts& facts);

}  // namespace overture::rules
