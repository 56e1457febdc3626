"""Accounts with some of everything, made through the API of a running server."""
from support import wait_until


def post(wire, target, body):
    status, answer = wire.call("POST", target, body)
    if status != 200:
        raise AssertionError(f"POST {target} {body}: {status} {answer}")
    return answer


def listed(wire, target):
    status, answer = wire.call("GET", target)
    if status != 200:
        raise AssertionError(f"GET {target}: {status} {answer}")
    return answer["items"]


# The kinds of mail with what a row must have.
MAILS = {
    "outreach_emails": {"attempt_number": 1, "status": "review", "review_type": "manual"},
    "form_submissions": {"attempt_number": 1, "status": "pending"},
    "inbound_emails": {"status": "new", "from_email": "a@b.example"},
    "sent_replies": {"status": "sent", "sent_at": 1772355600000},
}


class Account:
    """`things`: ids by name of the path (campaigns, tags, …) or body key; `key`: of an admin."""

    def __init__(self, house, server, name, text):
        """`text` (letters) is part of every text in it."""
        self.house, self.name = house, name
        house.run("account", "create", name)
        self.key = house.make_user(name, f"admin@{text}.example")
        with server.wire(self.key, 60) as wire:
            self.things = self.fill(wire, text)
        self.number = house.number(f"SELECT id FROM accounts WHERE name = '{name}'")

    def fill(self, wire, text):
        things = {}
        things["projects"] = [post(wire, "/api/projects", {"name": f"{text} project {n}", "description": text})["id"]
                              for n in range(2)]
        things["campaigns"] = [post(wire, "/api/campaigns/import", {
            "name": f"{text} campaign {n}", "project": things["projects"][n], "import_json": [
                {"url": f"https://{text}{n}{row}.example/", "email": f"{text}{n}{row}@mail.example", "first_name": text}
                for row in range(3)]})["id"] for n in range(2)]
        for campaign in things["campaigns"]:
            wait_until(lambda: wire.call("GET", f"/api/campaigns/{campaign}/progress")[1]["state"] == "completed")
        opportunities = [post(wire, "/api/opportunities", {
            "campaign": campaign, "url": f"https://{text}{campaign}.example/a",
            "contacts": [f"{text}@{campaign}.example"],
            "personalization": {"first_name": text}}) for campaign in things["campaigns"]]
        things["opportunities"] = [o["id"] for o in listed(wire, "/api/opportunities")]
        things["domains"] = [o["domain"]["id"] for o in opportunities]
        things["contacts"] = [c["id"] for c in listed(wire, "/api/contacts")]
        things["opportunity_tags"], things["campaign_tags"] = (
            [post(wire, "/api/tags", {"name": f"{text} {kind} {n}", "type": kind})["id"] for n in range(2)]
            for kind in ("opportunity", "campaign"))
        things["tags"] = things["opportunity_tags"] + things["campaign_tags"]
        things["custom_fields"] = [post(wire, "/api/custom_fields", {"name": text, "token": f"{text}{n}"})["id"]
                                   for n in range(2)]
        things["personalization"] = [post(wire, "/api/personalization", {
            "token": f"{text}{n}", "label": text, "project": things["projects"][n]})["id"] for n in range(2)]
        things["milestones"] = [m["id"] for m in listed(wire, "/api/milestones")][:3]
        things["milestones"].append(post(wire, "/api/milestones", {"name": f"{text} milestone"})["id"])
        things["partners"] = [post(wire, "/api/partners", {"url": f"https://{text}partner.example",
            "name": text})["id"]]
        for number in things["opportunities"]:
            target = f"/api/opportunities/{number}"
            post(wire, target + "/notes", {"content": f"{text} note"})
            post(wire, target + "/tags", {"tag": things["opportunity_tags"][0]})
            post(wire, target + "/custom_fields", {"custom_field": things["custom_fields"][0], "value": text})
            status, answer = wire.call("PUT", target, {"milestone": things["milestones"][-1]})
            assert status == 200, answer
        for campaign in things["campaigns"]:
            post(wire, f"/api/campaigns/{campaign}/tags", {"tag": things["campaign_tags"][0]})
        self.fill_more(wire, text, things)
        things["api_keys"] = [post(wire, "/api/api_keys", {"name": text})["id"] for _ in range(2)]
        # The names that bodies use.
        things.update(campaign=things["campaigns"], project=things["projects"], tag=things["tags"],
                      milestone=things["milestones"], custom_field=things["custom_fields"], users=[self.user],
                      personalization_field=things["personalization"], opportunity=things["opportunities"],
                      metrics_filter_template_id=things["metric_filter_templates"])
        return things

    def fill_more(self, wire, text, things):
        """What automations, tasks, lists of exclusions and mail need; mail comes from mailboxes, so it is put in."""
        self.user = int(wire.call("GET", "/api/me")[1]["id"])
        things["metric_filter_templates"] = [post(wire, "/api/metric_filter_templates", {
            "name": f"{text} {seen}", "visibility": seen, "moz": {"da": 1}})["id"] for seen in ("private", "account")]
        in_campaign = {campaign: [o["id"] for o in listed(wire, f"/api/opportunities?campaign.id={campaign}")]
                       for campaign in things["campaigns"]}
        things["links"] = [post(wire, f"/api/opportunities/{ids[0]}/links", {"url": f"https://{text}.example/l"})["id"]
                           for ids in in_campaign.values()]
        post(wire, "/api/unsubscribe", {"email_address": f"{text}@gone.example"})
        things["unsubscribes"] = [entry["id"] for entry in listed(wire, "/api/unsubscribes")]
        account = self.house.number(f"SELECT id FROM accounts WHERE name = '{self.name}'")
        for kind in ("automations", "blocklist", "tasks", "webhooks", "deliveries", "email_accounts", *MAILS):
            things[kind] = []
        for n, (project, campaign) in enumerate(zip(things["projects"], things["campaigns"])):
            things["automations"].append(post(wire, "/api/automations", {
                "name": f"{text} {n}", "trigger_event": "launch_call", "project": project,
                "actions": [{"type": "launch"}]})["id"])
            things["blocklist"].append(post(wire, "/api/blocklist", {
                "pattern": f"{text}{n}.bad.example", "project": project, "reason": text})["id"])
            things["tasks"].append(post(wire, "/api/tasks", {"name": f"{text} {n}", "project": project})["id"])
            self.add_webhook(wire, text, things, project)
            mailbox = self.put("email_accounts", account, name=f"{text}{n}@box.example", from_name=text,
                               created_by=self.user, created_at=1, updated_at=1)
            things["email_accounts"].append(mailbox)
            self.house.rows(f"INSERT INTO email_account_projects VALUES ({account}, {mailbox}, {project})")
            where = {"project_id": project, "campaign_id": campaign, "opportunity_id": in_campaign[campaign][0]}
            for kind, more in MAILS.items():
                columns = {**where, **more, "subject": f"{text} {n}", "created_at": 1772355600000}
                if kind != "form_submissions":
                    columns["email_account_id"] = mailbox
                if kind == "outreach_emails":
                    columns["contact_id"] = things["contacts"][0]
                things[kind].append(self.put(kind, account, **columns))
                if kind == "outreach_emails":
                    self.put("outreach_email_texts", account, id=things[kind][-1], body_text=f"{text} {n}")

    def add_webhook(self, wire, text, things, project):
        """Switched off, so that it calls nobody."""
        number = post(wire, "/api/webhooks", {
            "url": f"https://{text}.example/hook", "description": text, "project": project})["id"]
        things["webhooks"].append(number)
        things["deliveries"].append(post(wire, f"/api/webhooks/{number}/test", {})["id"])
        status, answer = wire.call("PUT", f"/api/webhooks/{number}", {"is_active": False})
        assert status == 200, answer

    def put(self, table, account, **columns):
        """Inserts a row and returns its id."""
        values = ", ".join(str(v) if isinstance(v, int) else f"'{v}'" for v in columns.values())
        return int(self.house.rows(f"INSERT INTO {table} (account_id, {', '.join(columns)}) VALUES "
                                   f"({account}, {values}) RETURNING id")[0][0])
