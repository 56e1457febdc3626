"""The real program, started as people start it: every command, its streams, its exit status, its signals.

Run: OVERTURE_PROGRAM=build/release/overture python3 tests/e2e/command_line_test.py
"""
import http.client
import json
import os
import pathlib
import signal
import sqlite3
import stat
import subprocess
import tempfile
import threading
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("OVERTURE_PROGRAM") or str(ROOT / "build/dev/overture")
DEADLINE = 60


class Server:
    """`overture serve` on a free port."""

    def __init__(self, case, *arguments, **environment):
        self.process = subprocess.Popen(
            [PROGRAM, "serve", "--listen", "127.0.0.1:0", *arguments], cwd=case.directory,
            env={**case.environment, **environment}, stdout=subprocess.PIPE, stderr=open(case.directory / "log", "ab"),
            text=True)
        case.addCleanup(self.kill)
        line = self.process.stdout.readline()
        case.assertTrue(line.startswith("listening on http://127.0.0.1:"), line)
        self.port = int(line.strip().rsplit(":", 1)[1])

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def call(self, method, path, token=None, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()

    def get(self, path, token=None):
        return self.call("GET", path, token)

    def wait_for(self, path, status, token=None):
        give_up = time.monotonic() + 10
        while time.monotonic() < give_up:
            if self.get(path, token)[0] == status:
                return True
            time.sleep(0.05)
        return False

    def stop(self, number=signal.SIGTERM):
        started = time.monotonic()
        self.process.send_signal(number)
        return self.process.wait(timeout=DEADLINE), time.monotonic() - started


class CommandLine(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="overture-e2e-")
        self.addCleanup(temporary.cleanup)
        self.directory = pathlib.Path(temporary.name)
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("OVERTURE_")}

    def run_program(self, *arguments, status=0, given="", **environment):
        result = subprocess.run(
            [PROGRAM, *arguments], cwd=self.directory, env={**self.environment, **environment}, input=given,
            capture_output=True, text=True, timeout=DEADLINE)
        self.assertEqual(result.returncode, status, f"{arguments}: {result.stdout}{result.stderr}")
        if status:
            self.assertEqual(result.stdout, "", f"{arguments}: a failure says nothing on standard output")
            self.assertRegex(result.stderr, r"(?m)^(overture|Import): ")
        return result

    def make_admin(self, account="superman", email="ada@example.com"):
        self.run_program("account", "create", account)
        self.run_program("user", "create", "--account", account, "--email", email, "--first-name", "Ada",
                         "--last-name", "Lovelace", "--role", "admin", given="correct horse\n")
        return self.run_program("key", "create", "--account", account, "--email", email).stdout.strip()

    @property
    def database(self):
        return self.directory / "overture-data/overture.db"

    def rows(self, sql, path=None):
        connection = sqlite3.connect(path or self.database)
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()


class Help(CommandLine):
    COMMANDS = [["serve"], ["account", "create"], ["user", "create"], ["user", "set"], ["user", "grant"],
                ["key", "create"], ["import"], ["backup"], ["restore"], ["migrate"], ["maintenance"], ["sending"],
                ["doctor"], ["config"], ["version"]]

    def test_each_command_has_help_with_an_example(self):
        for command in self.COMMANDS:
            result = self.run_program(*command, "--help")
            self.assertIn("Example:\n  overture " + " ".join(command), result.stdout)
            self.assertEqual(result.stderr, "")
        self.assertEqual(list(self.directory.iterdir()), [], "help makes nothing")

    def test_wrong_use_is_status_2(self):
        for arguments in ([], ["fly"], ["account"], ["account", "create"], ["serve", "--wings"],
                          ["serve", "--listen", "nowhere"], ["serve", "--threads", "many"],
                          ["serve", "--database", "mysql://x"], ["serve", "--secret-key", "abc"],
                          ["maintenance", "perhaps"], ["migrate", "--config", "absent.conf"],
                          ["user", "set", "--account", "a"], ["key", "create", "--email", "x@example.com"]):
            self.run_program(*arguments, status=2)

    def test_version(self):
        self.assertRegex(self.run_program("version").stdout, r"^overture \d+\.\d+\.\d+ ")


