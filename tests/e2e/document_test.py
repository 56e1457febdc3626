"""/swagger.json is what the server does: every exchange of the API scenarios is held against it, and its examples are
taken from them.

OVERTURE_TRANSCRIPT names what the scenarios wrote (tests/support/api_transcript.hpp): the document of the program that
answered, then one exchange a line. With OVERTURE_UPDATE_GOLDENS=1 the examples are written anew.
"""
import json
import os
import pathlib
import re
import unittest
import urllib.parse

import document_examples
import jsonschema

# What the documentation of the original names, operation by operation: parameters and keys with their types ("number" is
# an integer here: all of them are ids, limits or counts), keys of the answer, costs, tag.
ORIGINAL = pathlib.Path(__file__).with_name("documented_api.json")
EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "src" / "api" / "openapi_examples.json"
MISSING = "missing_parameters"
# What is needed only beside another value, or within one, is said in words: a mail that is snoozed needs snooze_until,
# the personalization of an opportunity without address or contacts has to hold one, a provider's file its name.
IN_WORDS = {"PUT /api/inbound_emails/{id}", "POST /api/opportunities", "PUT /api/providers"}

formats = jsonschema.FormatChecker(formats=())


@formats.checks("date-time")
def is_date_time(value):
    return not isinstance(value, str) or re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", value) is not None


@formats.checks("date")
def is_date(value):
    return not isinstance(value, str) or re.fullmatch(r"\d{4}-\d\d-\d\d", value) is not None


@formats.checks("email")
def is_email(value):
    return not isinstance(value, str) or re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value) is not None


@formats.checks("uri")
def is_uri(value):
    return not isinstance(value, str) or bool(urllib.parse.urlsplit(value).netloc)


class Document:
    """The document with its references resolved once, so that validators can be kept."""

    def __init__(self, text):
        self.whole = json.loads(text)
        self.components = self.whole["components"]
        self.validators = {}
        self.places = []
        for path in self.whole["paths"]:
            pattern = re.sub(r"\\{\w+\\}", "([^/]+)", re.escape(path))
            self.places.append((path.count("{"), re.compile(pattern), path))
        self.places.sort(key=lambda place: place[0])

    def resolve(self, value):
        while "$ref" in value:
            place = self.whole
            for part in value["$ref"].removeprefix("#/").split("/"):
                place = place[part]
            value = place
        return value

    def operations(self):
        for path, methods in self.whole["paths"].items():
            for method, operation in methods.items():
                yield method.upper(), path, operation

    def find(self, method, target):
        """The path and operation that a request met; None for what is no operation."""
        asked = urllib.parse.unquote(target.split("?")[0]).rstrip("/")
        method = {"PATCH": "put"}.get(method, method.lower())
        for _, pattern, path in self.places:
            if pattern.fullmatch(asked) and method in self.whole["paths"][path]:
                return path, self.whole["paths"][path][method]
        return None

    def validator(self, schema):
        key = json.dumps(schema, sort_keys=True)
        if key not in self.validators:
            root = {**schema, "components": self.components}
            self.validators[key] = jsonschema.Draft202012Validator(root, format_checker=formats)
        return self.validators[key]

    def problem(self, schema, value):
        """The first thing that is wrong, or None."""
        for error in self.validator(schema).iter_errors(value):
            while error.context:
                error = min(error.context, key=lambda inner: len(inner.context))
            return f"{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}"
        return None

    def parameters(self, operation, place):
        return [made for made in map(self.resolve, operation.get("parameters", [])) if made["in"] == place]

    def body_schema(self, operation):
        body = operation.get("requestBody")
        return body["content"]["application/json"]["schema"] if body else None

    def answer_schema(self, operation, status):
        content = self.resolve(operation["responses"][status]).get("content")
        return content["application/json"]["schema"] if content else None


