"""What the tests of the real program share: starting it, talking to it, and looking into its database."""
import json
import os
import pathlib
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("OVERTURE_PROGRAM") or str(ROOT / "build/dev/overture")
TEST_POSTGRES = str(ROOT / "tools/test_postgres")
DEADLINE = 60


def seed_of(name):
    """The seed of a test: OVERTURE_SEED repeats a run."""
    seed = int(os.environ.get("OVERTURE_SEED") or int.from_bytes(os.urandom(4), "big"))
    print(f"{name}: OVERTURE_SEED={seed}", flush=True)
    return seed


class Wire:
    """One keep-alive connection. Bytes go out as they are given; answers are read by their Content-Length."""

    def __init__(self, port, token=None, timeout=10):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.token = token
        self.buffer = b""
        self.closes = False

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def send(self, data):
        self.socket.sendall(data)

    def _more(self):
        data = self.socket.recv(1 << 16)
        if not data:
            raise ConnectionError("closed by the server")
        self.buffer += data

    def answer(self, is_head=False):
        """Status, header fields (lower case) and body of the next answer."""
        while b"\r\n\r\n" not in self.buffer:
            self._more()
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        lines = head.decode("latin-1").split("\r\n")
        status = int(lines[0].split(" ")[1])
        fields = {}
        for line in lines[1:]:
            name, value = line.split(":", 1)
            fields[name.lower()] = value.strip()
        self.closes = fields.get("connection", "").lower() == "close"
        if 100 <= status < 200:
            return self.answer(is_head)
        size = 0 if is_head or status == 304 else int(fields["content-length"])
        while len(self.buffer) < size:
            self._more()
        body, self.buffer = self.buffer[:size], self.buffer[size:]
        return status, fields, body

    def head_of(self, method, target, size, token=None, fields=()):
        lines = [f"{method} {target} HTTP/1.1", "Host: localhost"]
        if token or self.token:
            lines.append(f"Authorization: Bearer {token or self.token}")
        if size is not None:
            lines += ["Content-Type: application/json", f"Content-Length: {size}"]
        lines += fields
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    def call(self, method, target, body=None, token=None, fields=()):
        """Status and parsed body (None where it is no JSON)."""
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        self.send(self.head_of(method, target, None if body is None else len(body), token, fields) + (body or b""))
        status, _, text = self.answer(method == "HEAD")
        try:
            return status, json.loads(text)
        except ValueError:
            return status, None


