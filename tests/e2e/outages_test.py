"""Mail servers, names, disks and databases that go away while mails wait and leave: the program says what is wrong,
recovers by itself, and at the end each mail was taken once and the books balance.

Where the product waits for minutes, the test lets them go by in the database (`hurry`); nothing is restarted for it."""
import collections
import os
import shutil
import subprocess
import time
import unittest

from gate import Gate
from mail_servers import DOVECOT, Dovecot, Judge, wait_for
from running import Running
from sending_world import HURRY, SendingWorld, read_ledger
from support import House, Postgres, TEST_POSTGRES

MAILS = 15  # an outage
CAMPAIGNS = 5  # each plans one mail at a time
DOT = b"\r\n.\r\n"
FIRST = {"subject": "For {first_name}", "body_text": "Hello {first_name},\n\na word about {website}.", "opt_out": False}


@unittest.skipUnless(os.path.exists(DOVECOT), "needs Dovecot")
class Outage(Running):
    """A house whose only mailbox is reached through gates. What the judge takes is filed in its sent folder."""

    def setUp(self):
        self.house = self.make_house()
        self.addCleanup(self.house.remove)
        self.house.run("account", "create", "acme")
        self.key = self.house.make_user("acme", "ada@acme.example")
        self.dovecot = Dovecot(["u0"])
        self.addCleanup(self.dovecot.stop)
        self.dovecot.make_folders("u0")
        self.judge = Judge(self.house.directory, 1, self.dovecot.maildir("u0", "Sent"), self.dovecot.uid)
        self.addCleanup(self.judge.stop)
        # Some milliseconds an answer, so that an outage falls among mails.
        self.smtp, self.imap = Gate(self.judge.port, 0.004), Gate(self.dovecot.port)
        self.addCleanup(self.smtp.let_pass)
        self.launched = 0

    def make_house(self):
        return House()

    def begin(self, outages):
        self.start()
        self.world = SendingWorld(self.server, self.key, self.smtp.port, self.imap.port, mailboxes=1,
                                  campaigns=CAMPAIGNS)
        self.mailbox = self.world.mailboxes[0]
        self.world.make_campaigns(MAILS * outages, [FIRST])
        found = wait_for("the import", lambda: len(found := self.world.opportunities()) == MAILS * outages and found)
        share = len(found) // CAMPAIGNS
        self.ids = [id for row in range(share) for id in found[row::share]]  # of each campaign in turn
        wait_for("the first visit", lambda: self.house.number("SELECT uid_validity FROM mailbox_states"))
        # A mail of unknown fate that its sent folder does not have was not sent.
        self.house.rows("UPDATE mailbox_states SET files_sent = 'yes'")
        self.hurry()

    # --- what the program says ---------------------------------------------------------------------------------

    def hurry(self):
        for statement in HURRY:
            self.house.rows(statement)

    def seen(self):
        return self.world.call("GET", f"/api/email_accounts/{self.mailbox}")

    def log(self):
        return self.server.log.read_text()

    def states(self):
        return collections.Counter({state: int(count) for state, count in self.house.rows(
            "SELECT status, COUNT(*) FROM outreach_emails GROUP BY status")})

    def taken(self):
        return [line["id"] for line in read_ledger(self.judge.ledger) if line["verdict"].startswith("accepted")]

    # --- what happens in every outage ----------------------------------------------------------------------------

    def launch(self):
        """The next mails begin to wait."""
        self.world.launch(self.ids[self.launched:self.launched + MAILS])
        self.launched += MAILS

    def launch_and_wait_for(self, mails):
        before = len(self.taken())
        self.launch()
        wait_for("the first mails", lambda: len(self.taken()) >= before + mails)

    def all_leave(self, seconds=60, hurries=True):
        """It recovers without a restart; minutes that it would wait go by at once."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.states()["sent"] == self.launched:
                break
            if hurries:
                self.hurry()
            time.sleep(0.3)
        self.assertIsNone(self.server.process.poll(), "the program lives")
        self.judge_books()

    def judge_books(self):
        taken = self.taken()
        self.assertEqual([id for id, times in collections.Counter(taken).items() if times > 1], [], "taken twice")
        sent = {id for id, in self.house.rows("SELECT message_id FROM outreach_emails WHERE status = 'sent'")}
        self.assertEqual(sent, set(taken), "what was taken is what is said to be sent")
        self.assertEqual(self.states(), {"sent": self.launched})
        self.assertEqual(self.house.number("SELECT COUNT(*) FROM outbox"), 0)

    def tearDown(self):
        if self.launched:
            self.house.run("doctor")

    def wait_for_trouble(self, words, seconds=60):
        seen = wait_for(f"the words: {words}", lambda: words in (shown := self.seen())["trouble"] and shown, seconds)
        self.assertIsNotNone(seen["failing_since"])
        wait_for(f"the same words in the log: {words}", lambda: words in self.log())


class MailServers(Outage):
    def test_outages(self):
        self.begin(8)
        self.refused()
        self.silent()
        self.hangs_at_data()
        self.hangs_at_dot()
        self.name_is_unknown()
        self.imap_refused()
        self.login_refused()
        self.stopped_while_it_hangs()

    def refused(self):
        self.launch_and_wait_for(3)
        self.smtp.shut()
        self.wait_for_trouble("127.0.0.1")
        # That the mailbox can be read says nothing about sending.
        self.house.rows("UPDATE mailbox_states SET next_poll_at = 0")
        wait_for("another visit", lambda: self.house.number("SELECT next_poll_at FROM mailbox_states") > 0)
        time.sleep(0.3)
        self.assertNotEqual(self.seen()["trouble"], "")
        self.assertEqual(self.seen()["status"], "active")
        self.smtp.let_pass()
        self.all_leave()
        self.assertEqual(self.seen()["trouble"], "")

    def silent(self):
        self.launch_and_wait_for(3)
        before = self.smtp.accepted
        self.smtp.be_silent()
        wait_for("somebody who waits for a greeting", lambda: self.smtp.accepted > before)
        time.sleep(1)
        # The mails of the claim do not wait for the server one after the other, each with a connection.
        self.assertEqual(self.smtp.accepted, before + 1)
        self.assertEqual(self.server.call("GET", "/readyz")[0], 200)
        self.smtp.cut()
        self.wait_for_trouble("127.0.0.1")
        self.assertEqual(self.smtp.accepted, before + 1)
        self.smtp.let_pass()
        self.all_leave()

    def hangs_at_data(self):
        """Nothing was handed over: it is tried again."""
        self.smtp.hold_after(b"DATA\r\n")
        self.launch()
        self.assertTrue(self.smtp.held.wait(60))
        self.smtp.cut()
        self.smtp.let_pass()
        self.all_leave()

    def hangs_at_dot(self):
        """It was taken, but nobody says so: the sent folder does."""
        self.smtp.hold_after(DOT)
        self.launch()
        self.assertTrue(self.smtp.held.wait(60))
        self.smtp.cut()
        wait_for("a mail of unknown fate", lambda: self.states()["unknown"])
        self.smtp.let_pass()
        self.all_leave()

    def name_is_unknown(self):
        self.launch_and_wait_for(3)
        server = {"port": self.smtp.port, "security": "none"}
        self.world.call("PUT", f"/api/email_accounts/{self.mailbox}", {"smtp": {"host": "mail.gone.invalid", **server}})
        self.wait_for_trouble("mail.gone.invalid")
        self.world.call("PUT", f"/api/email_accounts/{self.mailbox}", {"smtp": {"host": "127.0.0.1", **server}})
        self.all_leave()

    def imap_refused(self):
        self.imap.shut()
        self.hurry()
        self.wait_for_trouble("127.0.0.1")
        self.launch()
        self.imap.let_pass()
        self.all_leave()
        self.hurry()
        wait_for("it can be read again", lambda: self.seen()["trouble"] == "")

    def login_refused(self):
        users = self.dovecot.directory / "users"
        text = users.read_text()
        users.write_text(text.replace("{PLAIN}pw", "{PLAIN}other"))
        os.utime(users, (time.time() + 5, time.time() + 5))
        self.hurry()
        wait_for("it is disconnected", lambda: self.seen()["status"] == "disconnected")
        self.wait_for_trouble("log")
        self.launch()
        tasks = self.world.call("GET", f"/api/tasks?project.id={self.world.project}")["items"]
        tasks = [task for task in tasks if task["type"] == "mailbox_error"]
        self.assertEqual(len(tasks), 1, tasks)
        self.assertIn("u0@in.test", tasks[0]["name"])
        time.sleep(1)
        self.assertEqual(self.states()["sent"], self.launched - MAILS, "nothing is sent that cannot be read about")
        users.write_text(text)
        os.utime(users, (time.time() + 10, time.time() + 10))
        self.all_leave()
        self.assertEqual((self.seen()["status"], self.seen()["trouble"]), ("active", ""))

    def stopped_while_it_hangs(self):
        """SIGTERM waits for the answer to a dot for some seconds; the next process looks for the mail."""
        self.smtp.hold_after(DOT)
        self.launch()
        self.assertTrue(self.smtp.held.wait(60))
        _, seconds = self.server.stop()
        self.assertLess(seconds, 15)
        self.smtp.cut()
        self.smtp.let_pass()
        self.world.server = self.start()
        self.all_leave()


class Disks(Outage):
    def make_house(self):
        house = House()
        self.data = house.directory / "overture-data"
        self.data.mkdir(mode=0o700)
        return house

    def fails_clearly(self, words):
        """A write of the API is refused with a clear word, while reads go on."""
        def refused():
            status, answer = self.server.call("POST", "/api/tags", {"name": f"t{time.time_ns()}", "type": "opportunity"},
                                              self.key)
            self.assertIn(status, (200, 503), answer)
            return status == 503 and answer
        answer = wait_for("a write that is refused", refused)
        self.assertIn(words, str(answer))
        self.assertEqual(self.server.call("GET", "/api/opportunities?limit=1", token=self.key)[0], 200)

    def mails_rest(self):
        """No server is asked to take a mail whose fate could not be written down."""
        time.sleep(1)
        before = len(self.taken())
        time.sleep(2)
        self.assertLessEqual(len(self.taken()), before)

    def fill(self):
        with open(self.data / "ballast", "ab", buffering=0) as ballast:
            for size in (1 << 20, 4096):
                try:
                    while True:
                        ballast.write(b"\0" * size)
                except OSError:
                    pass

    def test_disk_full(self):
        if os.getuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=160m", "overture-test", self.data],
                                              capture_output=True).returncode != 0:
            self.skipTest("a small file system cannot be mounted here")
        self.addCleanup(subprocess.run, ["umount", "-l", self.data], check=False)
        self.house.run("account", "create", "acme")
        self.key = self.house.make_user("acme", "ada@acme.example")
        self.begin(3)
        # Among mails that leave.
        self.launch_and_wait_for(3)
        self.fill()
        self.fails_clearly("disk full")
        self.mails_rest()
        (self.data / "ballast").unlink()
        self.all_leave(hurries=False)
        self.assertIn("disk full", self.log())
        # Between a final dot and the commit of `sent`.
        self.answer_comes_too_late()
        (self.data / "ballast").unlink()
        self.all_leave(hurries=False)
        # The same, and the process dies before there is room again: the sent folder knows.
        self.answer_comes_too_late()
        self.server.kill()
        (self.data / "ballast").unlink()
        self.world.server = self.start()
        self.all_leave()

    def answer_comes_too_late(self):
        before = self.log().count("an outcome waits for the database")
        self.smtp.hold_after(DOT)
        self.launch()
        self.assertTrue(self.smtp.held.wait(60))
        self.fill()
        self.fails_clearly("disk full")
        self.smtp.let_pass()
        wait_for("an outcome that waits",
                 lambda: self.log().count("an outcome waits for the database") > before)

    def test_read_only(self):
        """As after `errors=remount-ro`: files that are open cannot be written either."""
        files = [self.data / "overture.db", self.data / "overture.db-wal"]
        self.begin(1)
        if not shutil.which("chattr") or subprocess.run(["chattr", "+i", *files], capture_output=True).returncode != 0:
            self.skipTest("files cannot be made immutable here")
        self.addCleanup(subprocess.run, ["chattr", "-i", *files], check=False, capture_output=True)
        subprocess.run(["chattr", "-i", *files], check=True)
        self.launch_and_wait_for(3)
        subprocess.run(["chattr", "+i", *files], check=True)
        self.fails_clearly("database")
        self.mails_rest()
        time.sleep(3)
        self.fails_clearly("read-only")
        subprocess.run(["chattr", "-i", *files], check=True)
        self.all_leave(hurries=False)


class Database(Outage):
    def make_house(self):
        self.postgres = Postgres()
        self.addCleanup(self.postgres.stop)
        if self.postgres.problem or not self.postgres.cluster:
            self.skipTest(self.postgres.problem or "needs a PostgreSQL of its own to stop")
        return House(self.postgres.make())

    def control(self, action):
        self.house.leave_database()
        subprocess.run([TEST_POSTGRES, action, self.postgres.cluster], check=True, capture_output=True)

    def answer(self):
        return self.server.call("GET", "/api/opportunities?limit=1", token=self.key)

    def test_away(self):
        self.begin(2)
        self.launch_and_wait_for(3)
        self.control("halt")
        wait_for("an answer that says so", lambda: self.answer()[0] == 503)
        self.assertIn("The database cannot be reached", str(self.answer()[1]))
        time.sleep(3)
        before = len(self.taken())
        time.sleep(1)
        self.assertEqual(len(self.taken()), before, "nothing leaves that cannot be written down")
        self.control("resume")
        self.all_leave(hurries=False)
        self.assertIn("The database cannot be reached", self.log())
        # While the server answers to a final dot.
        self.smtp.hold_after(DOT)
        self.launch()
        self.assertTrue(self.smtp.held.wait(60))
        self.control("halt")
        self.smtp.let_pass()
        wait_for("an outcome that waits", lambda: "an outcome waits for the database" in self.log())
        self.control("resume")
        self.all_leave(hurries=False)


if __name__ == "__main__":
    unittest.main()
