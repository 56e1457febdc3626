// What `everyone` stands for in a scenario: the request as each role, and everything that can be wrong with
// it.
#pragma once
#include <string>
#include <vector>

#include "api/route.hpp"
#include "support/api_scenario.hpp"

namespace overture::test {

/// The request as each person that the step names, who must be all of kEveryone, and besides without a token
/// (401) and with rob's key, which may only read. Refusals come first, so that they are given before anything
/// has changed. Throws std::runtime_error when somebody is missing or named twice.
std::vector<Step> steps_of_everyone(const Step& step);

/// The request of ada, with one thing wrong each time, as the route's tables tell what may be: ids in the
/// path that are none or nobody's; a body that is no JSON or no object; a key that is missing, of another
/// type, too long or not of its list; a parameter of another type or missing; a search that is none. `target`
/// and `body` are those of a request that gets a 200.
std::vector<Step> steps_of_bad_input(const Step& step, const api::Route& route, const std::string& target,
                                     const std::string& body);

}  // namespace overture::test
