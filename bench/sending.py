"""Sending: Overture's engine against smtp-source and a nodemailer pool, each in turn to a sink of its own."""
import collections
import contextlib
import os
import pathlib
import re
import shutil
import socket
import sqlite3
import statistics
import subprocess
import sys
import time

import contenders
from client import Client

sys.path.insert(0, str(contenders.ROOT / "tests/e2e"))
from sending_world import SendingWorld, hurry  # noqa: E402

FLOOR = contenders.ROOT / "build/release/sending_floor"
CONNECTIONS = 8
SUBJECT = "A word about {website}, {first_name}"
LINE = "Your piece on gardens in small yards was read by all of us here, and two of us built the raised bed."
BODY = "Hello {first_name},\n\n" + "\n".join(f"{number}. {LINE}" for number in range(1, 21)) + "\n\nYours, {sender_name}\n"
FIRST = {"subject": SUBJECT, "body_text": BODY, "opt_out": False}
LONGEST = 120  # seconds one contender may take


class Sink:
    """Postfix's smtp-sink on core 1. It counts what it takes; with `dump` it also keeps it."""

    def __init__(self, port, scratch, dump=None):
        self.counters = scratch / "sink.txt"
        command = ["taskset", "-c", "1", "smtp-sink", "-c"]
        if os.getuid() == 0:
            command += ["-u", "postfix"]
        if dump:
            shutil.rmtree(dump, ignore_errors=True)
            dump.mkdir(parents=True)
            dump.chmod(0o777)
            command += ["-d", f"{dump}/mail."]
        self.output = open(self.counters, "wb")
        self.process = subprocess.Popen([*command, f"127.0.0.1:{port}", "1000"], stdout=self.output)
        for _ in range(200):
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            time.sleep(0.02)
        raise RuntimeError("smtp-sink does not answer")

    def taken(self):
        with open(self.counters, "rb") as counters:
            counters.seek(max(0, self.counters.stat().st_size - 200))
            found = re.findall(rb"mesg=(\d+)", counters.read())
        return int(found[-1]) if found else 0

    def wait_for(self, mails, seconds=LONGEST):
        end = time.monotonic() + seconds
        while self.taken() < mails:
            if time.monotonic() > end or self.process.poll() is not None:
                raise RuntimeError(f"the sink has {self.taken()} of {mails} mails after {seconds} s")
            time.sleep(0.005)

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.output.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


class Deaf:
    """Listens on a port and never says a word: what is sent there waits for its greeting."""

    def __init__(self, port):
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(("127.0.0.1", port))
        self.socket.listen(100)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()


class Answering:
    """What SendingWorld asks of a server, over the benchmark's client."""

    def __init__(self, port, key):
        self.client = Client(port, key)

    def call(self, method, target, body, _):
        return 200, self.client.call(method, target, body)


def database_of(folder):
    return next(folder.glob("*.db"))


def numbers(folder, sql):
    """The first row of a query on a database that may be in use."""
    connection = sqlite3.connect(f"file:{database_of(folder)}?mode=ro", uri=True, timeout=30)
    try:
        return connection.execute(sql).fetchone()
    finally:
        connection.close()


def wait_until(what, check, seconds=LONGEST):
    end = time.monotonic() + seconds
    while not check():
        if time.monotonic() > end:
            raise RuntimeError(f"{what}: not within {seconds} s")
        time.sleep(0.005)


def start(folder, scratch, senders):
    return contenders.start_overture(folder, scratch, OVERTURE_SEND_THREADS=str(senders))


def no_spacing(database):
    """No distance between mails, no log-in, no reading: what no setting allows. The server must not be running."""
    hurry(database)
    with contextlib.closing(sqlite3.connect(database)) as connection, connection:
        # So many mails a day that the window's share of each is under a millisecond.
        connection.execute("UPDATE outreach_settings SET daily_limit = 1000000000")
        connection.execute("UPDATE email_accounts SET daily_limit = 1000000000")
        # smtp-sink knows no log-in, and nothing comes back.
        connection.execute("UPDATE mailboxes SET login = '', sealed_secret = '', imap_host = ''")


def make_world(server, key, port, campaigns):
    """Mailboxes that send to `port`. There is nothing to be read from them: see no_spacing()."""
    return SendingWorld(Answering(server.port, key), key, port, imap_port=1, mailboxes=CONNECTIONS, campaigns=campaigns)


