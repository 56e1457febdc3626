// What most operations are made of: list, show, create, change and remove rows of a resource.
#pragma once
#include "api/call.hpp"
#include "rest/body.hpp"
#include "rest/list.hpp"

namespace overture::api {

/// A page of the resource, by its filters; ordered by `order` (which may need a join), then id.
std::string list(Call& call, const rest::View& view, db::Literal order = {},
                 std::string_view order_join = {});
/// A page of what also fulfils `condition`.
std::string list(Call& call, const rest::View& view, const db::Sql& condition);
/// A page of what belongs to the opportunity that the path names first (column `opportunity_id` of the
/// resource).
std::string list_of_opportunity(Call& call, const rest::View& view);
/// One object through the caches; throws the resource's 404. For reading lanes.
std::string show(Call& call, const rest::View& view, std::int64_t id);
/// One object as this transaction has left it. For writing lanes: nothing is remembered before it is durable.
std::string show_written(Call& call, const rest::View& view, std::int64_t id);

/// Throws the resource's 404 unless the caller can see this object.
void require(Call& call, const rest::Resource& resource, std::int64_t id);
bool can_see(Call& call, const rest::Resource& resource, std::int64_t id);
/// For an id in a body: throws invalid_value naming `key` unless the caller can see the object.
std::int64_t require_reference(Call& call, const rest::Resource& resource, std::int64_t id,
                               std::string_view key);

/// INSERT of a checked body plus `more` (account_id and created_at are added); returns the id.
std::int64_t insert(Call& call, const rest::Resource& resource, const rest::Body& body,
                    std::vector<rest::Assignment> more = {});
/// UPDATE from a checked body; nothing when nothing is given. What is shown in other objects may have
/// changed, so the account's names version rises.
void update(Call& call, const rest::Resource& resource, const rest::Body& body, std::int64_t id,
            std::vector<rest::Assignment> more = {});

/// A body checked against the resource's fields.
rest::Body checked_body(Call& call, const rest::Resource& resource, bool creating);

/// The empty object that operations without a documented body answer.
inline std::string nothing() { return "{}"; }

}  // namespace overture::api
