"""The scenarios leave no case of the documented operations out, and what each role got is what its role allows.

Reads what the API scenarios wrote (OVERTURE_TRANSCRIPT, see document_test.py). For each of the 52 operations there has
to be a success, each kind of bad input, a missing object and another account's, a request without a token, and one of
each role. What roles may do is written here a second time, from the domain and not from the program.
"""
import json
import re
import unittest

import document_test

DOCUMENTED = 52
ADMIN, USER, STRANGER, INSPECTOR, PERSONALIZER, BOTH, READER = (
    "admin", "user", "user without a project", "inspector", "personalizer", "inspector_personalizer", "read-only key")
KINDS = (ADMIN, USER, STRANGER, INSPECTOR, PERSONALIZER, BOTH, READER)
MEMBERS = {ADMIN, USER, STRANGER}
INSPECTING = MEMBERS | {INSPECTOR, BOTH}
PERSONALIZING = MEMBERS | {PERSONALIZER, BOTH}
ALL = INSPECTING | PERSONALIZING

# Who may write. Everybody may read what he sees.
WRITERS = {
    "PUT /api/contacts/{id}": PERSONALIZING,
    "POST /api/campaigns/{campaign}/tags": MEMBERS,
    "DELETE /api/campaigns/{campaign}/tags/{tag}": MEMBERS,
    "POST /api/campaigns/{campaign}/backlink": INSPECTING,
    "POST /api/campaigns/{campaign}/discovery": INSPECTING,
    "POST /api/campaigns/{campaign}/import": INSPECTING,
    "POST /api/campaigns/backlink": MEMBERS,
    "POST /api/campaigns/discovery": MEMBERS,
    "POST /api/campaigns/import": MEMBERS,
    "PUT /api/campaigns/{id}": MEMBERS,
    "PUT /api/campaigns/{campaign}/outreach_settings": MEMBERS,
    "POST /api/opportunities": INSPECTING,
    "POST /api/opportunities/{opportunity}/contacts": PERSONALIZING,
    "DELETE /api/opportunities/{opportunity}/contacts/{contact}": PERSONALIZING,
    "POST /api/opportunities/{opportunity}/custom_fields": PERSONALIZING,
    "POST /api/opportunities/{opportunity}/notes": ALL,
    "POST /api/opportunities/{opportunity}/personalization": PERSONALIZING,
    "POST /api/opportunities/{opportunity}/tags": ALL,
    "POST /api/automations/{automation}/launch": MEMBERS,
    "PUT /api/opportunities/{id}": MEMBERS,
    "POST /api/metric_filter_templates": INSPECTING,
    "PUT /api/metric_filter_templates/{id}": INSPECTING,
    "DELETE /api/metric_filter_templates/{id}": INSPECTING,
    "POST /api/tasks": ALL,
    "POST /api/unsubscribe": ALL,
}
# What somebody without a project gets where others get a 200: what he cannot see is not there, as a part of the path or
# in the body.
HIDDEN = re.compile(r"/api/(campaigns|opportunities|contacts)/\{")
NEEDS_PROJECT = {"POST /api/campaigns/backlink", "POST /api/campaigns/discovery", "POST /api/campaigns/import",
                 "POST /api/opportunities", "POST /api/tasks"}


def kind_of(caller):
    if caller is None:
        return None
    if caller["read_only"]:
        return READER
    if caller["role"] == USER and not caller["projects"]:
        return STRANGER
    return caller["role"]


def expected(name, reads, kind):
    """The status that this kind of caller has to get at least once."""
    if kind == READER:
        return 200 if reads else 403
    if not reads and kind not in WRITERS[name]:
        return 403
    if kind == STRANGER and HIDDEN.search(name):
        return 404
    return 400 if kind == STRANGER and name in NEEDS_PROJECT else 200


def type_of(schema):
    kinds = schema.get("type", [])
    return [kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if kind != "null"]


class MatrixTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.document, exchanges = document_test.load_transcript()
        cls.operations = {f"{method} {path}": operation for method, path, operation in cls.document.operations()
                          if "x-overture" not in operation}
        cls.met = {name: [] for name in cls.operations}
        for exchange in exchanges:
            found = cls.document.find(exchange["method"], exchange["target"])
            name = f"{ {'PATCH': 'PUT'}.get(exchange['method'], exchange['method']) } {found[0]}" if found else None
            if name in cls.met:
                cls.met[name].append(exchange)

    def assert_nothing(self, missing):
        self.assertFalse(missing, f"{len(missing)} are missing or wrong:\n" + "\n".join(sorted(missing)))

    def each(self):
        for name, operation in self.operations.items():
            yield name, operation, name.startswith("GET "), "security" in operation, self.met[name]

    def test_all_operations_are_known(self):
        self.assertEqual(len(self.operations), DOCUMENTED)
        writing = {name for name, _, reads, is_open, _ in self.each() if not reads and not is_open}
        self.assertEqual(writing, set(WRITERS))

    def test_each_role(self):
        missing = []
        for name, _, reads, is_open, met in self.each():
            if is_open:
                continue
            for kind in KINDS:
                wanted = expected(name, reads, kind)
                got = {exchange["status"]: exchange for exchange in met if kind_of(exchange["caller"]) == kind}
                if wanted not in got:
                    missing.append(f"{name}: no {wanted} for {kind}")
                if wanted != 200 and 200 in got:
                    missing.append(f"{name}: a 200 for {kind}, {got[200]['scenario']}:{got[200]['line']}")
            if not any(exchange["status"] == 401 and exchange["caller"] is None for exchange in met):
                missing.append(f"{name}: no 401 without a token")
        self.assert_nothing(missing)

    def test_missing_objects_and_those_of_others(self):
        missing = []
        for name, _, _, _, met in self.each():
            if "{" not in name:
                continue
            there = {}
            for exchange in met:
                if exchange["status"] == 200:
                    place = exchange["scenario"], exchange["target"].split("?")[0]
                    there.setdefault(place, set()).add(exchange["caller"]["account"])
            refused = [(exchange, there.get((exchange["scenario"], exchange["target"].split("?")[0])))
                       for exchange in met if exchange["status"] == 404 and exchange["caller"]]
            if not any(owners and exchange["caller"]["account"] not in owners for exchange, owners in refused):
                missing.append(f"{name}: no 404 for another account's object")
            # One text for each part of the path.
            texts = {json.loads(exchange["answer"])["message"] for exchange, owners in refused if not owners}
            if len(texts) < name.count("{"):
                missing.append(f"{name}: no 404 for each missing object, only {sorted(texts)}")
        self.assert_nothing(missing)

    def test_each_kind_of_bad_input(self):
        missing = []
        for name, operation, _, _, met in self.each():
            answers = [json.loads(exchange["answer"]) for exchange in met if exchange["status"] == 400]
            codes = {answer["code"] for answer in answers}
            fields = {error["field"] for answer in answers for error in answer.get("errors", [])}
            wanted, wrong = set(), set()
            schema = self.document.body_schema(operation)
            if schema is not None:
                wanted.add("invalid_json")
                wrong.add("body")
                wrong.update(schema["properties"])
                if "required" in schema or "anyOf" in schema:
                    wanted.add("missing_parameters")
            for made in self.document.parameters(operation, "query"):
                if made["name"] == "q":
                    wanted.add("invalid_query")
                if made.get("required"):
                    wanted.add("missing_parameters")
                if type_of(made["schema"])[0] in ("integer", "boolean", "array") and made["name"] not in ("page", "limit"):
                    wrong.add(made["name"])
            missing += [f"{name}: no {code}" for code in wanted - codes]
            missing += [f"{name}: no wrong {field}" for field in wrong
                        if not any(re.match(rf"{re.escape(field)}(\W|$)", each) for each in fields)]
        self.assert_nothing(missing)

    def test_each_succeeds(self):
        self.assert_nothing([name for name, _, _, _, met in self.each() if all(e["status"] != 200 for e in met)])
        print(f"{sum(map(len, self.met.values()))} exchanges with {len(self.operations)} operations, "
              f"{len(KINDS)} kinds of callers")


if __name__ == "__main__":
    unittest.main()