class People(CommandLine):
    def test_a_new_account_is_usable_at_once(self):
        key = self.make_admin()
        self.assertRegex(key, r"^[\w-]+\.[\w-]+\.[\w-]+$", "the key stands alone on standard output")
        self.assertEqual(len(self.rows("SELECT 1 FROM personalization_fields WHERE is_system = 1")), 12)
        kinds = dict(self.rows("SELECT kind, count(*) FROM milestones GROUP BY kind"))
        self.assertEqual(kinds, {"open": 6, "won": 2, "lost": 5})
        server = Server(self)
        self.assertEqual(server.get("/api/projects", key)[0], 200)
        self.assertEqual(server.get("/api/projects", key[:-2] + "xx")[0], 401)
        self.assertEqual(server.get("/api/projects")[0], 401)

    def test_secrets_are_not_stored(self):
        key = self.make_admin()
        dump = self.database.read_bytes()
        self.assertNotIn(key.encode(), dump)
        self.assertNotIn(b"correct horse", dump)
        self.assertIn(b"$argon2id$", dump)

    def test_repeating_is_refused_and_harmless(self):
        self.make_admin()
        before = self.rows("SELECT (SELECT count(*) FROM accounts), (SELECT count(*) FROM milestones)")
        self.assertIn("already", self.run_program("account", "create", "superman", status=1).stderr)
        again = self.run_program("user", "create", "--account", "superman", "--email", "ADA@example.com",
                                 "--first-name", "A", "--last-name", "L", given="correct horse\n", status=1)
        self.assertIn("already", again.stderr)
        self.assertEqual(before, self.rows("SELECT (SELECT count(*) FROM accounts), (SELECT count(*) FROM milestones)"))

    def test_bad_values(self):
        self.make_admin()
        def user(status, given="correct horse\n", **changes):
            values = {"account": "superman", "email": "b@example.com", "first-name": "B", "last-name": "C",
                      "role": "user", **changes}
            arguments = [text for name, value in values.items() for text in (f"--{name}", value)]
            return self.run_program("user", "create", *arguments, given=given, status=status).stderr
        self.assertIn("at least 8", user(2, given="seven77\n"))
        self.assertIn("no password", user(2, given=""))
        self.assertIn("e-mail", user(2, email="b at example"))
        self.assertIn("role", user(2, role="king"))
        self.assertIn("first_name", user(2, **{"first-name": " "}))
        self.assertIn("no account", user(1, account="batman"))
        self.run_program("account", "create", " ", status=2)
        self.run_program("account", "create", "a\nb", status=2)
        self.run_program("key", "create", "--account", "superman", "--email", "nobody@example.com", status=1)
        self.run_program("user", "grant", "--account", "superman", "--email", "ada@example.com", "--project", "99",
                         status=1)
        self.run_program("user", "set", "--account", "superman", "--email", "ada@example.com", "--status", "away",
                         status=2)
        self.assertEqual(len(self.rows("SELECT 1 FROM users")), 1)

    def test_beside_a_running_server(self):
        key = self.make_admin()
        server = Server(self)
        self.assertEqual(server.get("/api/projects", key)[0], 200)
        other = self.make_admin("batman", "bruce@example.com")
        self.assertEqual(server.get("/api/projects", other)[0], 200)
        user = ["user", "set", "--account", "superman", "--email", "ada@example.com", "--status"]
        self.run_program(*user, "inactive")
        self.assertEqual(server.get("/api/projects", key)[0], 403)
        self.assertEqual(server.get("/api/projects", other)[0], 200)
        self.run_program(*user, "active")
        self.assertEqual(server.get("/api/projects", key)[0], 200)

    def test_many_at_once_all_count(self):
        self.run_program("migrate")
        results = []
        def make(number):
            done = subprocess.run([PROGRAM, "account", "create", f"account {number % 10}"], cwd=self.directory,
                                  env=self.environment, capture_output=True, timeout=DEADLINE)
            results.append(done.returncode)
        threads = [threading.Thread(target=make, args=(n,)) for n in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(results), [0] * 10 + [1] * 10)
        self.assertEqual(self.rows("SELECT count(*) FROM accounts"), [(10,)])


