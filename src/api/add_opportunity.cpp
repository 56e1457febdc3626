// Add Opportunity: one object or an array of them, all or nothing.
#include <map>

#include "api/crud.hpp"
#include "api/refs.hpp"
#include "api/resources.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "intake/add_prospects.hpp"
#include "intake/import_mapping.hpp"
#include "intake/target.hpp"
#include "rules/email_address.hpp"

namespace overture::api {
namespace {

namespace json = boost::json;
using base::Error;
using base::ErrorCode;
using rest::Type;

constexpr rest::Input kContactInputs[] = {
    {.key = "email", .required = true, .max = 254}, {.key = "first_name"}, {.key = "last_name"}};
constexpr rest::Inside kContact{.inputs = kContactInputs, .or_text = true};
constexpr rest::Input kInputs[] = {
    {.key = "url", .max = 2048, .doc = "leave it out for an opportunity that is a person"},
    {.key = "campaign", .type = Type::integer, .required = true, .doc = "id of the campaign"},
    {.key = "contacts", .type = Type::array, .max = 100, .inside = &kContact, .doc = "addresses, or people"},
    {.key = "personalization", .type = Type::object, .doc = "values by the token of a personalization field"},
};

intake::ProspectContact contact_of(const json::value& value, const std::string& name) {
  intake::ProspectContact contact;
  std::string email;
  if (value.is_string()) {
    email = std::string_view(value.get_string());
  } else {
    rest::Body body(value, kContactInputs, name + ".");
    email = body.text("email");
    contact.first_name = body.text("first_name");
    contact.last_name = body.text("last_name");
  }
  std::optional<std::string> address = rules::parse_email_address(email);
  if (!address) throw Error::invalid(name, "is not an e-mail address");
  contact.email = std::move(*address);
  return contact;
}

/// `contacts`, or its alias `contact`: an object, an address, or an array of both.
std::vector<intake::ProspectContact> contacts_of(const json::object& object, const std::string& path) {
  std::vector<intake::ProspectContact> contacts;
  for (std::string_view key : {"contacts", "contact"}) {
    const json::value* value = object.if_contains(key);
    std::string name = path + std::string(key);
    if (value == nullptr || value->is_null() || (value->is_string() && value->get_string().empty())) continue;
    if (!value->is_array()) {
      contacts.push_back(contact_of(*value, name));
      continue;
    }
    for (std::size_t i = 0; i < value->get_array().size(); ++i) {
      contacts.push_back(contact_of(value->get_array()[i], name + "[" + std::to_string(i) + "]"));
    }
  }
  return contacts;
}

std::vector<std::pair<std::string, std::string>> values_of(const json::object& object,
                                                           const std::string& path) {
  std::vector<std::pair<std::string, std::string>> values;
  for (const auto& [key, value] : object) {
    std::string name = path + "personalization." + std::string(std::string_view(key));
    if (value.is_null()) continue;
    if (!value.is_string()) throw Error::invalid(name, "must be text");
    if (base::has_nul(std::string_view(value.get_string())))
      throw Error::invalid(name, "must not hold a NUL character");
    if (!value.get_string().empty()) values.emplace_back(key, std::string_view(value.get_string()));
  }
  return values;
}

/// A checked element of the body.
struct Wanted {
  std::int64_t campaign = 0;
  intake::Prospect prospect;
};

/// Campaigns and their fields, each loaded once a request.
class Campaigns {
 public:
  explicit Campaigns(Call& call) : call_(call) {}

  struct Known {
    intake::Target target;
    intake::KnownFields fields;
  };
  const Known& load(std::int64_t id) {
    auto found = known_.find(id);
    if (found != known_.end()) return found->second;
    require_reference(call_, kCampaigns, id, "campaign");
    Known known{intake::load_target(call_.db(), call_.scope().account, id), {}};
    if (!known.target.is_active())
      throw Error::invalid("campaign", "is archived or deleted; activate it first");
    known.fields = intake::load_known_fields(call_.db(), call_.scope().account, known.target.project, id);
    return known_.emplace(id, std::move(known)).first->second;
  }

