// Contacts of one opportunity: linked and unlinked; the address book keeps them.
#include "api/crud.hpp"
#include "api/readiness.hpp"
#include "api/resources.hpp"
#include "api/stage_rights.hpp"
#include "base/error.hpp"
#include "intake/contacts.hpp"
#include "intake/opportunity.hpp"
#include "outreach/next_contact.hpp"
#include "rules/email_address.hpp"

namespace overture::api {
namespace {

constexpr rest::Input kInputs[] = {{.key = "email", .required = true, .max = 254}};

std::string add_contact(Call& call) {
  std::int64_t id = call.id(0, kOpportunities.not_found);
  require(call, kOpportunities, id);
  require_personalizing(call, id);
  rest::Body body(call.body(), kInputs);
  std::optional<std::string> address = rules::parse_email_address(body.text("email"));
  if (!address) throw base::Error::invalid("email", "is not an e-mail address");
  std::int64_t account = call.scope().account;
  intake::PlacedContact contact = intake::place_contact(call.db(), account, {*address, {}, {}}, call.now);
  std::int64_t linked = call.db().execute(
      db::Sql("INSERT INTO opportunity_contacts (account_id, opportunity_id, contact_id) VALUES (?, ?, ?) "
              "ON CONFLICT (account_id, opportunity_id, contact_id) DO NOTHING",
              account, id, contact.id));
  if (linked > 0) {
    intake::touch_opportunity(call.db(), account, id, call.now);
    settle_readiness(call, id);
  } else {
    // It stays, whatever becomes of the mail that it came by.
    call.db().execute(
        db::Sql("UPDATE opportunity_contacts SET added_via = 0 WHERE account_id = ? AND opportunity_id = ? "
                "AND contact_id = ?",
                account, id, contact.id));
  }
  return show_written(call, contact_view(), contact.id);
}

std::string remove_contact(Call& call) {
  std::int64_t id = call.id(0, kOpportunities.not_found);
  require(call, kOpportunities, id);
  require_personalizing(call, id);
  std::int64_t contact = call.id(1, "Opportunity contact not found");
  std::int64_t account = call.scope().account;
  std::int64_t removed = call.db().execute(db::Sql(
      "DELETE FROM opportunity_contacts WHERE account_id = ? AND opportunity_id = ? AND contact_id = ?",
      account, id, contact));
  if (removed == 0) throw base::Error(base::ErrorCode::not_found, "Opportunity contact not found");
  outreach::follow_removed_contact(call.db(), account, id, contact, call.now);
  intake::touch_opportunity(call.db(), account, id, call.now);
  return nothing();
}

}  // namespace

void add_opportunity_contact_routes(Routes& routes) {
  using enum http::Method;
  routes.push_back(Route(post, "/api/opportunities/{opportunity}/contacts", Permission::personalize,
                         Lane::write, add_contact)
                       .documented(26, "Opportunities", "Add a contact to an opportunity")
                       .answers(contact_view())
                       .takes(kInputs));
  routes.push_back(Route(delete_, "/api/opportunities/{opportunity}/contacts/{contact}",
                         Permission::personalize, Lane::write, remove_contact)
                       .documented(40, "Opportunities", "Take a contact off an opportunity"));
}

}  // namespace overture::api
