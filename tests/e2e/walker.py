"""Somebody who calls documented operations at random and judges each answer; many walk at once, each a process."""
import collections
import json
import random
import socket
import traceback

from support import Wire
from walk_requests import KINDS, Maker, read_operations

POOL = 200
# Operations are drawn by these weights; what changes things that others work on comes often.
OFTEN = {"POST /api/opportunities": 10, "PUT /api/opportunities/{id}": 10, "POST /api/opportunities/{opportunity}/stage": 8,
         "POST /api/opportunities/{opportunity}/tags": 6, "DELETE /api/opportunities/{opportunity}/tags/{tag}": 6,
         "POST /api/opportunities/{opportunity}/contacts": 6, "GET /api/opportunities": 8, "GET /api/opportunities/{id}": 6,
         "POST /api/opportunities/{opportunity}/custom_fields": 4, "POST /api/automations/launch": 3,
         "DELETE /api/opportunities/{opportunity}/contacts/{contact}": 4, "PUT /api/campaigns/{campaign}/collaborators": 3}
SELDOM = {"POST /api/users": 0.15, "POST /api/auth/refresh_token": 0.05, "POST /api/campaigns/discovery": 0.3,
          "POST /api/campaigns/backlink": 0.3, "POST /api/campaigns/{campaign}/discovery": 0.5,
          "POST /api/campaigns/{campaign}/backlink": 0.5, "POST /api/campaigns/import": 0.3, "GET /api/reports": 0.3,
          "POST /api/projects": 0.3, "POST /api/webhooks": 0.1, "PUT /api/providers": 0.3, "POST /api/automations": 0.3,
          "DELETE /api/milestones/{id}": 2, "DELETE /api/tags/{id}": 2, "POST /api/tags": 2, "POST /api/milestones": 2, "GET /api/tags": 3}
# A request for which there is only one good body, and that ends what it is sent with.
BY_HAND = ("POST /api/auth/access_token", "POST /api/auth/refresh_token", "POST /api/auth/revoke")
# Ids that are only taken from the answer to our own POST: what the world made is needed by others.
OWN_ONLY = ("api_keys", "users", "projects", "campaigns")


