"""What the real program says of itself: the log without secrets or addresses, probes, metrics, its API's description.

Run: OVERTURE_PROGRAM=build/release/overture python3 tests/e2e/logs_and_probes_test.py
"""
import http.client
import json
import math
import re
import socket
import unittest

from running import Running
from support import Wire


class Logs(Running):
    def test_no_secrets_and_no_addresses(self):
        self.start("--log-level", "debug", "--access-log", "all")
        marks = {name: f"mark{name}7x" for name in ("password", "query", "agent", "cookie", "forwarded", "body",
            "referer", "token",
                                                    "broken", "client", "secret", "account")}
        email = "markemail7x@acme.example"
        fields = [f"User-Agent: {marks['agent']}", f"Cookie: session={marks['cookie']}",
            "X-Forwarded-For: 203.0.113.77, markforwarded7x",
                  f"Referer: https://x/{marks['referer']}", f"X-Client-Id: {marks['client']}"]
        made = self.post("/api/api_keys", {"name": marks["body"]})
        with socket.create_connection(("127.0.0.1", self.server.port), source_address=("127.0.0.9", 0)) as connection:
            wire = Wire.__new__(Wire)
            wire.socket, wire.token, wire.buffer = connection, self.key, b""
            answers = []

            def call(method, target, body=None, **options):
                body = json.dumps(body).encode() if isinstance(body, dict) else body
                wire.send(wire.head_of(method, target, None if body is None else len(body), fields=fields, **options) +
                    (body or b""))
                answers.append(wire.answer())
            call("GET", f"/api/opportunities?name={marks['query']}&q=name=%22{marks['query']}%22")
            call("GET", f"/api/opportunities?q=%28{marks['query']}")
            call("POST", "/api/auth/refresh_token", {"email": email, "password": marks["password"],
                "account_name": "acme"})
            call("POST", "/api/auth/refresh_token", {"email": "ada@acme.example", "password": "correct horse",
                "account_name": "acme"})
            token = json.loads(answers[-1][2])["refresh_token"]
            call("POST", "/api/auth/access_token", {"refresh_token": token})
            access = json.loads(answers[-1][2])["access_token"]
            call("GET", "/api/me", token=access)
            call("GET", "/api/me", token=f"{marks['token']}.{marks['token']}.{marks['token']}")
            call("GET", "/api/me", token=self.key[:-4] + "AAAA")
            call("POST", "/api/opportunities", f'{{"url":"{marks["broken"]}'.encode())
            call("POST", "/api/tags", {"name": marks["body"], "type": marks["body"]})
        for n, (_, _, text) in enumerate(answers):
            for secret in (marks["password"], "correct horse"):
                self.assertNotIn(secret.encode(), text, f"answer {n}")
        self.assertEqual(self.server.stop()[0], 0)
        log = self.server.log.read_text()
        secrets = [*marks.values(), email, "ada@acme.example", "correct horse", self.key, token, access,
            made.get("key") or made.get("token"),
                   self.key.rsplit(".", 1)[1], (self.house.directory / "overture-data/secret.key").read_text().strip(),
                   "127.0.0.9", "203.0.113.77", "Bearer"]
        for secret in secrets:
            self.assertTrue(secret)
            self.assertNotIn(secret, log)
        lines = [json.loads(line) for line in log.splitlines()]
        requests = [line for line in lines if line["message"] == "request"]
        self.assertGreaterEqual(len(requests), 11)
        for line in requests:
            self.assertNotIn("127.0.0.1", json.dumps(line))
            self.assertNotIn("?", line["path"])


