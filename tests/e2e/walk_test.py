"""Sixteen clients of three accounts call documented operations at random and work on the same things; then the books
must balance: no 5xx, no hang, no answer the document does not know, nothing of another account, nothing loose.

Run: OVERTURE_PROGRAM=build/release/overture python3 tests/e2e/walk_test.py
OVERTURE_WALK_CALLS sets the number of calls (100000: four fifths on SQLite, one fifth on PostgreSQL), OVERTURE_PROGRAM_TSAN
a program built with the thread sanitizer for OVERTURE_WALK_TSAN_CALLS (10000) more, OVERTURE_SEED repeats a run as far as
threads allow.
"""
import collections
import json
import multiprocessing
import os
import pathlib
import random
import time
import unittest

from support import PROGRAM, ROOT, House, Postgres, seed_of
from walk_requests import read_operations
from walker import Walker
from world import Account

CALLS = int(os.environ.get("OVERTURE_WALK_CALLS") or 100_000)
TSAN_CALLS = int(os.environ.get("OVERTURE_WALK_TSAN_CALLS") or 10_000)
TSAN_PROGRAM = os.environ.get("OVERTURE_PROGRAM_TSAN") or ""
ROLES = ("admin", "user", "inspector_personalizer", "user", "admin", "personalizer")
ACCOUNTS = ("lemon", "mango", "olive")
CLIENTS = 16
# They are called, but cannot succeed here: no mail comes in or goes out in this world, and a mail account needs servers.
# tests/api and sending_test.py do them.
NEEDS_MAIL = {
    "POST /api/email_accounts", "PUT /api/email_accounts/{id}", "POST /api/email_accounts/{id}/test",
    "POST /api/inbound_emails/{id}/reply", "POST /api/inbound_emails/{id}/opportunity",
    "DELETE /api/sent_replies/{id}", "POST /api/sent_replies/{id}/resolve", "POST /api/outreach_emails/{id}/resolve"}
# What has to come at the right moment.
LUCK = {"POST /api/jobs/{id}/cancel", "POST /api/jobs/{id}/retry", "POST /api/form_submissions/{id}/done",
        "PUT /api/outreach_emails/{id}", "POST /api/outreach_emails/{id}/approve", "POST /api/outreach_emails/{id}/skip"}
DEADLINE = 10

# What only shows over the whole table: sites twice in campaigns that de-duplicate. Two places where the same site may
# come again are left out: what was removed or brought back, and campaigns that were deleted in between.
TWICE = """
SELECT a.account_id, a.campaign_id, a.domain_id, a.id, b.id FROM opportunities a
JOIN opportunities b ON b.account_id = a.account_id AND b.{level}_id = a.{level}_id AND b.domain_id = a.domain_id
  AND b.id < a.id
JOIN campaigns c ON c.account_id = a.account_id AND c.id = a.campaign_id AND c.disable_deduplication = 0
JOIN campaigns d ON d.account_id = b.account_id AND d.id = b.campaign_id
WHERE a.domain_id <> 0 AND ('{level}' = 'campaign' OR d.id IN ({kept})) AND NOT EXISTS (SELECT 1 FROM stage_events e
WHERE e.account_id = a.account_id AND e.opportunity_id IN (a.id, b.id) AND e.to_workflow = 'deleted')"""


def walk(plan, results):
    """A process of its own, so that the server is what is slow."""
    walker = Walker(plan)
    walker.walk()
    results.put((walker.statuses, walker.called, walker.reached, walker.wrong))


