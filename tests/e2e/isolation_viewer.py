"""Somebody who asks for what is hidden from them, and compares it with what is not there."""
import json
import re

HIDDEN, OWN = "zebracrossing", "lollipop"
NO_ID = 77777777
NO_TEXT = "nowhereatall"


def flatten(item, path="", out=None):
    """The values of an object by dotted path, as filters name them."""
    out = {} if out is None else out
    if isinstance(item, dict):
        for key, value in item.items():
            flatten(value, f"{path}.{key}" if path else key, out)
    elif isinstance(item, list):
        for value in item:
            flatten(value, path, out)
    elif item not in (None, "", True, False):
        out.setdefault(path, set()).add(item)
    return out


class Viewer:
    """Somebody who must not see `hidden`: ids by kind, and values by list and field. `own`: what they may see."""

    def __init__(self, test, name, key, own, hidden, hidden_values):
        self.test, self.name, self.own, self.hidden = test, name, own, hidden
        self.hidden_values = hidden_values
        self.wire = test.server.wire(key, 30)
        self.calls = 0
        self.pairs = 0
        self.untried = []

    def call(self, method, target, body=None):
        self.calls += 1
        text = None if body is None else json.dumps(body).encode()
        self.wire.send(self.wire.head_of(method, target, None if text is None else len(text)) + (text or b""))
        status, _, answer = self.wire.answer()
        # What is new in each answer, or kept by the clock.
        answer = re.sub(rb'"request_id":"[^"]*"|"(last_used_at|requests|cost|secret|event_id)":("[^"]*"|\w+)', b"", answer)
        self.test.assertNotIn(self.test.marker_for(self), answer, f"{self.name}: {method} {target} {body}")
        return status, answer

    def same(self, method, make, told=()):
        """`make`: target and body for what is hidden, and for what is not there. `told`: what the two hold, which an
        answer may repeat."""
        hidden, missing = (self.call(method, *request) for request in make)
        for value in told:
            hidden, missing = ((s, a.replace(str(value).encode(), b"#")) for s, a in (hidden, missing))
        self.pairs += 1
        if hidden[0] == missing[0] == 200 and method != "GET":  # two things were made; only their numbers and times differ
            hidden, missing = ((s, re.sub(rb'"id":\d+|"\d{4}-\d\d-\d\dT[^"]*"', b"", a)) for s, a in (hidden, missing))
        self.test.assertEqual(hidden, missing, f"{self.name}: {method} {make[0]} is told from {method} {make[1]}")
