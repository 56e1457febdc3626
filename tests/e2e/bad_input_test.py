"""Thousands of bad requests: each gets a documented error, soon, on a connection that lives; and changes nothing.

Run: OVERTURE_PROGRAM_ASAN=build/asan/overture python3 tests/e2e/bad_input_test.py
The program should be built with the address and undefined behaviour sanitizers: whatever they say is a failure.
OVERTURE_BAD_REQUESTS sets how many (20,000). Each client has an account of its own, so that it can see whether a
refused request changed anything there; one more account belongs to nobody and must never change or show up.
"""
import hashlib
import json
import os
import random
import re
import sqlite3
import threading
import time
import unittest

from bad_requests import Maker
from support import House, PROGRAM, Wire, seed_of, wait_until
from world import Account

REQUESTS = int(os.environ.get("OVERTURE_BAD_REQUESTS") or 20000)
TESTED = os.environ.get("OVERTURE_PROGRAM_ASAN") or PROGRAM
CLIENTS = 4
SLOWEST = 2.0
# The table of errors of the program, and what a faulty message itself may get.
STATUSES = {200, 304, 400, 401, 403, 404, 405, 409, 412, 413, 414, 415, 417, 429, 431, 501, 503, 505}
MARKER = "zebracrossing"


def not_json(name):
    raise ValueError(f"{name} is no JSON")