class Settings(CommandLine):
    def origin(self, name, *arguments, **environment):
        for line in self.run_program("config", *arguments, **environment).stdout.splitlines():
            if line.startswith(name + " "):
                return line.split()[1:]
        self.fail(f"config does not show {name}")

    def test_precedence(self):
        self.assertEqual(self.origin("rate-limit"), ["300", "default"])
        (self.directory / "overture.conf").write_text("rate-limit = 1\n")
        self.assertEqual(self.origin("rate-limit"), ["1", "file"])
        self.assertEqual(self.origin("rate-limit", OVERTURE_RATE_LIMIT="2"), ["2", "environment"])
        self.assertEqual(self.origin("rate-limit", "--rate-limit", "3", OVERTURE_RATE_LIMIT="2"), ["3", "flag"])
        (self.directory / "other.conf").write_text("rate-limit = 4\n")
        self.assertEqual(self.origin("rate-limit", "--config", "other.conf"), ["4", "file"])
        self.assertEqual(self.origin("rate-limit", OVERTURE_CONFIG="other.conf"), ["4", "file"])

    def test_mistakes_are_named(self):
        (self.directory / "overture.conf").write_text("# mine\nlistne = 1\n")
        self.assertIn("overture.conf line 2: unknown key `listne`", self.run_program("config", status=2).stderr)
        (self.directory / "overture.conf").write_text("threads = lots\n")
        self.assertIn("threads in ./overture.conf", self.run_program("config", status=2).stderr)
        (self.directory / "overture.conf").unlink()
        self.assertIn("OVERTURE_THREADS", self.run_program("config", OVERTURE_THREADS="x", status=2).stderr)

    def test_secrets_are_masked(self):
        key = "5e" * 32
        shown = self.run_program("config", OVERTURE_SECRET_KEY=key,
                                 OVERTURE_DATABASE="postgresql://me:swordfish@127.0.0.1/x").stdout
        self.assertNotIn(key, shown)
        self.assertNotIn("swordfish", shown)
        self.assertIn("postgresql://me@127.0.0.1/x", shown)

    def test_secret_key_is_private_and_stays(self):
        self.make_admin()
        path = self.directory / "overture-data/secret.key"
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(path.parent.stat().st_mode), 0o700)
        before = path.read_text()
        self.assertEqual(Server(self).stop()[0], 0)
        self.assertEqual(path.read_text(), before)
        path.write_text("damaged\n")
        self.assertIn("holds no key", self.run_program("serve", "--listen", "127.0.0.1:0", status=1).stderr)