def make_launched(folder, scratch, port, mails, campaigns):
    """An account whose `mails` opportunities are launched and wait for their first mail; nothing is rendered yet."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    key = contenders.make_account(folder)
    server = start(folder, scratch, 0)
    try:
        world = make_world(server, key, port, campaigns)
        world.make_campaigns(mails, [FIRST])
        wait_until("the import", lambda: numbers(folder, "SELECT COUNT(*) FROM opportunities")[0] == mails)
        world.launch(world.opportunities())
    finally:
        server.stop()
    no_spacing(database_of(folder))


def plan_all(folder, scratch, port, mails):
    """Lets the planner render everything while no mail server answers; mails a second, from the server's start."""
    with Deaf(port):
        begin = time.monotonic()
        server = start(folder, scratch, CONNECTIONS)
        try:
            wait_until("the planner", lambda: numbers(folder, "SELECT COUNT(*) FROM outbox")[0] == mails)
            seconds = time.monotonic() - begin
        finally:
            # Claimed mails are given back at the next start, as after any crash.
            server.process.kill()
            server.stop()
    no_spacing(database_of(folder))
    return mails / seconds


def copy_of(template, folder):
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(template, folder)
    os.sync()  # what is still being written must not be written while something is measured


# --- the contenders: each sends `mails` mails to the sink and says how many seconds it took -----------------------


def overture(template, scratch, sink, mails):
    """From the start of the server to the last 250 and the last row of the ledger."""
    folder = scratch / "sending/run"
    copy_of(template, folder)
    begin = time.monotonic()
    server = start(folder, scratch, CONNECTIONS)
    try:
        sink.wait_for(mails)
        wait_until("the ledger", lambda: numbers(folder, "SELECT COUNT(*) FROM outbox")[0] == 0)
        seconds = time.monotonic() - begin
    finally:
        server.stop()
    sent = numbers(folder, "SELECT COUNT(DISTINCT message_id), COUNT(*) FROM outreach_emails WHERE status = 'sent'")
    if sent != (mails, mails):
        raise RuntimeError(f"Overture says that it sent {sent} of {mails} mails")
    return seconds


def floor(template, scratch, port, mails, way):
    """What hand-over and ledger cost at the least, with Overture's own client and commits: see sending_floor.cpp."""
    folder = scratch / "sending/run"
    copy_of(template, folder)
    with contextlib.closing(sqlite3.connect(database_of(folder))) as connection, connection:
        connection.execute("UPDATE outbox SET state = 'pending'")  # all of it, also what was claimed when it was killed
    begin = time.monotonic()
    done = subprocess.run(["taskset", "-c", "0", FLOOR, database_of(folder), str(port), way], capture_output=True, text=True,
                          timeout=LONGEST)
    seconds = time.monotonic() - begin
    if done.stdout.strip() != str(mails):
        raise RuntimeError(f"sending_floor {way}: {done.stdout}{done.stderr}")
    return seconds


def smtp_source(port, size, mails):
    begin = time.monotonic()
    subprocess.run(["taskset", "-c", "0", "smtp-source", "-s", str(CONNECTIONS), "-d", "-m", str(mails), "-l", str(size),
                    f"127.0.0.1:{port}"], check=True, timeout=LONGEST)
    return time.monotonic() - begin


def nodemailer(node, folder, port, mails):
    """Its own clock: from the first mail to the last answer, without the start of Node."""
    environment = {**os.environ, "PORT": str(port), "MAILS": str(mails), "CONNECTIONS": str(CONNECTIONS),
                   "SUBJECT": SUBJECT, "BODY": BODY, "NODE_ENV": "production"}
    done = subprocess.run(["taskset", "-c", "0", node, folder / "mailer.mjs"], env=environment, capture_output=True,
                          text=True, timeout=LONGEST)
    if done.returncode:
        raise RuntimeError(f"nodemailer: {done.stderr[-1000:]}")
    return float(done.stdout)


