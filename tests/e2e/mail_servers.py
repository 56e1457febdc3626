"""Real mail servers on loopback for the tests: Dovecot for reading, and the judge for sending."""
import os
import pathlib
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
DOVECOT = "/usr/sbin/dovecot"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(what, check, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = check()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError(f"timed out: {what}")


class Dovecot:
    """Mailboxes `name@in.test` with the password `pw`; their Maildirs are ordinary directories."""

    def __init__(self, users):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="overture-imap-"))
        self.port = free_port()
        account = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
        self.uid, gid = account.pw_uid, account.pw_gid
        for part in ("run", "state", "mail"):
            (self.directory / part).mkdir()
        os.chmod(self.directory, 0o755)
        os.chown(self.directory / "mail", self.uid, gid)
        (self.directory / "users").write_text("".join(
            f"{user}@in.test:{{PLAIN}}pw:{self.uid}:{gid}::{self.directory}/mail/{user}\n" for user in users))
        own = "" if os.getuid() == 0 else (f"default_internal_user = {account.pw_name}\n"
                                           f"default_login_user = {account.pw_name}\n")
        self.configuration = self.directory / "dovecot.conf"
        self.configuration.write_text(f"""{own}base_dir = {self.directory}/run
state_dir = {self.directory}/state
log_path = {self.directory}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
mail_location = maildir:~/Maildir
mail_fsync = never
first_valid_uid = {min(self.uid, 100)}
last_valid_uid = 0
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {self.directory}/users
}}
userdb {{
  driver = passwd-file
  args = username_format=%u {self.directory}/users
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {self.port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Sent {{
    special_use = \\Sent
    auto = create
  }}
}}
""")
        # It goes into the background with our descriptors, so a pipe would never end.
        subprocess.run([DOVECOT, "-c", self.configuration], check=True, stdin=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for("Dovecot", self._answers)

    def _answers(self):
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                return connection.recv(4) == b"* OK"
        except OSError:
            return False

    def maildir(self, user, folder="INBOX"):
        base = self.directory / "mail" / user / "Maildir"
        return base if folder == "INBOX" else base / f".{folder}"

    def make_folders(self, user):
        """What Dovecot makes at the first log-in."""
        for folder in ("INBOX", "Sent"):
            for part in ("tmp", "new", "cur"):
                path = self.maildir(user, folder) / part
                path.mkdir(parents=True, exist_ok=True)
        for path in [self.directory / "mail" / user, *(self.directory / "mail" / user).rglob("*")]:
            os.chown(path, self.uid, -1)

    def deliver(self, user, raw, name=None, folder="INBOX"):
        name = name or f"{time.time_ns()}.test"
        path = self.maildir(user, folder) / "tmp" / name
        path.write_bytes(raw)
        os.chown(path, self.uid, -1)
        path.rename(self.maildir(user, folder) / "new" / name)

    def mails(self, user, folder="INBOX"):
        return [path for part in ("new", "cur") for path in (self.maildir(user, folder) / part).glob("*")]

    def stop(self):
        subprocess.run([DOVECOT, "-c", self.configuration, "stop"], capture_output=True, check=False)
        shutil.rmtree(self.directory, ignore_errors=True)


class Judge:
    def __init__(self, directory, seed, maildir=None, owner=None, **chances):
        self.ledger = pathlib.Path(directory) / f"ledger-{seed}.jsonl"
        self.ledger.touch()
        port_file = pathlib.Path(directory) / f"port-{seed}"
        arguments = [str(maildir), str(owner)] if maildir else []
        self.process = subprocess.Popen(
            [sys.executable, str(HERE / "smtp_judge.py"), str(port_file), str(self.ledger), str(seed), *arguments,
             *(f"{name}={value}" for name, value in chances.items())], stdin=subprocess.DEVNULL)
        self.port = int(wait_for("the judge", lambda: port_file.exists() and port_file.read_text()))

    def stop(self):
        self.process.terminate()
        self.process.wait()