class Serving(CommandLine):
    def test_probes(self):
        server = Server(self)
        self.assertEqual(server.get("/healthz"), (200, "ok\n"))
        self.assertEqual(server.get("/readyz"), (200, "ready\n"))
        self.assertEqual(server.get("/nothing")[0], 404)
        status, text = server.get("/metrics")
        self.assertEqual(status, 200)
        for name in ("overture_build_info", "overture_connections_open", "overture_jobs", "overture_cache_hits_total",
                     "overture_database_writes_waiting", "overture_database_write_groups_total",
                     "process_resident_memory_bytes", "process_open_fds", "overture_uptime_seconds"):
            self.assertIn(f"\n# TYPE {name} ", "\n" + text)
        for line in text.splitlines():
            self.assertRegex(line, r'^(# (HELP|TYPE) \w+ .+|\w+(\{(\w+="[^"]*",?)+\})? [-+\d.eInf]+)$')

    def test_maintenance_from_beside(self):
        key = self.make_admin()
        server = Server(self)
        self.run_program("maintenance", "on")
        self.assertTrue(server.wait_for("/readyz", 503))
        self.assertEqual(server.get("/api/projects", key)[0], 503)
        self.assertEqual(server.get("/healthz")[0], 200)
        self.run_program("maintenance", "off")
        self.assertTrue(server.wait_for("/readyz", 200))
        self.assertEqual(server.get("/api/projects", key)[0], 200)

    def test_signals_end_it_cleanly(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            server = Server(self)
            idle = http.client.HTTPConnection("127.0.0.1", server.port)
            idle.connect()
            status, seconds = server.stop(number)
            idle.close()
            self.assertEqual(status, 0)
            self.assertLess(seconds, 10)
        self.assertFalse(self.database.with_name("overture.db-wal").exists(), "the log is emptied at the end")

    def test_survives_hangup(self):
        server = Server(self)
        server.process.send_signal(signal.SIGHUP)
        self.assertEqual(server.get("/healthz")[0], 200)

    def test_closed_standard_streams_do_no_harm(self):
        self.run_program("migrate")
        process = subprocess.Popen(
            ["sh", "-c", f'exec "{PROGRAM}" serve --listen 127.0.0.1:0 0<&- 2>&-'], cwd=self.directory,
            env=self.environment, stdout=subprocess.PIPE, text=True)
        try:
            port = int(process.stdout.readline().strip().rsplit(":", 1)[1])
            for _ in range(20):
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
                connection.request("GET", "/api/projects")
                self.assertEqual(connection.getresponse().status, 401)
                connection.close()
        finally:
            process.terminate()
            self.assertEqual(process.wait(timeout=DEADLINE), 0)
            process.stdout.close()
        self.assertEqual(self.rows("PRAGMA integrity_check"), [("ok",)])

    def test_a_full_standard_error_does_no_harm(self):
        with open("/dev/full", "wb") as full:
            process = subprocess.Popen([PROGRAM, "serve", "--listen", "127.0.0.1:0"], cwd=self.directory,
                                       env=self.environment, stdout=subprocess.PIPE, stderr=full, text=True)
            self.assertIn("listening", process.stdout.readline())
            process.terminate()
            self.assertEqual(process.wait(timeout=DEADLINE), 0)
            process.stdout.close()

    def test_an_answer_that_cannot_be_written_is_a_failure(self):
        self.make_admin()
        with open("/dev/full", "wb") as full:
            result = subprocess.run([PROGRAM, "key", "create", "--account", "superman", "--email", "ada@example.com"],
                                    cwd=self.directory, env=self.environment, stdout=full, stderr=subprocess.PIPE)
        self.assertEqual(result.returncode, 1)

    def test_a_port_in_use_is_said(self):
        server = Server(self)
        result = self.run_program("serve", "--data", "elsewhere", "--listen", f"127.0.0.1:{server.port}", status=1)
        self.assertIn(str(server.port), result.stderr)

    def test_demo_prints_a_call_that_works(self):
        for _ in range(2):
            server = Server(self, "--demo")
            lines = []
            while not lines or "curl" not in lines[-1]:
                lines.append(server.process.stdout.readline())
            text = "".join(lines)
            for word in ("account", "e-mail", "password", "API key"):
                self.assertIn(word, text)
            command = lines[-1].strip().replace("curl ", "curl -s -o /dev/null -w '%{http_code}' ", 1)
            if subprocess.run(["which", "curl"], capture_output=True).returncode == 0:
                self.assertEqual(subprocess.check_output(command, shell=True, text=True), "200", text)
            self.assertEqual(server.stop()[0], 0)
        self.assertEqual(self.rows("SELECT count(*) FROM accounts"), [(1,)])

    def test_log_lines_are_json_and_hold_no_secrets(self):
        key = self.make_admin()
        server = Server(self, "--log-level", "debug")
        server.get("/api/projects?name=swordfish", key)
        server.stop()
        text = (self.directory / "log").read_text()
        self.assertNotIn(key, text)
        self.assertNotIn("swordfish", text)
        messages = [json.loads(line)["message"] for line in text.splitlines()]
        self.assertIn("request", messages)


class Keeping(CommandLine):
    def test_migrate_twice(self):
        self.assertIn("now at schema", self.run_program("migrate").stdout)
        self.assertIn("up to date", self.run_program("migrate").stdout)

    def test_a_newer_schema_is_refused(self):
        self.run_program("migrate")
        connection = sqlite3.connect(self.database)
        connection.execute("INSERT INTO schema_version (version, name) VALUES (9999, 'later')")
        connection.commit()
        connection.close()
        for command in (["serve", "--listen", "127.0.0.1:0"], ["migrate"], ["account", "create", "x"]):
            self.assertIn("newer", self.run_program(*command, status=1).stderr)

    def test_commands_that_need_a_database_say_so(self):
        for command in (["backup", "b.db"], ["maintenance", "on"], ["sending", "off"]):
            self.assertIn("no database", self.run_program(*command, status=1).stderr)
        self.assertFalse(self.database.exists())

    def test_backup_under_load_then_restore_elsewhere(self):
        key = self.make_admin()
        server = Server(self)
        stop = threading.Event()
        made = []
        def write():
            while not stop.is_set():
                name = f"load {threading.get_ident()} {len(made)}"
                self.run_program("account", "create", name)
                made.append(name)
        writers = [threading.Thread(target=write) for _ in range(2)]
        for writer in writers:
            writer.start()
        before = len(made)
        self.run_program("backup", "copy.db")
        finished = len(made)
        stop.set()
        for writer in writers:
            writer.join()
        copy = self.directory / "copy.db"
        self.assertEqual(stat.S_IMODE(copy.stat().st_mode), 0o600)
        self.assertEqual(self.rows("PRAGMA integrity_check", copy), [("ok",)])
        accounts = self.rows("SELECT count(*) FROM accounts", copy)[0][0]
        self.assertGreaterEqual(accounts, 1 + before)
        self.assertLessEqual(accounts, 1 + finished + 2)
        self.assertEqual(self.rows("SELECT count(*) FROM milestones", copy)[0][0], 13 * accounts)
        self.assertIn("exists", self.run_program("backup", "copy.db", status=1).stderr)
        server.stop()

        self.run_program("restore", "copy.db", "--data", "new")
        restored = self.directory / "new/overture.db"
        self.assertEqual(self.rows("SELECT value FROM settings WHERE name = 'sending_paused'", restored), [("1",)])
        self.assertEqual(self.rows("SELECT count(*) FROM accounts", restored)[0][0], accounts)
        self.assertEqual(Server(self, "--data", "new").get("/api/projects", key)[0], 200)

    def test_restore_never_destroys(self):
        self.make_admin()
        self.run_program("backup", "copy.db")
        self.run_program("account", "create", "later")
        self.assertIn("--force", self.run_program("restore", "copy.db", status=1).stderr)
        server = Server(self)
        self.assertIn("in use", self.run_program("restore", "copy.db", "--force", status=1).stderr)
        server.stop()
        self.assertEqual(self.rows("SELECT count(*) FROM accounts"), [(2,)])
        self.run_program("restore", "copy.db", "--force")
        self.assertEqual(self.rows("SELECT count(*) FROM accounts"), [(1,)])
        kept = [p for p in self.database.parent.iterdir() if ".replaced-" in p.name]
        self.assertEqual(self.rows("SELECT count(*) FROM accounts", kept[0]), [(2,)])

    def test_restore_refuses_what_is_no_backup(self):
        self.make_admin()
        (self.directory / "text").write_text("hello")
        self.run_program("restore", "text", "--force", status=2)
        self.run_program("restore", "absent", "--force", status=1)
        other = sqlite3.connect(self.directory / "other.db")
        other.execute("CREATE TABLE t (x)")
        other.commit()
        other.close()
        self.assertIn("Overture", self.run_program("restore", "other.db", "--force", status=2).stderr)
        self.run_program("backup", "copy.db")
        damaged = bytearray((self.directory / "copy.db").read_bytes())
        for offset in range(8192, len(damaged), 4096):
            damaged[offset:offset + 64] = b"\xff" * 64
        (self.directory / "damaged.db").write_bytes(damaged)
        self.run_program("restore", "damaged.db", "--force", status=1)
        self.assertEqual(self.rows("SELECT count(*) FROM accounts"), [(1,)])
        self.assertEqual([p.name for p in self.database.parent.iterdir() if "restoring" in p.name], [])

    def test_doctor(self):
        self.make_admin()
        healthy = self.run_program("doctor").stdout
        self.assertEqual({line.split()[0] for line in healthy.splitlines()} - {"warning"}, {"ok"}, healthy)
        self.assertRegex(healthy, r"warning +links +need --public-url")
        self.assertRegex(self.run_program("doctor", "--public-url", "http://a.example").stdout, r"warning +links +http:")
        self.assertRegex(self.run_program("doctor", "--public-url", "https://a.example").stdout, r"ok +links +https:")
        (self.directory / "overture-data/secret.key").chmod(0o644)
        result = subprocess.run([PROGRAM, "doctor"], cwd=self.directory, env=self.environment, capture_output=True,
                                text=True)
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stdout, r"error +secret key .*644")
        (self.directory / "overture-data/secret.key").chmod(0o600)
        connection = sqlite3.connect(self.database)
        connection.execute("INSERT INTO counters (account_id, name, slot, n) VALUES (1, 'contacts', 0, 5)")
        connection.commit()
        connection.close()
        result = subprocess.run([PROGRAM, "doctor"], cwd=self.directory, env=self.environment, capture_output=True,
                                text=True)
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stdout, r"error +counters ")

    def test_doctor_without_anything(self):
        result = subprocess.run([PROGRAM, "doctor"], cwd=self.directory, env=self.environment, capture_output=True,
                                text=True)
        self.assertEqual(result.returncode, 1)
        self.assertIn("no database", result.stdout)
        self.assertEqual(list(self.directory.iterdir()), [], "the doctor makes nothing")

    def test_killed_servers_lose_nothing(self):
        self.make_admin()
        for number in range(3):
            server = Server(self)
            self.run_program("account", "create", f"kept {number}")
            server.kill()
        self.assertEqual(self.rows("SELECT count(*) FROM accounts"), [(4,)])
        self.run_program("doctor")

    def test_first_day(self):
        """From nothing to imported prospects, by API and by file, with a kill -9 after each acknowledged write."""
        key = self.make_admin()
        server = Server(self, "--rate-limit", "0")
        def call(method, path, body=None):
            status, text = server.call(method, path, key, body)
            self.assertEqual(status, 200, f"{method} {path}: {text}")
            return json.loads(text)
        project = call("POST", "/api/projects", {"name": "First"})["id"]
        server.kill()
        server = Server(self, "--rate-limit", "0")
        self.assertEqual([p["name"] for p in call("GET", "/api/projects")["items"]], ["First"])
        campaign = call("POST", "/api/campaigns/import", {
            "name": "Blogs", "project": project,
            "import_json": [{"url": f"https://site{n}.example.com/"} for n in range(20)]})["id"]
        server.kill()
        server = Server(self, "--rate-limit", "0")
        give_up = time.monotonic() + 90
        def count():
            return call("GET", f"/api/opportunities?project.id={project}&campaign.id={campaign}")["items_count"]
        while count() < 20 and time.monotonic() < give_up:
            time.sleep(0.25)
        self.assertEqual(count(), 20, "the import goes on after the kill, each row once")
        (self.directory / "more.csv").write_text("url\nhttps://site3.example.com/\nhttps://late.example.org/\n")
        self.run_program("import", "more.csv", "--campaign", str(campaign))
        self.assertEqual(count(), 21)
        self.run_program("import", "absent.csv", "--campaign", str(campaign), status=1)
        self.run_program("import", "more.csv", "--campaign", "999", status=1)
        self.assertEqual(server.stop()[0], 0)
        self.run_program("doctor")


