"""A small HTTP client for preparing and checking (wrk does the measuring), and what an answer says."""
import http.client
import json


class Client:
    """One kept connection to one server."""

    def __init__(self, port, token):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
        self.headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}

    def call(self, method, path, body=None):
        """The answer's JSON; raises with the server's text on any status but 200."""
        headers, data = dict(self.headers), None
        if body is not None:
            data = json.dumps(body, separators=(",", ":")).encode()
            headers["Content-Type"] = "application/json"
        answer = self._exchange(method, path, data, headers)
        text = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{method} {path}: {answer.status} {text[:500].decode(errors='replace')}")
        return json.loads(text)

    def _exchange(self, method, path, data, headers):
        # A new connection each time: servers close idle ones while others are measured.
        self.connection.close()
        self.connection.request(method, path, body=data, headers=headers)
        return self.connection.getresponse()

    def bytes(self, path):
        answer = self._exchange("GET", path, None, self.headers)
        text = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"GET {path}: {answer.status} {text[:500].decode(errors='replace')}")
        return text


ENVELOPE = ("items", "items_count", "page", "limit")


def canonical(text):
    """The documented content of an answer, free of key order and of the order of tags and contacts."""
    answer = json.loads(text)
    if "items" in answer:
        answer = {key: answer[key] for key in ENVELOPE}
    for item in answer.get("items", [answer]):
        for children in ("tags", "contacts"):
            item[children].sort(key=lambda child: child["id"])
    return json.dumps(answer, sort_keys=True, ensure_ascii=False)


def first_difference(one, other):
    """A short text around the first character that differs."""
    for at, (a, b) in enumerate(zip(one, other)):
        if a != b:
            return f"…{one[max(0, at - 60):at + 60]}…  against  …{other[max(0, at - 60):at + 60]}…"
    return f"lengths {len(one)} and {len(other)}"
