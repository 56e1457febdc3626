"""The rows of the benchmark: one generator, imported into Overture; the peer gets what Overture then shows.

Overture is filled through its API, as a user would. Tags and second contacts, which an import cannot carry, are added
to its database while it stands still. The peer's tables are then copied from Overture's, so that both must give
equal answers, ids and times included.
"""
import pathlib
import sqlite3
import time

from client import Client

HERE = pathlib.Path(__file__).resolve().parent
CAMPAIGNS, DOMAINS, CONTACTS, TAGS = 40, 20_000, 100_000, 25
# What a finished prospecting job may say.
GOOD_END, BAD_END = ("completed", "completed_at_limit"), ("failed", "cancelled")


def row(i):
    """Row `i` of an import. Hosts, people and names repeat as they do in real lists."""
    site, person = 1 + i * 7919 % DOMAINS, 1 + i * 31 % CONTACTS
    values = {
        "website": f"https://site{site}.example.org/blog/post-{i}",
        "opportunity_name": f"Site {i} – \"guest post\" on gardens",
        "email_address": f"person{person}@site{1 + person % DOMAINS}.example.org",
        "first_name": f"First{person % 977}",
        "last_name": f"Last{person % 3001}",
    }
    if i % 3 == 0:
        values["contact_form_url"] = f"https://site{site}.example.org/contact"
    return values


def make_project(client, name):
    return client.call("POST", "/api/projects", {"name": name})["id"]


def import_rows(client, project, name, first, rows):
    """Creates an import campaign with rows first…first+rows-1 and waits for its end; returns its id and the seconds."""
    body = {"name": name, "project": project, "opportunity_deduplication": False,
            "import_json": [row(i) for i in range(first, first + rows)]}
    begin = time.monotonic()
    campaign = client.call("POST", "/api/campaigns/import", body)["id"]
    while True:
        progress = client.call("GET", f"/api/campaigns/{campaign}/progress")
        if progress["state"] in GOOD_END:
            return campaign, time.monotonic() - begin
        if progress["state"] in BAD_END:
            raise RuntimeError(f"import of {name}: {progress}")
        time.sleep(0.02)


def fill_overture(port, token, rows, say):
    """`rows` opportunities in one project, 5 % more in another; returns the first project's id."""
    client = Client(port, token)
    for number in range(1, TAGS + 1):
        client.call("POST", "/api/tags", {"name": f"tag-{number}", "type": "opportunity"})
    project, other = (make_project(client, name) for name in ("Gardens", "Kitchens"))
    size, first = min(rows // CAMPAIGNS, 100_000), 1
    while first <= rows:
        part = min(size, rows - first + 1)
        import_rows(client, project, f"Gardens from {first}", first, part)
        first += part
    say(f"{rows} rows imported")
    import_rows(client, other, "Kitchens", first, max(1, min(rows // 20, 100_000)))
    return project


def add_children(database):
    """Tags for three rows of four, a second for half of them, a second contact for a third; Overture must not run."""
    with sqlite3.connect(database) as db:
        tag = "(SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM tags WHERE type = 'opportunity')"
        for condition, formula in (("o.id % 4 <> 0", "o.id * 13"), ("o.id % 4 > 1", "o.id * 17 + 5")):
            db.execute(f"""INSERT OR IGNORE INTO opportunity_tags (account_id, opportunity_id, tag_id, tagged_at)
                SELECT o.account_id, o.id, t.id, o.created_at FROM opportunities o
                JOIN {tag} t ON t.n = ({formula}) % {TAGS} WHERE {condition}""")
        db.execute("""INSERT OR IGNORE INTO opportunity_contacts (account_id, opportunity_id, contact_id)
            SELECT o.account_id, o.id, k.id FROM opportunities o
            JOIN contacts k ON k.id = 1 + (o.id * 57 + 11) % (SELECT max(id) FROM contacts) WHERE o.id % 3 = 0""")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


def remove_database(path):
    for end in ("", "-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)


def fill_peer(database, source):
    """Copies what Overture's API shows into the peer's tables."""
    remove_database(database)
    db = sqlite3.connect(database)
    db.executescript((HERE / "peer/schema.sql").read_text())
    db.execute("ATTACH ? AS overture", (str(source),))
    moment = "strftime('%Y-%m-%dT%H:%M:%SZ', {0} / 1000, 'unixepoch')"
    db.executescript(f"""
      BEGIN;
      INSERT INTO projects SELECT id, name, status FROM overture.projects;
      INSERT INTO campaigns SELECT id, project_id, name, status FROM overture.campaigns;
      INSERT INTO domains SELECT id, name FROM overture.domains;
      INSERT INTO milestones SELECT id, name FROM overture.milestones;
      INSERT INTO tags SELECT id, name, color, type FROM overture.tags;
      INSERT INTO contacts SELECT id, email, first_name, last_name FROM overture.contacts ORDER BY id;
      INSERT INTO opportunities SELECT id, project_id, campaign_id, nullif(domain_id, 0), nullif(milestone_id, 0), url, name,
        contact_form_url, workflow_status, stage_status, last_communication_type, '[]', workflow_status = 'outreach',
        {moment.format('milestone_date')}, {moment.format('last_communication_date')},
        {moment.format('outreach_started_date')}, {moment.format('created_at')}, {moment.format('updated_at')}
        FROM overture.opportunities ORDER BY id;
      INSERT INTO opportunity_tags SELECT opportunity_id, tag_id, {moment.format('tagged_at')}
        FROM overture.opportunity_tags ORDER BY 1, 2;
      INSERT INTO opportunity_contacts SELECT opportunity_id, contact_id FROM overture.opportunity_contacts ORDER BY 1, 2;
      INSERT INTO personalization SELECT v.opportunity_id, f.token, v.value FROM overture.personalization_values v
        JOIN overture.personalization_fields f ON f.id = v.field_id ORDER BY 1, 2;
      COMMIT;
    """)
    db.executescript((HERE / "peer/indexes.sql").read_text())
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
