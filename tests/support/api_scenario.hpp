// clang-format off
// Text scenarios: requests with the answers they should get. One file is one story on a fresh house (ApiHouse).
//
//   # a comment                       Blank lines stand between steps.
//
//   ada PUT /api/contacts/$contact    who, method, target. ada, ulf, ina, pia, ivy (acme), gil (globex), nobody.
//   X-Client-Id: abc                  Headers, where wanted; then the body, one line or more.
//   {"first_name": "Ann",             $name (or ${name}) is a fact of the house, or what an earlier answer held.
//    "last_name": "<x*255>"}          <x*255> is 255 times x, # in it counts. Spaces in targets are sent as %20.
//   -> 200                            The status; then headers (`*`: any value, `none`: not there); then the
//   X-Request-Cost: 2                 whole body as a pattern: JSON with * (anything), $name (keeps the value at
//   {"id": $contact, "email": *,      first use, compares afterwards; "$name": the same as text) and a last ...
//    ...}                             (more is allowed).
//
//   ada GET /api/contacts/999         Errors in short: the message behind the status. The shape of error bodies
//   -> 404 Account contact not found  is checked everywhere. `-> 200 *` takes any body.
//
//   everyone PUT /api/tags/$vip        As each role, by name, with the outcome of each; then with all that can
//   {"name": "x"}                     be wrong with the request (api_everyone.hpp). Needs una, a member without
//   -> 200 ada ulf                    a project, and rob, whose key may only read. A message or pattern may
//   -> 403 ina: Access denied         follow the names. What is deleted, the step before makes anew.
//
//   -- advance 31m                    The clock stands at 2026-03-02T09:00:00Z and is only moved so (s m h d).
//   -- run jobs                       Until the queue is empty.
//   -- tell events                    To automations, until none is left.
//   -- tick                           What the server does twice a second: maintenance switch, usage.
//   -- restart                        The server forgets everything but its database.
//   -- times 300                      The next request is sent so often; $i counts from 1.
//   -- person eve user acme site      Adds a person: role, account, granted projects. Then there is $eve, $eve_key.
//   -- include world                  The steps of world.setup, beside this file.
//   -- sql SELECT count(*) FROM notes -> 2
//   -- sql UPDATE users SET status = 'inactive' WHERE id = $ulf
//
// Besides, the runner holds every scenario to this: each answer is JSON; X-Request-Cost is what the documentation
// says; every GET is asked again of a second server without rendered rows on the same database and has to give the
// same bytes; and the answers of SQLite and PostgreSQL are the same, byte for byte, but for random tokens.
// clang-format on
#pragma once
#include <string>
#include <utility>
#include <vector>

namespace overture::test {

/// What some people get from a request of everyone.
struct Outcome {
  int status = 0;
  std::vector<std::string> people;
  std::string message;
  std::string pattern;
};

struct Step {
  std::string file;
  int line = 0;
  std::string directive;  ///< the text behind `-- `; empty for a request
  std::string person;
  std::string method;
  std::string target;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  int status = 0;
  std::string message;  ///< behind the status; then there is no pattern
  std::vector<std::pair<std::string, std::string>> answer_headers;
  std::string pattern;
  std::vector<Outcome> everyone;  ///< a request of everyone: the only outcomes
};

struct Scenario {
  std::string file;
  std::vector<Step> steps;
};

/// Throws std::runtime_error naming file and line.
Scenario load_scenario(const std::string& file);

}  // namespace overture::test
