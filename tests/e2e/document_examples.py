"""Chooses the examples of /swagger.json among the exchanges of the API scenarios.

For each operation the 200 that shows most: with a body, with items, with values that are there; of equal ones the
shortest. Only what fits the document counts (scenarios also send numbers as text). Long arrays are cut.
"""
import json
import re
import urllib.parse

MOST_ITEMS = 1
# What the transcript has in place of random tokens, and what stands for it here.
TOKEN = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJleHAiOm51bGx9.c2lnbmF0dXJl"
WORDS = {"key": TOKEN, "access_token": TOKEN, "refresh_token": TOKEN, "refesh_token": TOKEN,
         "client_id": "9f86d081884c7d65", "client_key": "2c26b46b68ffc68ff99b453c1d304134",
         "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "event_id": "msg_5f3759df0badcafe5f3759df0badcafe"}
LONGEST = 6000
# Right, but not what one would show first.
ODD = ('"body": {"refesh_token"', '"status": "error"', '<script')


def tidy(value):
    """Cut to a modest size, with stand-ins for secrets."""
    if isinstance(value, list):
        return [tidy(each) for each in value[:MOST_ITEMS]]
    if isinstance(value, dict):
        return {key: WORDS[key] if key in WORDS and isinstance(each, str) else tidy(each)
                for key, each in value.items()}
    return value


def shown(value):
    """How many values are there that say something."""
    if isinstance(value, dict):
        return sum(map(shown, value.values()))
    if isinstance(value, list):
        return sum(map(shown, value))
    return 0 if value in (None, "", 0, False) else 1


def parameters_of(document, path, operation, target):
    """The parts of the path and the query that the document knows."""
    pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path)
    parts = re.fullmatch(pattern, urllib.parse.unquote(target.split("?")[0]).rstrip("/")).groupdict()
    if not all(part.isdigit() for part in parts.values()):
        return None
    values = {name: int(part) for name, part in parts.items()}
    query = dict(urllib.parse.parse_qsl(target.partition("?")[2]))
    for made in document.parameters(operation, "query"):
        if made["name"] in query and made["name"] not in ("page", "limit", "cursor", "q"):
            value = query[made["name"]]
            kind = made["schema"]["type"]
            if kind == "boolean":
                value = value.lower() == "true"
            elif kind == "integer":
                if not value.isdigit():
                    return None
                value = int(value)
            elif kind == "array":
                if not all(part.isdigit() for part in value.split(",")):
                    return None
                value = [int(part) for part in value.split(",")]
            values[made["name"]] = value
    return values


def typed(schema, value):
    """Numbers and booleans may be sent as text; examples show them as they are."""
    kinds = schema.get("type", [])
    if isinstance(value, str) and "boolean" in kinds and value in ("true", "false"):
        return value == "true"
    return int(value) if isinstance(value, str) and "integer" in kinds and value.isdigit() else value


def candidate(document, exchange, path, operation):
    """What an exchange would show, or None when it is not fit to be shown."""
    made = {}
    parameters = parameters_of(document, path, operation, exchange["target"])
    if parameters is None or exchange["method"] == "PATCH":
        return None
    if parameters:
        made["parameters"] = parameters
    schema = document.body_schema(operation)
    if schema is not None:
        try:
            made["body"] = tidy(json.loads(exchange["body"]))
        except ValueError:
            return None
        if not isinstance(made["body"], dict):
            return None
        made["body"] = {key: typed(schema["properties"][key], value) for key, value in made["body"].items()
                        if key in schema["properties"]}
        if document.problem(schema, made["body"]):
            return None
    made["answer"] = tidy(json.loads(exchange["answer"]))
    if document.problem(document.answer_schema(operation, "200"), made["answer"]):
        return None
    return made


def make(document, met):
    best = {}
    for exchange, path, operation in met:
        if exchange["status"] != 200 or len(exchange["answer"]) > LONGEST * 100:
            continue
        made = candidate(document, exchange, path, operation)
        if made is None:
            continue
        text = json.dumps(made, ensure_ascii=False, sort_keys=True)
        told = exchange["scenario"] not in ("quirks.test", "everyone.test")
        plain = told and text.isascii() and not any(odd in text for odd in ODD)
        size = len(text)
        score = (plain and size < LONGEST, shown(made.get("body", {})) + shown(made["answer"]), -size, text)
        name = f"{exchange['method']} {path}"
        if name not in best or score > best[name][0]:
            best[name] = (score, made)
    return {name: best[name][1] for name in sorted(best)}


def write(examples):
    """One operation a line, so that differences can be read."""
    lines = [f"{json.dumps(name)}: {json.dumps(made, ensure_ascii=False)}" for name, made in examples.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"
