"""Makes requests for every operation of /swagger.json out of what somebody has seen: mostly good ones, some bad."""
import json
import re
import urllib.parse

# What a body key or a part of a path names: a kind in the walker's `things`.
KINDS = {
    "campaign": "campaigns", "clone_campaign_id": "campaigns", "project": "projects", "milestone": "milestones",
    "custom_field": "custom_fields", "opportunity": "opportunities", "personalization_field": "personalization",
    "contact": "contacts", "automation": "automations", "link": "links", "assigned_to": "users",
    "communication": "inbound_emails", "metrics_filter_template_id": "metric_filter_templates", "projects": "projects",
    "users": "users", "opportunity_ids": "opportunities", "tag_campaign_ids": "campaign_tags", "tag": "opportunity_tags",
    "project_id": "projects", "campaign_id": "campaigns", "tag_opp_ids": "opportunity_tags", "webhook": "webhooks",
    "delivery": "deliveries",
}
TEXTS = ("Spring", "links é", "x", "a \"quoted\" 'one'", "Größe", "100%_", "<b>", "…")
ROLES = ("user", "inspector", "personalizer", "inspector_personalizer", "admin")
STAGES = ("accept", "accept", "reject", "approve", "decline", "restore", "restore", "pause", "stop", "restart")
WORDS = ("cheese", "goat", "sheep")
EVENTS = ("reply.received", "job.finished", "contact.unsubscribed", "opportunity.milestone_changed")
# A switch that would make rows equal on purpose, so that nobody could tell whether they are by mistake.
SWITCHES = ("disable_deduplication", "disable_deduplication_all_projects", "opportunity_deduplication")


class Operation:
    def __init__(self, document, method, path, description):
        self.method, self.path = method, path
        self.statuses = {int(status) for status in description["responses"]}
        self.parts = re.findall(r"\{(\w+)\}", path)
        body = description.get("requestBody")
        self.schema = body["content"]["application/json"]["schema"] if body else None
        shared = document["components"]["parameters"]
        parameters = [shared[p["$ref"].rsplit("/", 1)[1]] if "$ref" in p else p
                      for p in description.get("parameters", [])]
        self.asked = {p["name"]: p for p in parameters if p["in"] == "query"}
        self.keeps_answers = any(p["name"] == "Idempotency-Key" for p in parameters)
        self.is_list = method == "GET" and "q" in self.asked

    def __str__(self):
        return f"{self.method} {self.path}"

    def kind_of(self, part):
        """What kind of thing stands in a part of the path."""
        if self.path.endswith(("}/discovery", "}/backlink")):
            return self.path.rsplit("/", 1)[1] + "_campaigns"  # others are refused
        if part != "id":
            return "campaign_tags" if part == "tag" and "/campaigns/" in self.path else KINDS[part]
        return self.path.split("{id}")[0].rstrip("/").rsplit("/", 1)[1]

    @property
    def made(self):
        """What kind of thing the answer of a POST is."""
        word = self.path.rsplit("/", 1)[1]
        if self.path == "/api/webhooks/{webhook}/test":
            return "deliveries"
        return "campaigns" if word in ("import", "backlink", "discovery") else word


def read_operations(document):
    return [Operation(document, method.upper(), path, description) for path, methods in document["paths"].items()
            for method, description in methods.items()]