class Walk(unittest.TestCase):
    maxDiff = 4000

    # --- the world ------------------------------------------------------------------------------------------------

    def make_world(self, house, server):
        house.run("migrate")
        self.accounts = [Account(house, server, name, name) for name in ACCOUNTS]
        for account in self.accounts[:2]:
            self.write_provider_files(house, account.number)
        self.people = []
        for number in range(CLIENTS):
            account, role = self.accounts[number % 3], ROLES[number // 3 % len(ROLES)]
            email = f"walker{number}@{account.name}.example"
            key = house.make_user(account.name, email, role, account.things["projects"][:1 + number % 2])
            self.people.append((account, role, email, key))
        for account in self.accounts:
            with server.wire(account.key) as wire:
                stage = [user["id"] for user in wire.call("GET", "/api/users?limit=1000")[1]["items"]
                         if "perso" in user["role"]]
                for campaign in account.things["campaigns"]:
                    self.assertEqual(
                        wire.call("PUT", f"/api/campaigns/{campaign}/collaborators", {"users": stage})[0], 200)

    def write_provider_files(self, house, account):
        folder = house.directory / "overture-data/providers" / str(account)
        folder.mkdir(parents=True)
        words = ("cheese", "goat", "sheep")
        (folder / "search.csv").write_text("url,title,snippet\n" + "".join(
            f"https://found{n}.example/links,{words[n % 3]} resources,useful {words[n % 3]} links\n" for n in range(90)))
        (folder / "backlinks.csv").write_text("url_from,url_to\n" + "".join(
            f"https://from{n}.example/,https://h{n % 40}.{ACCOUNTS[account % 3]}.example/\n" for n in range(90)))
        (folder / "metrics.csv").write_text("domain,moz.da\n" + "".join(f"found{n}.example,{n}\n" for n in range(90)))

    def plans(self, server, seed, calls):
        document = server.call("GET", "/swagger.json")[1]
        for number, (account, role, email, key) in enumerate(self.people):
            foreign = {kind: sum((list(other.things.get(kind, ())) for other in self.accounts if other is not account), [])
                       for kind in account.things}
            yield {"port": server.port, "key": key, "role": role, "account": account.name, "text": account.name,
                   "email": email, "things": account.things, "foreign": foreign, "document": document,
                   "seed": f"{seed} {number}", "deadline": DEADLINE * (6 if TSAN_PROGRAM else 1),
                   "calls": calls // CLIENTS + (number < calls % CLIENTS)}

    # --- judging --------------------------------------------------------------------------------------------------

    def judge_answers(self, results, document, calls):
        statuses, called, reached, wrong = results
        self.assertEqual(wrong[:5], [], f"{len(wrong)} wrong answers")
        self.assertGreaterEqual(sum(called.values()), calls)
        names = {str(operation) for operation in read_operations(document)}
        if calls >= 50_000:
            self.assertEqual(names - set(called) - LUCK, set(), "every operation was called")
            never = names - {name for name, n in reached.items() if n} - LUCK - NEEDS_MAIL
            self.assertLessEqual(len(never), 3, f"never done: {never}")
        self.assertGreater(statuses[200], 0.5 * sum(statuses.values()), statuses)

    def judge_database(self, house):
        for level in ("campaign", "project"):
            # A campaign that was never deleted: those of the world.
            kept = ",".join(str(c) for account in self.accounts for c in account.things["campaigns"])
            self.assertEqual(house.rows(TWICE.format(level=level, kept=kept)), [], f"sites twice in a {level}")
        findings = [line.split(None, 2) for line in house.run("doctor").splitlines()]
        for state, what, text in findings:
            self.assertNotEqual(state, "error", f"{what} {text}")
        self.assertLessEqual({"counters", "references"}, {what for state, what, _ in findings if state == "ok"})

    def snapshot(self, server):
        """What lists show, as text: remembered or not, it must be the same."""
        shown = {}
        for account in self.accounts:
            with server.wire(account.key, 60) as wire:
                for target in ("/api/opportunities?group=with_fields_and_metrics&include_contacts=true", "/api/contacts?x=",
                               "/api/campaigns?x=", "/api/projects?x=", "/api/users?x=", "/api/automations?x=",
                               *(f"/api/tasks?project.id={project}" for project in account.things["projects"]),
                               "/api/outreach_emails?sent_at_from=2026-03-01&sent_at_to=2026-03-10",
                               *(f"/api/opportunities?milestone.id={m}" for m in account.things["milestones"])):
                    for page in (1, 2, 9):
                        asked = f"{target}&limit=200&page={page}"
                        status, answer = wire.call("GET", asked)
                        self.assertEqual(status, 200, asked)
                        shown[account.name, asked] = json.dumps(answer, indent=1)
        return shown

    # --- a walk ---------------------------------------------------------------------------------------------------

    def run_walk(self, name, calls, program=PROGRAM, url=None, environment=None):
        seed = seed_of(f"walk {name}")
        random.seed(seed)
        house = House(url, program)
        self.addCleanup(house.remove)
        house.environment.update(environment or {})
        server = house.start("--access-log", "errors", "--threads", "8")
        self.addCleanup(server.kill)
        self.make_world(house, server)
        results = multiprocessing.get_context("fork").SimpleQueue()
        started = time.monotonic()
        walkers = [multiprocessing.get_context("fork").Process(target=walk, args=(plan, results))
                   for plan in self.plans(server, seed, calls)]
        for walker in walkers:
            walker.start()
        sums = [collections.Counter(), collections.Counter(), collections.Counter(), []]
        for _ in walkers:
            for total, part in zip(sums, results.get()):
                total += part
        for walker in walkers:
            walker.join()
        seconds = time.monotonic() - started
        count = sum(sums[1].values())
        print(f"walk {name}: {count} calls in {seconds:.0f} s, {count / seconds:.0f} a second, "
              f"{dict(sorted(sums[0].items()))}", flush=True)
        self.judge_answers(sums, server.call("GET", "/swagger.json")[1], calls)
        house.wait_for_rest()
        shown = self.snapshot(server)
        self.assertEqual(server.stop()[0], 0)
        log = (house.directory / "log").read_text(errors="replace")
        self.assertNotIn("ThreadSanitizer", log, log[-6000:])
        self.judge_database(house)
        server = house.start("--cache-size", "0", "--job-threads", "0", "--send-threads", "0", log="second log")
        self.addCleanup(server.kill)
        for asked, answer in self.snapshot(server).items():
            self.assertEqual(answer, shown[asked], asked)
        server.kill()
        jobs = house.rows("SELECT kind, state, count(*) FROM jobs GROUP BY kind, state ORDER BY kind, state")
        there = [house.number(f"SELECT count(*) FROM {table}") for table in
                 ("opportunities", "contacts", "milestone_history", "stage_events")]
        print(f"walk {name}: opportunities, contacts, milestone changes, stage changes {there}; jobs {jobs}", flush=True)

    def postgres(self):
        postgres = Postgres()
        self.addCleanup(postgres.stop)
        if postgres.problem:
            self.skipTest(postgres.problem)
        return postgres.make()

    def sanitizer(self):
        if not TSAN_PROGRAM:
            self.skipTest("OVERTURE_PROGRAM_TSAN is not set")
        return {"TSAN_OPTIONS": f"second_deadlock_stack=1:exitcode=66:suppressions={ROOT / 'tests/tsan.supp'}"}

    def test_sqlite(self):
        self.run_walk("SQLite", CALLS - CALLS // 5)

    def test_postgres(self):
        self.run_walk("PostgreSQL", CALLS // 5, url=self.postgres())

    def test_sqlite_threads(self):
        self.run_walk("SQLite, thread sanitizer", TSAN_CALLS // 2, TSAN_PROGRAM, environment=self.sanitizer())

    def test_postgres_threads(self):
        environment = self.sanitizer()
        self.run_walk("PostgreSQL, thread sanitizer", TSAN_CALLS // 2, TSAN_PROGRAM, self.postgres(), environment)


if __name__ == "__main__":
    unittest.main(verbosity=1)
