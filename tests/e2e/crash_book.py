"""The clients of the crash test, and their book: what they asked for, and what the server said it had done.

An answer that never came leaves its request in doubt: after the restart it must be there as a whole or not at all.
"""
import collections
import itertools
import random
import threading

from support import Wire

FIXED = ("id", "url", "name", "domain", "campaign", "project", "created_at", "contact_form_url", "workflow_status")


class Opportunity:
    def __init__(self, shown):
        self.fixed = {key: shown[key] for key in FIXED}
        self.contacts = {c["email"] for c in shown["contacts"]}
        self.tags = set()
        self.milestones = []
        self.fields = {}
        self.notes = set()
        # One client works on an opportunity, so at most one change of it is in doubt.
        self.doubt = None


class Batch:
    """Rows given to an import campaign. No two batches of a campaign have the same number of rows."""

    def __init__(self, rows, hosts, invalid):
        self.rows, self.hosts, self.invalid = rows, hosts, invalid
        self.acknowledged = False


class Book:
    def __init__(self, world):
        self.world = world
        self.lock = threading.Lock()
        self.serial = itertools.count(1)
        self.opportunities = {}
        self.touched = set()
        self.arrays = {}         # prefix of the hosts: how many
        self.singles = {}        # host: acknowledged
        self.campaigns = {}      # name: {"answer": …, "batches": {rows: Batch}}
        self.acknowledged = collections.Counter()

    def make_rows(self, rng, prefix, count, known_hosts=(), taken=()):
        """Rows of an import with some repeated and some broken ones."""
        while count in taken:
            count += 1
        hosts, rows, invalid = set(), [], 0
        earlier = list(known_hosts)
        for n in range(count):
            chance = rng.random()
            if chance < 0.02:
                rows.append({"url": "no address", "first_name": "x"})
                invalid += 1
                continue
            if chance < 0.08 and hosts:
                host = f"{prefix}-{rng.randrange(n)}.import.example"
            elif chance < 0.12 and earlier:
                host = rng.choice(earlier)
            else:
                host = f"{prefix}-{n}.import.example"
            hosts.add(host)
            rows.append({"url": f"https://{host}/page", "email": f"me@{host}", "first_name": f"N{n}"})
        return rows, Batch(count, hosts, invalid)


class Client(threading.Thread):
    """Writes until its connection breaks."""

    def __init__(self, book, port, seed, imports=True):
        super().__init__(daemon=True)
        self.book, self.port, self.rng = book, port, random.Random(seed)
        self.own = []            # opportunities only this client changes
        self.own_campaigns = []
        self.wrong = []
        self.choices = [self.add_one] * 4 + [self.add_array] * 3 + [self.note] * 3 + [self.tag] * 2 + \
            [self.contact] * 2 + [self.milestone] * 3 + [self.field] * 2
        if imports:
            self.choices += [self.create_import] * 2 + [self.add_to_import]

    def run(self):
        try:
            with Wire(self.port, self.book.world["key"]) as self.wire:
                while True:
                    self.rng.choice(self.choices)()
        except (OSError, ConnectionError):
            pass
        except Exception as error:  # the test fails with it, not the thread alone
            self.wrong.append(repr(error))

    def write(self, method, target, body, kind):
        status, answer = self.wire.call(method, target, body)
        if status != 200:
            self.wrong.append(f"{method} {target} {str(body)[:300]}: {status} {answer}")
            raise ConnectionError
        with self.book.lock:
            self.book.acknowledged[kind] += 1
        return answer

    def name(self, kind):
        return f"{kind}{next(self.book.serial)}"

    def keep(self, shown):
        made = Opportunity(shown)
        with self.book.lock:
            self.book.opportunities[shown["id"]] = made
            self.book.touched.add(shown["id"])
        self.own.append(shown["id"])

    def add_one(self):
        host = self.name("s") + ".single.example"
        self.book.singles[host] = False
        body = {"url": f"https://{host}/a?b=ü", "campaign": self.book.world["campaign"],
                "contacts": [f"a@{host}", {"email": f"b@{host}", "first_name": "Bé"}][:self.rng.randrange(3)],
                "personalization": {"first_name": host}}
        shown = self.write("POST", "/api/opportunities", body, "opportunity")
        self.book.singles[host] = True
        assert shown["url"] == body["url"], shown
        self.keep(shown)

    def add_array(self):
        prefix, count = self.name("a"), self.rng.randrange(2, 60)
        self.book.arrays[prefix] = count
        body = [{"url": f"https://{prefix}-{n}.array.example/", "campaign": self.book.world["campaign"],
                 "contacts": [f"x@{prefix}-{n}.array.example"]} for n in range(count)]
        for shown in self.write("POST", "/api/opportunities", body, "array"):
            self.keep(shown)

    def change(self, kind, path, method, body, doubt, settle):
        if not self.own:
            return
        number = self.rng.choice(self.own)
        target = self.book.opportunities[number]
        target.doubt = (kind, doubt)
        with self.book.lock:
            self.book.touched.add(number)
        self.write(method, f"/api/opportunities/{number}{path}", body, kind)
        target.doubt = None
        settle(target)

    def note(self):
        content = self.name("note ") + " – " + "x" * self.rng.randrange(200)
        self.change("note", "/notes", "POST", {"content": content}, content, lambda o: o.notes.add(content))

    def tag(self):
        tag = self.rng.choice(self.book.world["tags"])
        self.change("tag", "/tags", "POST", {"tag": tag}, tag, lambda o: o.tags.add(tag))

    def contact(self):
        email = self.name("c") + "@contact.example"
        self.change("contact", "/contacts", "POST", {"email": email}, email, lambda o: o.contacts.add(email))

    def milestone(self):
        milestone = self.rng.choice(self.book.world["milestones"])
        self.change("milestone", "", "PUT", {"milestone": milestone}, milestone,
                    lambda o: o.milestones.append(milestone))

    def field(self):
        field, value = self.rng.choice(self.book.world["fields"]), self.name("value ")
        self.change("field", "/custom_fields", "POST", {"custom_field": field, "value": value}, (field, value),
                    lambda o: o.fields.__setitem__(field, value))

    def create_import(self):
        name = self.name("import ")
        rows, batch = self.book.make_rows(self.rng, name.replace(" ", ""), self.rng.randrange(100, 3000))
        campaign = {"answer": None, "batches": {batch.rows: batch}}
        self.book.campaigns[name] = campaign
        campaign["answer"] = self.write("POST", "/api/campaigns/import", {
            "name": name, "project": self.book.world["project"], "import_json": rows}, "import campaign")
        batch.acknowledged = True
        self.own_campaigns.append(name)

    def add_to_import(self):
        if not self.own_campaigns:
            return
        name = self.rng.choice(self.own_campaigns)
        campaign = self.book.campaigns[name]
        known = set().union(*(b.hosts for b in campaign["batches"].values()))
        rows, batch = self.book.make_rows(self.rng, self.name("more"), self.rng.randrange(50, 1500), sorted(known),
                                          campaign["batches"])
        campaign["batches"][batch.rows] = batch
        self.write("POST", f"/api/campaigns/{campaign['answer']['id']}/import", {"import_json": rows}, "import rows")
        batch.acknowledged = True
