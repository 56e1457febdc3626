"""The real program as a server: framing, slow and large requests, pipelines, idle crowds, stopping.

Run: OVERTURE_PROGRAM=build/release/overture python3 tests/e2e/http_test.py
"""
import concurrent.futures
import json
import re
import resource
import socket
import time
import unittest

from running import Running
from support import Wire, wait_until

IDLE = 1000
SMUGGLED = b"0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"


class Framing(Running):
    def vectors(self):
        def message(fields, body=b"", line=b"POST /api/tags HTTP/1.1"):
            return line + b"\r\nHost: x\r\nAuthorization: Bearer " + self.key.encode() + b"\r\n" + fields + b"\r\n" + body
        tag = b'{"name":"t","type":"campaign"}'
        size = b"Content-Length: %d\r\n" % len(tag)
        chunked = b"Transfer-Encoding: chunked\r\n"
        chunks = b"%x\r\n%s\r\n0\r\n\r\n" % (len(tag), tag)
        get = b"GET /api/me HTTP/1.1"
        # What is sent, and the statuses that come back: none means the connection is closed without an answer.
        yield "plain", message(size, tag), [200]
        yield "chunked", message(chunked, chunks), [200]
        yield "two in one packet", message(size, tag) * 2, [200, 200]
        yield "length and chunked", message(b"Content-Length: %d\r\n" % len(SMUGGLED) + chunked, SMUGGLED), [400]
        yield "chunked and length", message(chunked + b"Content-Length: 4\r\n", SMUGGLED), [400]
        yield "two lengths", message(b"Content-Length: 2\r\nContent-Length: 40\r\n", b"{}" + SMUGGLED), [400]
        yield "length +2", message(b"Content-Length: +2\r\n", b"{}"), [400]
        yield "length -1", message(b"Content-Length: -1\r\n", b"{}"), [400]
        yield "length of 30 digits", message(b"Content-Length: " + b"9" * 30 + b"\r\n", b"{}"), [400]
        yield "xchunked", message(b"Transfer-Encoding: xchunked\r\n", SMUGGLED), [400]
        yield "chunked, identity", message(b"Transfer-Encoding: chunked, identity\r\n", SMUGGLED), [400]
        yield "space before the colon", message(b"Content-Length : 2\r\n", b"{}"), [400]
        yield "NUL in a field", message(b"X: a\x00b\r\n", line=get), [400]
        yield "bare CR in a field", message(b"X: a\rb\r\n", line=get), [400]
        yield "chunk of size 0x2", message(chunked, b"0x2\r\n{}\r\n0\r\n\r\n"), [400]
        yield "chunk too large for 64 bits", message(chunked, b"F" * 17 + b"\r\n{}\r\n0\r\n\r\n"), [400]
        yield "long trailer", message(chunked, b"2\r\n{}\r\n0\r\nX: " + b"a" * 65536 + b"\r\n\r\n"), [400, 413, 431]
        yield "no Host", b"GET /api/me HTTP/1.1\r\n\r\n", [400]
        yield "two Hosts", message(b"Host: y\r\n", line=get), [400]
        yield "long header", message(b"X: " + b"a" * 65536 + b"\r\n", line=get), [431]
        yield "long address", message(b"", line=b"GET /api/me?" + b"a" * 12000 + b" HTTP/1.1"), [414]
        yield "TRACE", message(b"", line=b"TRACE /api/me HTTP/1.1"), [400, 405, 501]
        yield "HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", [400, 405, 501, 505]
        yield "TLS", bytes.fromhex("16030100a5010000a10303") + b"\x00" * 160, [400]

    def test_vectors(self):
        self.start()
        for name, raw, expected in self.vectors():
            with self.subTest(name), socket.create_connection(("127.0.0.1", self.server.port),
                timeout=15) as connection:
                connection.sendall(raw)
                connection.shutdown(socket.SHUT_WR)
                got = b""
                try:
                    while data := connection.recv(65536):
                        got += data
                except ConnectionResetError:
                    pass
                statuses = [int(text) for text in re.findall(rb"HTTP/1\.1 (\d{3}) ", got)]
                if expected[0] == 200:
                    self.assertEqual(statuses, expected, got[:300])
                else:
                    self.assertEqual(len(statuses), 1, got[:300])
                    self.assertIn(statuses[0], expected, got[:300])
                    self.assertTrue(json.loads(got.split(b"\r\n\r\n", 1)[1])["message"])
                    self.assertIn(b"connection: close", got.lower())
        self.assertEqual(len(self.server.call("GET", "/api/tags", token=self.key)[1]["items"]), 4)

    def test_twenty_in_a_row(self):
        self.start()
        for n in range(20):
            self.post("/api/tags", {"name": f"tag {n}", "type": "campaign"})
        with self.server.wire(self.key) as wire:
            wire.send(b"".join(wire.head_of("GET", f"/api/tags?id={n}", None) for n in range(1, 21)))
            found = [json.loads(wire.answer()[2])["items"][0]["name"] for _ in range(20)]
            self.assertEqual(found, [f"tag {n}" for n in range(20)], "answers come in the order of the requests")
            bodies = [json.dumps({"name": f"more {n}", "type": "campaign"}).encode() for n in range(20)]
            wire.send(b"".join(wire.head_of("POST", "/api/tags", len(body)) + body for body in bodies))
            made = [json.loads(wire.answer()[2])["id"] for _ in range(20)]
            self.assertEqual(made, list(range(21, 41)))


