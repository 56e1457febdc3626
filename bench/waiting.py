"""What the engine does must cost the same however many opportunities wait: planning, explaining, starting."""
import contextlib
import os
import shutil
import sqlite3
import statistics
import time

import contenders
import load
from client import Client
from sending import BODY, Deaf, make_world, no_spacing, numbers, start, wait_until
from sending_world import midday_zone

CAMPAIGNS = 400
PLANNED = 400  # mails of one measurement of the planner
# As the launch of an opportunity by the API leaves it: $1 is one that was launched so.
LAUNCH_ALL = """
    CREATE TEMP TABLE one AS SELECT o.*, r.user_id, r.due_at, r.state FROM opportunities o
      JOIN outreach_runs r ON r.account_id = o.account_id AND r.opportunity_id = o.id;
    CREATE TEMP TABLE before AS SELECT id, account_id, project_id, campaign_id, workflow_status, milestone_id
      FROM opportunities WHERE id <> (SELECT id FROM one);
    INSERT INTO outreach_runs (account_id, opportunity_id, project_id, campaign_id, user_id, due_at, state)
      SELECT b.account_id, b.id, b.project_id, b.campaign_id, one.user_id,
        one.due_at - ((SELECT MAX(id) FROM before) - b.id) / 10, one.state FROM before b, one ORDER BY b.id;
    INSERT INTO stage_events (account_id, project_id, campaign_id, opportunity_id, user_id, from_workflow, to_workflow, at)
      SELECT b.account_id, b.project_id, b.campaign_id, b.id, e.user_id, e.from_workflow, e.to_workflow, e.at
      FROM before b, stage_events e WHERE e.opportunity_id = (SELECT id FROM one) AND e.to_workflow = 'outreach' ORDER BY b.id;
    INSERT INTO notes (account_id, opportunity_id, user_id, content, is_system, created_at)
      SELECT b.account_id, b.id, n.user_id, n.content, n.is_system, n.created_at FROM before b, notes n
      WHERE n.opportunity_id = (SELECT id FROM one) ORDER BY b.id;
    UPDATE opportunities SET workflow_status = (SELECT workflow_status FROM one), stage_status = (SELECT stage_status FROM one),
      version = version + 1, updated_at = (SELECT updated_at FROM one) WHERE id <> (SELECT id FROM one);
    DELETE FROM opportunity_counts;
    INSERT INTO opportunity_counts (account_id, project_id, campaign_id, workflow_status, milestone_id, slot, n)
      SELECT account_id, project_id, campaign_id, workflow_status, milestone_id, 0, COUNT(*) FROM opportunities
      GROUP BY 1, 2, 3, 4, 5;
    INSERT OR IGNORE INTO campaign_sending (account_id, campaign_id, next_look_at)
      SELECT account_id, id, 0 FROM campaigns;
    UPDATE account_changes SET n = n + 1;
"""


def database_of(folder):
    return next((folder / "data").glob("*.db"))


def prepare(rows, scratch, say):
    """A folder with `rows` launched opportunities that wait, made once: (folder, key)."""
    folder = scratch / f"waiting-{rows}"
    if (folder / "ready").exists():
        return folder, (folder / "ready").read_text()
    say(f"{rows} opportunities are imported and launched")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    key = contenders.make_account(folder / "data")
    server = start(folder / "data", scratch, 0)
    try:
        world = make_world(server, key, 1, CAMPAIGNS)
        world.make_campaigns(rows, [{"subject": "For {first_name}", "body_text": BODY, "opt_out": False}])
        wait_until("the import", lambda: numbers(folder / "data", "SELECT COUNT(*) FROM opportunities")[0] == rows, 1800)
        world.launch([numbers(folder / "data", "SELECT MIN(id) FROM opportunities")[0]])
    finally:
        server.stop()
    with contextlib.closing(sqlite3.connect(database_of(folder))) as connection:
        connection.executescript(f"BEGIN; {LAUNCH_ALL} COMMIT; PRAGMA wal_checkpoint(TRUNCATE);")
    contenders.overture_command(folder / "data", "doctor")
    (folder / "ready").write_text(key)
    return folder, key


