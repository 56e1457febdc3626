// Notes on opportunities.
#include "api/crud.hpp"
#include "api/resources.hpp"
#include "base/error.hpp"

namespace overture::api {
namespace {

using rest::Field;
using rest::Type;

constexpr Field kFields[] = {
    {.path = "id", .type = Type::integer, .sql = "o.id", .fixed = true},
    {.path = "content",
     .sql = "o.content",
     .column = "content",
     .create = {.key = "content", .required = true, .max = 50'000}},
    {.path = "is_system", .type = Type::boolean, .sql = "o.is_system", .fixed = true},
    {.path = "is_zapier", .type = Type::boolean, .sql = "o.is_zapier", .fixed = true},
    {.path = "created_at", .type = Type::time, .sql = "o.created_at", .fixed = true},
};
constexpr rest::Resource kNotes{
    .name = "Note", .not_found = "Note not found", .from = "notes o", .table = "notes", .fields = kFields};

const rest::View& view() {
  static const rest::View made(kNotes, rest::kEveryView);
  return made;
}

std::string add_note(Call& call) {
  std::int64_t opportunity = call.id(0, kOpportunities.not_found);
  require(call, kOpportunities, opportunity);
  std::int64_t id = insert(call, kNotes, checked_body(call, kNotes, true),
                           {{"opportunity_id", opportunity}, {"user_id", call.scope().user}});
  return show_written(call, view(), id);
}

std::string list_notes(Call& call) { return list_of_opportunity(call, view()); }

}  // namespace

void add_note_routes(Routes& routes) {
  using enum http::Method;
  routes.push_back(
      Route(post, "/api/opportunities/{opportunity}/notes", Permission::stage, Lane::write, add_note)
          .documented(28, "Opportunities", "Write a note on an opportunity")
          .answers(view())
          .takes(rest::inputs_of(kNotes, true)));
  routes.push_back(
      Route(get, "/api/opportunities/{opportunity}/notes", Permission::signed_in, Lane::read, list_notes)
          .about("Opportunities", "List the notes of an opportunity")
          .lists(view()));
}

}  // namespace overture::api