class Sizes(Running):
    def test_large_bodies(self):
        self.start()
        body = b'{"name":"' + b"x" * (2 << 20) + b'"}'
        for fields in ([], ["Expect: 100-continue"]):
            with self.server.wire(self.key) as wire:
                wire.send(wire.head_of("POST", "/api/projects", len(body), fields=fields))
                try:
                    wire.send(body)
                except OSError:
                    pass
                self.assertEqual(wire.answer()[0], 413)
        started = time.monotonic()
        campaign = self.make_import(60000, padding=470)
        took = time.monotonic() - started
        done = wait_until(lambda: (p := self.progress(campaign))["state"] == "completed" and p, 120, 0.2)
        self.assertEqual((done["done"], done["total"], done["counts"]), (60000, 60000, {"created": 60000}))
        print(f"http: 30 MB of rows taken in {took:.1f} s, imported after {time.monotonic() - started:.1f} s",
            flush=True)

    def test_slow_clients_are_let_go_and_hold_up_nobody(self):
        self.start()

        def last(raw, drip=b""):
            """Status of the answer, and seconds until the connection ends."""
            started = time.monotonic()
            with socket.create_connection(("127.0.0.1", self.server.port), timeout=30) as connection:
                connection.sendall(raw)
                connection.settimeout(1)
                got = b""
                while time.monotonic() - started < 40:
                    try:
                        data = connection.recv(65536)
                        if not data:
                            break
                        got += data
                    except TimeoutError:
                        try:
                            connection.sendall(drip)
                        except OSError:
                            break
                    except OSError:
                        break
                return got[9:12], time.monotonic() - started

        key = self.key.encode()
        cases = {
            "silent": (b"", b""),
            "slow header": (b"GET /api/me HTTP/1.1\r\nHost: x\r\nX", b"x"),
            "slow body": (b"POST /api/tags HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + key +
                          b"\r\nContent-Length: 100000\r\n\r\n{", b" "),
        }
        with concurrent.futures.ThreadPoolExecutor() as pool:
            running = {name: pool.submit(last, *case) for name, case in cases.items() for _ in range(3)}
            slowest = 0
            while not all(result.done() for result in running.values()):
                started = time.monotonic()
                self.assertEqual(self.server.call("GET", "/api/me", token=self.key)[0], 200)
                slowest = max(slowest, time.monotonic() - started)
                time.sleep(0.1)
            for name, result in running.items():
                status, seconds = result.result()
                self.assertIn(status, (b"", b"408"), name)
                self.assertLess(seconds, 25, name)
        self.assertLess(slowest, 2)

    def test_a_thousand_idle_connections(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, IDLE + 200)), hard))
        self.start()

        def memory():
            return int(re.search(r"(?m)^process_resident_memory_bytes (\S+)", self.text("/metrics"))[1].split(".")[0])
        before = memory()
        crowd = [Wire(self.server.port, self.key) for _ in range(IDLE)]
        try:
            for wire in crowd[::2]:
                self.assertEqual(wire.call("GET", "/api/me")[0], 200)
            open_now = int(re.search(r"(?m)^overture_connections_open (\d+)", self.text("/metrics"))[1])
            self.assertGreaterEqual(open_now, IDLE)
            times = []
            for _ in range(50):
                started = time.monotonic()
                self.assertEqual(self.server.call("GET", "/api/me", token=self.key)[0], 200)
                times.append(time.monotonic() - started)
            each = (memory() - before) / IDLE / 1024
            print(f"http: {IDLE} idle connections, {each:.1f} KiB each, a call takes {sorted(times)[25] * 1e3:.1f} ms",
                flush=True)
            self.assertLess(sorted(times)[25], 0.5)
            self.assertLess(each, 64)
        finally:
            for wire in crowd:
                wire.close()
        self.assertEqual(self.server.stop()[0], 0)

    def text(self, path):
        with self.server.wire() as wire:
            wire.send(wire.head_of("GET", path, None))
            return wire.answer()[2].decode()


class Stopping(Running):
    def test_sigterm_loses_nothing(self):
        self.start()
        first = self.make_import(1)
        campaign = self.make_import(20000)
        wait_until(lambda: self.progress(campaign)["done"] > 0, pause=0.005)
        wires = [self.server.wire(self.key) for _ in range(20)]
        for n, wire in enumerate(wires):
            body = json.dumps({"campaign": first, "url": f"https://last{n}.example/"}).encode()
            wire.send(wire.head_of("POST", "/api/opportunities", len(body)) + body)
        at_stop = self.progress(campaign)
        status, seconds = self.server.stop()
        self.assertEqual(status, 0)
        self.assertLess(seconds, 10)
        answered = {}
        for n, wire in enumerate(wires):
            try:
                code, _, text = wire.answer()
                self.assertEqual(code, 200, text)
                answered[f"https://last{n}.example/"] = json.loads(text)["id"]
            except ConnectionError:
                pass
            wire.close()
        started = time.monotonic()
        self.start()
        there = {item["url"]: item["id"] for item in self.server.call(
            "GET", f"/api/opportunities?campaign.id={first}&limit=1000", token=self.key)[1]["items"]
            if "last" in item["url"]}
        self.assertEqual(there, answered, "what was answered is there, and nothing else")
        self.assertGreater(len(answered), 0)
        done = wait_until(lambda: (p := self.progress(campaign))["state"] == "completed" and p, 30)
        self.assertEqual((done["done"], done["counts"]), (20000, {"created": 20000}))
        print(f"http: stopped in {seconds:.2f} s with {len(answered)} of {len(wires)} requests answered and an import at "
              f"{at_stop['done']} of 20000 rows, which ended {time.monotonic() - started:.1f} s after the next start",
              flush=True)


if __name__ == "__main__":
    unittest.main(verbosity=1)
