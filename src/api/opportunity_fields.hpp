// The table of an opportunity's properties.
#pragma once
#include "api/refs.hpp"
#include "api/resources.hpp"

namespace overture::api {

inline constexpr rest::Views kContactsShown = kOpportunityWithContacts | kOpportunityFieldsContacts;
inline constexpr rest::Views kFieldsShown = kOpportunityFields | kOpportunityFieldsContacts;
inline constexpr rest::Views kNotUpdated = rest::kEveryView & ~kOpportunityUpdated;

inline constexpr rest::Field kContactRefFields[] = {
    {.path = "id", .type = rest::Type::integer, .sql = "x.contact_id"},
    {.path = "email", .sql = "k.email", .lowered = true},
    {.path = "first_name", .sql = "k.first_name"},
    {.path = "last_name", .sql = "k.last_name"},
};
inline constexpr rest::Child kContactsOfOpportunity{
    .from = "opportunity_contacts x JOIN contacts k ON k.account_id = x.account_id AND k.id = x.contact_id",
    .parent = "x.opportunity_id",
    .order = "x.contact_id",
    .fields = kContactRefFields};

inline constexpr rest::Field kOpportunityTagFields[] = {
    {.path = "id", .type = rest::Type::integer, .sql = "x.tag_id"},
    {.path = "tag.id", .type = rest::Type::integer, .sql = "t.id"},
    {.path = "tag.name", .sql = "t.name"},
    {.path = "tag.color", .sql = "t.color"},
    {.path = "tag.type", .sql = "t.type"},
    {.path = "tagged_at", .type = rest::Type::time, .sql = "x.tagged_at"},
    {.path = "name", .sql = "t.name"},
    {.path = "color", .sql = "t.color"},
    {.path = "type", .sql = "t.type"},
};
inline constexpr rest::Child kTagsOfOpportunity{
    .from = "opportunity_tags x JOIN tags t ON t.account_id = x.account_id AND t.id = x.tag_id",
    .parent = "x.opportunity_id",
    .order = "x.tag_id",
    .fields = kOpportunityTagFields};

inline constexpr rest::Field kLinkFields[] = {{.path = "", .sql = "x.url"}};
inline constexpr rest::Child kLinksOfOpportunity{.from = "opportunity_links x",
                                                 .parent = "x.opportunity_id",
                                                 .order = "x.id",
                                                 .fields = kLinkFields,
                                                 .scalar = true};

inline constexpr rest::Field kPersonalizationValueFields[] = {
    {.path = "id", .type = rest::Type::integer, .sql = "x.id"},
    {.path = "personalization_field.id", .type = rest::Type::integer, .sql = "f.id"},
    {.path = "personalization_field.token", .sql = "f.token"},
    {.path = "value", .sql = "x.value"},
};
inline constexpr rest::Child kPersonalizationOfOpportunity{
    .from =
        "personalization_values x JOIN personalization_fields f ON f.account_id = x.account_id AND "
        "f.id = x.field_id",
    .parent = "x.opportunity_id",
    .order = "x.id",
    .fields = kPersonalizationValueFields};

inline constexpr rest::Field kCustomValueFields[] = {
    {.path = "id", .type = rest::Type::integer, .sql = "x.id"},
    {.path = "custom_field.id", .type = rest::Type::integer, .sql = "f.id"},
    {.path = "custom_field.name", .sql = "f.name"},
    {.path = "custom_field.token", .sql = "f.token"},
    {.path = "value", .sql = "x.value"},
};
inline constexpr rest::Child kCustomValuesOfOpportunity{
    .from = "custom_field_values x JOIN custom_fields f ON f.account_id = x.account_id AND f.id = x.field_id",
    .parent = "x.opportunity_id",
    .order = "x.id",
    .fields = kCustomValueFields};

/// What is known of the site's registrable domain, by provider.
#define OVERTURE_METRICS(PROVIDER)                                                                   \
  {                                                                                                  \
    .path = "metrics." PROVIDER, .type = rest::Type::object,                                         \
    .sql =                                                                                           \
        "COALESCE((SELECT dm.metrics FROM domain_metrics dm WHERE dm.account_id = o.account_id AND " \
        "dm.domain = d.registrable_domain AND dm.provider = '" PROVIDER "'), '{}')",                 \
    .join = "d", .views = kFieldsShown                                                               \
  }

inline constexpr rest::Field kOpportunityFieldTable[] = {
    {.path = "id", .type = rest::Type::integer, .sql = "o.id", .fixed = true},
    {.path = "contacts", .type = rest::Type::rows, .views = kContactsShown, .child = &kContactsOfOpportunity},
    {.path = "tags", .type = rest::Type::rows, .child = &kTagsOfOpportunity},
    {.path = "milestone.id",
     .type = rest::Type::integer,
     .sql = "NULLIF(o.milestone_id, 0)",
     .nullable_object = true,
     .counted = true},
    {.path = "milestone.name", .sql = "m.name", .join = "m", .counted = true},
    {.path = "domain.name",
     .sql = "d.name",
     .join = "d",
     .nullable_object = true,
     .lowered = true,
     .fixed = true},
    {.path = "domain.id", .type = rest::Type::integer, .sql = "NULLIF(o.domain_id, 0)", .fixed = true},
    {.path = "campaign",
     .type = rest::Type::integer,
     .sql = "o.campaign_id",
     .views = kOpportunityUpdated,
     .fixed = true,
     .counted = true},
    {.path = "campaign.id",
     .type = rest::Type::integer,
     .sql = "o.campaign_id",
     .views = kNotUpdated,
     .fixed = true,
     .counted = true},
    {.path = "campaign.name", .sql = "c.name", .join = "c", .views = kNotUpdated, .counted = true},
    {.path = "campaign.status", .sql = "c.status", .join = "c", .views = kNotUpdated, .counted = true},
    {.path = "project.id",
     .type = rest::Type::integer,
     .sql = "o.project_id",
     .fixed = true,
     .counted = true},
    {.path = "project.name", .sql = "p.name", .join = "p", .counted = true},
    {.path = "project.status", .sql = "p.status", .join = "p", .counted = true},
    {.path = "url", .sql = "o.url"},
    {.path = "name", .sql = "o.name"},
    {.path = "milestone_date", .type = rest::Type::time, .sql = "o.milestone_date"},
    {.path = "created_at", .type = rest::Type::time, .sql = "o.created_at", .fixed = true},
    {.path = "updated_at", .type = rest::Type::time, .sql = "o.updated_at"},
    {.path = "contact_form_url", .sql = "o.contact_form_url"},
    {.path = "last_communication_date", .type = rest::Type::time, .sql = "o.last_communication_date"},
    {.path = "last_communication_type", .sql = "o.last_communication_type"},
    {.path = "link_monitoring_urls", .type = rest::Type::rows, .child = &kLinksOfOpportunity},
    {.path = "workflow_status", .sql = "o.workflow_status", .lowered = true, .counted = true},
    {.path = "stage_status", .sql = "o.stage_status", .lowered = true},
    {.path = "outreach_in_progress",
     .type = rest::Type::boolean,
     .sql = "CASE WHEN o.workflow_status = 'outreach' THEN 1 ELSE 0 END",
     .counted = true},
    {.path = "outreach_started_date", .type = rest::Type::time, .sql = "o.outreach_started_date"},
    {.path = "personalization",
     .type = rest::Type::rows,
     .views = kFieldsShown,
     .child = &kPersonalizationOfOpportunity},
    {.path = "custom_fields",
     .type = rest::Type::rows,
     .views = kFieldsShown,
     .child = &kCustomValuesOfOpportunity},
    OVERTURE_METRICS("moz"),
    OVERTURE_METRICS("semrush"),
    OVERTURE_METRICS("majestic"),
    OVERTURE_METRICS("google"),
    OVERTURE_METRICS("cemper"),
    OVERTURE_METRICS("ahrefs"),
};

}  // namespace overture::api
