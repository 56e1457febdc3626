"""Mails through real servers: kills and faults lose nothing and send nothing twice; replies stop what they should.

OVERTURE_SEND_MAILS and OVERTURE_SEND_KILLS say how many (1000 and 12)."""
import collections
import os
import random
import time
import unittest

from mail_servers import DOVECOT, Dovecot, Judge, wait_for
from mail_texts import make_bounce
from running import Running
from sending_world import MAILBOXES, SendingWorld, hurry, read_ledger
from support import seed_of

MAILS = int(os.environ.get("OVERTURE_SEND_MAILS") or 1000)
KILLS = int(os.environ.get("OVERTURE_SEND_KILLS") or 12)
FAULTS = {"soft_rcpt": .03, "hard_rcpt": .02, "soft_dot": .03, "hard_dot": .01, "noreply": .03, "late": .0,
          "mid_data": .03, "busy": .01}
FIRST = {"subject": "For {first_name}", "body_text": "Hello {first_name},\n\na word about {website}.", "opt_out": False}


@unittest.skipUnless(os.path.exists(DOVECOT), "needs Dovecot")
class Sending(Running):
    def setUp(self):
        super().setUp()
        self.dovecot = Dovecot([f"u{n}" for n in range(MAILBOXES)])
        self.addCleanup(self.dovecot.stop)
        for number in range(MAILBOXES):
            self.dovecot.make_folders(f"u{number}")

    def states(self):
        return collections.Counter(
            dict(self.house.rows("SELECT status, COUNT(*) FROM outreach_emails GROUP BY status")))

    def test_kills_and_faults(self):
        """Every mail that was planned was taken exactly once, bounced, or is known to be open; nothing twice."""
        seed = seed_of("sending")
        chance = random.Random(seed)
        # One sent folder for all: what the judge has taken is filed there, as the big providers do.
        judge = Judge(self.house.directory, seed, self.dovecot.maildir("u0", "Sent"), self.dovecot.uid, **FAULTS)
        self.addCleanup(judge.stop)
        server = self.start()
        world = SendingWorld(server, self.key, judge.port, self.dovecot.port, mailboxes=1)
        world.make_campaigns(MAILS, [FIRST])
        ids = wait_for("the import", lambda: len(found := world.opportunities()) == MAILS and found, 120)
        world.launch(ids)
        started = time.monotonic()
        for _ in range(KILLS):
            time.sleep(chance.uniform(0.3, 1.2))
            self.server.kill()
            hurry(self.house.database)
            self.start()
        self.finish(world)
        self.judge_mails(read_ledger(judge.ledger), time.monotonic() - started)

    def finish(self, world):
        """Restarts with everything due, until nothing is open any more but what only a person can settle.

        Bounces are so frequent here that campaigns of fifty mails get paused for them; as their task says, a person saves
        the outreach settings to go on."""
        end = time.monotonic() + 300 * max(1, MAILS / 1000)
        while time.monotonic() < end:
            time.sleep(3)
            open_mails = self.house.number("SELECT COUNT(*) FROM outbox")
            waiting = self.house.number("SELECT COUNT(*) FROM outreach_runs WHERE state IN ('waiting', 'outgoing')")
            if open_mails == 0 and waiting == 0:
                return
            self.server.kill()
            hurry(self.house.database)
            world.server = self.start()
            for (campaign,) in self.house.rows("SELECT campaign_id FROM campaign_sending WHERE paused_why <> ''"):
                world.open_window(campaign)
        held = self.house.rows("SELECT campaign_id, held_by, paused_why FROM campaign_sending WHERE held_by <> '' OR "
                               "paused_why <> ''")
        self.fail(f"{open_mails} mails are still in the outbox, {waiting} runs wait; {held}")

    def judge_mails(self, ledger, seconds):
        taken = collections.Counter(line["id"] for line in ledger if line["verdict"].startswith("accepted"))
        twice = {message for message, times in taken.items() if times > 1}
        self.assertEqual(twice, set(), "sent twice")
        rows = self.house.rows("SELECT message_id, status, to_email FROM outreach_emails")
        sent = {message for message, status, _ in rows if status == "sent"}
        self.assertEqual(sent - set(taken), set(), "said to be sent, but nobody took it")
        self.assertEqual(set(taken) - sent, set(), "taken, but not said to be sent")
        states = collections.Counter(status for _, status, _ in rows)
        refused = {line["to"] for line in ledger if line["verdict"] in ("hard_rcpt",)}
        bounced = {to for _, status, to in rows if status == "bounced"}
        self.assertLessEqual(refused, bounced)
        self.assertEqual(sum(states.values()), MAILS, states)
        self.assertEqual(states["sent"] + states["bounced"] + states["failed"] + states["cancelled"], MAILS, states)
        self.house.run("doctor")
        verdicts = collections.Counter(line["verdict"] for line in ledger)
        print(f"sending: {MAILS} mails, {KILLS} kills, {seconds:.0f} s; {dict(states)}; {dict(verdicts)}", flush=True)

    def test_replies_and_bounces_over_imap(self):
        """A reply stops its opportunity, a bounce moves to the next contact, flags stay, nothing counts twice."""
        judge = Judge(self.house.directory, 1)
        self.addCleanup(judge.stop)
        server = self.start()
        world = SendingWorld(server, self.key, judge.port, self.dovecot.port, mailboxes=2, campaigns=2)
        world.make_campaigns(20, [FIRST, {"subject": "", "body_text": "Any news?", "delay_days": 3}])
        ids = wait_for("the import", lambda: len(found := world.opportunities()) == 20 and found, 60)
        self.server.kill()
        hurry(self.house.database)
        world.server = self.start()
        world.launch(ids)
        wait_for("the mails", lambda: self.states()["sent"] == 20, 60)
        mails = self.house.rows("SELECT e.message_id, e.to_email, e.opportunity_id, s.login FROM outreach_emails e JOIN "
                                "mailboxes s ON s.email_account_id = e.email_account_id ORDER BY e.id")
        before = {}
        for number, (message_id, to, opportunity, login) in enumerate(mails[:6]):
            user = login.split("@")[0]
            raw = (f"From: Pat <{to}>\r\nTo: {login}\r\nSubject: Re: hello\r\nMessage-ID: <r{number}@there.example>\r\n"
                   f"In-Reply-To: <{message_id}>\r\nDate: Mon, 02 Mar 2026 10:00:00 +0000\r\n\r\nYes, gladly.\r\n")
            self.dovecot.deliver(user, raw.encode())
            before[opportunity] = user
        message_id, to, bounced, login = mails[7]
        self.dovecot.deliver(login.split("@")[0], make_bounce(message_id, to, login).encode())
        self.server.kill()
        hurry(self.house.database)
        world.server = self.start()
        wait_for("the replies", lambda: self.house.number(
            "SELECT COUNT(*) FROM opportunities WHERE stage_status = 'replied'") == 6, 60)
        wait_for("the bounce", lambda: self.states()["bounced"] == 1, 60)
        for opportunity in before:
            self.assertEqual(world.call("GET", f"/api/opportunities/{opportunity}")["milestone"]["name"], "Responded")
        self.assertEqual(world.call("GET", f"/api/opportunities/{bounced}")["stage_status"], "bounced")
        # Nothing was marked as read or moved: what came in lies in new/ or has no flags.
        for user in ("u0", "u1"):
            for path in self.dovecot.mails(user):
                self.assertNotIn("S", path.name.partition(":2,")[2], path)
        count = self.house.number("SELECT COUNT(*) FROM inbound_emails")
        self.assertEqual(count, 7)
        # The same mails under new numbers are the same mails.
        for user in ("u0", "u1"):
            for path in self.dovecot.maildir(user).glob("dovecot*"):
                path.unlink()
        self.server.kill()
        hurry(self.house.database)
        self.start()
        wait_for("another look", lambda: self.server.log.read_text().count("mailbox numbered anew") == 2, 60)
        time.sleep(2)
        self.assertEqual(self.house.number("SELECT COUNT(*) FROM inbound_emails"), count)


if __name__ == "__main__":
    unittest.main()