class Snapshots:
    """A digest of all rows of an account, in a database that another process writes."""

    def __init__(self, path, account):
        self.account = account
        self.connection = sqlite3.connect(path, timeout=30, check_same_thread=False)
        tables = [name for (name,) in self.connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        self.queries = [f"SELECT * FROM accounts WHERE id = {account}"]
        for table in tables:
            columns = [row[1] for row in self.connection.execute(f"PRAGMA table_info({table})")]
            # What a request costs and when a key was last used is kept for refused requests too.
            if "account_id" in columns and table != "usage_days":
                kept = ", ".join(c for c in columns if c != "last_used_at")
                self.queries.append(f"SELECT '{table}', {kept} FROM {table} WHERE account_id = {account}")
        self.version = None
        self.digest = None

    def changed(self):
        """Whether rows differ from those at the last call."""
        version = self.connection.execute("PRAGMA data_version").fetchall()[0][0]
        if version == self.version:
            return False
        digest = hashlib.sha256()
        self.connection.execute("BEGIN")
        for query in self.queries:
            digest.update(repr(self.connection.execute(query).fetchall()).encode())
        self.connection.execute("COMMIT")
        before, self.version, self.digest = self.digest, version, digest.digest()
        return self.digest != before

    def wait_for_rest(self):
        """Until jobs are over, and automations have done what events ask for."""
        query = (f"SELECT (SELECT count(*) FROM jobs WHERE account_id = {self.account} AND state IN ('queued', "
                 f"'running')) + (SELECT count(*) FROM events WHERE account_id = {self.account})")
        wait_until(lambda: self.connection.execute(query).fetchone()[0] == 0)


class Client(threading.Thread):
    def __init__(self, test, number, requests, seed):
        super().__init__(daemon=True)
        self.test, self.requests, self.rng = test, requests, random.Random(f"{seed} {number}")
        self.number = number
        account = test.accounts[number]
        self.throwaway = test.house.run("key", "create", "--account", account.name, "--email",
            "member@mine.example").strip()
        self.maker = Maker(test.document, self.rng, account.things, test.foreign_account.things)
        self.snapshots = Snapshots(test.house.database, account.number)
        self.slowest = 0.0
        self.before = "nothing"
        self.wire = None
        self.answers = {}
        self.error = None

    def run(self):
        try:
            self.snapshots.changed()
            for _ in range(self.requests):
                self.one(*self.maker.make())
        except Exception as error:  # reported by the test
            self.error = error
        finally:
            if self.wire is not None:
                self.wire.close()
            self.snapshots.connection.close()

    def one(self, kind, method, target, body, fields):
        token = self.throwaway if "revoke" in target else self.rng.choice(self.test.keys[self.number])
        own_token = any(field.startswith("Authorization") for field in fields)
        head = self.head(method, target, body, None if own_token else token, fields)
        request = head + (body or b"")
        answered = self.exchange(method, request)
        if answered is None:
            return self.test.report("the connection was dropped", kind, request, "")
        status, headers, text, seconds = answered
        self.answers[status] = self.answers.get(status, 0) + 1
        for problem in self.problems(method, status, headers, text):
            self.test.report(problem, kind, request, text)
        if status == 401 and not own_token and token != self.throwaway:
            self.test.renew(self.number, token)
            self.snapshots.changed()
        if seconds > SLOWEST:
            again = self.exchange(method, request)
            if again is None or again[3] > SLOWEST:
                self.test.report(f"slower than {SLOWEST} s, twice", kind, request, f"{seconds:.1f} s")
        if status == 200 and method not in ("GET", "HEAD"):
            self.snapshots.wait_for_rest()
            self.snapshots.changed()
        elif self.snapshots.changed():
            self.test.report(f"a {method} answered with {status} changed something (or {self.before})", kind, request,
                text)
        self.before = kind
        return None

    @staticmethod
    def head(method, target, body, token, fields):
        lines = [f"{method} {target} HTTP/1.1", "Host: localhost"]
        if token:
            lines.append(f"Authorization: Bearer {token}")
        if body is not None:
            lines.append(f"Content-Length: {len(body)}")
            if not any(field.startswith("Content-Type") for field in fields):
                lines.append("Content-Type: application/json")
        return ("\r\n".join(lines + fields) + "\r\n\r\n").encode("latin-1")

    def exchange(self, method, request):
        """The answer and the seconds it took; None when there was none."""
        started = time.monotonic()
        try:
            if self.wire is None:
                self.wire = Wire(self.test.server.port, timeout=30)
            self.wire.send(request)
            status, headers, text = self.wire.answer(method == "HEAD")
        except (OSError, KeyError, ValueError, IndexError):
            if self.wire is not None:
                self.wire.close()
            self.wire = None
            return None
        if self.wire.closes:
            self.wire.close()
            self.wire = None
        seconds = time.monotonic() - started
        self.slowest = max(self.slowest, seconds)
        return status, headers, text, seconds

    def problems(self, method, status, headers, text):
        if status not in STATUSES:
            yield f"status {status}"
        if status == 503 or status >= 500 and status not in (501, 505):
            yield f"status {status}"
        if MARKER.encode() in text.lower():
            yield "shows another account's data"
        if method == "HEAD" or status == 304:
            return
        kind = headers.get("content-type", "")
        if status == 200 and not kind.startswith("application/json"):
            if not kind.startswith("text/plain"):
                yield f"type {kind}"
            return
        try:
            answer = json.loads(text.decode("utf-8"), parse_constant=not_json)
        except ValueError as error:
            yield f"the body is no JSON: {error}"
            return
        if status != 200 and not (isinstance(answer, dict) and isinstance(answer.get("message"), str) and
            answer["message"]):
            yield "an error without a message"


class BadInput(unittest.TestCase):
    def setUp(self):
        self.lock = threading.Lock()
        self.found = {}
        self.house = House(program=TESTED)
        self.addCleanup(self.house.remove)
        self.house.run("migrate")
        # Nothing leaves by itself: couriers would write down how webhooks fare.
        self.house.run("sending", "off")
        self.server = self.house.start("--access-log", "off", "--send-threads", "0")
        self.addCleanup(self.server.kill)
        self.document = self.server.call("GET", "/swagger.json")[1]
        self.foreign_account = Account(self.house, self.server, "foreign", MARKER)
        self.accounts = [Account(self.house, self.server, f"mine{n}", f"mine{chr(97 + n)}") for n in range(CLIENTS)]
        self.keys = [[account.key] * 3 + [self.house.make_user(account.name, "member@mine.example", "user",
                                                              account.things["projects"][:1])]
                     for account in self.accounts]

    def report(self, problem, kind, request, answer):
        """Keeps the smallest request of each kind of problem."""
        with self.lock:
            name = (problem, kind)
            if name not in self.found or len(self.found[name][0]) > len(request):
                self.found[name] = (request, answer)

    def renew(self, number, key):
        """A key that a client has revoked by itself is replaced."""
        status, _ = self.server.call("GET", "/api/me", token=key)
        if status != 401:
            return
        admin = key == self.keys[number][0]
        account = self.accounts[number]
        text = f"mine{chr(97 + number)}"
        new = self.house.run("key", "create", "--account", account.name, "--email",
                             f"admin@{text}.example" if admin else "member@mine.example").strip()
        self.keys[number] = [new if known == key else known for known in self.keys[number]]

    def test_bad_input(self):
        seed = seed_of("bad input")
        foreign = Snapshots(self.house.database, self.foreign_account.number)
        foreign.changed()
        started = time.monotonic()
        clients = [Client(self, number, REQUESTS // CLIENTS, seed) for number in range(CLIENTS)]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        seconds = time.monotonic() - started
        for client in clients:
            if client.error is not None:
                raise client.error
        answers = {}
        for client in clients:
            for status, n in client.answers.items():
                answers[status] = answers.get(status, 0) + n
        print(f"bad input: {sum(answers.values())} requests in {seconds:.0f} s, slowest "
              f"{max(client.slowest for client in clients):.2f} s; answers {dict(sorted(answers.items()))}", flush=True)
        found = "\n\n".join(f"{problem} ({kind}):\n{request[:600]!r}\n-> {answer[:300]!r}"
                            for (problem, kind), (request, answer) in sorted(self.found.items())[:30])
        log = self.server.log.read_text(errors="replace")
        self.assertIsNone(self.server.process.poll(), f"the server has ended: {log[-3000:]}\n{found}")
        self.assertEqual(len(self.found), 0, f"{len(self.found)} kinds of problems:\n{found}")
        self.assertFalse(foreign.changed(), "the account of somebody else has changed")
        self.assertEqual(self.house.rows("SELECT payload, error FROM jobs WHERE state = 'failed'"), [])
        self.assertEqual(self.server.stop()[0], 0)
        log = self.server.log.read_text(errors="replace")
        self.assertEqual(re.findall(r"(?m)^.*(?:runtime error|Sanitizer).*$", log)[:5], [], log[-3000:])
        self.assertNotIn('"level":"error"', log)
        self.assertNotRegex(self.house.run("doctor"), r"(?m)^error")


if __name__ == "__main__":
    unittest.main(verbosity=1)
