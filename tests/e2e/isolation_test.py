"""Two accounts, and a user who may see one of two projects: what is hidden looks exactly as if it were not there.

Run: OVERTURE_PROGRAM=build/release/overture python3 tests/e2e/isolation_test.py
Every operation of /swagger.json is called twice for every place where an id or a value may stand: with one that is
there but hidden, and with one that does not exist. The answers must be the same bytes but for the request's id.
"""
import re
import statistics
import time
import unittest
import urllib.parse

from isolation_viewer import HIDDEN, NO_ID, NO_TEXT, OWN, Viewer, flatten
from support import House
from world import MAILS, Account

KINDS = {
    "campaign": "campaigns", "clone_campaign_id": "campaigns", "tag_campaign_ids": "campaign_tags", "project": "projects",
    "milestone": "milestones", "tag": "tags", "custom_field": "custom_fields", "opportunity": "opportunities",
    "personalization_field": "personalization", "contact": "contacts", "user": "users", "created_by": "users",
    "automation": "automations", "link": "links", "assigned_to": "users", "communication": "inbound_emails",
    "metrics_filter_template_id": "metric_filter_templates", "projects": "projects", "users": "users",
    "opportunity_ids": "opportunities", "webhook": "webhooks", "delivery": "deliveries",
}
RIGHT = {
    "status": "active", "trigger_event": "ready", "actions": [{"type": "launch"}], "conditions": [], "action": "accept",
    "discovery_type": "resource_pages", "backlink_type": "moz", "kind": "open", "email_address": "n@fresh.example",
    "role": "user", "password": "correct horse battery", "first_name": "F", "last_name": "L", "limit": 5,
}
TIMED = 150


