"""kill -9 while clients write, jobs import, and commands run: what was acknowledged is there, nothing is half done.

Run: OVERTURE_PROGRAM=build/release/overture python3 tests/e2e/crash_test.py
OVERTURE_CRASH_ROUNDS sets the number of kills (200: four fifths on SQLite, one fifth on PostgreSQL).
"""
import csv
import os
import random
import shutil
import time
import unittest

from crash_book import Book, Client
from crash_checks import Checks
from support import House, Postgres, seed_of, wait_until

ROUNDS = int(os.environ.get("OVERTURE_CRASH_ROUNDS") or 200)
ROUNDS_A_SERIES = 10
CLIENTS = 4
CSV_ROWS = 6000


class Crashes(Checks, unittest.TestCase):

    # --- a world to begin with, made once and copied -----------------------------------------------------------

    def make_world(self, house):
        house.run("account", "create", "crash")
        world = {"key": house.make_user("crash", "ada@example.com")}
        server = house.start()
        with server.wire(world["key"]) as wire:
            def post(path, body):
                status, answer = wire.call("POST", path, body)
                self.assertEqual(status, 200, answer)
                return answer["id"]
            world["project"] = post("/api/projects", {"name": "p"})
            for name in ("campaign", "files"):
                world[name] = post("/api/campaigns/import", {"name": name, "project": world["project"], "import_json":
                                                             [{"url": f"https://{name}.example/"}]})
            world["tags"] = [post("/api/tags", {"name": f"t{n}", "type": "opportunity"}) for n in range(4)]
            world["fields"] = [post("/api/custom_fields", {"name": f"f{n}", "token": f"f{n}"}) for n in range(3)]
            listed = wire.call("GET", "/api/milestones")[1]["items"]
            world["milestones"] = [m["id"] for m in listed[:5]]
            world["names"] = {m["id"]: m["name"] for m in listed}
        wait_until(lambda: house.number("SELECT count(*) FROM jobs WHERE state <> 'completed'") == 0)
        self.assertEqual(server.stop()[0], 0)
        house.leave_database()
        return world

    # --- between a kill and the restart ------------------------------------------------------------------------

    def let_leases_expire(self, house):
        """Stands for the minute after which another process may take over a job whose holder died."""
        running = house.number("SELECT count(*) FROM jobs WHERE state = 'running'")
        house.rows("UPDATE jobs SET lease_until = 1 WHERE state = 'running'")
        self.totals["kills during an import"] += running > 0

    def wait_for_ghosts(self, house):
        """PostgreSQL ends the sessions of a killed client, and their commits, on its own."""
        if house.url:
            wait_until(lambda: house.number("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                                            "AND pid <> pg_backend_pid() AND backend_type = 'client backend'") == 0)

    def wait_for_jobs(self, house):
        wait_until(lambda: house.number("SELECT count(*) FROM jobs WHERE state IN ('queued', 'running')") == 0)

    # --- a round and a series ------------------------------------------------------------------------------------

    def write_csv(self, house, book, rng):
        campaign = book.campaigns.setdefault("files", {"answer": {"id": book.world["files"]}, "batches": {}})
        rows, batch = book.make_rows(rng, f"file{next(book.serial)}", CSV_ROWS, (), campaign["batches"])
        campaign["batches"][batch.rows] = batch
        path = house.directory / f"rows{batch.rows}.csv"
        with open(path, "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["url", "email", "first_name"])
            writer.writerows([row.get("url"), row.get("email", ""), row["first_name"]] for row in rows)
        return path, batch

    def run_import(self, house, path, batch, campaign):
        # A command killed after its last row has nothing left to do; to give it the file again is another import.
        if house.number(f"SELECT count(*) FROM jobs WHERE campaign_id = {campaign} AND total = {batch.rows} "
                        "AND state = 'completed'") == 0:
            house.run("import", path.name, "--campaign", str(campaign))
        batch.acknowledged = True
        self.totals["files imported to their end"] += 1

    def round(self, house, book, rng, number):
        """Restart, check, load, kill."""
        if rng.random() < 0.15:
            server = house.start(wait=False)
            time.sleep(rng.random() * 0.06)
            server.kill()
            self.totals["kills in start-up"] += 1
        self.wait_for_ghosts(house)
        waits = number % 3 == 0 or self.open_file is not None
        if waits:
            self.let_leases_expire(house)
        server = house.start()
        self.addCleanup(server.kill)
        with server.wire(book.world["key"], timeout=30) as wire:
            self.check_opportunities(house, wire, book)
        self.check_whole_or_nothing(house, book)
        self.check_imports_at_any_moment(house)
        if self.open_file is not None:
            self.run_import(house, *self.open_file, book.world["files"])
            self.open_file = None
        if waits:
            self.wait_for_jobs(house)

        command = None
        if rng.random() < 0.2:
            self.open_file = self.write_csv(house, book, rng)
            command = house.popen("import", self.open_file[0].name, "--campaign", str(book.world["files"]))
        clients = [Client(book, server.port, rng.random(), imports=command is None) for _ in range(CLIENTS)]
        before = sum(book.acknowledged.values())
        for client in clients:
            client.start()
        if rng.random() < 0.9:
            # The load begins with its first answer, on a machine of any speed.
            wait_until(lambda: sum(book.acknowledged.values()) > before or any(c.wrong for c in clients), pause=0.001)
        time.sleep(rng.random() * 0.4)
        if command is not None:
            self.totals["kills of the import command"] += command.poll() is None
            command.kill()
            command.communicate()
        server.kill()
        for client in clients:
            client.join(timeout=30)
            self.assertEqual(client.wrong, [])
        self.totals["rounds"] += 1

    def series(self, house, world, rng, rounds):
        book = Book(world)
        self.open_file = None
        for number in range(rounds):
            self.round(house, book, rng, number)
        self.wait_for_ghosts(house)
        self.let_leases_expire(house)
        server = house.start()
        try:
            if self.open_file is not None:
                self.run_import(house, *self.open_file, world["files"])
            self.wait_for_jobs(house)
            book.touched = set(book.opportunities)
            with server.wire(world["key"], timeout=30) as wire:
                self.check_opportunities(house, wire, book)
            self.check_whole_or_nothing(house, book)
            self.check_imports_at_any_moment(house)
            self.check_imports_at_the_end(house, book)
        finally:
            server.kill()
        findings = [line.split(None, 2) for line in house.run("doctor").splitlines()]
        for state, what, text in findings:
            self.assertNotEqual(state, "error", f"{what} {text}")
        sound = {what for state, what, _ in findings if state == "ok"}
        self.assertIn("counters", sound)
        if not house.url:
            self.assertIn("integrity", sound)
        self.totals["acknowledged writes"] += sum(book.acknowledged.values())

    def kill_the_first_start(self, rng, url=None):
        """Half-made databases: the next start finishes what the first began."""
        house = House(url)
        self.addCleanup(house.remove)
        for _ in range(3):
            server = house.start(wait=False)
            time.sleep(rng.random() * 0.06)
            server.kill()
            self.totals["kills in the first start"] += 1
        self.wait_for_ghosts(house)
        server = house.start()
        self.assertEqual(server.call("GET", "/readyz")[0], 200)
        server.kill()
        house.run("account", "create", "fresh")
        self.assertNotRegex(house.run("doctor"), r"(?m)^error")

    def run_all(self, engine, rounds, postgres=None):
        seed = seed_of(f"crash {engine}")
        rng = random.Random(f"{seed} {engine}")
        self.totals = dict.fromkeys([
            "rounds", "acknowledged writes", "kills during an import", "kills of the import command",
            "kills in start-up", "kills in the first start", "files imported to their end", "opportunities compared",
            "imports compared", "import rows compared"], 0)
        started = time.monotonic()
        template = House(postgres.make() if postgres else None)
        self.addCleanup(template.remove)
        world = self.make_world(template)
        while self.totals["rounds"] < rounds:
            house = House(postgres.make(template.url) if postgres else None)
            try:
                shutil.copytree(template.directory / "overture-data", house.directory / "overture-data")
                self.series(house, world, rng, min(ROUNDS_A_SERIES, rounds - self.totals["rounds"]))
            finally:
                self.remove_house(house, postgres)
            self.kill_the_first_start(rng, postgres.make() if postgres else None)
        self.totals["seconds"] = round(time.monotonic() - started)
        print(f"crash {engine}: " + ", ".join(f"{n} {what}" for what, n in self.totals.items()), flush=True)

    def remove_house(self, house, postgres):
        house.remove()
        if postgres:
            postgres.drop(house.url)

    def test_sqlite(self):
        self.run_all("SQLite", ROUNDS - ROUNDS // 5)

    def test_postgres(self):
        postgres = Postgres()
        self.addCleanup(postgres.stop)
        if postgres.problem:
            self.skipTest(postgres.problem)
        self.run_all("PostgreSQL", ROUNDS // 5, postgres)


if __name__ == "__main__":
    unittest.main(verbosity=1)