class Postgres(CommandLine):
    """The same commands against PostgreSQL, with a throwaway server."""

    def setUp(self):
        super().setUp()
        tool = str(ROOT / "tools/test_postgres")
        cluster = tempfile.mkdtemp(prefix="overture-e2e-postgres-")
        started = subprocess.run([tool, "start", cluster, str(os.getpid())], capture_output=True, text=True)
        if started.returncode != 0:
            self.skipTest(f"PostgreSQL cannot be started: {started.stderr}")
        self.addCleanup(subprocess.run, [tool, "stop", cluster], capture_output=True)
        self.environment["OVERTURE_DATABASE"] = started.stdout.strip()

    def test_people_server_backup_restore_doctor(self):
        key = self.make_admin()
        server = Server(self)
        self.assertEqual(server.get("/api/projects", key)[0], 200)
        self.assertEqual(server.get("/readyz")[0], 200)
        self.assertIn("already", self.run_program("account", "create", "superman", status=1).stderr)
        self.run_program("backup", "copy.dump")
        self.assertEqual(stat.S_IMODE((self.directory / "copy.dump").stat().st_mode), 0o600)
        self.assertEqual(server.stop()[0], 0)
        self.run_program("account", "create", "later")
        self.assertIn("--force", self.run_program("restore", "copy.dump", status=1).stderr)
        self.run_program("account", "create", "later", status=1)
        self.run_program("restore", "copy.dump", "--force")
        self.run_program("account", "create", "later")
        doctor = self.run_program("doctor").stdout
        self.assertRegex(doctor, r"warning +sending +is paused")
        self.assertFalse((self.directory / "overture-data/overture.db").exists())
        self.assertEqual(Server(self).get("/api/projects", key)[0], 200)

    def test_no_pg_dump_is_said(self):
        self.run_program("migrate")
        empty = self.directory / "empty"
        empty.mkdir()
        message = self.run_program("backup", "copy.dump", status=1, PATH=str(empty)).stderr
        self.assertIn("pg_dump is not installed", message)
        self.assertFalse((self.directory / "copy.dump").exists())

    def test_a_database_that_is_away_is_said(self):
        self.environment["OVERTURE_DATABASE"] = "postgresql://me:swordfish@127.0.0.1:1/absent"
        message = self.run_program("migrate", status=1).stderr
        self.assertNotIn("swordfish", message)


if __name__ == "__main__":
    unittest.main(verbosity=1)
