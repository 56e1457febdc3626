// What mails and form submissions have in common: the opportunity, contact, mail account, user and project in
// them. The opportunity's milestone is its name here.
#pragma once
#include "api/refs.hpp"

/// Ids of 0 (not matched, no such thing) find nothing: the object is null then.
#define OVERTURE_OPPORTUNITY_JOIN                                                         \
  "LEFT JOIN opportunities y ON y.account_id = o.account_id AND y.id = o.opportunity_id " \
  "LEFT JOIN milestones m ON m.account_id = y.account_id AND m.id = y.milestone_id"
#define OVERTURE_PROJECT_OR_NONE_JOIN \
  "LEFT JOIN projects p ON p.account_id = o.account_id AND p.id = o.project_id"
#define OVERTURE_EMAIL_ACCOUNT_JOIN \
  "LEFT JOIN email_accounts e ON e.account_id = o.account_id AND e.id = o.email_account_id"
#define OVERTURE_CONTACT_JOIN "LEFT JOIN contacts c ON c.account_id = o.account_id AND c.id = o.contact_id"

/// The status of the reply in that row of sent_replies: one whose fate nobody knows stays `scheduled` there.
#define OVERTURE_REPLY_STATUS(row)                                                                      \
  "CASE WHEN " row ".status = 'scheduled' AND EXISTS (SELECT 1 FROM outbox b WHERE b.account_id = " row \
  ".account_id AND b.kind = 'reply' AND b.mail_id = " row                                               \
  ".id AND b.state = 'unknown') THEN 'unknown' ELSE " row ".status END"

/// The joins of these shapes, without user and contact.
#define OVERTURE_COMMUNICATION_JOINS \
  {"y", OVERTURE_OPPORTUNITY_JOIN}, {"p", OVERTURE_PROJECT_OR_NONE_JOIN}, { "e", OVERTURE_EMAIL_ACCOUNT_JOIN }

#define OVERTURE_OPPORTUNITY_REF                                                    \
  {.path = "opportunity.id",                                                        \
   .type = rest::Type::integer,                                                     \
   .sql = "y.id",                                                                   \
   .join = "y",                                                                     \
   .nullable_object = true},                                                        \
      {.path = "opportunity.name", .sql = "y.name", .join = "y"},                   \
      {.path = "opportunity.url", .sql = "y.url", .join = "y"}, {                   \
    .path = "opportunity.milestone", .sql = "m.name", .join = "y", .nullable = true \
  }

#define OVERTURE_EMAIL_ACCOUNT_REF                             \
  {.path = "email_account.id",                                 \
   .type = rest::Type::integer,                                \
   .sql = "e.id",                                              \
   .join = "e",                                                \
   .nullable_object = true},                                   \
  {                                                            \
    .path = "email_account.name", .sql = "e.name", .join = "e" \
  }

/// The contact, in the answers of `VIEWS` only.
#define OVERTURE_CONTACT_FIELDS(VIEWS)                                                           \
  {.path = "contact.id",                                                                         \
   .type = rest::Type::integer,                                                                  \
   .sql = "c.id",                                                                                \
   .join = "c",                                                                                  \
   .views = VIEWS,                                                                               \
   .nullable_object = true},                                                                     \
      {.path = "contact.email", .sql = "c.email", .join = "c", .views = VIEWS, .lowered = true}, \
      {.path = "contact.first_name", .sql = "c.first_name", .join = "c", .views = VIEWS}, {      \
    .path = "contact.last_name", .sql = "c.last_name", .join = "c", .views = VIEWS               \
  }
#define OVERTURE_CONTACT_REF OVERTURE_CONTACT_FIELDS(rest::kEveryView)

/// `project`, beside the opportunity.
#define OVERTURE_PROJECT_REF                                                                                \
  {.path = "project.id", .type = rest::Type::integer, .sql = "p.id", .join = "p", .nullable_object = true}, \
  {                                                                                                         \
    .path = "project.name", .sql = "p.name", .join = "p"                                                    \
  }

/// Filters by what the answer does not show.
#define OVERTURE_HIDDEN_ID(PATH, COLUMN) \
  { .path = PATH, .type = rest::Type::integer, .sql = COLUMN, .views = rest::kNoView }

/// What was matched belongs to its project; the rest to those who may use the mail account (in one of its
/// projects).
#define OVERTURE_RESTRICTED_MAIL                                                                            \
  "EXISTS (SELECT 1 FROM project_access pa WHERE pa.account_id = ? AND pa.user_id = ? AND "                 \
  "(pa.project_id = o.project_id OR (o.project_id = 0 AND EXISTS (SELECT 1 FROM email_account_projects ep " \
  "WHERE ep.account_id = pa.account_id AND ep.project_id = pa.project_id AND "                              \
  "ep.email_account_id = o.email_account_id))))"