def load_transcript():
    """The document, and the exchanges: each of what is in the key once."""
    exchanges, known = [], set()
    with open(os.environ["OVERTURE_TRANSCRIPT"], encoding="utf-8", errors="replace") as file:
        document = Document(file.readline())
        for line in file:
            exchange = json.loads(line)
            exchange["scenario"] = pathlib.Path(exchange["scenario"]).name
            names = ("scenario", "caller", "method", "target", "body", "status", "headers", "answer")
            key = tuple(str(exchange[name]) for name in names)
            if key not in known:
                known.add(key)
                exchanges.append(exchange)
    return document, exchanges


def parsed(text):
    try:
        return json.loads(text) if text.strip() else {}
    except (ValueError, RecursionError):
        return None


def may_be_null(schema):
    return "null" in schema.get("type", [])


def lacks_what_is_needed(schema, body):
    """Whether a body should be refused for what it does not hold: missing, null and empty are the same."""
    if isinstance(body, list):
        return not body or any(lacks_what_is_needed(schema["items"], each) for each in body if isinstance(each, dict))

    def given(key):
        value = body.get(key)
        if value is None:
            return key in body and may_be_null(schema["properties"][key])
        if isinstance(value, list):
            known = schema["properties"].get(key, {})
            may_be_empty = "array" in known.get("type", []) and "minItems" not in known
            return may_be_empty or any(not isinstance(each, str) or each.strip() for each in value)
        return not (isinstance(value, str) and not value.strip())
    choices = [choice["required"][0] for choice in schema.get("anyOf", [])]
    return not all(map(given, schema.get("required", []))) or bool(choices) and not any(
        given(choice) and body[choice] is not None for choice in choices)


def holds_objects(body):
    """What is missing inside the elements of an array is not looked at here."""
    return isinstance(body, dict) and any(isinstance(value, list) and any(isinstance(each, dict) for each in value)
                                          for value in body.values())


class DocumentTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.document, cls.exchanges = load_transcript()

    def met(self):
        for exchange in self.exchanges:
            found = self.document.find(exchange["method"], exchange["target"])
            if found:
                yield exchange, *found

    def fail_with(self, problems):
        self.assertFalse(problems, f"{len(problems)} differences, the first of each operation:\n" + "\n".join(
            {problem.split(" -> ")[0]: problem for problem in reversed(problems)}.values()))

    def test_every_answer_is_documented(self):
        problems, seen = [], set()
        for exchange, path, operation in self.met():
            status = str(exchange["status"])
            where = f"{exchange['method']} {path} {status}"
            told = f"{where} -> {exchange['scenario']}:{exchange['line']}"
            if status not in operation["responses"]:
                problems.append(f"{told} has another status")
                continue
            headers = self.document.resolve(operation["responses"][status]).get("headers", {})
            if status == "200":
                problems += [f"{told} has the header {name}" for name in exchange["headers"] if name not in headers]
            schema = self.document.answer_schema(operation, status)
            if schema is None:
                if exchange["answer"]:
                    problems.append(f"{told} has a body")
                continue
            answer = json.loads(exchange["answer"])
            answers = [answer]
            if isinstance(answer, dict) and len(answer.get("items", [])) > 1:
                answers = [{**answer, "items": [item]} for item in answer["items"]]
            for each in answers:
                key = where + json.dumps({**each, "request_id": ""} if isinstance(each, dict) else each)
                if key in seen:
                    continue
                seen.add(key)
                problem = self.document.problem(schema, each)
                if problem:
                    problems.append(f"{told} {problem}")
        print(f"{len(self.exchanges)} exchanges, {len(seen)} different answers and items validated")
        self.fail_with(problems)

    def test_bodies_need_what_the_server_refuses_to_do_without(self):
        problems, refused = [], 0
        for exchange, path, operation in self.met():
            schema = self.document.body_schema(operation)
            body = parsed(exchange["body"])
            if schema is None or not isinstance(body, (dict, list)):
                continue
            lacks = lacks_what_is_needed(schema, body)
            told = f"{exchange['method']} {path} -> {exchange['scenario']}:{exchange['line']}"
            if exchange["status"] == 200 and lacks:
                problems.append(f"{told} was accepted without what the document requires")
            if exchange["status"] == 400 and json.loads(exchange["answer"]).get("code") == MISSING:
                refused += 1
                if not lacks and not holds_objects(body) and f"{exchange['method']} {path}" not in IN_WORDS:
                    problems.append(f"{told} was refused for something that the document does not require")
        print(f"{refused} refusals for what is missing")
        self.fail_with(problems)

    def test_every_operation_is_called(self):
        called = {(exchange["method"].lower(), path) for exchange, path, _ in self.met() if exchange["status"] == 200}
        missing = [f"{method} {path}" for method, path, _ in self.document.operations()
                   if (method.lower(), path) not in called]
        self.assertFalse(missing, "no scenario gets a 200 from these")

    def test_examples_are_what_the_scenarios_show(self):
        made = document_examples.make(self.document, list(self.met()))
        text = document_examples.write(made)
        if os.environ.get("OVERTURE_UPDATE_GOLDENS"):
            EXAMPLES.write_text(text, encoding="utf-8")
        self.assertEqual(EXAMPLES.read_text(encoding="utf-8"), text, "run ./dev goldens and look at what changed")

    def test_every_operation_has_examples(self):
        lacking = []
        for method, path, operation in self.document.operations():
            body, answer = operation.get("requestBody"), operation["responses"]["200"]
            places = [answer["content"]["application/json"]] + ([body["content"]["application/json"]] if body else [])
            places += [made for made in operation.get("parameters", []) if made.get("required")]
            for place in places:
                if "example" not in place:
                    lacking.append(f"{method} {path}")
                    continue
                problem = self.document.problem(place["schema"], place["example"])
                self.assertIsNone(problem, f"the example of {method} {path}")
        self.assertFalse(lacking, "no scenario shows an example of these (after ./dev goldens: build again)")

    def test_everything_of_the_original_is_there(self):
        problems = []

        def compare(told, wanted, found):
            for name, kind in wanted.items():
                types = found.get(name, {}).get("type", "nothing")
                if kind not in (types if isinstance(types, list) else [types]):
                    problems.append(f"{told} {name} is {types}, should be {kind}")

        for place, original in json.loads(ORIGINAL.read_text(encoding="utf-8")).items():
            method, path = place.split(" ")
            operation = self.document.whole["paths"][path][method.lower()]
            asked = {made["name"]: made["schema"] for made in self.document.parameters(operation, "query")}
            compare(f"{place} ->", original.get("query", {}), asked)
            body = self.document.body_schema(operation)
            compare(f"{place} -> body", original.get("body", {}), body["properties"] if body else {})
            answer = self.document.resolve(self.document.answer_schema(operation, "200"))
            missing = set(original["answer"]) - set(answer.get("required", []))
            if missing and "oneOf" not in answer:
                problems.append(f"{place} -> answer lacks {sorted(missing)}")
            costs = [operation["x-request-cost"] or None, operation.get("x-item-cost")]
            if costs[0] != original["cost"][0] or (costs[1] or None) != original["cost"][1]:
                problems.append(f"{place} -> costs {costs}")
            if operation["tags"] != [original["tag"]]:
                problems.append(f"{place} -> tags {operation['tags']}")
        self.fail_with(problems)

    def test_every_object_says_what_it_holds(self):
        open_ones = []

        def walk(value, place):
            if isinstance(value, list):
                for inner in value:
                    walk(inner, place)
            if not isinstance(value, dict):
                return
            kinds = value.get("type", [])
            if "object" in (kinds if isinstance(kinds, list) else [kinds]):
                if "properties" not in value and "additionalProperties" not in value:
                    open_ones.append(place)
            for key, inner in value.items():
                if key not in ("example", "enum"):
                    walk(inner, f"{place}/{key}")
        walk(self.document.components["schemas"], "schemas")
        for method, path, operation in self.document.operations():
            walk(operation["responses"]["200"], f"{method} {path}")
        self.assertFalse(open_ones)


if __name__ == "__main__":
    unittest.main()
