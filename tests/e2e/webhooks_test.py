"""Webhooks of the real program: receivers that verify signatures, fail, hang, move and are gone; kills in between.

Run: OVERTURE_PROGRAM=build/release/overture python3 tests/e2e/webhooks_test.py
"""
import base64
import collections
import hashlib
import hmac
import http.server
import json
import threading
import time
import unittest

from running import Running
from support import wait_until

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
Call = collections.namedtuple("Call", "path headers body at")
# What the data of each type holds beside project, campaign and opportunity: docs/webhooks.md.
DATA = {
    "reply.received": {"inbound_email", "from_email", "from_name", "subject"},
    "contact.unsubscribed": {"entry", "is_domain", "reason"},
    "opportunity.milestone_changed": {"previous", "new", "user"},
    "opportunity.stage_changed": {"previous", "new", "user"},
    "job.finished": {"job", "kind", "state", "error"},
    "email_account.status_changed": {"email_account", "status", "reason"},
}


def signatures(secret, call):
    key = base64.b64decode(secret.removeprefix("whsec_"))
    content = f"{call.headers['webhook-id']}.{call.headers['webhook-timestamp']}.".encode() + call.body
    return "v1," + base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()


class Receiver(http.server.ThreadingHTTPServer):
    """Keeps what it was sent. `answers`: by path, a status or what is called to get one."""
    daemon_threads = True

    def __init__(self):
        self.calls, self.answers, self.lock = [], {}, threading.Lock()
        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        """Who called is dead, or has given up."""

    def url(self, path):
        return f"http://127.0.0.1:{self.server_address[1]}{path}"

    def at(self, path):
        with self.lock:
            return [call for call in self.calls if call.path == path]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        with self.server.lock:
            self.server.calls.append(Call(self.path, headers, body, time.monotonic()))
        answer = self.server.answers.get(self.path, 200)
        status = answer() if callable(answer) else answer
        text = b"said the receiver"
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


