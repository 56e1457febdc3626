"""POSTs with an Idempotency-Key, each sent several times: at once, one after the other, and after a kill. One effect,
and the same answer each time; another body with a key is refused.

Run: OVERTURE_PROGRAM=build/release/overture python3 tests/e2e/idempotency_test.py
OVERTURE_IDEMPOTENCY_KEYS sets the number of keys (1000: three quarters on SQLite, one quarter on PostgreSQL).
"""
import json
import os
import random
import threading
import time
import unittest

from support import House, Postgres, Wire, seed_of, wait_until

KEYS = int(os.environ.get("OVERTURE_IDEMPOTENCY_KEYS") or 1000)
KEYS_A_ROUND = 125
CLIENTS = 6
REPEATS = 3


class Request:
    """A POST that would do something each time. `marker` is found in what it makes."""

    def __init__(self, number, target, body, table, column):
        self.key, self.target, self.body, self.marker = f"key-{number}", target, body, f"m{number}x"
        self.table, self.column = table, column
        self.answers = []
        self.sent = 0


class Client(threading.Thread):
    """Sends what is in its list, in order, until it is done or the server is gone."""

    def __init__(self, port, key, requests):
        super().__init__(daemon=True)
        self.port, self.key, self.requests = port, key, requests
        self.left = list(requests)

    def run(self):
        try:
            with Wire(self.port, self.key, timeout=30) as wire:
                while self.left:
                    request = self.left[0]
                    body = json.dumps(request.body).encode()
                    request.sent += 1
                    wire.send(wire.head_of("POST", request.target, len(body), None, [f"Idempotency-Key: {request.key}"])
                              + body)
                    status, _, text = wire.answer()
                    request.answers.append((status, text))
                    self.left.pop(0)
        except OSError:
            pass


class Idempotency(unittest.TestCase):

    def make_world(self, house):
        house.run("account", "create", "acme")
        self.key = house.make_user("acme", "ada@acme.example")
        server = house.start("--access-log", "off")
        with server.wire(self.key) as wire:
            def post(path, body):
                status, answer = wire.call("POST", path, body)
                self.assertEqual(status, 200, answer)
                return answer["id"]
            self.project = post("/api/projects", {"name": "p"})
            # Rows of this campaign are never taken for the same, so that one too many would show.
            self.campaign = post("/api/campaigns/import", {
                "name": "c", "project": self.project, "opportunity_deduplication": False,
                "import_json": [{"url": "https://first.example/"}]})
            self.opportunity = post("/api/opportunities", {"campaign": self.campaign, "contacts": ["x@first.example"]})
        server.kill()

    def make_request(self, number):
        marker = f"m{number}x"
        kind = number % 6
        if kind == 0:
            return Request(number, "/api/tags", {"name": marker, "type": "campaign"}, "tags", "name")
        if kind == 1:
            return Request(number, f"/api/opportunities/{self.opportunity}/notes", {"content": marker}, "notes", "content")
        if kind == 2:
            return Request(number, "/api/tasks", {"name": marker, "project": self.project}, "tasks", "name")
        if kind == 3:
            return Request(number, "/api/campaigns/import", {"name": marker, "project": self.project, "import_json": [
                {"url": f"https://{marker}.example/"}]}, "campaigns", "name")
        if kind == 4:
            return Request(number, f"/api/campaigns/{self.campaign}/import", {"import_json": [
                {"url": f"https://import-{marker}.example/", "email": f"a@{marker}.example"}]}, "jobs", None)
        return Request(number, "/api/api_keys", {"name": marker}, "tokens", "name")

    def send(self, server, requests, rng):
        """Every request once by each of some clients, in the same order, so that many meet; True when all were answered."""
        clients = []
        for _ in range(CLIENTS):
            own = [request for request in requests if rng.random() < 0.6]
            clients.append(Client(server.port, self.key, own))
        for client in clients:
            client.start()
        return clients

    def round(self, house, requests, rng):
        for _ in range(2):  # two kills
            server = house.start("--access-log", "off")
            self.addCleanup(server.kill)
            before = sum(len(request.answers) for request in requests)
            clients = self.send(server, requests, rng)
            wait_until(lambda: sum(len(request.answers) for request in requests) > before
                       or not any(client.is_alive() for client in clients), pause=0.001)
            time.sleep(rng.random() * 0.05)
            self.kills += any(client.is_alive() for client in clients)
            server.kill()
            for client in clients:
                client.join(timeout=30)
                self.assertFalse(client.is_alive())
        server = house.start("--access-log", "off")
        self.addCleanup(server.kill)
        for _ in range(REPEATS):
            for client in (clients := self.send(server, requests, rng)):
                client.join(timeout=60)
                self.assertEqual(client.left, [], "every repetition was answered")
        with server.wire(self.key, 30) as wire:
            for request in requests:
                status, text = self.call(wire, request, request.body)
                request.answers.append((status, text))
                self.assertEqual(self.call(wire, request, {**request.body, "other": 1})[0], 409)
                self.assertEqual(set(request.answers), {(200, request.answers[0][1])}, request.target)
                self.calls += len(request.answers)
        self.check_effects(house, requests)
        server.kill()

    def call(self, wire, request, body):
        text = json.dumps(body).encode()
        wire.send(wire.head_of("POST", request.target, len(text), None, [f"Idempotency-Key: {request.key}"]) + text)
        status, _, answer = wire.answer()
        return status, answer

    def check_effects(self, house, requests):
        for table in sorted({request.table for request in requests if request.column}):
            column = next(request.column for request in requests if request.table == table and request.column)
            counts = {name: int(n) for name, n in
                      house.rows(f"SELECT {column}, count(*) FROM {table} WHERE {column} LIKE 'm%x' GROUP BY {column}")}
            for request in requests:
                if request.table == table and request.column:
                    self.assertEqual(counts.get(request.marker, 0), 1, f"{request.target}: {request.marker}")
        added = sum(request.column is None for request in self.all)
        jobs = house.number(f"SELECT count(*) FROM jobs WHERE campaign_id = {self.campaign}")
        self.assertEqual(jobs, 1 + added, "one job for each import")

    def run_all(self, engine, keys, url=None):
        rng = random.Random(f"{seed_of(f'idempotency {engine}')} {engine}")
        self.calls = self.kills = 0
        self.all = []
        house = House(url)
        self.addCleanup(house.remove)
        self.make_world(house)
        started = time.monotonic()
        for first in range(0, keys, KEYS_A_ROUND):
            requests = [self.make_request(number) for number in range(first, min(keys, first + KEYS_A_ROUND))]
            self.all += requests
            self.round(house, requests, rng)
        most = max(request.sent for request in self.all)
        print(f"idempotency {engine}: {keys} keys, {self.calls} answers, up to {most} times each, {self.kills} kills "
              f"while clients sent, {time.monotonic() - started:.0f} s", flush=True)
        self.assertNotRegex(house.run("doctor"), r"(?m)^error")

    def test_sqlite(self):
        self.run_all("SQLite", KEYS - KEYS // 4)

    def test_postgres(self):
        postgres = Postgres()
        self.addCleanup(postgres.stop)
        if postgres.problem:
            self.skipTest(postgres.problem)
        self.run_all("PostgreSQL", KEYS // 4, postgres.make())


if __name__ == "__main__":
    unittest.main(verbosity=1)
