"""/swagger.json as others see it: a linter, and a Postman user, who makes it a collection and runs that against a demo.

Each documented operation must answer 200 with a body of the form that the document gives. Needs node and npm; the
packages pinned in package-lock.json are kept in build/e2e-node.

Run: OVERTURE_PROGRAM=build/release/overture python3 tests/e2e/postman_test.py
"""
import json
import os
import pathlib
import shutil
import subprocess
import unittest

import jsonschema

from postman_requests import fill, prepare
from support import ROOT, House

HERE = pathlib.Path(__file__).resolve().parent
NODE = ROOT / "build/e2e-node"
TAGS = ["Auth", "Address Book", "Campaigns", "Emails", "Opportunities", "Projects", "Reports", "Metrics", "Tasks", "Tags",
        "Users", "Unsubscribe"]
DOCUMENTED = 52
LINTER_NEEDS = (20, 19)


def install():
    """npm ci, once for each package-lock.json."""
    lock = (HERE / "package-lock.json").read_bytes()
    stamp = NODE / "installed"
    if stamp.exists() and stamp.read_bytes() == lock:
        return
    shutil.rmtree(NODE, ignore_errors=True)
    NODE.mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, NODE / name)
    with open(NODE / "npm.log", "wb") as log:
        done = subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=NODE, stdout=log, stderr=log,
                              timeout=600)
    if done.returncode != 0:
        raise AssertionError(f"npm ci failed: {(NODE / 'npm.log').read_text()[-2000:]}")
    stamp.write_bytes(lock)


def tool(name, *arguments, status=0):
    # The linter is asked to keep to itself.
    environment = {**os.environ, "REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
    result = subprocess.run([str(NODE / "node_modules/.bin" / name), *map(str, arguments)], cwd=NODE, capture_output=True,
                            text=True, timeout=180, env=environment)
    if status is not None and result.returncode != status:
        raise AssertionError(f"{name} ended with {result.returncode}: {result.stdout[-3000:]}{result.stderr[-3000:]}")
    return result


def requests_in(item):
    """The requests below a folder, in order."""
    if "request" in item:
        yield item
    for inner in item.get("item", []):
        yield from requests_in(inner)


def path_of(request):
    """`/api/tags/{id}` for what the collection calls api, tags, :id."""
    return "/" + "/".join("{" + part[1:] + "}" if part.startswith(":") else part for part in request["url"]["path"])


@unittest.skipUnless(shutil.which("node") and shutil.which("npm"), "there is no node with npm")
class Postman(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        install()
        cls.house = House()
        cls.addClassCleanup(cls.house.remove)
        cls.server = cls.house.start("--demo")
        cls.addClassCleanup(cls.server.kill)
        cls.document = cls.server.call("GET", "/swagger.json")[1]
        (cls.house.directory / "swagger.json").write_text(json.dumps(cls.document))
        tool("openapi2postmanv2", "-s", cls.house.directory / "swagger.json", "-o", cls.house.directory / "made.json", "-O",
             "folderStrategy=Tags,includeDeprecated=true,enableOptionalParameters=false")
        cls.collection = json.loads((cls.house.directory / "made.json").read_text())
        cls.operations = {(method.upper(), path): operation for path, methods in cls.document["paths"].items()
                          for method, operation in methods.items()}
        cls.documented = {key for key, operation in cls.operations.items() if "x-overture" not in operation}

    def test_the_linter_finds_nothing(self):
        version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
        if tuple(map(int, version.strip("v\n").split(".")[:2])) < LINTER_NEEDS:
            self.skipTest(f"the linter needs a newer node than {version.strip()}")
        report = tool("redocly", "lint", self.house.directory / "swagger.json", "--format", "json")
        totals = json.loads(report.stdout)["totals"]
        self.assertEqual((totals["errors"], totals["warnings"]), (0, 0), report.stdout[:3000])

    def test_folders_are_the_tags(self):
        folders = [folder["name"] for folder in self.collection["item"]]
        self.assertEqual(folders, [tag["name"] for tag in self.document["tags"]])
        self.assertEqual(folders[:len(TAGS)], TAGS)
        for folder in self.collection["item"]:
            for item in requests_in(folder):
                key = item["request"]["method"], path_of(item["request"])
                self.assertEqual(self.operations[key]["tags"], [folder["name"]], key)
                self.assertEqual(item["name"], self.operations[key]["summary"])

    def test_each_documented_operation_answers_as_documented(self):
        self.assertEqual(len(self.documented), DOCUMENTED)
        made = {(item["request"]["method"], path_of(item["request"])): item
                for folder in self.collection["item"] for item in requests_in(folder)}
        self.assertEqual(set(made), set(self.operations), "a request for each operation")
        world = prepare(self.server)
        order = sorted(self.documented, key=lambda key: key[0] == "DELETE")  # what is needed goes last
        run = {"info": self.collection["info"], "auth": self.collection["auth"],
               "variable": [{"key": "baseUrl", "value": f"http://127.0.0.1:{self.server.port}"},
                            {"key": "bearerToken", "value": world["token"]}],
               "item": [fill(made[key], key, world) for key in order]}
        (self.house.directory / "run.json").write_text(json.dumps(run))
        report = self.house.directory / "report.json"
        tool("newman", "run", self.house.directory / "run.json", "--reporters", "json", "--reporter-json-export", report,
             "--timeout-request", "20000", status=None)
        executions = json.loads(report.read_text())["run"]["executions"]
        self.assertEqual([execution["item"]["name"] for execution in executions], [item["name"] for item in run["item"]])
        good = 0
        for key, execution in zip(order, executions):
            with self.subTest(operation=" ".join(key)):
                self.assertNotIn("requestError", execution)
                response = execution["response"]
                text = bytes(response["stream"]["data"]).decode()
                self.assertEqual(response["code"], 200, text)
                schema = self.operations[key]["responses"]["200"]["content"]["application/json"]["schema"]
                # References in a schema begin at the root of the document.
                form = jsonschema.Draft202012Validator({**schema, "components": self.document["components"]})
                problems = [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}"
                            for error in form.iter_errors(json.loads(text))]
                self.assertEqual(problems, [], text[:1000])
                good += 1
        print(f"postman: {good} of {len(order)} documented operations answered as documented, {len(made)} in the collection")


if __name__ == "__main__":
    unittest.main(verbosity=1)
