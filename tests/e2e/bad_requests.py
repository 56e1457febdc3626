"""Requests that are wrong in every way we could think of, made from /swagger.json: path, query, body, headers, method.

Every request ends in its own answer: what is wrong here stands inside a well-framed message. Wrong framing is the
matter of http_test.py.
"""
import json
import urllib.parse

from bad_words import TEXTS, NUMBERS, IDS, DATES, PAGES, FAULTS, QUERIES, nest


def quote(text):
    return urllib.parse.quote(text.encode("utf-8", "surrogatepass"), safe="")


class Maker:
    """Makes (kind, method, target, body, header fields) from a seeded random number generator."""

    def __init__(self, document, rng, own, foreign):
        """`own` and `foreign`: ids by the name of the thing, of the caller's account and of another one."""
        self.rng, self.own, self.foreign = rng, own, foreign
        self.shared = document["components"]["parameters"]
        self.operations = [(method.upper(), path, operation) for path, methods in document["paths"].items()
                           for method, operation in methods.items()]
        self.ways = [self.bad_path] * 3 + [self.bad_query] * 6 + [self.bad_value] * 8 + [self.bad_json] * 4 + \
            [self.bad_late] * 3 + [self.bad_fields] * 2 + [self.bad_method] + [self.bad_route] + [self.bad_token]

    def make(self):
        method, path, operation = self.rng.choice(self.operations)
        way = self.rng.choice(self.ways)
        kind, method, target, body, fields = way(method, path, operation)
        return f"{way.__name__} {kind}", method, target, body, fields

    # --- pieces of a right request -----------------------------------------------------------------------------

    def name_of(self, path, part):
        """What an id in a path names: {id} is of the word before it."""
        word = path.split("{" + part + "}")[0].rstrip("/").rsplit("/", 1)[1] if part == "id" else part
        word = {"opportunity": "opportunities", "campaign": "campaigns", "contact": "contacts", "tag": "tags",
                "webhook": "webhooks", "delivery": "deliveries"}.get(word, word)
        return word

    def id_for(self, name, own=0.6):
        chance = self.rng.random()
        if chance < own and self.own.get(name):
            return self.rng.choice(self.own[name])
        if chance < own + 0.25 and self.foreign.get(name):
            return self.rng.choice(self.foreign[name])
        return self.rng.choice([999999, self.rng.randrange(1, 40)])

    def target(self, method, path, replace=None):
        out = []
        for part in path.split("/"):
            if part.startswith("{"):
                out.append(replace if replace is not None else str(self.id_for(self.name_of(path, part[1:-1]), 0.05
                    if method == "DELETE" else 0.6)))
            else:
                out.append(part)
        return "/".join(out)

    def schema(self, operation):
        body = operation.get("requestBody")
        return body["content"]["application/json"]["schema"].get("properties", {}) if body else {}

    def right_value(self, key, schema):
        kinds = schema.get("type", "string")
        kind = [k for k in ([kinds] if isinstance(kinds, str) else kinds) if k != "null"][0]
        if kind == "integer":
            name = {"campaign": "campaigns", "project": "projects", "milestone": "milestones", "tag": "tags",
                    "clone_campaign_id": "campaigns"}.get(key, key)
            return self.id_for(name, 0.85)
        if kind == "boolean":
            return self.rng.random() < 0.5
        if kind == "array":
            if key == "import_json":
                return [{"url": f"https://{self.rng.randrange(10**9)}.bad.example/"}]
            if key == "tag_campaign_ids":
                return [self.id_for("tags")]
            return ["a@b.example"]
        if kind == "object":
            return {}
        if "enum" in schema:
            return self.rng.choice(schema["enum"])
        return {"url": f"https://{self.rng.randrange(10**9)}.bad.example/", "email": "a@b.example", "country": "us",
                "timezone": "UTC", "color": "#123456", "token": f"t{self.rng.randrange(10**9)}",
                "host": "bad.example"}.get(key, "x")

    def body(self, operation):
        return {key: self.right_value(key, schema) for key, schema in self.schema(operation).items()
                if self.rng.random() < (0.95 if key in ("campaign", "project", "name", "import_json") else 0.7)}

    def wrong_value(self):
        chance = self.rng.random()
        if chance < 0.35:
            return self.rng.choice(TEXTS)
        if chance < 0.6:
            return self.rng.choice(NUMBERS)
        if chance < 0.7:
            return self.rng.choice(DATES)
        return self.rng.choice([None, True, False, [], {}, [[]], [{}], [None], [1, "a", None], {"": ""}, {"id": 1},
            [[1]] * 30,
                                {"a": {"b": {"c": []}}}, list(range(300)), {str(n): n for n in range(200)}, ["x"] * 200,
                                [-1], ["1"]])

    # --- ways to be wrong ---------------------------------------------------------------------------------------

    def sent(self, operation):
        body = self.body(operation) if operation.get("requestBody") else None
        return None if body is None else json.dumps(body).encode()

    def bad_path(self, method, path, operation):
        if "{" not in path:
            return path, method, path + self.rng.choice(["/", "//", "/x", "/.", "/..", "%2f", "%00", "/1", "\\",
                ";a=1"]), self.sent(operation), []
        return path, method, self.target(method, path, self.rng.choice(IDS)), self.sent(operation), []

    def bad_query(self, method, path, operation):
        pairs = []
        names = [self.shared[p["$ref"].rsplit("/", 1)[1]]["name"] if "$ref" in p else p["name"]
                 for p in operation.get("parameters", []) if p.get("in") != "path"]
        for _ in range(self.rng.choice([1, 1, 1, 2, 3, 40])):
            name = self.rng.choice([*names, "q", "page", "limit", "group", "nothing"])
            if name == "q":
                value = quote(self.rng.choice(QUERIES + [f"{self.rng.choice(names or ['id'])}{op}{value}"
                    for op in ("=", ":", ">", "!=", "!:")
                                                         for value in ("\"'\"", "1", "null", "\"2025-02-30\"",
                                                         "(1,2)")]))
            elif name in ("page", "limit"):
                value = self.rng.choice(PAGES)
            else:
                chance = self.rng.random()
                value = quote(self.rng.choice(TEXTS)) if chance < 0.5 else quote(self.rng.choice(DATES)) if chance < 0.7 else \
                    str(self.rng.choice(NUMBERS)) if chance < 0.85 else self.rng.choice(IDS)
            pairs.append(f"{name}={value}")
        if self.rng.random() < 0.2:
            pairs.append(self.rng.choice(FAULTS))
        if self.rng.random() < 0.02:
            pairs = [self.rng.choice(pairs)] * self.rng.choice([100, 1000, 2000])
        target = self.target(method, path) + "?" + "&".join(pairs)
        return path, method, target[:self.rng.choice([7000, 7000, 9000, 12000])], self.sent(operation), []

    def bad_value(self, method, path, operation):
        schema = self.schema(operation)
        body = self.body(operation)
        keys = list(schema) + ["unknown", "id", "account_id", "contact"]
        for _ in range(self.rng.choice([1, 1, 2])):
            body[self.rng.choice(keys)] = self.wrong_value()
        if "import_json" in schema and self.rng.random() < 0.6:
            body["import_json"] = [{self.rng.choice(["url", "email", "first_name", "x", ""]): self.wrong_value()}
                for _ in range(3)]
            for key in ("personalization_mapping", "custom_fields_mapping"):
                if self.rng.random() < 0.3:
                    body[key] = {str(self.wrong_value())[:50]: self.wrong_value()}
        if "contacts" in schema and self.rng.random() < 0.5:
            body["contacts"] = [{"email": self.wrong_value(), "first_name": self.wrong_value()}, self.wrong_value()]
            body["personalization"] = {str(self.wrong_value())[:80]: self.wrong_value()}
        if path == "/api/opportunities" and self.rng.random() < 0.5:
            # Good ones before the bad one: all or nothing.
            good = [self.body(operation) for _ in range(3)]
            campaign = good[0].get("campaign")
            body = [*good, self.rng.choice([body, self.wrong_value(), {"campaign": campaign},
                {"campaign": campaign, "url": "x y"},
                                            {"campaign": campaign, "url": "https://bad.example",
                                            "contacts": ["no address"]}])]
        return path, method, self.target(method, path), json.dumps(body).encode(), []

    def bad_late(self, *_):
        """Right but for what is looked at last, when a careless server has written already."""
        def own(name):
            return self.rng.choice(self.own[name])
        site = f"https://{self.rng.randrange(10**9)}.bad.example/"
        campaign, opportunity, foreign = own("campaigns"), own("opportunities"), self.foreign
        good = {"campaign": campaign, "url": site, "contacts": ["a@b.example"]}
        created = {"name": "x", "project": own("projects"), "tag_campaign_ids": [own("campaign_tags")],
            "import_json": [{"url": site}]}
        rows = [{"url": "no address"}, {"email": "nobody"}, {"x": "y"}, {"url": ["a"]}]
        method, target, body = self.rng.choice([
            ("POST", "/api/opportunities", [good, {"campaign": campaign}]),
            ("POST", "/api/opportunities", [good, {"campaign": campaign, "contacts": []}, good]),
            ("POST", "/api/opportunities", [good, {**good, "url": "http://[::1"}]),
            ("POST", "/api/opportunities", [good, {**good, "campaign": self.rng.choice(foreign["campaigns"])}]),
            ("POST", "/api/opportunities", {**good, "contacts": ["a@b.example", "b"]}),
            ("POST", "/api/campaigns/import", {**created, "import_json": rows[:self.rng.randrange(1, 5)]}),
            ("POST", "/api/campaigns/import", {**created, "import_json": []}),
            ("POST", "/api/campaigns/import", {**created, "personalization_mapping": {"nothing": "nothing"}}),
            ("POST", "/api/campaigns/import", {**created, "tag_campaign_ids": [own("campaign_tags"),
            self.rng.choice(foreign["campaign_tags"])]}),
            ("POST", "/api/campaigns/import", {**created, "tag_campaign_ids": [own("campaign_tags"),
            own("opportunity_tags")]}),
            ("POST", "/api/campaigns/import", {**created, "clone_campaign_id": self.rng.choice(foreign["campaigns"])}),
            ("POST", f"/api/campaigns/{campaign}/import", {"import_json": rows}),
            ("POST", f"/api/campaigns/{campaign}/tags", {"tag": own("opportunity_tags")}),
            ("POST", f"/api/opportunities/{opportunity}/tags", {"tag": own("campaign_tags")}),
            ("POST", f"/api/opportunities/{opportunity}/contacts", {"email": "a@b@c"}),
            ("PUT", f"/api/opportunities/{opportunity}", {"milestone": self.rng.choice(foreign["milestones"])}),
            ("POST", f"/api/opportunities/{opportunity}/personalization",
            {"personalization_field": own("personalization") + 1, "value": "x"}),
            ("POST", "/api/custom_fields", {"name": "x", "token": "X" + self.rng.choice(["", "-"])}),
            ("POST", "/api/personalization", {"label": "x", "token": f"t{self.rng.randrange(10**6)}",
            "project": self.rng.choice(foreign["projects"])}),
            ("POST", "/api/partners", {"url": "https://", "name": "x"}),
            ("DELETE", f"/api/milestones/{own('milestones')}", None),
        ])
        return target.rstrip("0123456789"), method, target, None if body is None else json.dumps(body).encode(), []

    def bad_json(self, method, path, operation):
        text = json.dumps(self.body(operation)).encode()
        key = self.rng.choice(list(self.schema(operation)) or ["x"]).encode()

        def with_value(value):
            return b'{"' + key + b'":' + value + b"}"
        choices = [
            lambda: text[:self.rng.randrange(len(text) + 1)], lambda: text + text, lambda: text + b"x", lambda: b"[" +
            text + b"]",
            lambda: b"", lambda: b" \r\n", lambda: b"null", lambda: b"1", lambda: b'"x"', lambda: b"[]",
            lambda: b"[[]]", lambda: b"{",
            lambda: b"}", lambda: b"{]", lambda: b"\xef\xbb\xbf" + text, lambda: text.decode().encode("utf-16"),
            lambda: b"//c\n" + text,
            lambda: text[:-1] + b",}", lambda: text.replace(b'"', b"'"), lambda: b"NaN", lambda: with_value(b"NaN"),
            lambda: with_value(b"-Infinity"), lambda: with_value(b"1e400"), lambda: with_value(b"9" * 5000),
            lambda: with_value(b"1." + b"0" * 5000),
            lambda: with_value(b"01"), lambda: with_value(b"-"), lambda: with_value(b"1e"),
            lambda: with_value(b'"\\ud800"'),
            lambda: with_value(b'"\\udc00\\ud800"'), lambda: with_value(b'"\\u0000"'), lambda: with_value(b'"\x00"'),
            lambda: with_value(b'"\n"'),
            lambda: with_value(b'"\xff\xfe"'), lambda: with_value(b'"\xed\xa0\x80"'), lambda: with_value(b'"\xc0\xaf"'),
            lambda: with_value(b'"\\x"'),
            lambda: with_value(nest(10000, "[", "]").encode()), lambda: with_value(nest(10000, '{"a":', "}").encode()),
            lambda: nest(10000, "[", "]").encode(), lambda: b"[" * 10000, lambda: b'{"a":' * 10000,
            lambda: with_value(nest(31, "[", "]").encode()),
            lambda: b"{" + b",".join(b'"' + key + b'":' + v for v in (b"1", b'"a"', b"null", b"[]")) + b"}",
            lambda: b'{"\\u0000":1,"\\ud83d\\ude00":2,"' + b"k" * 5000 + b'":3}', lambda: with_value(b'"' +
            b"A" * 200000 + b'"'),
            lambda: b"{" + b",".join(b'"%d":%d' % (n, n) for n in range(5000)) + b"}", lambda: with_value(b"[" +
            b"0," * 50000 + b"0]"),
            lambda: bytes(self.rng.randrange(256) for _ in range(self.rng.randrange(200))),
            lambda: self.flip(text),
        ]
        return path, method, self.target(method, path), self.rng.choice(choices)(), []

    def flip(self, text):
        changed = bytearray(text)
        for _ in range(self.rng.randrange(1, 4)):
            if changed:
                changed[self.rng.randrange(len(changed))] = self.rng.randrange(256)
        return bytes(changed)

    def bad_fields(self, method, path, operation):
        value = quote(self.rng.choice(TEXTS))[:500]
        fields = self.rng.choice([
            ["Content-Type: text/xml"], ["Content-Type: application/x-www-form-urlencoded"], ["Content-Type: "],
            ["Accept: image/png"],
            ["Accept-Encoding: gzip, br;q=0, *"], ["Content-Encoding: gzip"], ["X-HTTP-Method-Override: DELETE"],
            ["X-Forwarded-For: " + value],
            [f"X-{n}: {value[:40]}" for n in range(60)], [f"X-{n}: x" for n in range(150)], ["X-Long: " + "x" * 9000],
            ["X-Long: " + "x" * 20000],
            ["Cookie: " + value], ["Referer: " + value], ["If-None-Match: *"], ["If-Modified-Since: yesterday"],
            ["Range: bytes=0-"], ["X-Client-Id: " + value],
            ["X-Client-Id: 1", "X-Client-Id: 2"], ["User-Agent: \xff\xfe"], ["X-Request-Id: " + value],
            ["X-Request-Id: " + "a" * 500],
            ["Forwarded: for=" + value], ["Origin: null"], ["Content-Language: " + value], ["Accept: " + "a/b," * 1000],
            ["TE: trailers"], ["Via: " + value]])
        return path + " " + fields[0][:20], method, self.target(method, path), self.sent(operation), fields

    def bad_method(self, _, path, operation):
        method = self.rng.choice(["TRACE", "OPTIONS", "PATCH", "HEAD", "PUT", "DELETE", "POST", "GET", "FOO", "get",
            "PROPFIND", "M-SEARCH", "BREW" * 10])
        return f"{method} {path}", method, self.target("DELETE", path), self.sent(operation), []

    def bad_route(self, method, path, operation):
        target = self.rng.choice([
            "/", "//", "/api", "/api/", "/api//", "/apix", "/API/projects", "/api/projects/", "//api/projects",
            "/api//projects", "/api/./projects",
            "/api/x/../projects", "/api/%2e%2e/projects", "/api/..%2fprojects", "/api%2fprojects", "/%61pi/projects",
            "/api/projects%00", "/api/projects;x",
            "/api/projects/1/2/3/4/5/6", "/api/" + "a/" * 1000, "/api/" + "a" * 7000, "/swagger.json/x", "/healthz?x=1",
            "/metrics/", "/readyz%20",
            "/.git/config", "/etc/passwd", "/api/me%0d%0aX:1", "/api/\\..\\me", "/api/%ff", "/api/{id}", "*",
            "http://other.example/api/me", "/api/me?",
            "/api/me?#", "/api/me#x", "/api/me/..", self.target(method, path) + "/" + self.rng.choice(IDS),
            self.target(method, path).replace("/", "//", 2)])
        return target[:30], method, target, self.sent(operation), []

    def bad_token(self, method, path, operation):
        token = self.rng.choice(["", "x", "a.b.c", "a.b", "....", "e30.e30.", "eyJhbGciOiJub25lIn0.e30.",
            "eyJhbGciOiJIUzI1NiJ9.e30.AAAA", "." * 3000, "x" * 6000,
                                 "\xff\xfe", "' OR 1=1--", "null", "Bearer", "e30=.e30=.e30=", "eyJleHAiOm51bGx9",
                                 "%00"])
        scheme = self.rng.choice(["Bearer ", "bearer ", "Bearer  ", "Basic ", "", "Bearer\t", "Digest ", "BEARER "])
        return path, method, self.target(method, path), self.sent(operation), [f"Authorization: {scheme}{token}"]
