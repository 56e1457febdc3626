"""The speed of importing: rows a second through the API, against SQLite alone with the same tables and indexes."""
import sqlite3
import time

import data
from client import Client

# What an import writes, besides the job itself.
TABLES = ("domains", "contacts", "opportunities", "opportunity_contacts", "personalization_values")
# Rows before the measured ones, so that neither side starts with empty indexes.
BEFORE = 20_000


def through_api(server, token, rows):
    """Rows a second from sending the request to the end of the prospecting job, and the peak of memory in MiB."""
    client = Client(server.port, token)
    project = data.make_project(client, "Import")
    data.import_rows(client, project, "Before", 1, BEFORE)
    _, seconds = data.import_rows(client, project, "Measured", BEFORE + 1, rows)
    return rows / seconds, server.peak_memory()


def raw(source, scratch, rows):
    """Opportunities a second when SQLite writes the very rows that the import wrote, each table by one prepared
    statement, all in one durable transaction, into tables and indexes taken from Overture's own schema."""
    path = scratch / "raw.db"
    data.remove_database(path)
    origin = sqlite3.connect(f"file:{source}?mode=ro", uri=True)
    target = sqlite3.connect(path, isolation_level=None)
    for setting in ("page_size=4096", "journal_mode=WAL", "synchronous=FULL", "cache_size=-65536"):
        target.execute(f"PRAGMA {setting}")
    names = ",".join(f"'{table}'" for table in TABLES)
    for (text,) in origin.execute(f"""SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND tbl_name IN ({names})
                                      ORDER BY type = 'index'"""):
        target.execute(text)

    first_id, last_id = origin.execute("""SELECT min(o.id), max(o.id) FROM opportunities o
        JOIN campaigns c ON c.id = o.campaign_id WHERE c.name = 'Measured'""").fetchone()
    before, measured = [], []
    for table in TABLES:
        columns = [row[1] for row in origin.execute(f"PRAGMA table_info({table})")]
        insert = f"INSERT INTO {table} ({','.join(columns)}) VALUES ({','.join('?' * len(columns))})"
        if "opportunity_id" in columns or table == "opportunities":
            key = "id" if table == "opportunities" else "opportunity_id"
            split = f"{key} < {first_id}", f"{key} BETWEEN {first_id} AND {last_id}"
        else:
            # Shared rows: those that the first import did not need came with the measured one.
            new = {"domains": f"id NOT IN (SELECT domain_id FROM opportunities WHERE id < {first_id})",
                   "contacts": f"id NOT IN (SELECT contact_id FROM opportunity_contacts WHERE opportunity_id < {first_id})"}
            split = f"NOT ({new[table]})", new[table]
        for rows_of, condition in zip((before, measured), split):
            rows_of.append((insert, origin.execute(f"SELECT * FROM {table} WHERE {condition} ORDER BY 1, 2").fetchall()))

    def write(parts):
        target.execute("BEGIN IMMEDIATE")
        for insert, values in parts:
            target.executemany(insert, values)
        target.execute("COMMIT")

    write(before)
    begin = time.monotonic()
    write(measured)
    seconds = time.monotonic() - begin
    target.close()
    origin.close()
    if last_id - first_id + 1 != rows:
        raise RuntimeError(f"the import wrote {last_id - first_id + 1} of {rows} rows")
    return rows / seconds