def make_due(folder, port):
    """Everybody may be written to now, and what is planned goes to `port`. The server must not be running."""
    no_spacing(database_of(folder))
    with contextlib.closing(sqlite3.connect(database_of(folder))) as connection, connection:
        connection.execute("UPDATE projects SET timezone = ?", (midday_zone(),))
        connection.execute("UPDATE mailboxes SET smtp_port = ?", (port,))


def processor_seconds(process):
    with open(f"/proc/{process.pid}/stat", encoding="ascii") as stat:
        values = stat.read().rsplit(")", 1)[1].split()
    return (int(values[11]) + int(values[12])) / os.sysconf("SC_CLK_TCK")


def plan_some(folder, scratch, port):
    """Milliseconds of processor time that the server takes to plan a mail, looks at campaigns that may not send included."""
    make_due(folder, port)

    def planned():
        return numbers(folder / "data", "SELECT COUNT(*) FROM outbox")[0]

    server = start(folder / "data", scratch, 1)
    try:
        first = planned()
        begin = processor_seconds(server.process)
        wait_until("the planner", lambda: planned() >= first + PLANNED)
        count = planned() - first
        return (processor_seconds(server.process) - begin) * 1000 / count
    finally:
        server.process.kill()
        server.stop()


def bench_waiting(options, scratch, mark, say):
    sizes = (options.waiting // 100, options.waiting)
    made = {rows: prepare(rows, scratch, say) for rows in sizes}
    port = contenders.free_port()
    results = {rows: {"start": [], "plan": []} for rows in sizes}
    with Deaf(port):
        for number in range(options.rounds):
            say(f"waiting opportunities, round {number + 1}")
            for rows, (folder, key) in made.items():
                results[rows]["plan"].append(plan_some(folder, scratch, port))
                results[rows]["start"].append(contenders.start_up(folder / "data", scratch, key, 1)[0] * 1000)

    with contextlib.ExitStack() as stack:
        targets = []
        for rows, (folder, key) in made.items():
            server = start(folder / "data", scratch, 0)
            stack.callback(server.stop)
            # The one behind all others of its campaign.
            last = numbers(folder / "data", "SELECT MAX(opportunity_id) FROM outreach_runs WHERE state = 'waiting'")[0]
            path = f"/api/opportunities/{last}/sending_explain"
            answer = Client(server.port, key).call("GET", path)
            if answer["run"]["state"] != "waiting":
                raise RuntimeError(f"{path}: {answer}")
            targets.append(load.Target(str(rows), f"http://127.0.0.1:{server.port}{path}", key))
        series = load.interleave(targets, options.rounds, options.seconds, 4)

    small, large = sizes
    print(f"\n{'':30} {small:>12} {large:>12}  waiting opportunities; load average {os.getloadavg()[0]:.1f}")
    for what in ("plan", "start"):
        medians = [statistics.median(results[rows][what]) for rows in sizes]
        name = {"plan": "planning a mail, ms of CPU", "start": "start to first answer, ms"}[what]
        print(f"{name:30} {medians[0]:12.2f} {medians[1]:12.2f}")
    rates = [1000 / series[str(rows)].median("rate") for rows in sizes]
    print(f"{'sending_explain, ms':30} {rates[0]:12.2f} {rates[1]:12.2f}\n")

    def ratio(what):
        return statistics.median(b / a for a, b in zip(results[small][what], results[large][what]))

    title = f"at {large} / at {small} waiting"
    mark(f"Planning a mail {title} (CPU)", ratio("plan"), 1.5, 1.2, " x", higher=False)
    mark(f"sending_explain {title} (time)", load.ratio(series, str(small), str(large)), 1.5, 1.2, " x", higher=False)
    mark(f"Start to first answer {title}", ratio("start"), 1.5, 1.2, " x", higher=False)
