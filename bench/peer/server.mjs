// The peer: Fastify 5 and better-sqlite3, answering as Overture does. PEER=plain reads tags and contacts row by row,
// as first versions do; PEER=tuned reads them once a page and remembers checked tokens.
// Environment: DATABASE, PORT, SECRET, PEER.
import Database from 'better-sqlite3';
import { createVerifier } from 'fast-jwt';
import Fastify from 'fastify';

import { listSchema, opportunitySchema } from './shapes.mjs';

const { DATABASE, PORT, SECRET, PEER = 'plain' } = process.env;
const tuned = PEER === 'tuned';

const db = new Database(DATABASE);
for (const setting of ['journal_mode=WAL', 'synchronous=FULL', 'cache_size=-65536', 'mmap_size=1073741824']) {
  db.pragma(setting);
}
const sql = (text) => db.prepare(text).raw(true);

const COLUMNS = `o.id, o.url, o.name, o.milestone_date, o.created_at, o.updated_at, o.contact_form_url,
  o.last_communication_date, o.last_communication_type, o.link_monitoring_urls, o.workflow_status, o.stage_status,
  o.outreach_in_progress, o.outreach_started_date, m.id, m.name, d.id, d.name, c.id, c.name, c.status,
  p.id, p.name, p.status`;
const JOINS = `JOIN projects p ON p.id = o.project_id JOIN campaigns c ON c.id = o.campaign_id
  LEFT JOIN domains d ON d.id = o.domain_id LEFT JOIN milestones m ON m.id = o.milestone_id`;
// The page's ids come from the index alone, so that skipping rows does not read them.
const PAGE = '(SELECT id AS page_id FROM opportunities WHERE project_id = ? ORDER BY id LIMIT ? OFFSET ?)';

const page = sql(`SELECT ${COLUMNS} FROM ${PAGE} CROSS JOIN opportunities o ON o.id = page_id ${JOINS} ORDER BY page_id`);
const one = sql(`SELECT ${COLUMNS} FROM opportunities o ${JOINS} WHERE o.id = ?`);
const count = db.prepare('SELECT n FROM opportunity_counts WHERE project_id = ?').pluck();

const TAG = 't.id, t.name, t.color, t.type, l.tagged_at';
const CONTACT = 'k.id, k.email, k.first_name, k.last_name';
const tagsOf = sql(`SELECT ${TAG} FROM opportunity_tags l JOIN tags t ON t.id = l.tag_id
  WHERE l.opportunity_id = ? ORDER BY t.id`);
const contactsOf = sql(`SELECT ${CONTACT} FROM opportunity_contacts l JOIN contacts k ON k.id = l.contact_id
  WHERE l.opportunity_id = ? ORDER BY k.id`);
const tagsOfPage = sql(`SELECT ${TAG}, page_id FROM ${PAGE} CROSS JOIN opportunity_tags l ON l.opportunity_id = page_id
  CROSS JOIN tags t ON t.id = l.tag_id`);
const contactsOfPage = sql(`SELECT ${CONTACT}, page_id FROM ${PAGE}
  CROSS JOIN opportunity_contacts l ON l.opportunity_id = page_id CROSS JOIN contacts k ON k.id = l.contact_id`);

const toTag = (r) => ({
  id: r[0],
  tag: { id: r[0], name: r[1], color: r[2], type: r[3] },
  tagged_at: r[4],
  name: r[1],
  color: r[2],
  type: r[3],
});
const toContact = (r) => ({ id: r[0], email: r[1], first_name: r[2], last_name: r[3] });
const toOpportunity = (r, tags, contacts) => ({
  id: r[0],
  contacts: contacts ?? contactsOf.all(r[0]).map(toContact),
  tags: tags ?? tagsOf.all(r[0]).map(toTag),
  milestone: r[14] === null ? null : { id: r[14], name: r[15] },
  domain: r[16] === null ? null : { id: r[16], name: r[17] },
  campaign: { id: r[18], name: r[19], status: r[20] },
  project: { id: r[21], name: r[22], status: r[23] },
  url: r[1],
  name: r[2],
  milestone_date: r[3],
  created_at: r[4],
  updated_at: r[5],
  contact_form_url: r[6],
  last_communication_date: r[7],
  last_communication_type: r[8],
  link_monitoring_urls: r[9] === '[]' ? [] : JSON.parse(r[9]),
  workflow_status: r[10],
  stage_status: r[11],
  outreach_in_progress: r[12] !== 0,
  outreach_started_date: r[13],
});

