"""A test case with an account, a key, and a server when it asks for one."""
import unittest

from support import House


class Running(unittest.TestCase):
    def setUp(self):
        self.house = House()
        self.addCleanup(self.house.remove)
        self.house.run("account", "create", "acme")
        self.key = self.house.make_user("acme", "ada@acme.example")
        self.server = None

    def start(self, *arguments):
        self.server = self.house.start(*arguments)
        self.addCleanup(self.server.kill)
        return self.server

    def post(self, target, body):
        status, answer = self.server.call("POST", target, body, self.key)
        self.assertEqual(status, 200, answer)
        return answer

    def make_import(self, rows, padding=0):
        project = self.post("/api/projects", {"name": "p"})["id"]
        return self.post("/api/campaigns/import", {"name": "c", "project": project, "import_json": [
            {"url": f"https://r{n}.import.example/", "note": "x" * padding} for n in range(rows)]})["id"]

    def progress(self, campaign):
        return self.server.call("GET", f"/api/campaigns/{campaign}/progress", token=self.key)[1]
