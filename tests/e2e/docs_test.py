"""The API reference at /docs: its files and their headers, and the page in a real browser that is cut off from the world.

Run: OVERTURE_PROGRAM=build/release/overture python3 tests/e2e/docs_test.py
"""
import gzip
import html
import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from running import Running

FILES = {"/docs": "text/html", "/docs/style.css": "text/css", "/docs/start.js": "text/javascript",
         "/docs/redoc.js": "text/javascript", "/docs/licenses.txt": "text/plain"}
OURS = ("/docs", "/docs/style.css", "/docs/start.js")
TAGS = ["Auth", "Address Book", "Campaigns", "Emails", "Opportunities", "Projects", "Reports", "Metrics", "Tasks", "Tags",
        "Users", "Unsubscribe"]


class Docs(Running):
    def setUp(self):
        super().setUp()
        self.start()

    def ask(self, target, *fields, method="GET"):
        with self.server.wire() as wire:
            wire.send(wire.head_of(method, target, None, fields=fields))
            return wire.answer(method == "HEAD")

    def test_headers(self):
        for target, content_type in FILES.items():
            with self.subTest(target):
                status, fields, body = self.ask(target)
                self.assertEqual(status, 200, body[:200])
                self.assertTrue(fields["content-type"].startswith(content_type))
                self.assertNotIn("content-encoding", fields)
                self.assertEqual(fields["x-content-type-options"], "nosniff")
                self.assertEqual(fields["cache-control"], "no-cache")
                policy = dict(part.strip().split(" ", 1) for part in fields["content-security-policy"].split(";"))
                self.assertEqual((policy["default-src"], policy["script-src"]), ("'self'", "'self'"))
                self.assertNotRegex(fields["content-security-policy"], r"https?:|\*|unsafe-eval")
                status, head, nothing = self.ask(target, method="HEAD")
                self.assertEqual((status, nothing, head["content-length"]), (200, b"", str(len(body))))
                status, fields, _ = self.ask(target, method="POST")
                self.assertEqual((status, fields["allow"]), (405, "GET, HEAD"))

    def test_gzip_where_it_is_accepted(self):
        target = "/docs/redoc.js"
        _, plain_fields, plain = self.ask(target)
        for accepted in ("gzip", "br, GZIP;q=0.5", "*", "deflate, gzip, br, zstd"):
            status, fields, body = self.ask(target, f"Accept-Encoding: {accepted}")
            self.assertEqual((status, fields["content-encoding"], fields["vary"]), (200, "gzip", "Accept-Encoding"), accepted)
            self.assertEqual(gzip.decompress(body), plain)
            self.assertLess(len(body), len(plain) / 3)
            self.assertNotEqual(fields["etag"], plain_fields["etag"], "another form is another entity")
        for refused in ("identity", "br", "gzip;q=0", "gzip;q=0.000, *", "*;q=0", ""):
            _, fields, body = self.ask(target, f"Accept-Encoding: {refused}")
            self.assertNotIn("content-encoding", fields, refused)
            self.assertEqual((fields["vary"], body), ("Accept-Encoding", plain))

    def test_not_sent_twice(self):
        for target in FILES:
            for field in ("Accept-Encoding: identity", "Accept-Encoding: gzip"):
                tag = self.ask(target, field)[1]["etag"]
                self.assertRegex(tag, r'^"[^"]+"$', "a strong one")
                for known in (tag, f'"other", {tag}', "*"):
                    status, fields, body = self.ask(target, field, f"If-None-Match: {known}")
                    self.assertEqual((status, body, fields["etag"]), (304, b"", tag))
                self.assertEqual(self.ask(target, field, 'If-None-Match: "other"')[0], 200)

    def test_nothing_of_ours_comes_from_elsewhere(self):
        for target in OURS:
            self.assertNotRegex(self.ask(target)[2].decode(), r"(https?:)?//[\w.]+\.\w", target)
        page = self.ask("/docs")[2].decode()
        self.assertNotRegex(page, r"<script(?![^>]* src=)|<style|\son\w+=", "no script or style inside the page")
        for name in re.findall(r'(?:src|href)="([^"]+)"', page):
            if name != "data:,":
                self.assertEqual(self.ask(f"/{name}")[0], 200, name)
        self.assertIn("MIT", self.ask("/docs/licenses.txt")[2].decode())
        self.assertNotIn(b"cdn.redoc.ly", self.ask("/docs/redoc.js")[2])

    def test_other_paths(self):
        status, fields, _ = self.ask("/docs/")
        self.assertEqual((status, fields["location"]), (308, "../docs"))
        for target in ("/docs/nothing", "/docs/../docs/redoc.js", "/docs/redoc.js.gz", "/docsx", "/docs/redoc.js/"):
            self.assertEqual(self.ask(target)[0], 404, target)

    @unittest.skipUnless(shutil.which("chromium"), "there is no chromium")
    def test_in_a_browser_without_a_network(self):
        document = self.server.call("GET", "/swagger.json")[1]
        origin = f"http://127.0.0.1:{self.server.port}"
        profile = tempfile.mkdtemp(prefix="overture-e2e-browser-")
        self.addCleanup(shutil.rmtree, profile, ignore_errors=True)
        log = pathlib.Path(profile) / "net.json"
        shown = subprocess.run(
            ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage",
             "--disable-background-networking", "--disable-component-update", f"--user-data-dir={profile}",
             "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", f"--log-net-log={log}",
             "--enable-logging=stderr", "--virtual-time-budget=30000", "--dump-dom", f"{origin}/docs"],
            capture_output=True, text=True, timeout=180)
        said = [line for line in shown.stderr.splitlines() if ":CONSOLE" in line]
        self.assertFalse([line for line in said if re.search(r"Error|Refused|Content Security Policy|blocked", line)], said)

        # The menu: each tag, and under it each of its operations, in the order of the document.
        items = [html.unescape(item) for item in re.findall(r'data-item-id="([^"]+)"', shown.stdout)]
        self.assertTrue(items, shown.stdout[-3000:])
        tags = [item.removeprefix("tag/").replace("-", " ") for item in items if "/operation/" not in item]
        self.assertEqual(tags, [tag["name"] for tag in document["tags"]])
        self.assertEqual(tags[:len(TAGS)], TAGS)
        by_tag = {tag: [] for tag in tags}
        for methods in document["paths"].values():
            for operation in methods.values():
                by_tag[operation["tags"][0]].append(operation["operationId"])
        shown_by_tag = {tag: [] for tag in tags}
        for item in items:
            found = re.fullmatch(r"tag/([^/]+)/operation/(.+)", item)
            if found:
                shown_by_tag[found[1].replace("-", " ")].append(found[2])
        self.assertEqual(shown_by_tag, by_tag)
        # The middle: each operation has its section.
        sections = set(re.findall(r'id="(tag/[^"]+/operation/[^"]+)"', shown.stdout))
        self.assertEqual(len(sections), sum(map(len, by_tag.values())))
        print(f"docs: {len(sections)} operations under {len(tags)} tags")

        # Chromium calls home on its own account; what counts is what was asked for by the page.
        asked = set()
        for event in json.loads(log.read_text())["events"]:
            parameters = event.get("params", {})
            if str(parameters.get("initiator", "")).startswith(origin):
                asked.add(parameters["url"])
        self.assertIn(f"{origin}/swagger.json", asked)
        self.assertIn(f"{origin}/docs/redoc.js", asked)
        self.assertEqual([url for url in asked if not url.startswith((origin + "/", "data:", f"blob:{origin}/"))], [])


if __name__ == "__main__":
    unittest.main(verbosity=1)