 private:
  Call& call_;
  std::map<std::int64_t, Known> known_;
};

/// Where an element stands in an array, in front of the field that an error names.
std::string place_of(std::size_t element) { return "[" + std::to_string(element) + "]."; }

[[noreturn]] void rethrow_at(const std::string& path, const Error& error) {
  if (path.empty() || error.fields().empty()) throw error;
  throw Error::invalid(path + error.fields().front().field, error.fields().front().message);
}

Wanted check(Campaigns& campaigns, const json::value& value, const std::string& path) {
  rest::Body body(value, kInputs, path);
  const json::object& object = value.get_object();
  Wanted wanted;
  wanted.campaign = body.integer("campaign");
  std::vector<intake::ProspectContact> contacts = contacts_of(object, path);
  std::vector<std::pair<std::string, std::string>> values = values_of(body.object("personalization"), path);
  try {
    const Campaigns::Known& known = campaigns.load(wanted.campaign);
    wanted.prospect = intake::make_prospect(known.fields, body.text("url"), contacts, values);
  } catch (const Error& error) {
    rethrow_at(path, error);
  }
  return wanted;
}

[[noreturn]] void refuse(intake::Outcome outcome, const std::string& path) {
  switch (outcome) {
    case intake::Outcome::partner:
      throw Error::invalid(path + "url", "is the site of a partner, which this campaign leaves out");
    case intake::Outcome::own_site:
      throw Error::invalid(path + "url", "is a site of the project itself");
    case intake::Outcome::blocklisted:
      throw Error::invalid(path + "url", "is on the blocklist");
    case intake::Outcome::over_limit:
      throw Error::invalid(path + "campaign", "has as many opportunities as its limit allows");
    default:
      throw Error(ErrorCode::missing_parameters);
  }
}

/// The ids in the order of `wanted`; consecutive elements of one campaign are one batch.
std::vector<std::int64_t> place(Call& call, Campaigns& campaigns, std::vector<Wanted>& wanted,
                                bool in_array) {
  std::vector<std::int64_t> ids;
  for (std::size_t from = 0; from < wanted.size();) {
    std::vector<intake::Prospect> batch;
    std::int64_t campaign = wanted[from].campaign;
    while (from < wanted.size() && wanted[from].campaign == campaign &&
           batch.size() < intake::kIntakeMaxBatch) {
      batch.push_back(std::move(wanted[from++].prospect));
    }
    for (const intake::Placement& placement :
         intake::add_prospects(call.db(), campaigns.load(campaign).target, batch, {.now = call.now})) {
      std::string path = in_array ? place_of(ids.size()) : "";
      if (placement.opportunity == 0) refuse(placement.outcome, path);
      if (placement.outcome != intake::Outcome::created &&
          !can_see(call, kOpportunities, placement.opportunity)) {
        bool in_project = placement.outcome == intake::Outcome::duplicate_in_project;
        throw Error::invalid(path + "url", in_project ? "is already an opportunity of another campaign"
                                                      : "is already an opportunity of another project");
      }
      ids.push_back(placement.opportunity);
    }
  }
  return ids;
}

std::string add_opportunity(Call& call) {
  const json::value& body = call.body();
  Campaigns campaigns(call);
  std::vector<Wanted> wanted;
  if (!body.is_array()) {
    wanted.push_back(check(campaigns, body, {}));
    std::vector<std::int64_t> ids = place(call, campaigns, wanted, false);
    return show_written(call, opportunity_view(kOpportunityWithContacts), ids.front());
  }
  for (std::size_t i = 0; i < body.get_array().size(); ++i) {
    wanted.push_back(check(campaigns, body.get_array()[i], place_of(i)));
  }
  if (wanted.empty()) throw Error(ErrorCode::missing_parameters);
  std::string out = "[";
  for (std::int64_t id : place(call, campaigns, wanted, true)) {
    if (out.size() > 1) out += ',';
    out += show_written(call, opportunity_view(kOpportunityWithContacts), id);
  }
  return out + "]";
}

}  // namespace

void add_add_opportunity_routes(Routes& routes) {
  routes.push_back(
      Route(http::Method::post, "/api/opportunities", Permission::inspect, Lane::write, add_opportunity)
          .documented(25, "Opportunities", "Add one opportunity, or an array of them")
          .answers(opportunity_view(kOpportunityWithContacts), kOpportunityWithContactsName)
          .one_or_many()
          .takes(kInputs)
          .needs_one_of({"url", "contacts", "contact", "personalization"}));
}

}  // namespace overture::api
