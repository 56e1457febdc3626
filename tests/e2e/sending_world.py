"""An account with mailboxes, campaigns and opportunities that wait to be written to."""
import datetime
import json
import sqlite3

MAILBOXES = 8
CAMPAIGNS = 20
LAUNCH = 50


def midday_zone():
    """A zone without daylight saving in which it is about noon, so that no window or day ends while a test runs."""
    hours = 12 - datetime.datetime.now(datetime.timezone.utc).hour
    return "Etc/GMT" if hours == 0 else f"Etc/GMT{-hours:+d}"


class SendingWorld:
    def __init__(self, server, key, smtp_port, imap_port=None, mailboxes=MAILBOXES, campaigns=CAMPAIGNS):
        self.server, self.key = server, key
        zone = midday_zone()
        self.call("PUT", "/api/account", {"timezone": zone})
        self.project = self.call("POST", "/api/projects", {"name": "p", "timezone": zone})["id"]
        self.mailboxes = [self.make_mailbox(number, smtp_port, imap_port) for number in range(mailboxes)]
        self.campaigns = []
        self.wanted_campaigns = campaigns

    def call(self, method, target, body=None):
        status, answer = self.server.call(method, target, body, self.key)
        assert status == 200, (method, target, status, answer)
        return answer

    def make_mailbox(self, number, smtp_port, imap_port):
        none = {"host": "127.0.0.1", "security": "none"}
        body = {"address": f"u{number}@in.test", "from_name": f"Sender {number}", "daily_limit": 100000,
                "smtp": {**none, "port": smtp_port}, "projects": [self.project], "login": f"u{number}@in.test"}
        if imap_port:
            body |= {"imap": {**none, "port": imap_port}, "password": "pw"}
        return self.call("POST", "/api/email_accounts", body)["id"]

    def make_campaigns(self, opportunities, attempts):
        """Imports `opportunities` in all, writes the sequences, and opens the windows."""
        share = opportunities // self.wanted_campaigns
        for number in range(self.wanted_campaigns):
            rows = [{"url": f"https://s{n}.c{number}.example/", "email": f"p{n}@c{number}.example",
                     "first": f"Pat{n}"} for n in range(share)]
            campaign = self.call("POST", "/api/campaigns/import", {
                "name": f"c{number}", "project": self.project, "import_json": rows,
                "personalization_mapping": {"website": "url", "email_address": "email", "first_name": "first"}})["id"]
            self.call("PUT", f"/api/campaigns/{campaign}/sequence", {"attempts": attempts})
            self.open_window(campaign)
            self.campaigns.append(campaign)

    def open_window(self, campaign):
        self.call("PUT", f"/api/campaigns/{campaign}/outreach_settings", {
            "daily_limit": 100000, "schedule_time_from": "00:00", "schedule_time_to": "13:30",
            "schedule": {day: True for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
                                               "sunday")}})

    def opportunities(self):
        found, cursor = [], None
        while True:
            more = f"&cursor={cursor}" if cursor else ""
            page = self.call("GET", f"/api/opportunities?limit=1000{more}")
            found += [item["id"] for item in page["items"]]
            cursor = page.get("next_cursor")
            if not cursor:
                return found

    def launch(self, ids):
        for start in range(0, len(ids), LAUNCH):
            self.call("POST", "/api/automations/launch", {"opportunity_ids": ids[start:start + LAUNCH]})


# What waits for minutes or hours is due now: a test has no time.
HURRY = (
    "UPDATE outbox SET send_at = 0 WHERE state = 'pending'",
    "UPDATE outbox SET send_at = 0, checks = 2, first_try_at = first_try_at - 1000000, lease_until = lease_until - "
    "1000000 WHERE state = 'unknown'",
    "UPDATE mailboxes SET spacing_seconds = 0",
    "UPDATE mailbox_states SET next_free_at = 0, next_try_at = 0, next_poll_at = 0",
    "UPDATE campaign_sending SET next_look_at = 0, next_send_at = 0",
)


def hurry(database):
    """The server must not be running."""
    connection = sqlite3.connect(database, timeout=30)
    with connection:
        for statement in HURRY:
            connection.execute(statement)
    connection.close()


def read_ledger(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.endswith("\n")]