class Maker:
    """Of one walker: `things` by kind, `foreign` of other accounts, `values` seen by list and field."""

    def __init__(self, rng, text, things, foreign):
        self.rng, self.text, self.things, self.foreign = rng, text, things, foreign
        self.hot = {kind: ids[:4] for kind, ids in things.items()}
        self.values = {}
        self.pairs = {}   # kind of what hangs on an opportunity: (opportunity, its id)
        self.serial = 0

    def pick(self, kind):
        """An id of ours: often one that all clients of the account work on. 0 for none."""
        pool = self.things.get(kind)
        if not pool:
            return 0
        hot = self.hot.get(kind)
        return self.rng.choice(hot if hot and self.rng.random() < 0.4 else pool)

    def name(self):
        self.serial += 1
        return f"{self.text} {self.rng.choice(TEXTS)} {self.serial}"

    def host(self):
        # Few enough that clients meet, also by www and by sub-domains.
        number = int(self.rng.random() ** 2 * 2500)
        return self.rng.choice(("", "", "", "www.", "blog.")) + f"h{number}.{self.text}.example"

    def email(self):
        return f"p{int(self.rng.random() ** 2 * 1500)}@mail.{self.text}.example"

    def time(self):
        # Half hours only: what outreach_settings takes.
        return (f"{self.rng.choice((2025, 2027, 2031))}-0{self.rng.randrange(1, 10)}-1{self.rng.randrange(10)}"
                f"T1{self.rng.randrange(10)}:{self.rng.choice(('00', '30'))}:00Z")

    # --- bodies ---------------------------------------------------------------------------------------------------

    def rows(self):
        return [{"url": f"https://{self.host()}/{n}", "email": self.email(), "first_name": self.rng.choice(TEXTS)}
                if self.rng.random() < 0.95 else {"url": "no address"} for n in range(self.rng.randrange(1, 12))]

    def action(self):
        kind = self.rng.choice(("set_milestone", "add_tag"))
        if kind == "add_tag":
            return {"type": kind, "tag": self.pick("opportunity_tags")}
        return {"type": kind, "milestone": self.pick("milestones")}

    def condition(self):
        field = self.rng.choice(("milestone", "tag", "workflow_status"))
        value = {"milestone": self.pick("milestones"), "tag": self.pick("opportunity_tags")}.get(field, "personalize")
        return {"field": field, self.rng.choice(("is", "is_not")): value}

    def special(self, operation, key):
        """Values that the document does not describe by their type alone; None for the others."""
        rng = self.rng
        makers = {
            "import_json": self.rows, "action": lambda: rng.choice(STAGES), "email": self.email,
            "url": lambda: f"https://{self.host()}/{rng.randrange(9)}", "pattern": lambda: f"*.b{rng.randrange(400)}.example",
            "patterns": lambda: [f"b{rng.randrange(400)}.{self.text}.example" for _ in range(rng.randrange(1, 4))],
            "actions": lambda: [{"type": "launch"}] + [self.action() for _ in range(rng.randrange(3))],
            "conditions": lambda: [self.condition() for _ in range(rng.randrange(2))],
            "input": lambda: [rng.choice(WORDS) if "discovery" in operation.path else f"https://{self.host()}/"],
            "discovery_type": lambda: rng.choice(("resource_pages", "guest_posts", "similar_sites")),
            "email_address": lambda: rng.choice((self.email(), f"d{rng.randrange(50)}.{self.text}.example")),
            "contacts": lambda: [self.email() for _ in range(rng.randrange(3))],
            "personalization": lambda: {"first_name": rng.choice(TEXTS)}, "color": lambda: f"#{rng.randrange(1 << 24):06x}",
            "token": lambda: f"t{rng.randrange(1 << 30)}", "schedule": lambda: {"monday": rng.random() < 0.5},
            "schedule_time_from": lambda: "08:30", "schedule_time_to": lambda: "18:00", "timezone": lambda: "Europe/Berlin",
            "country": lambda: "us", "own_sites": lambda: [f"own{rng.randrange(9)}.{self.text}.example"],
            "visibility": lambda: rng.choice(("private", "account")), "role": lambda: rng.choice(ROLES),
            "password": lambda: "correct horse battery", "currency": lambda: "EUR",
            "moz": lambda: {"da": {"min": rng.randrange(50)}}, "status": lambda: self.status(operation),
            "adapter": lambda: "file", "daily_limit": lambda: rng.randrange(100), "limit": lambda: rng.randrange(1, 30),
            "event_types": lambda: rng.sample(EVENTS, rng.randrange(3)), "secret": lambda: "whsec_" + "Abcd" * 8,
            "backlink_type": lambda: "moz", "expires_at": lambda: "2033-01-01T00:00:00Z",
        }
        return makers[key]() if key in makers else None

    def status(self, operation):
        if "/inbound_emails/" in operation.path:
            return self.rng.choice(("read", "archived"))
        if "/users/" in operation.path:
            return self.rng.choice(("active", "inactive"))
        return self.rng.choice(("active", "active", "active", "archived", "deleted"))

    def value(self, operation, key, schema):
        kinds = schema.get("type", "string")
        kind = [k for k in ([kinds] if isinstance(kinds, str) else kinds) if k != "null"][0]
        if key == "tag" and "/campaigns/" in operation.path:
            return self.pick("campaign_tags")
        if key in KINDS and kind == "integer":
            return self.pick(KINDS[key])
        if key in KINDS and kind == "array":
            return [self.pick(KINDS[key]) for _ in range(self.rng.randrange(1, 5))]
        made = self.special(operation, key)
        if made is not None:
            return made
        if "enum" in schema:
            return self.rng.choice([v for v in schema["enum"] if v is not None])
        if schema.get("format") == "date-time":
            return self.time()
        return {"integer": self.rng.randrange(5), "boolean": self.rng.random() < 0.5, "array": [], "object": {},
                "string": self.name()[:schema.get("maxLength", 100)]}[kind]

    def body(self, operation):
        """None where the operation takes none."""
        if operation.schema is None:
            return None
        rng, required = self.rng, operation.schema.get("required", [])
        made = {}
        for key, schema in operation.schema["properties"].items():
            if key in SWITCHES or key.startswith("is_required") or key.endswith("password") and "/me" in operation.path:
                continue
            if key in required or rng.random() < 0.5:
                made[key] = self.value(operation, key, schema)
        if operation.path == "/api/providers":
            made = {"kind": made["kind"], "adapter": rng.choice(("file", None)), "settings": {"file": made["kind"] + ".csv"}}
        for key in ("milestone", "actions", "users", "pattern", "url"):  # what the operation is about
            if key in operation.schema["properties"] and key not in made and rng.random() < 0.9:
                made[key] = self.value(operation, key, operation.schema["properties"][key])
        if "patterns" in made:
            made.pop("pattern", None)
        if made.get("import_json") is None and "import_json" in operation.schema["properties"]:
            made["import_json"] = self.rows()
        for key in ("personalization_mapping", "custom_fields_mapping"):
            made.pop(key, None)
        if "project" in made and "campaign" in made and made.get("campaign"):
            made.pop(rng.choice(("project", "campaign")) if "project" not in required else "campaign")
        if operation.path == "/api/opportunities" and rng.random() < 0.2:
            return [dict(made, url=f"https://{self.host()}/{n}") for n in range(rng.randrange(1, 8))]
        if rng.random() < 0.02:
            return self.spoiled(made)
        return made

    def spoiled(self, body):
        """Not what the document says."""
        if body and self.rng.random() < 0.7:
            return {**body, self.rng.choice(list(body)): self.rng.choice(([], {}, -1, 1.5, "x" * 3000, True, 1 << 70))}
        return self.rng.choice(([], "text", 7, {}))

    # --- targets --------------------------------------------------------------------------------------------------

    def query(self, operation):
        rng, asked = self.rng, {}
        for name, parameter in operation.asked.items():
            if name in ("page", "limit", "q", "cursor"):
                continue
            if parameter.get("required") or name == "project.id" and "tasks" in operation.path or rng.random() < min(0.3, 1.5 / len(operation.asked)):
                asked[name] = self.parameter(operation, name, parameter)
        if operation.is_list:
            asked["limit"] = rng.choice((1, 5, 20, 20, 50))
            if rng.random() < 0.3:
                asked["page"] = rng.choice((1, 1, 2, 3, 7))
            if rng.random() < 0.1 and self.values.get((operation.path, "next_cursor")):
                asked["cursor"] = self.seen(operation, "next_cursor")
            if rng.random() < 0.3:
                asked["q"] = self.search(operation)
        return "?" + urllib.parse.urlencode(asked) if asked else ""

    def parameter(self, operation, name, parameter):
        if name in ("sent_at_from", "start_date"):
            return "2026-02-25"
        if name in ("sent_at_to", "end_date"):
            return "2026-03-20"
        if name == "group":
            return self.rng.choice(("by_domain", "with_fields_and_metrics"))
        if name in KINDS or name.endswith(".id") and name[:-3] in KINDS:
            return self.pick(KINDS.get(name) or KINDS[name[:-3]])
        if parameter["schema"].get("type") == "boolean":
            return self.rng.choice(("true", "false"))
        return self.seen(operation, name)

    def seen(self, operation, name):
        found = self.values.get((operation.path, name))
        return self.rng.choice(found) if found else self.rng.choice(TEXTS)

    def search(self, operation):
        fields = [name for (path, name) in self.values if path == operation.path and name != "next_cursor"] or ["id"]
        terms = []
        for _ in range(self.rng.randrange(1, 4)):
            name = self.rng.choice(fields)
            value = json.dumps(str(self.seen(operation, name)), ensure_ascii=False)
            terms.append(f"{self.rng.choice(('', '', 'NOT '))}{name}{self.rng.choice(('=', '!=', ':', '>', '<='))}{value}")
        return self.rng.choice((" AND ", " OR ")).join(terms)

    def target(self, operation):
        """The path, what stands in its parts, and whether one of them is of another account; None without ids."""
        path, ids, is_foreign = operation.path, {}, False
        pairs = self.pairs.get(operation.parts[-1]) if len(operation.parts) == 2 else None
        if pairs and operation.parts[0] in ("opportunity", "webhook") and self.rng.random() < 0.7:
            ids = dict(zip(operation.parts, pairs.pop(self.rng.randrange(len(pairs)))))
            return path.format(**ids), ids, False
        for part in operation.parts:
            kind = operation.kind_of(part)
            number = self.pick(kind)
            if self.rng.random() < 0.04 and self.foreign.get(kind):
                number, is_foreign = self.rng.choice(self.foreign[kind]), True
            if not number:
                return None
            ids[part] = number
            path = path.replace("{" + part + "}", str(number))
        return path + self.query(operation), ids, is_foreign