class Walker:
    """`plan`: port, key, role, account, text, things, foreign, seed, calls, document."""

    def __init__(self, plan):
        self.plan = plan
        self.rng = random.Random(plan["seed"])
        self.maker = Maker(self.rng, plan["text"], {k: list(v) for k, v in plan["things"].items()}, plan["foreign"])
        self.operations = read_operations(plan["document"])
        self.weights = [self.weight(operation) for operation in self.operations]
        self.statuses = collections.Counter()
        self.reached = collections.Counter()   # operation: answers with 200
        self.called = collections.Counter()
        self.made = collections.defaultdict(list)
        self.wrong = []
        self.wire = None

    @staticmethod
    def weight(operation):
        name = str(operation)
        return OFTEN.get(name) or SELDOM.get(name) or 1.0

    def walk(self):
        try:
            self.wire = Wire(self.plan["port"], self.plan["key"], timeout=self.plan["deadline"])
            self.look_around()
            while sum(self.called.values()) < self.plan["calls"] and len(self.wrong) < 20:
                if self.wire is None:
                    self.wire = Wire(self.plan["port"], self.plan["key"], timeout=self.plan["deadline"])
                self.step(self.rng.choices(self.operations, self.weights)[0])
        except Exception:  # the test fails with it, not this process alone
            self.wrong.append(traceback.format_exc())

    def look_around(self):
        """What of the world this person sees; the rest stays in the pools of others."""
        for operation in self.operations:
            kind = operation.path.rsplit("/", 1)[1]
            if not operation.is_list or operation.parts or not self.maker.things.get(kind) or kind in ("api_keys", "tags"):
                continue
            status, answer = self.call(operation, operation.path + "?limit=1000")
            seen = {item.get("id") for item in answer["items"]} if status == 200 else set()
            for pool in (self.maker.things, self.maker.hot):
                pool[kind] = [number for number in pool[kind] if number in seen] or pool[kind]

    def step(self, operation):
        if str(operation) in BY_HAND:
            return self.sign(operation)
        found = self.maker.target(operation)
        if found is None:
            return None
        target, ids, is_foreign = found
        body = self.maker.body(operation)
        if not is_foreign and operation.method != "GET" and self.guarded(operation):
            if not self.made[operation.kind_of("id")]:
                return None
            ids = {"id": self.rng.choice(self.made[operation.kind_of("id")])}
            target = operation.path.format(**ids)
        borrowed = isinstance(body, dict) and self.rng.random() < 0.03 and self.borrow(operation, body)
        fields = []
        if operation.keeps_answers and self.rng.random() < 0.05:
            fields = [f"Idempotency-Key: {self.rng.getrandbits(64)}"]
        status, answer = self.call(operation, target, body, fields)
        if status == 200 and fields:
            again = self.call(operation, target, body, fields)
            if again != (status, answer):
                self.complain(operation, target, body, again[0], again[1], f"was answered otherwise before: {answer}")
        if is_foreign and status not in (403, 404):
            self.complain(operation, target, body, status, answer, "of another account")
        if borrowed and status == 200:
            self.complain(operation, target, body, status, answer, f"{borrowed} is of another account")
        self.learn(operation, body, ids, status, answer, is_foreign)
        return None

    def guarded(self, operation):
        """True where the operation might take away what all stand on: then it is for what we have made ourselves."""
        last = operation.kind_of(operation.parts[-1]) if operation.parts == ["id"] else None
        return last in OWN_ONLY and operation.path.endswith(("}", "/status"))

    def borrow(self, operation, body):
        """Puts something of another account into the body; its key."""
        keys = [key for key, value in body.items() if KINDS.get(key) in self.plan["foreign"] and type(value) is int]
        if not keys:
            return None
        key = self.rng.choice(keys)
        body[key] = self.rng.choice(self.plan["foreign"][KINDS[key]])
        return key

    # --- calls ----------------------------------------------------------------------------------------------------

    def call(self, operation, target, body=None, fields=(), token=None):
        self.called[str(operation)] += 1
        try:
            status, answer = self.wire.call(operation.method, target, body, token, fields)
        except (socket.timeout, OSError, ConnectionError) as error:
            self.complain(operation, target, body, 0, repr(error), "no answer")
            self.wire = None
            return 0, None
        self.statuses[status] += 1
        self.reached[str(operation)] += status == 200
        if status == 403:  # tried now and then
            place = self.operations.index(operation)
            self.weights[place] = max(0.03, self.weights[place] / 2)
        if self.wire.closes:
            self.wire.close()
            self.wire = Wire(self.plan["port"], self.plan["key"], timeout=self.plan["deadline"])
        if status not in operation.statuses or status >= 500 or status in (401, 429) and token is None:
            if not (status == 429 and str(operation) == "POST /api/users"):
                self.complain(operation, target, body, status, answer, "not documented" if status < 500 else "fails")
        if status == 403 and self.plan["role"] == "admin" and token is None:
            self.complain(operation, target, body, status, answer, "an admin may do everything")
        return status, answer

    def complain(self, operation, target, body, status, answer, why):
        self.wrong.append(f"{self.plan['account']} {self.plan['role']} {operation.method} {target} "
                          f"{json.dumps(body)[:600]}: {status} {json.dumps(answer)[:600]}: {why}")

    def sign(self, operation):
        """Log-ins, and keys that are made, used and revoked."""
        by_name = {str(o): o for o in self.operations}
        if "refresh_token" in operation.path:
            good = self.rng.random() < 0.7
            return self.call(operation, operation.path, {
                "email": self.plan["email"], "password": "correct horse" if good else "wrong",
                "account_name": self.plan["account"]}, token="none")
        if "access_token" in operation.path:
            return self.call(operation, operation.path, {"refresh_token": self.plan["key"]}, token="none")
        status, made = self.call(by_name["POST /api/api_keys"], "/api/api_keys", {"name": "short"})
        if status != 200:
            return None
        key = made.get("api_key") or made.get("key") or made.get("token")
        status, _ = self.call(operation, operation.path, None, token=key)
        if status == 200:
            status, answer = self.call(by_name["GET /api/me"], "/api/me", None, token=key)
            if status != 401:
                self.complain(operation, "/api/me", None, status, answer, "with a revoked key")
        return None

    # --- what is seen ---------------------------------------------------------------------------------------------

    def keep(self, kind, number):
        pool = self.maker.things.setdefault(kind, [])
        if number in pool:
            return
        if len(pool) < POOL:
            pool.append(number)
        else:
            pool[self.rng.randrange(POOL)] = number

    def forget(self, kind, number):
        for pool in (self.maker.things, self.maker.hot, self.made):
            if number in pool.get(kind, ()) and len(pool[kind]) > 1:
                pool[kind].remove(number)

    def learn(self, operation, body, ids, status, answer, is_foreign):
        message = answer.get("message", "") if isinstance(answer, dict) and status in (400, 404) else ""
        if operation.parts and not is_foreign:
            first, last = operation.parts[0], operation.parts[-1]
            if len(ids) == 1 and (status == 404 or status == 200 and operation.method == "DELETE"):
                self.forget(operation.kind_of(last), ids[last])
            elif message.startswith(("Opportunity not", "Campaign not")):
                self.forget(operation.kind_of(first), ids[first])
        key = message.split(":")[0]
        if message.endswith("not found") and isinstance(body, dict) and isinstance(body.get(key), int):
            self.forget("campaign_tags" if key == "tag" and "/campaigns/" in operation.path else KINDS.get(key), body[key])
        if (status == 200 and operation.parts in (["opportunity"], ["webhook"]) and operation.method == "POST"
                and "id" in answer):
            pairs = self.maker.pairs.setdefault({"deliveries": "delivery"}.get(operation.made,
                                                                               operation.made.rstrip("s")), [])
            pairs.append((ids[operation.parts[0]], answer["id"]))
            del pairs[:-30]
        if status != 200 or not isinstance(answer, (dict, list)):
            return
        if operation.is_list:
            self.learn_list(operation, answer["items"])
            if answer.get("next_cursor"):
                self.maker.values[operation.path, "next_cursor"] = [answer["next_cursor"]]
        elif operation.method == "POST" and not operation.path.endswith("}"):
            for made in answer if isinstance(answer, list) else [answer]:
                if isinstance(made, dict) and isinstance(made.get("id"), int):
                    kind = self.kind_of_made(operation, made)
                    self.keep(kind, made["id"])
                    if kind == "campaigns":
                        self.keep(f"{made['type']}_campaigns", made["id"])
                    if kind in OWN_ONLY and not operation.parts:
                        self.made[kind] = (self.made[kind] + [made["id"]])[-20:]

    @staticmethod
    def kind_of_made(operation, made):
        kind = operation.made
        return f"{made.get('type')}_tags" if kind == "tags" and "type" in made else kind

    def learn_list(self, operation, items):
        kind = operation.path.rsplit("/", 1)[1]
        if not items:
            return
        item = self.rng.choice(items)
        if isinstance(item.get("id"), int) and kind not in ("api_keys", "users", "jobs", "tags", "collaborators"):
            self.keep(kind, item["id"])
        if kind == "tags" and "type" in item and operation.path == "/api/tags":
            self.keep(f"{item['type']}_tags", item["id"])
            self.keep("tags", item["id"])
        if kind == "jobs":
            self.keep(kind, item["id"])
        for name, value in flat(item):
            known = self.maker.values.setdefault((operation.path, name), [])
            if value not in known:
                known.insert(0, value)
                del known[5:]


def flat(item, path=""):
    if isinstance(item, dict):
        for key, value in item.items():
            yield from flat(value, f"{path}.{key}" if path else key)
    elif isinstance(item, list):
        for value in item[:1]:
            yield from flat(value, path)
    elif item not in (None, "") and not isinstance(item, bool) and len(str(item)) < 100:
        yield path, item
