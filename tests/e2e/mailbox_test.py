"""A mailbox of many mails: what lay there before is left alone, what comes is taken in once, quickly, in bounded memory,
while the API answers. OVERTURE_MAILBOX_MAILS says how many mails (2000); with a release build 100000 take in 2 minutes."""
import collections
import os
import random
import re
import threading
import time
import unittest

from mail_servers import DOVECOT, Dovecot, Judge, wait_for
from mail_texts import make_absence, make_bounce, make_reply, make_unrelated
from running import Running
from sending_world import SendingWorld, hurry
from support import seed_of

MAILS = int(os.environ.get("OVERTURE_MAILBOX_MAILS") or 2000)
ANSWERS = MAILS // 100  # as many bounces, and half as many absences
LOGIN = "u0@in.test"
OLD_FLAGS = ("S", "", "RS", "FS")
# Twice what it takes here with a debug build on a busy machine; the figures that count are printed.
PATIENCE = 60 + MAILS // 50


class Watch(threading.Thread):
    """Asks for lists while something else goes on, and remembers how long each took."""

    def __init__(self, server, key):
        super().__init__(daemon=True)
        self.wire, self.took, self.over = server.wire(key, timeout=30), [], False
        self.start()

    def run(self):
        while not self.over:
            for target in ("/api/opportunities?limit=50", "/api/inbound_emails?limit=50"):
                started = time.monotonic()
                status, _ = self.wire.call("GET", target)
                assert status == 200, target
                self.took.append(time.monotonic() - started)
            time.sleep(0.02)

    def stop(self):
        self.over = True
        self.join()
        self.took.sort()
        return f"{len(self.took)} lists, p50 {self.at(.5)} ms, p99 {self.at(.99)} ms, longest {self.at(1)} ms"

    def at(self, share):
        return round(1000 * self.took[min(len(self.took) - 1, int(len(self.took) * share))], 1)


@unittest.skipUnless(os.path.exists(DOVECOT), "needs Dovecot")
class Mailbox(Running):
    def setUp(self):
        super().setUp()
        self.dovecot = Dovecot(["u0"])
        self.addCleanup(self.dovecot.stop)
        self.dovecot.make_folders("u0")
        self.chance = random.Random(seed_of("mailbox"))

    def memory(self):
        status = open(f"/proc/{self.server.process.pid}/status", encoding="ascii").read()
        return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) // 1024

    def put(self, part, name, text, at=None):
        path = self.dovecot.maildir("u0") / part / name
        path.write_bytes(text.encode())
        os.chown(path, self.dovecot.uid, -1)
        if at:
            os.utime(path, (at, at))

    def fill_before(self):
        """Mails that are older than the connection, with flags of their owner."""
        then = time.time() - 10 * 86400
        for number in range(MAILS):
            at = then + number * 5 * 86400 / MAILS
            self.put("cur", f"{int(at)}.M{number:07}.old:2,{OLD_FLAGS[number % 4]}",
                     make_unrelated(number, self.chance, LOGIN), at)

    def fill_after(self, mails):
        """What arrives later: mostly none of our business. The order is mixed."""
        answers = [("reply", *mail) for mail in mails[:ANSWERS]]
        answers += [("bounce", *mail) for mail in mails[ANSWERS:2 * ANSWERS]]
        answers += [("absence", *mail) for mail in mails[2 * ANSWERS:]]
        kinds = answers + [("unrelated",)] * (MAILS - len(answers))
        self.chance.shuffle(kinds)
        make = {"reply": make_reply, "absence": make_absence, "bounce": make_bounce}
        for number, (kind, *mail) in enumerate(kinds):
            text = make[kind](*mail, LOGIN, number) if mail else make_unrelated(MAILS + number, self.chance, LOGIN)
            self.put("new", f"{int(time.time())}.M{number:07}.new", text)

    def flags(self):
        return collections.Counter(path.name.partition(":2,")[2] for path in self.dovecot.mails("u0"))

    def state(self, column):
        return self.house.number(f"SELECT {column} FROM mailbox_states")

    def restart(self):
        self.server.stop()
        hurry(self.house.database)
        return self.start()

    def timed(self, what, check):
        watch, started = Watch(self.server, self.key), time.monotonic()
        wait_for(what, check, PATIENCE)
        seconds = time.monotonic() - started
        print(f"mailbox: {what}: {MAILS} mails, {seconds:.1f} s, {MAILS / seconds:.0f} a second, VmHWM {self.memory()} MB; "
              f"{watch.stop()}", flush=True)
        return seconds

    def test_many_mails(self):
        self.fill_before()
        judge = Judge(self.house.directory, 1)
        self.addCleanup(judge.stop)
        server = self.start()
        wanted = 2 * ANSWERS + ANSWERS // 2
        # A campaign sends one or two mails a second at most; each has the same share.
        campaigns = next(n for n in range(max(1, wanted // 50), 0, -1) if wanted % n == 0)
        world = SendingWorld(server, self.key, judge.port, self.dovecot.port, mailboxes=1, campaigns=campaigns)
        self.timed("connected", lambda: self.state("uid_validity"))
        self.assertEqual(self.state("last_uid"), MAILS)
        self.assertEqual(self.house.number("SELECT COUNT(*) FROM inbound_emails"), 0)

        world.make_campaigns(wanted, [{"subject": "hello", "body_text": "Hello {first_name}.", "opt_out": False},
                                      {"subject": "", "body_text": "Any news?", "delay_days": 3}])
        ids = wait_for("the import", lambda: len(found := world.opportunities()) == wanted and found, PATIENCE)
        world.server = self.restart()
        world.launch(ids)
        wait_for("the mails", lambda: self.house.number(
            "SELECT COUNT(*) FROM outreach_emails WHERE status = 'sent'") == wanted, PATIENCE)
        mails = self.house.rows("SELECT message_id, to_email FROM outreach_emails ORDER BY id")
        self.server.stop()
        self.fill_after(mails)
        before = self.flags()
        hurry(self.house.database)
        world.server = self.start()
        self.timed("taken in", lambda: self.state("last_uid") == 2 * MAILS)
        self.judge_intake(wanted)
        self.assertEqual(self.flags(), before, "no flag was changed, nothing moved or gone")

        # Everything has another number: what came since the connection is read again, and known.
        self.server.stop()
        for path in self.dovecot.maildir("u0").glob("dovecot*"):
            path.unlink()
        hurry(self.house.database)
        validity = self.state("uid_validity")
        world.server = self.start()
        self.timed("numbered anew", lambda: self.state("uid_validity") != validity and
                   self.state("last_uid") == 2 * MAILS)
        self.judge_intake(wanted)
        self.assertEqual(self.flags(), before)

    def judge_intake(self, wanted):
        kinds = dict(self.house.rows("SELECT class, COUNT(*) FROM inbound_emails GROUP BY class"))
        self.assertEqual(sum(kinds.values()), MAILS, kinds)
        self.assertEqual(kinds["bounce"], ANSWERS, kinds)
        absences = self.house.number("SELECT COUNT(*) FROM inbound_emails WHERE class = 'auto_reply' AND opportunity_id "
                                     "> 0")
        self.assertEqual(absences, wanted - 2 * ANSWERS, kinds)
        states = dict(self.house.rows("SELECT stage_status, COUNT(*) FROM opportunities GROUP BY stage_status"))
        self.assertEqual((states["replied"], states["bounced"]), (ANSWERS, ANSWERS), states)
        self.assertNotRegex(self.house.run("doctor"), r"(?m)^error")


if __name__ == "__main__":
    unittest.main()