class Webhooks(Running):
    def setUp(self):
        super().setUp()
        self.receiver = Receiver()
        self.addCleanup(self.receiver.server_close)
        self.addCleanup(self.receiver.shutdown)
        self.hang = threading.Event()
        self.addCleanup(self.hang.set)

    def hanging(self, status=200):
        def wait():
            self.hang.wait(60)
            return status
        return wait

    def webhook(self, path, **more):
        return self.post("/api/webhooks", {"url": self.receiver.url(path), "secret": SECRET, **more})["id"]

    def try_out(self, webhook):
        return self.post(f"/api/webhooks/{webhook}/test", {})

    def deliveries(self, webhook):
        return self.server.call("GET", f"/api/webhooks/{webhook}/deliveries?limit=1000", token=self.key)[1]["items"]

    def put(self, target, body):
        status, answer = self.server.call("PUT", target, body, self.key)
        self.assertEqual(status, 200, answer)
        return answer

    def verify(self, call, secret=SECRET):
        self.assertIn(signatures(secret, call), call.headers["webhook-signature"].split(" "))
        self.assertLess(abs(time.time() - int(call.headers["webhook-timestamp"])), 60)
        self.assertRegex(call.headers["webhook-id"], "^msg_[0-9a-f]{32}$")

    def test_events_arrive_signed_and_once(self):
        self.start("--private-webhooks", "--send-threads", "0")
        everything = self.webhook("/all")
        campaign = self.make_import(2)
        wait_until(lambda: self.receiver.at("/all"), 10)
        self.assertEqual(self.progress(campaign)["state"], "completed")
        opportunity = self.server.call("GET", "/api/opportunities", token=self.key)[1]["items"][0]
        self.webhook("/jobs", event_types=["job.finished"], project=opportunity["project"]["id"])
        milestone = self.server.call("GET", "/api/milestones", token=self.key)[1]["items"][1]
        self.put(f"/api/opportunities/{opportunity['id']}", {"milestone": milestone["id"]})
        self.post(f"/api/opportunities/{opportunity['id']}/stage", {"action": "accept"})
        self.post("/api/unsubscribe", {"email_address": "gone@away.example"})
        self.house.rows("INSERT INTO inbound_emails (account_id, email_account_id, project_id, status, class, "
                        "from_email, from_name, subject, created_at) SELECT account_id, 0, id, 'new', 'human', "
                        "'eve@r0.import.example', 'Eve', 'Re: links', 1772355600000 FROM projects")
        inbound = self.house.number("SELECT id FROM inbound_emails")
        self.put(f"/api/inbound_emails/{inbound}", {"opportunity": opportunity["id"]})
        account = self.house.number("SELECT id FROM accounts")
        self.house.rows("INSERT INTO email_accounts (account_id, name, status, created_by, created_at, updated_at) "
                        f"VALUES ({account}, 'box', 'active', 1, 1, 1)")
        self.house.rows("INSERT INTO email_account_projects SELECT account_id, id, "
                        f"{opportunity['project']['id']} FROM email_accounts")
        self.post("/api/campaigns/import", {"name": "d", "project": opportunity["project"]["id"],
                                            "import_json": [{"url": "https://z.import.example/"}]})
        mailbox = self.house.number("SELECT id FROM email_accounts")
        status, answer = self.server.call("DELETE", f"/api/email_accounts/{mailbox}", token=self.key)
        self.assertEqual(status, 200, answer)

        def all_there():
            kinds = {json.loads(call.body)["type"] for call in self.receiver.at("/all")}
            return kinds == set(DATA) and len(self.receiver.at("/jobs")) == 1
        wait_until(all_there, 20)
        wait_until(lambda: all(d["state"] == "delivered" for d in self.deliveries(everything)), 10)
        for call in self.receiver.calls:
            self.verify(call)
            self.assertEqual(call.headers["content-type"], "application/json")
            self.assertRegex(call.headers["user-agent"], r"^Overture/\d+\.\d+\.\d+$")
            payload = json.loads(call.body)
            self.assertEqual(set(payload), {"type", "timestamp", "data"})
            self.assertEqual(set(payload["data"]) - {"project", "campaign", "opportunity"}, DATA[payload["type"]])
        ids = [(call.path, call.headers["webhook-id"]) for call in self.receiver.calls]
        self.assertEqual(len(set(ids)), len(ids), "each once")
        self.assertIn(("/all", self.receiver.at("/jobs")[0].headers["webhook-id"]), ids, "one id for one event")
        self.assertEqual(self.house.number("SELECT COUNT(*) FROM events"), 0)
        reply = [json.loads(call.body) for call in self.receiver.at("/all") if b"reply.received" in call.body][0]
        self.assertEqual(reply["data"]["from_email"], "eve@r0.import.example")
        self.assertEqual(reply["data"]["opportunity"],
                         {"id": opportunity["id"], "url": opportunity["url"], "name": opportunity["name"]})
        self.assertNotIn(b"whsec", b"".join(call.body for call in self.receiver.calls))
        self.house.run("doctor")

        # Another secret: both sign.
        another = self.put(f"/api/webhooks/{everything}", {"rotate_secret": True})["secret"]
        before = len(self.receiver.at("/all"))
        self.try_out(everything)
        wait_until(lambda: len(self.receiver.at("/all")) > before, 10)
        call = self.receiver.at("/all")[-1]
        self.verify(call)
        self.verify(call, another)
        self.assertEqual(len(call.headers["webhook-signature"].split(" ")), 2)

    def test_failures_are_tried_again_and_hold_up_nobody(self):
        self.start("--private-webhooks", "--send-threads", "0")
        self.post("/api/projects", {"name": "p"})
        answers = iter([500])
        self.receiver.answers = {"/hangs": self.hanging(), "/gone": 410, "/moved": 302,
                                 "/recovers": lambda: next(answers, 200)}
        hooks = {path: self.webhook(path) for path in ("/hangs", "/recovers", "/gone", "/moved", "/well")}
        for _ in range(3):
            self.try_out(hooks["/hangs"])
        wait_until(lambda: self.receiver.at("/hangs"), 5)
        begun = time.monotonic()
        for path in ("/recovers", "/gone", "/moved", "/well"):
            self.try_out(hooks[path])
        wait_until(lambda: self.receiver.at("/well"), 5)
        self.assertLess(time.monotonic() - begun, 5)

        wait_until(lambda: len(self.receiver.at("/recovers")) == 2, 12)
        first, second = self.receiver.at("/recovers")
        self.verify(second)
        self.assertEqual(first.headers["webhook-id"], second.headers["webhook-id"])
        self.assertEqual(first.body, second.body)
        self.assertGreaterEqual(second.at - first.at, 4.5)
        delivery = wait_until(lambda: [d for d in self.deliveries(hooks["/recovers"]) if d["state"] == "delivered"])[0]
        self.assertEqual((delivery["attempts"], delivery["response_status"], delivery["response"], delivery["error"]),
                         (2, 200, "said the receiver", None))
        moved = self.deliveries(hooks["/moved"])[0]
        self.assertEqual(moved["error"], "It answered 302, and redirects are not followed")
        self.assertEqual(self.receiver.at("/elsewhere"), [])

        gone = [h for h in self.server.call("GET", "/api/webhooks", token=self.key)[1]["items"]
                if h["id"] == hooks["/gone"]][0]
        self.assertEqual((gone["is_active"], gone["trouble"]), (False, "It answered 410 Gone"))
        self.assertEqual(self.house.number("SELECT COUNT(*) FROM tasks WHERE type = 'webhook_error'"), 1)

        self.assertEqual(len(self.receiver.at("/hangs")), 1, "one at a time")
        slow = wait_until(lambda: [d for d in self.deliveries(hooks["/hangs"]) if d["attempts"]], 20)[0]
        self.assertIn("does not answer", slow["error"])
        self.assertGreater(time.monotonic() - begun, 13)

    def test_kills_lose_nothing(self):
        self.receiver.answers = {"/hangs": self.hanging()}
        self.start("--private-webhooks", "--send-threads", "0")
        self.post("/api/projects", {"name": "p"})
        hook = self.webhook("/hangs")
        self.try_out(hook)
        wait_until(lambda: self.receiver.at("/hangs"), 5)
        self.server.kill()
        self.hang.set()
        self.receiver.answers = {}
        # It dies once more: the receiver has it, the database does not know.
        self.house.environment["OVERTURE_STOP_AT"] = "webhook answered"
        self.start("--private-webhooks", "--send-threads", "0")
        self.server.process.wait(timeout=20)
        del self.house.environment["OVERTURE_STOP_AT"]
        self.start("--private-webhooks", "--send-threads", "0")
        delivery = wait_until(lambda: [d for d in self.deliveries(hook) if d["state"] == "delivered"], 10)[0]
        calls = self.receiver.at("/hangs")
        self.assertEqual(len(calls), 3)
        self.assertEqual({call.headers["webhook-id"] for call in calls}, {delivery["event_id"]})
        self.assertEqual({call.body for call in calls}, {calls[0].body})
        for call in calls:
            self.verify(call)

    def test_a_receiver_that_hangs_does_not_hold_up_the_stop(self):
        self.receiver.answers = {"/hangs": self.hanging()}
        self.start("--private-webhooks", "--send-threads", "0")
        hook = self.webhook("/hangs")
        self.try_out(hook)
        wait_until(lambda: self.receiver.at("/hangs"), 5)
        status, seconds = self.server.stop()
        self.assertEqual(status, 0)
        self.assertLess(seconds, 6)
        self.assertEqual(self.house.rows("SELECT state, attempts FROM webhook_deliveries"), [("pending", 0)])

    def test_nothing_inside_is_called(self):
        self.start("--send-threads", "0")
        port = self.receiver.server_address[1]
        hosts = (f"127.0.0.1:{port}", f"localhost:{port}", f"[::1]:{port}", f"[::ffff:127.0.0.1]:{port}",
                 f"0x7f.1:{port}", f"2130706433:{port}", "169.254.169.254", "10.0.0.1", f"0.0.0.0:{port}")
        hooks = [self.post("/api/webhooks", {"url": f"http://{host}/latest/meta-data"})["id"] for host in hosts]
        for hook in hooks:
            self.try_out(hook)
        for host, hook in zip(hosts, hooks):
            delivery = wait_until(lambda: [d for d in self.deliveries(hook) if d["attempts"]], 10)[0]
            self.assertIn("is not on the public Internet", delivery["error"], host)
            self.assertIsNone(delivery["response"])
        self.assertEqual(self.receiver.calls, [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
