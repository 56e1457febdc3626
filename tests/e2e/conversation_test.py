"""One conversation over real servers: a first mail, its answer, our reply, and what the sent folder holds of it."""
import base64
import email
import os
import unittest

from mail_servers import DOVECOT, Dovecot, Judge, wait_for
from mail_texts import make_reply
from running import Running
from sending_world import HURRY, SendingWorld, read_ledger

MAILS = 3
FIRST = {"subject": "For {first_name}", "body_text": "Hello {first_name},\n\na word about {website}.", "opt_out": False}


@unittest.skipUnless(os.path.exists(DOVECOT), "needs Dovecot")
class Conversation(Running):
    def setUp(self):
        super().setUp()
        self.dovecot = Dovecot(["u0"])
        self.addCleanup(self.dovecot.stop)
        self.dovecot.make_folders("u0")
        # Its server files nothing by itself.
        self.judge = Judge(self.house.directory, 1)
        self.addCleanup(self.judge.stop)
        self.start()
        self.world = SendingWorld(self.server, self.key, self.judge.port, self.dovecot.port, mailboxes=1, campaigns=1)
        self.world.make_campaigns(MAILS, [FIRST])
        self.ids = wait_for("the import", lambda: len(found := self.world.opportunities()) == MAILS and found)
        wait_for("the first visit", lambda: self.house.number("SELECT uid_validity FROM mailbox_states"))

    def hurry(self):
        for statement in HURRY:
            self.house.rows(statement)

    def soon(self, what, check):
        def asked():
            self.hurry()
            return check()
        return wait_for(what, asked)

    def taken(self):
        return [line["id"] for line in read_ledger(self.judge.ledger) if line["verdict"].startswith("accepted")]

    def filed(self):
        mails = [(path, email.message_from_bytes(path.read_bytes())) for path in self.dovecot.mails("u0", "Sent")]
        return {mail["Message-ID"].strip("<>"): (path, mail) for path, mail in mails}

    def minutes_go_by(self):
        for table in ("outreach_emails", "sent_replies"):
            self.house.rows(f"UPDATE {table} SET sent_at = sent_at - 300000 WHERE sent_at IS NOT NULL AND filed = 0")

    def test_sent_folder_holds_what_we_wrote(self):
        self.world.launch(self.ids[:1])
        [first] = self.soon("the first mail", self.taken)
        self.dovecot.deliver("u0", make_reply(first, "p0@c0.example", "u0@in.test", 1).encode())
        inbound = self.soon("its answer", lambda: self.world.call("GET", "/api/inbound_emails")["items"])[0]["id"]
        made = self.world.call("POST", f"/api/inbound_emails/{inbound}/reply", {"body_text": "Grüße, and thank you."})
        self.soon("our reply", lambda: len(self.taken()) == 2)
        wait_for("it is booked", lambda: self.world.call("GET", f"/api/sent_replies/{made['id']}")["status"] == "sent")
        self.assertEqual(self.filed(), {}, "the server has its time to file them itself")

        self.minutes_go_by()
        self.soon("both are filed", lambda: len(self.filed()) == 2)
        reply = next(id for id in self.taken() if id != first)
        self.assertEqual(set(self.filed()), {first, reply})
        path, mail = self.filed()[reply]
        self.assertIn("S", path.name.partition(":2,")[2], "it was read: we wrote it")
        self.assertEqual((mail["To"], mail["In-Reply-To"]), ("Pat <p0@c0.example>", "<r1@there.example>"))
        self.assertIn("Grüße", mail.get_payload(decode=True).decode())
        wait_for("they are known to be there", lambda: self.house.number(
            "SELECT (SELECT COUNT(*) FROM sent_replies WHERE filed = 1) + "
            "(SELECT COUNT(*) FROM outreach_emails WHERE filed = 1)") == 2)
        # Another visit finds nothing to do.
        visits = self.house.number("SELECT polled_at FROM mailbox_states")
        self.soon("another visit", lambda: self.house.number("SELECT polled_at FROM mailbox_states") != visits)
        self.assertEqual(len(self.dovecot.mails("u0", "Sent")), 2)

    def test_a_mail_that_fails_holds_up_no_other(self):
        self.world.launch(self.ids[:1])
        [first] = self.soon("the first mail", self.taken)
        # Whatever its fault is: one cannot be stored as what it says, one cannot be stored at all.
        self.house.rows("CREATE TRIGGER breaks BEFORE INSERT ON inbound_emails WHEN NEW.subject = 'poison' "
                        "BEGIN SELECT RAISE(ABORT, 'broken'); END")
        self.house.rows("CREATE TRIGGER breaks_wholly BEFORE INSERT ON inbound_sources WHEN NEW.raw LIKE "
                        "(SELECT x FROM worst) BEGIN SELECT RAISE(ABORT, 'broken'); END")
        self.house.rows("CREATE TABLE worst (x TEXT)")
        worst = b"From: eve@evil.example\r\nSubject: worst\r\nMessage-ID: <w@evil.example>\r\n\r\nWorst.\r\n"
        raw = base64.urlsafe_b64encode(worst).decode().rstrip("=")
        self.house.rows(f"INSERT INTO worst VALUES ('{raw}%')")
        poison = b"From: eve@evil.example\r\nSubject: poison\r\nMessage-ID: <p@evil.example>\r\n\r\nPoison.\r\n"
        # SNS wraps its notifications, here around nothing.
        wrapped = b"From: sns@evil.example\r\nSubject: wrapped\r\nMessage-ID: <s@evil.example>\r\n\r\n" \
                  b'{"notificationType":"Bounce","Message":"5"}\r\n'
        for number, mail in enumerate((poison, worst, wrapped, make_reply(first, "p0@c0.example", "u0@in.test", 1).encode())):
            self.dovecot.deliver("u0", mail, f"{1_900_000_000 + number}.test")
        self.soon("the reply behind them", lambda: any(
            item["subject"] == "Re: hello" for item in self.world.call("GET", "/api/inbound_emails")["items"]))
        mails = {item["subject"]: item["id"] for item in self.world.call("GET", "/api/inbound_emails")["items"]}
        self.assertEqual(set(mails), {"(a mail that could not be taken in)", "wrapped", "Re: hello"})
        tasks = self.world.call("GET", f"/api/tasks?project.id={self.world.project}")["items"]
        self.assertIn(f"Read email {mails['(a mail that could not be taken in)']}, which could not be followed",
                      [task["name"] for task in tasks])
        kept = mails["(a mail that could not be taken in)"]
        self.assertEqual(base64.b64decode(self.world.call("GET", f"/api/inbound_emails/{kept}/raw")["raw"]), poison)
        log = self.server.log.read_text()
        self.assertEqual((log.count("a mail is kept as it came"), log.count("a mail was left in its mailbox")), (2, 1))
        self.assertEqual(self.house.number("SELECT last_uid FROM mailbox_states"), 4)
        self.assertEqual(self.house.number("SELECT COUNT(*) FROM opportunities WHERE stage_status = 'replied'"), 1)

    def test_a_mail_that_cannot_be_made_ready_holds_up_no_other(self):
        self.house.rows("CREATE TRIGGER breaks BEFORE UPDATE ON outbox WHEN NEW.state = 'sending' AND NEW.mail_id = "
                        "(SELECT MIN(mail_id) FROM outbox) BEGIN SELECT RAISE(ABORT, 'broken'); END")
        self.world.launch(self.ids)
        self.soon("the others", lambda: len(self.taken()) == MAILS - 1)
        self.assertIn("a mail could not be made ready", self.server.log.read_text())
        explain = f"/api/opportunities/{self.ids[0]}/sending_explain"
        wait_for("words for it", lambda: "could not be made ready" in self.world.call("GET", explain)["explanation"])
        self.house.rows("DROP TRIGGER breaks")
        self.soon("it too", lambda: len(self.taken()) == MAILS)


if __name__ == "__main__":
    unittest.main()