def check_mails(folder, port, scratch, mails):
    """Sends what is planned to a sink that keeps it: each mail once, whole, to whom it was meant. Mean size in bytes."""
    kept = scratch / "sending/kept"
    with Sink(port, scratch, kept) as sink:
        overture(folder, scratch, sink, mails)
    texts = [path.read_text().replace("\r\n", "\n") for path in kept.iterdir()]
    ids = collections.Counter(re.search(r"^Message-ID: <(.+)>$", text, re.MULTILINE)[1] for text in texts)
    people = {re.search(r"^X-Rcpt-Args: <(.+)>", text, re.MULTILINE)[1] for text in texts}
    if len(texts) != mails or len(ids) != mails or len(people) != mails:
        raise RuntimeError(f"of {mails} mails the sink has {len(texts)}, {len(ids)} different ones, for {len(people)} people")
    if broken := [text for text in texts if f"20. {LINE}"[:60] not in text or "{" in text]:
        raise RuntimeError(f"not rendered as it should be:\n{broken[0]}")
    # Behind the sink's own X- lines; line ends are two bytes on the wire.
    mails_only = [text[text.index("\nDate: ") + 1:] for text in texts]
    shutil.rmtree(kept)
    return statistics.mean(len(text) + text.count("\n") for text in mails_only)


def measure(options, scratch, say):
    """{name: seconds of each round}, the load of the machine before it, and the size of a mail."""
    port, folder, mails = contenders.free_port(), scratch / "sending", options.mails
    node = contenders.install_peer(scratch / "node")
    say(f"sending: {mails} opportunities are imported, launched and planned")
    make_launched(folder / "few", scratch, port, 400, 40)
    plan_all(folder / "few", scratch, port, 400)
    size = check_mails(folder / "few", port, scratch, 400)
    make_launched(folder / "launched", scratch, port, mails, max(CONNECTIONS, mails // MAILS_OF_CAMPAIGN))
    copy_of(folder / "launched", folder / "planned")
    planned = plan_all(folder / "planned", scratch, port, mails)
    ways = {
        "smtp-source": lambda _: smtp_source(port, round(size) - SOURCE_HEADERS, mails),
        "nodemailer pool": lambda _: nodemailer(node, scratch / "node", port, mails),
        "ledger alone": lambda _: floor(folder / "planned", scratch, port, mails, "ledger"),
        "least books": lambda _: floor(folder / "planned", scratch, port, mails, "books"),
        "Overture": lambda sink: overture(folder / "planned", scratch, sink, mails),
        "Overture, planning too": lambda sink: overture(folder / "launched", scratch, sink, mails),
    }
    series, loads = {name: [] for name in ways}, []
    for number in range(options.send_rounds):
        say(f"sending, round {number + 1}")
        loads.append(os.getloadavg()[0])
        for name, send in ways.items():
            with Sink(port, scratch) as sink:
                series[name].append(send(sink))
                sink.wait_for(mails, 5)
                if sink.taken() != mails:
                    raise RuntimeError(f"{name}: the sink has {sink.taken()} mails of {mails}")
    return series, loads, size, planned


MAILS_OF_CAMPAIGN = 5
SOURCE_HEADERS = 120  # what smtp-source puts before what it is asked to send


def ratio(series, one, other):
    """Median of the ratios of rates, round by round."""
    return statistics.median(b / a for a, b in zip(series[one], series[other]))


def commit_time(scratch):
    """Median milliseconds in which the disk takes a few pages for good."""
    path, times = scratch / "disk", []
    with open(path, "wb", buffering=0) as file:
        file.write(bytes(1 << 20))
        os.fsync(file.fileno())
        for number in range(100):
            os.pwrite(file.fileno(), bytes(16384), number % 60 * 16384)
            begin = time.monotonic()
            os.fdatasync(file.fileno())
            times.append(time.monotonic() - begin)
    path.unlink()
    return statistics.median(times) * 1000


def bench_sending(options, scratch, mark, say):
    series, loads, size, planned = measure(options, scratch, say)
    print(f"\nSending {options.mails} mails of {size:.0f} bytes over {CONNECTIONS} connections; "
          f"a commit of the disk takes {commit_time(scratch):.2f} ms; load average {min(loads):.1f} to {max(loads):.1f}"
          f"\n{'':24} {'mails/s':>9} {'slowest':>9} {'fastest':>9}")
    for name, seconds in series.items():
        rates = sorted(options.mails / each for each in seconds)
        print(f"{name:24} {statistics.median(rates):9.0f} {rates[0]:9.0f} {rates[-1]:9.0f}", flush=True)
    print(f"{'Overture, planning alone':24} {planned:9.0f}\n")
    mark("Sending rendered mails / smtp-source", ratio(series, "Overture", "smtp-source"), 0.4, 0.65, " x")
    mark("Sending rendered mails / nodemailer pool", ratio(series, "Overture", "nodemailer pool"), 1, 2, " x")