class Server:
    """`overture serve` on a free port; what it writes to standard error is appended to `log`."""

    def __init__(self, directory, *arguments, environment=None, program=PROGRAM, log="log", wait=True):
        self.log = pathlib.Path(directory) / log
        with open(self.log, "ab") as errors:
            self.process = subprocess.Popen(
                [program, "serve", "--listen", "127.0.0.1:0", "--rate-limit", "0", *arguments], cwd=directory,
                env=clean_environment(environment), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors,
                text=True)
        self.port = 0
        if wait:
            line = self.process.stdout.readline()
            if not line.startswith("listening on "):
                self.kill()
                raise AssertionError(f"the server did not start: {line!r}\n{self.log.read_text()[-2000:]}")
            self.port = int(line.strip().rsplit(":", 1)[1])

    def wire(self, token=None, timeout=10):
        return Wire(self.port, token, timeout)

    def call(self, method, target, body=None, token=None):
        with self.wire(token, timeout=30) as wire:
            return wire.call(method, target, body)

    def kill(self):
        """SIGKILL, and waits for the end."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def stop(self, number=signal.SIGTERM):
        """Its exit status and the seconds it took."""
        started = time.monotonic()
        self.process.send_signal(number)
        status = self.process.wait(timeout=DEADLINE)
        self.process.stdout.close()
        return status, time.monotonic() - started


def clean_environment(more=None):
    return {**{k: v for k, v in os.environ.items() if not k.startswith("OVERTURE_")}, **(more or {})}


class House:
    """A directory with a database, and the commands run in it. `url` names a PostgreSQL database."""

    def __init__(self, url=None, program=PROGRAM):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="overture-e2e-"))
        self.environment = {"OVERTURE_DATABASE": url} if url else {}
        self.url = url
        self.program = program
        self.psql = None

    def remove(self):
        self.leave_database()
        shutil.rmtree(self.directory, ignore_errors=True)

    def start(self, *arguments, **options):
        return Server(self.directory, *arguments, environment=self.environment, program=self.program, **options)

    def popen(self, *arguments):
        return subprocess.Popen([self.program, *arguments], cwd=self.directory,
                                env=clean_environment(self.environment), stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def run(self, *arguments, given="", status=0):
        result = subprocess.run([self.program, *arguments], cwd=self.directory, input=given, capture_output=True,
                                env=clean_environment(self.environment), text=True, timeout=DEADLINE)
        if result.returncode != status:
            raise AssertionError(f"{arguments} ended with {result.returncode}: {result.stdout}{result.stderr}")
        return result.stdout

    def make_user(self, account, email, role="admin", projects=()):
        """Makes a user with the password `correct horse` and returns a key."""
        self.run("user", "create", "--account", account, "--email", email, "--first-name", "Ada", "--last-name",
                 "Lovelace", "--role", role, given="correct horse\n")
        for project in projects:
            self.run("user", "grant", "--account", account, "--email", email, "--project", str(project))
        return self.run("key", "create", "--account", account, "--email", email).strip()

    @property
    def database(self):
        return self.directory / "overture-data/overture.db"

    def rows(self, sql):
        """Rows of texts, numbers and None (SQLite) or of texts (PostgreSQL)."""
        if self.url:
            text = self._ask_psql(sql)
            return [tuple(line.split("\x1f")) for line in text.split("\x1e") if line]
        connection = sqlite3.connect(self.database, timeout=30)
        try:
            with connection:
                return connection.execute(sql).fetchall()
        finally:
            connection.close()

    def _ask_psql(self, sql):
        """One psql for all questions: starting one takes longer than most answers."""
        if self.psql is None:
            self.psql = subprocess.Popen(["psql", "-XAtq", "-F", "\x1f", "-R", "\x1e", "-v", "ON_ERROR_STOP=1", "-d",
                self.url],
                                         stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                         text=True)
        self.psql.stdin.write(sql + ";\n\\echo '\x1d'\n")
        self.psql.stdin.flush()
        text = ""
        while "\x1d" not in text:
            line = self.psql.stdout.readline()
            if not line:
                raise AssertionError(f"psql: {sql}: {text}")
            text += line
        return text.split("\x1d")[0].rstrip("\n")

    def leave_database(self):
        """Ends our own session, so that the database can be copied or dropped."""
        if self.psql is not None:
            self.psql.communicate()
            self.psql = None

    def number(self, sql):
        return int(self.rows(sql)[0][0] or 0)

    def wait_for_rest(self):
        """Until jobs are over, automations have done what events ask for, and no opportunity's next step is due."""
        wait_until(lambda: self.number(
            "SELECT (SELECT count(*) FROM jobs WHERE state IN ('queued', 'running')) + (SELECT count(*) FROM events) + "
            "(SELECT count(*) FROM outreach_runs WHERE state IN ('compose', 'finishing') AND "
            f"due_at <= {time.time() * 1000:.0f})") == 0)


class Postgres:
    """OVERTURE_TEST_POSTGRES where it is set, or a throwaway server; `problem` says why there is none."""

    def __init__(self):
        self.problem = ""
        self.cluster = None
        self.url = os.environ.get("OVERTURE_TEST_POSTGRES") or ""
        self.made = []
        if self.url:
            return
        self.cluster = tempfile.mkdtemp(prefix="overture-e2e-postgres-")
        started = subprocess.run([TEST_POSTGRES, "start", self.cluster, str(os.getpid())], capture_output=True,
                                 text=True)
        self.url = started.stdout.strip()
        if started.returncode != 0:
            self.problem = f"PostgreSQL cannot be started: {started.stderr.strip()}"

    def _run(self, sql):
        subprocess.run(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", self.url, "-c", sql], check=True,
                       capture_output=True, text=True, timeout=DEADLINE)

    def make(self, template=None):
        """The address of a new database."""
        name = f"overture_e2e_{os.getpid()}_{len(self.made)}"
        self._run(f"CREATE DATABASE {name}" + (f" TEMPLATE {template.rsplit('/', 1)[1]}" if template else ""))
        self.made.append(name)
        return f"{self.url.rsplit('/', 1)[0]}/{name}"

    def drop(self, url):
        self._run(f"DROP DATABASE IF EXISTS {url.rsplit('/', 1)[1]} WITH (FORCE)")

    def stop(self):
        if self.cluster:
            subprocess.run([TEST_POSTGRES, "stop", self.cluster], capture_output=True)
            shutil.rmtree(self.cluster, ignore_errors=True)
            return
        for name in self.made:
            self.drop("/" + name)


def wait_until(condition, seconds=DEADLINE, pause=0.02):
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        found = condition()
        if found:
            return found
        time.sleep(pause)
    raise AssertionError(f"not within {seconds} s")