class Isolation(unittest.TestCase):
    maxDiff = 1500

    def setUp(self):
        self.house = House()
        self.addCleanup(self.house.remove)
        self.house.run("migrate")
        self.server = self.house.start("--access-log", "off")
        self.addCleanup(self.server.kill)
        self.document = self.server.call("GET", "/swagger.json")[1]
        self.operations = [(method.upper(), path, operation) for path, methods in self.document["paths"].items()
                           for method, operation in methods.items() if not path.startswith("/api/auth/")]
        self.other = Account(self.house, self.server, "other", HIDDEN)
        self.mine = Account(self.house, self.server, "mine", OWN)
        self.add_listed(self.other.key, self.other.things)
        self.add_listed(self.mine.key, self.mine.things)
        self.member_key = self.house.make_user("mine", "member@mine.example", "user", self.mine.things["projects"][:1])

    def add_listed(self, key, things):
        """Ids of kinds that the world does not name, as far as lists show some."""
        with self.server.wire(key, 30) as wire:
            for path, _ in self.lists():
                kind = path.rsplit("/", 1)[1]
                if "{" in path or things.get(kind):
                    continue
                status, answer = wire.call("GET", self.list_target(path, things, "limit=5"))
                if status == 200:
                    things[kind] = [item["id"] for item in answer["items"] if "id" in item]

    # --- what there is ------------------------------------------------------------------------------------------

    def parameters(self, operation):
        shared = self.document["components"]["parameters"]
        return [shared[p["$ref"].rsplit("/", 1)[1]] if "$ref" in p else p for p in operation.get("parameters", [])]

    def names(self, operation):
        return [p["name"] for p in self.parameters(operation)
                if p["in"] == "query" and p["name"] not in ("page", "limit", "cursor", "q", "group", "include_contacts")]

    def lists(self):
        for method, path, operation in self.operations:
            if method == "GET" and any(p["name"] == "q" for p in self.parameters(operation)):
                yield path, operation

    def list_target(self, path, things, query):
        target = re.sub(r"\{(opportunity|webhook)\}", lambda part: str(things[KINDS[part[1]]][0]), path)
        if path in ("/api/personalization", "/api/tasks") and "project.id=" not in query:
            query = f"project.id={things['projects'][0]}&{query}"
        if path == "/api/outreach_emails":
            query = f"sent_at_from=2026-03-01&sent_at_to=2026-03-10&{query}"
        return f"{target}?{query}"

    def values_of(self, key, things):
        """By list: the values of each field that the owner of `key` sees, over all parents."""
        out = {}
        with self.server.wire(key, 30) as wire:
            for path, _ in self.lists():
                found = {}
                for n in range(len(things["opportunities"]) if "{" in path else 2 if path == "/api/personalization"
                    else 1):
                    turned = {**things, **{k: things[k][n:] for k in ("opportunities", "projects", "webhooks")
                        if n < len(things[k])}}
                    status, answer = wire.call("GET", self.list_target(path, turned,
                        "limit=1000&include_contacts=true"))
                    if status == 200:
                        flatten(answer["items"], "", found)
                out[path] = found
        return out

    @staticmethod
    def difference(more, less):
        return {path: {field: values - less.get(path, {}).get(field, set()) for field, values in fields.items()}
                for path, fields in more.items()}

    def marker_for(self, viewer):
        return HIDDEN.encode() if viewer.name == "account" else f"{OWN} project 1".encode()

    # --- places where something may stand -----------------------------------------------------------------------

    def kind_of_path(self, path, part):
        word = path.split("{" + part + "}")[0].rstrip("/").rsplit("/", 1)[1]
        return word if part == "id" else KINDS.get(part, part)

    def right_body(self, operation, own, n):
        """A body that would be accepted."""
        body = operation.get("requestBody")
        if not body:
            return None
        made = {}
        for key, schema in body["content"]["application/json"]["schema"].get("properties", {}).items():
            kinds = schema.get("type", "string")
            if "enum" in schema and RIGHT.get(key) not in schema["enum"]:
                made[key] = schema["enum"][-1]
                continue
            kind = [k for k in ([kinds] if isinstance(kinds, str) else kinds) if k != "null"][0]
            if key == "tag" and operation["operationId"].startswith("post_api_campaigns"):
                made[key] = own["campaign_tags"][0]
            elif key in KINDS and kind == "integer":
                made[key] = own[KINDS[key]][0]
            elif key in ("url", "name", "email", "content", "value", "token", "label", "description", "status", "type"):
                made[key] = {"url": f"https://n{n}.fresh.example/", "email": f"n{n}@fresh.example", "status": "active",
                    "token": f"t{n}",
                             "type": schema.get("enum", ["text"])[-1]}.get(key, "fresh")
            elif key in KINDS and kind == "array":
                made[key] = [own[KINDS[key]][0]]
            elif key in RIGHT and operation["operationId"] != "put_api_me":
                made[key] = RIGHT[key]
            elif key == "pattern":
                made[key] = f"n{n}.bad.example"
            elif key == "input":
                made[key] = [f"https://n{n}.rival.example/"]
            elif key == "import_json":
                made[key] = [{"url": f"https://n{n}.import.example/", "column": "x"}]
        if "token" in made and "type" in made and "enum" in schema:
            made.pop("type", None)
        made.pop("campaign" if "project" in made and "token" in made else "", None)
        return made

    def try_paths(self, viewer):
        for method, path, operation in self.operations:
            parts = re.findall(r"\{(\w+)\}", path)
            for hidden_parts in ([{parts[0]}] if len(parts) == 1 else [{parts[0]}, {parts[1]}, set(parts)] if parts
                else []):
                kinds = {part: self.kind_of_path(path, part) for part in parts}
                if any(not (viewer.hidden if part in hidden_parts else viewer.own).get(kinds[part]) for part in parts):
                    viewer.untried.append(f"{method} {path}")
                    continue
                for n in range(max(len(viewer.hidden[kinds[part]]) for part in hidden_parts)):
                    pair = []
                    for missing in (False, True):
                        target = path
                        for part in parts:
                            ids = viewer.hidden[kinds[part]] if part in hidden_parts else viewer.own[kinds[part]]
                            number = NO_ID if missing and part in hidden_parts else ids[n % len(ids)]
                            target = target.replace("{" + part + "}", str(number))
                        pair.append((target, self.right_body(operation, viewer.own, f"p{n}")))
                    viewer.same(method, pair)

    def try_bodies(self, viewer):
        for method, path, operation in self.operations:
            if not operation.get("requestBody"):
                continue
            if any(not viewer.own.get(self.kind_of_path(path, part)) for part in re.findall(r"\{(\w+)\}", path)):
                viewer.untried.append(f"{method} {path}, body")
                continue
            target = re.sub(r"\{(\w+)\}", lambda m: str(viewer.own[self.kind_of_path(path, m[1])][0]), path)
            schema = operation["requestBody"]["content"]["application/json"]["schema"]["properties"]
            places = [(key, KINDS.get(key), lambda v: v) for key in schema if key in KINDS and
                key != "tag_campaign_ids"]
            if "tag_campaign_ids" in schema:
                places.append(("tag_campaign_ids", "campaign_tags", lambda v: [viewer.own["campaign_tags"][0], v]))
            if "personalization_mapping" in schema:
                places += [("personalization_mapping", "personalization", lambda v: {str(v): "column"}),
                           ("personalization_mapping", "personalization", lambda v: {"column": v}),
                           ("custom_fields_mapping", "custom_fields", lambda v: {str(v): "column"})]
            for key, kind, wrap in places:
                for n, number in enumerate(viewer.hidden.get(kind, [])):
                    pair = []
                    for value in (number, NO_ID):
                        body = {**(self.right_body(operation, viewer.own, f"{n}v{value}")), key: wrap(value)}
                        pair.append((target, body))
                    viewer.same(method, pair, (f'\\"{number}\\"', f'\\"{NO_ID}\\"') if "mapping" in key else
                                (f'"opportunity":{number},', f'"opportunity":{NO_ID},') if key == "opportunity_ids" else ())
                    if path == "/api/opportunities":
                        viewer.same(method, [(target, [self.right_body(operation, viewer.own, f"a{n}"), body]) for _,
                            body in pair])

    def try_filters(self, viewer):
        for path, operation in self.lists():
            names = self.names(operation)
            fields = viewer.hidden_values.get(path, {})
            for name in sorted(set(names) | set(fields)):
                word = name.split(".")[-2] if "." in name else name
                values = list(fields.get(name, ()))[:4]
                kind = path.rsplit("/", 1)[1] if name == "id" else KINDS.get(word) or (word if word in viewer.hidden
                    else None)
                values += [v for v in viewer.hidden.get(kind, [])[:3]
                    if v not in values] if name.endswith("id") or name in KINDS else []
                for value in values:
                    missing = NO_ID if isinstance(value, int) else NO_TEXT
                    queries = ["{0}={1}"] if name in names else []
                    if isinstance(value, int):
                        queries += ["{0}={1},{2}"] if name in names else []
                        queries += ["q={0}={1}", "q={0}!={1}", "q={0}=({1},{2})", "q=NOT%20{0}={1}",
                            "q={0}={1}%20OR%20id=1"]
                    elif re.match(r"\d{4}-\d\d-\d\dT", value):
                        continue
                    else:
                        queries += ['q={0}="{1}"', 'q={0}!="{1}"', 'q={0}:"{1}"', 'q={0}!:"{1}"',
                            'q=({0}="{1}"%20OR%20{0}="x")']
                    own = (viewer.own.get(kind) or [1])[0]
                    for query in queries:
                        viewer.same("GET", [(self.list_target(path, viewer.own, query.format(
                            name, urllib.parse.quote(str(v), safe=""), own)), None) for v in (value, missing)])

    def compare_times(self, viewer):
        """Only reported: medians of a hidden and a missing opportunity."""
        times = {}
        for _ in range(TIMED):
            for number in (viewer.hidden["opportunities"][0], NO_ID):
                started = time.perf_counter()
                viewer.call("GET", f"/api/opportunities/{number}")
                times.setdefault(number, []).append(time.perf_counter() - started)
        hidden, missing = (statistics.median(series) * 1e6 for series in times.values())
        return f"hidden {hidden:.0f} µs, missing {missing:.0f} µs"

    def look_around(self, viewer):
        self.try_paths(viewer)
        self.try_bodies(viewer)
        self.try_filters(viewer)
        times = self.compare_times(viewer)
        print(f"isolation, by {viewer.name}: {viewer.pairs} pairs, {viewer.calls} calls, {times}; not tried for "
              f"want of something hidden: {sorted(set(viewer.untried)) or 'nothing'}", flush=True)

    def digest(self, account):
        tables = [t for (t,) in self.house.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {t: self.house.rows(f"SELECT * FROM {t} WHERE account_id = {account}") for t in tables
                if t not in ("usage_days", "tokens") and "account_id" in
                [c[1] for c in self.house.rows(f"PRAGMA table_info({t})")]}

    def test_other_accounts(self):
        before = self.digest(self.other.number)
        seen = self.difference(self.values_of(self.other.key, self.other.things),
            self.values_of(self.mine.key, self.mine.things))
        viewer = Viewer(self, "account", self.mine.key, self.mine.things, self.other.things, seen)
        self.look_around(viewer)
        self.assertGreater(viewer.pairs, 1000)
        self.assertEqual(self.digest(self.other.number), before, "nothing of the other account has changed")
        self.assertEqual(self.server.call("GET", "/api/me", token=self.other.key)[0], 200)

    def test_other_projects(self):
        things = self.mine.things
        may_see, own, hidden = {}, dict(things), {}
        with self.server.wire(self.member_key, 30) as wire:
            for path, _ in self.lists():
                kind = path.rsplit("/", 1)[1]
                if "{" in path or not things.get(kind):
                    continue
                may_see[kind] = set()
                status, answer = wire.call("GET", self.list_target(path, things, "limit=1000"))
                if status == 200:
                    may_see[kind] = {item["id"] for item in answer["items"] if "id" in item}
                if kind in MAILS:  # their lists show some only; the project tells
                    may_see[kind] = set(things[kind][:1])
        for kind, seen in may_see.items():
            own[kind] = [v for v in things[kind] if v in seen] or things[kind]
            hidden[kind] = [v for v in things[kind] if v not in seen]
        for kind in ("projects", "campaigns", "opportunities", "contacts", "personalization", "tasks", "blocklist",
                     "automations", "webhooks", "email_accounts", "inbound_emails", "outreach_emails"):
            self.assertTrue(hidden[kind] and hidden[kind] != things[kind], f"{kind}: some are hidden and some are not")
        del hidden["users"]  # anybody may be given a task
        hidden["api_keys"] = things["api_keys"]
        own["deliveries"], hidden["deliveries"] = things["deliveries"][:1], things["deliveries"][1:]
        seen = self.difference(self.values_of(self.mine.key, things), self.values_of(self.member_key, own))
        viewer = Viewer(self, "project", self.member_key, own, hidden, seen)
        self.look_around(viewer)
        self.assertGreater(viewer.pairs, 500)


if __name__ == "__main__":
    unittest.main(verbosity=1)