// The children of a page in two queries: Map from opportunity to its list.
function group(rows, make) {
  const lists = new Map();
  for (const row of rows) {
    const key = row.at(-1);
    const list = lists.get(key);
    if (list) list.push(make(row));
    else lists.set(key, [make(row)]);
  }
  return lists;
}

function readPage(project, limit, offset) {
  const rows = page.all(project, limit, offset);
  if (!tuned) return rows.map((row) => toOpportunity(row));
  const tags = group(tagsOfPage.all(project, limit, offset), toTag);
  const contacts = group(contactsOfPage.all(project, limit, offset), toContact);
  return rows.map((row) => toOpportunity(row, tags.get(row[0]) ?? [], contacts.get(row[0]) ?? []));
}

const findDomain = db.prepare('SELECT id FROM domains WHERE name = ?').pluck();
const addDomain = db.prepare('INSERT INTO domains (name) VALUES (?)');
const findProject = db.prepare('SELECT project_id FROM campaigns WHERE id = ?').pluck();
const addOpportunity = db.prepare(`INSERT INTO opportunities (project_id, campaign_id, domain_id, milestone_id, url, name,
  contact_form_url, workflow_status, stage_status, last_communication_type, created_at, updated_at)
  VALUES (?, ?, ?, NULL, ?, ?, '', 'inspect', 'new', '', ?, ?)`);
const addPersonalization = db.prepare('INSERT INTO personalization (opportunity_id, token, value) VALUES (?, ?, ?)');
const create = db.transaction((project, { url, campaign, personalization = {} }) => {
  const host = new URL(url).hostname;
  const domain = findDomain.get(host) ?? addDomain.run(host).lastInsertRowid;
  const now = new Date().toISOString().slice(0, 19) + 'Z';
  const name = personalization.opportunity_name ?? url;
  const id = addOpportunity.run(project, campaign, domain, url, name, now, now).lastInsertRowid;
  for (const [token, value] of Object.entries(personalization)) addPersonalization.run(id, token, value);
  return id;
});

const app = Fastify({ logger: false });
const verify = createVerifier({ key: SECRET, algorithms: ['HS256'], cache: tuned });
app.addHook('onRequest', async (request, reply) => {
  const header = request.headers.authorization;
  try {
    if (!header?.startsWith('Bearer ')) throw new Error('no token');
    request.user = verify(header.slice(7));
  } catch {
    return reply.code(401).send({ message: 'Access token is required for this operation.' });
  }
});
app.get('/api/opportunities', { schema: { response: { 200: listSchema } } }, (request, reply) => {
  const project = Number(request.query['project.id']);
  const limit = Math.min(Number(request.query.limit ?? 100), 1000);
  const number = Number(request.query.page ?? 1);
  const items = readPage(project, limit, (number - 1) * limit);
  reply.send({ items, items_count: count.get(project) ?? 0, page: number, limit });
});
app.get('/api/opportunities/:id', { schema: { response: { 200: opportunitySchema } } }, (request, reply) => {
  const row = one.get(Number(request.params.id));
  if (!row) return reply.code(404).send({ message: 'Opportunity not found' });
  reply.send(toOpportunity(row));
});
const body = {
  type: 'object', required: ['campaign'],
  properties: { url: { type: 'string' }, campaign: { type: 'integer' }, personalization: { type: 'object' } },
};
app.post('/api/opportunities', { schema: { body, response: { 200: opportunitySchema } } }, (request, reply) => {
  const project = findProject.get(request.body.campaign);
  if (project === undefined) return reply.code(400).send({ message: 'Unknown campaign' });
  reply.send(toOpportunity(one.get(create.immediate(project, request.body))));
});
await app.listen({ port: Number(PORT), host: '127.0.0.1' });
console.log(`listening on http://127.0.0.1:${PORT}`);