class Probes(Running):
    def test_metrics_are_prometheus_text(self):
        self.start()
        for target in ("/api/me", "/api/tags", "/api/nothing", "/api/opportunities?q=x"):
            self.server.call("GET", target, token=self.key)
        with self.server.wire() as wire:
            wire.send(wire.head_of("GET", "/metrics", None))
            _, fields, text = wire.answer()
        self.assertTrue(fields["content-type"].startswith("text/plain; version=0.0.4"))
        types, helps, samples = {}, set(), {}
        label = r'[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*"'
        for line in text.decode().removesuffix("\n").split("\n"):
            if line.startswith("# HELP "):
                helps.add(line.split(" ", 3)[2])
            elif line.startswith("# TYPE "):
                _, _, name, kind = line.split(" ")
                self.assertNotIn(name, types, "one TYPE a family")
                self.assertIn(kind, ("counter", "gauge", "histogram"))
                types[name] = kind
                current = name
            else:
                found = re.fullmatch(r"([a-zA-Z_:][\w:]*)(?:\{(" + label + "(?:," + label + r")*)\})? (\S+)", line)
                self.assertIsNotNone(found, line)
                family = re.sub(r"_(bucket|sum|count)$", "", found[1]) if types[current] == "histogram" else found[1]
                self.assertEqual(family, current, "samples stand under their TYPE")
                self.assertNotIn((found[1], found[2]), samples, "a series once")
                samples[found[1], found[2]] = float(found[3])
                self.assertFalse(math.isnan(samples[found[1], found[2]]))
        self.assertEqual(helps, set(types))
        for (name, labels), value in samples.items():
            if name.endswith("_bucket") and 'le="+Inf"' in labels:
                rest = re.sub(r',?le="[^"]*"', "", labels)
                self.assertEqual(value, samples[name.replace("_bucket", "_count"), rest])
                series = [v for (n, ls), v in samples.items() if n == name and re.sub(r',?le="[^"]*"', "", ls) == rest]
                self.assertEqual(series, sorted(series), "buckets are cumulative")
        self.assertGreater(samples["overture_api_requests_total", 'method="GET",path="/api/me",class="2xx"'], 0)

    def test_probes(self):
        self.start()
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=10)
        for path, text in (("/healthz", b"ok\n"), ("/readyz", b"ready\n")):
            connection.request("GET", path)
            response = connection.getresponse()
            self.assertEqual((response.status, response.read()), (200, text))
            connection.request("HEAD", path)
            response = connection.getresponse()
            self.assertEqual((response.status, response.read()), (200, b""))
            connection.request("POST", path)
            response = connection.getresponse()
            self.assertEqual((response.status, response.getheader("Allow")), (405, "GET, HEAD"))
            response.read()
        connection.close()

    def test_every_documented_route_is_there(self):
        self.start()
        document = self.server.call("GET", "/swagger.json")[1]
        self.assertRegex(document["openapi"], r"^3\.1\.\d+$")
        self.assertTrue(document["info"]["title"] and document["info"]["version"])

        def references(value):
            if isinstance(value, dict):
                if "$ref" in value:
                    yield value["$ref"]
                for inner in value.values():
                    yield from references(inner)
            elif isinstance(value, list):
                for inner in value:
                    yield from references(inner)
        for reference in set(references(document)):
            place = document
            for part in reference.removeprefix("#/").split("/"):
                place = place[part]
        names, routes = [], 0
        with self.server.wire(self.key, 30) as wire, self.server.wire(timeout=30) as nobody:
            for path, methods in document["paths"].items():
                target = re.sub(r"\{\w+\}", "9" if "api_keys" in path else "1", path)
                for method, operation in methods.items():
                    routes += 1
                    names.append(operation["operationId"])
                    declared = {p["name"] for p in operation.get("parameters", []) if p.get("in") == "path"}
                    self.assertEqual(declared, set(re.findall(r"\{(\w+)\}", path)))
                    expected = {"200", "503"} | ({"404"} if declared else set())
                    if operation.get("security") != []:
                        expected |= {"401", "403", "429"}
                    self.assertLessEqual(expected, set(operation["responses"]), f"{method} {path}")
                    if path != "/api/auth/revoke":
                        status, answer = wire.call(method.upper(), target, {} if method in ("post", "put") else None)
                        self.assertNotIn(status, (405, 500, 501), f"{method} {target}: {answer}")
                        self.assertNotEqual(answer, None)
                        self.assertFalse(status == 404 and answer["message"] == "Not found", f"{method} {target}")
                    if operation.get("security") != []:
                        status, answer = nobody.call(method.upper(), target, {} if method in ("post", "put") else None)
                        self.assertEqual((status, answer["message"]),
                            (401, "Access token is required for this operation."))
                # A word may stand where another route has an id.
                for method in {"get", "post", "put", "delete"} - set(methods):
                    if not any(method in others and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", other), target)
                               for other, others in document["paths"].items()):
                        self.assertEqual(wire.call(method.upper(), target)[0], 405, f"{method} {target}")
        self.assertEqual(len(names), len(set(names)), "operation ids are unique")
        self.assertGreater(routes, 50)
        self.assertEqual(self.server.call("GET", "/api/nothing", token=self.key)[0], 404)


if __name__ == "__main__":
    unittest.main(verbosity=1)
