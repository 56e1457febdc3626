"""The servers that are compared: how each is started on core 0, stopped, and how much memory it has."""
import base64
import hashlib
import hmac
import json
import os
import pathlib
import re
import secrets
import shutil
import socket
import statistics
import subprocess
import time

from client import Client

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
PROGRAM = pathlib.Path(os.environ.get("OVERTURE_PROGRAM", ROOT / "build/release/overture"))
ACCOUNT, EMAIL = "bench", "bench@example.org"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A process on core 0 that says `listening on …` when it is ready."""

    def __init__(self, name, command, log, **environment):
        self.name, self.log = name, open(log, "wb")
        self.process = subprocess.Popen(["taskset", "-c", "0", *map(str, command)], stdout=subprocess.PIPE,
                                        stderr=self.log, env={**os.environ, **environment})
        self.port = None
        for line in self.process.stdout:
            self.log.write(line)
            found = re.search(rb"listening on http://[^:]+:(\d+)", line)
            if found:
                self.port = int(found[1])
                break
        if self.port is None:
            raise RuntimeError(f"{name} did not start; see {log}")

    def memory(self):
        """Resident memory in MiB."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024

    def peak_memory(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process.stdout.close()
        self.log.close()


# --- Overture ---------------------------------------------------------------------------------------------------


def overture_command(data, *arguments, stdin=""):
    done = subprocess.run([PROGRAM, *arguments, "--data", data], input=stdin, capture_output=True, text=True, timeout=60)
    if done.returncode:
        raise RuntimeError(f"overture {' '.join(arguments)}: {done.stdout}{done.stderr}")
    return done.stdout.strip()


def make_account(data):
    """A fresh database with an account, an admin and a key; returns the key."""
    overture_command(data, "account", "create", ACCOUNT)
    overture_command(data, "user", "create", "--account", ACCOUNT, "--email", EMAIL, "--first-name", "Bench",
                     "--last-name", "Mark", "--role", "admin", stdin=secrets.token_urlsafe(16) + "\n")
    return overture_command(data, "key", "create", "--account", ACCOUNT, "--email", EMAIL)


def start_overture(data, scratch, name="Overture", **environment):
    port = free_port()
    return Server(name, [PROGRAM, "serve", "--data", data, "--listen", f"127.0.0.1:{port}"],
                  scratch / "overture.log", OVERTURE_RATE_LIMIT="0",
                  OVERTURE_ACCESS_LOG="off",  # as with the others: none of them writes a line a request
                  **environment)


def start_up(data, scratch, token, times=5):
    """Median seconds from starting the process to its first answer, and its memory then in MiB."""
    seconds, memory = [], []
    for _ in range(times):
        begin = time.monotonic()
        server = start_overture(data, scratch)
        Client(server.port, token).call("GET", "/api/me")
        seconds.append(time.monotonic() - begin)
        time.sleep(0.5)
        memory.append(server.memory())
        server.stop()
    return statistics.median(seconds), statistics.median(memory)


# --- the peer ---------------------------------------------------------------------------------------------------

SECRET = secrets.token_hex(32)


def peer_token():
    def encode(raw):
        return base64.urlsafe_b64encode(raw).rstrip(b"=")

    text = b".".join(encode(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": "HS256"}, {"sub": 1, "acc": 1}))
    return (text + b"." + encode(hmac.new(SECRET.encode(), text, hashlib.sha256).digest())).decode()


def install_peer(folder):
    """npm packages in `folder`; returns the node to run it with (20 or newer)."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in ("server.mjs", "shapes.mjs", "mailer.mjs", "package.json"):
        shutil.copy(HERE / "peer" / file, folder / file)
    wanted = json.loads((folder / "package.json").read_text())["dependencies"]
    log = folder / "npm.log"

    def npm(*arguments):
        with open(log, "ab") as out:
            subprocess.run(["npm", *arguments, "--no-audit", "--no-fund"], cwd=folder, stdout=out, stderr=out, check=True,
                           timeout=900)

    version = subprocess.run(["node", "--version"], capture_output=True, text=True).stdout
    node = "node"
    if int(re.match(r"v(\d+)", version)[1]) < 20:
        # Debian 12 has Node 18, Fastify 5 wants 20: npm has that as a package.
        own = folder / "node_modules/node/bin/node"
        if not own.exists():
            npm("install", "--no-save", "node@22")
        node = str(own)
        os.environ["PATH"] = f"{own.parent}:{os.environ['PATH']}"
    there = all((folder / "node_modules" / package).exists() for package in wanted)
    if not there or not (folder / "node_modules/better-sqlite3/build").exists():
        npm("install", "--no-save", *(["node@22"] if node != "node" else []))
    return node


def start_peer(node, folder, database, kind):
    port = free_port()
    return Server(f"Fastify {kind}", [node, folder / "server.mjs"], folder / f"peer-{kind}.log", DATABASE=str(database),
                  PORT=str(port), SECRET=SECRET, PEER=kind, NODE_ENV="production")


# --- the yardstick ----------------------------------------------------------------------------------------------


class Nginx:
    """Serves saved answers as files: what this machine can do at all with this many bytes."""

    name = "nginx static"

    def __init__(self, folder, files):
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
        self.port = free_port()
        config = folder / "nginx.conf"
        config.write_text(f"""
worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off; sendfile on; tcp_nopush on; tcp_nodelay on; keepalive_requests 100000000;
  open_file_cache max=16 inactive=1h; default_type application/json;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{ listen 127.0.0.1:{self.port}; root {folder}; }}
}}
""")
        self.process = subprocess.Popen(["taskset", "-c", "0", "nginx", "-p", folder, "-c", config],
                                        stderr=subprocess.DEVNULL)
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError(f"nginx did not start; see {folder}/error.log")

    def stop(self):
        self.process.terminate()
        self.process.wait()
