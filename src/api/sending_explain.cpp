// Why an opportunity has not been mailed, and when it will be.
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "api/crud.hpp"
#include "api/mail_answers.hpp"
#include "api/resources.hpp"
#include "base/error.hpp"
#include "outreach/explain.hpp"

namespace overture::api {
namespace {

using rest::Field;
using rest::Type;

constexpr Field kGateFields[] = {
    {.path = "gate"},
    {.path = "open", .type = Type::boolean},
    {.path = "opens_at", .type = Type::time, .doc = "null when it is open, or a person has to act"},
    {.path = "detail", .doc = "a sentence with the figures"},
};
constexpr rest::Child kGates{.from = "", .parent = "", .fields = kGateFields};
constexpr Field kFields[] = {
    {.path = "may_send", .type = Type::boolean},
    {.path = "held_by", .nullable = true, .doc = "the gate that decides; null when all are open"},
    {.path = "next_possible_at",
     .type = Type::time,
     .doc = "when its next mail may leave; null when a person has to act, or none is left"},
    {.path = "explanation", .doc = "the answer in words"},
    {.path = "attempt", .type = Type::integer, .doc = "which mail of the sequence is next"},
    {.path = "attempts", .type = Type::integer, .doc = "how many the sequence has"},
    OVERTURE_JSON_CONTACT_FIELDS,
    OVERTURE_JSON_MAIL_ACCOUNT_FIELDS,
    {.path = "run.number", .type = Type::integer, .doc = "counts the restarts; 0: never launched"},
    {.path = "run.state"},
    {.path = "run.why", .doc = "in a person's words; may be empty"},
    {.path = "run.due_at", .type = Type::time},
    {.path = "run.ahead",
     .type = Type::integer,
     .doc = "opportunities of the campaign whose turn comes first; at most 1000 are counted"},
    {.path = "gates", .type = Type::rows, .child = &kGates, .doc = "in the order in which they are passed"},
};
constexpr Form kExplanation{"SendingExplanation", kFields};

constexpr std::string_view kStates[] = {"not_launched", "compose", "waiting", "review", "outgoing",
                                        "finishing",    "held",    "paused",  "over"};

const std::vector<std::string_view>& gate_names() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> made;
    for (std::size_t i = 0; i < rules::kGateCount; ++i) {
      made.push_back(rules::gate_name(static_cast<rules::Gate>(i)));
    }
    return made;
  }();
  return names;
}

std::string explain(Call& call) {
  const std::int64_t id = call.id(0, kOpportunities.not_found);
  require(call, kOpportunities, id);
  const std::int64_t account = call.scope().account;
  const auto found = outreach::explain_opportunity(call.db(), call.services.install, account, id, call.now);
  if (!found) throw base::Error(base::ErrorCode::not_found, std::string(kOpportunities.not_found));
  boost::json::array gates;
  for (const rules::GateState& state : found->gates) {
    gates.push_back(boost::json::object{{"gate", rules::gate_name(state.gate)},
                                        {"open", state.open},
                                        {"opens_at", json_time(state.opens_at)},
                                        {"detail", state.detail}});
  }
  boost::json::object answer{
      {"may_send", found->may_send},
      {"held_by", found->held_by.empty() ? boost::json::value() : boost::json::value(found->held_by)},
      {"next_possible_at", json_time(found->next_possible)},
      {"explanation", found->sentence},
      {"attempt", found->attempt},
      {"attempts", found->attempts},
      {"contact", json_contact(call.db(), account, found->contact)},
      {"email_account", json_mail_account(call.db(), account, found->email_account)},
      {"run", boost::json::object{{"number", found->run},
                                  {"state", found->run_state},
                                  {"why", found->run_why},
                                  {"due_at", json_time(found->due_at)},
                                  {"ahead", found->ahead}}},
      {"gates", std::move(gates)}};
  return boost::json::serialize(answer);
}

}  // namespace

void add_sending_explain_routes(Routes& routes) {
  static const std::vector<Shape> shapes{{.path = "held_by", .allowed = gate_names()},
                                         {.path = "run.state", .allowed = kStates},
                                         {.path = "gates.gate", .allowed = gate_names()}};
  routes.push_back(Route(http::Method::get, "/api/opportunities/{opportunity}/sending_explain",
                         Permission::signed_in, Lane::read, explain)
                       .about("Opportunities", "Why it has not been mailed, and when it will be")
                       .answers(kExplanation)
                       .shaped(shapes));
}

}  // namespace overture::api
