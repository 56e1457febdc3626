// The answers as JSON schemas: Fastify compiles its serialisers from them, which is its fastest way.
const text = { type: 'string' };
const textOrNull = { type: ['string', 'null'] };
const integer = { type: 'integer' };
const object = (properties) => ({ type: 'object', properties });
const objectOrNull = (properties) => ({ type: ['object', 'null'], properties });
const array = (items) => ({ type: 'array', items });

const tag = { id: integer, name: text, color: text, type: text };
export const opportunitySchema = object({
  id: integer,
  contacts: array(object({ id: integer, email: text, first_name: text, last_name: text })),
  tags: array(object({ id: integer, tag: object(tag), tagged_at: text, name: text, color: text, type: text })),
  milestone: objectOrNull({ id: integer, name: text }),
  domain: objectOrNull({ name: text, id: integer }),
  campaign: object({ id: integer, name: text, status: text }),
  project: object({ id: integer, name: text, status: text }),
  url: text,
  name: text,
  milestone_date: textOrNull,
  created_at: text,
  updated_at: text,
  contact_form_url: text,
  last_communication_date: textOrNull,
  last_communication_type: text,
  link_monitoring_urls: array(text),
  workflow_status: text,
  stage_status: text,
  outreach_in_progress: { type: 'boolean' },
  outreach_started_date: textOrNull,
});
export const listSchema = object({ items: array(opportunitySchema), items_count: integer, page: integer, limit: integer });
