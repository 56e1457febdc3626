"""What must hold after a crash: the book of the clients compared with the API and the database."""
import json


class Checks:
    """Of a TestCase with a dict `totals`."""

    maxDiff = 2000

    def check_opportunities(self, house, wire, book):
        numbers, book.touched = sorted(book.touched), set()
        world = book.world
        for start in range(0, len(numbers), 200):
            part = numbers[start:start + 200]
            ids = ",".join(map(str, part))
            status, page = wire.call("GET", f"/api/opportunities?id={ids}&limit=1000&include_contacts=true"
                                            "&group=with_fields_and_metrics")
            self.assertEqual(status, 200, page)
            shown = {item["id"]: item for item in page["items"]}
            self.assertEqual(sorted(shown), part, "acknowledged opportunities are there")
            notes, history = {}, {}
            for number, content in house.rows(f"SELECT opportunity_id, content FROM notes WHERE opportunity_id IN ({ids})"):
                notes.setdefault(int(number), []).append(content)
            for number, before, after in house.rows("SELECT opportunity_id, previous_id, new_id FROM milestone_history "
                                                    f"WHERE opportunity_id IN ({ids}) ORDER BY id"):
                history.setdefault(int(number), []).append((int(before), int(after)))
            for number in part:
                self.check_opportunity(book.opportunities[number], shown[number], notes.get(number, []),
                                       history.get(number, []), world)
                self.totals["opportunities compared"] += 1

    def check_opportunity(self, known, shown, notes, history, world):
        self.assertEqual({key: shown[key] for key in known.fixed}, known.fixed)
        seen = {
            "contact": {c["email"] for c in shown["contacts"]},
            "tag": {t["id"] for t in shown["tags"]},
            "field": {(f["custom_field"]["id"], f["value"]) for f in shown["custom_fields"]},
            "note": set(notes),
        }
        self.assertEqual(len(notes), len(seen["note"]), "no note twice")
        stands_at = shown["milestone"]["id"] if shown["milestone"] else 0
        self.assertEqual([b for b, _ in history], [0, *(a for _, a in history)][:len(history)], "history is a chain")
        self.assertEqual(stands_at, history[-1][1] if history else 0, "milestone and history agree")
        self.assertEqual(shown["milestone_date"] is not None, bool(history))

        kind, value = known.doubt or (None, None)
        known.doubt = None
        if kind == "field" and value in seen["field"]:
            known.fields[value[0]] = value[1]
        elif kind == "milestone" and stands_at == value:
            known.milestones.append(value)
        elif kind in ("contact", "tag", "note") and value in seen[kind]:
            {"contact": known.contacts, "tag": known.tags, "note": known.notes}[kind].add(value)
        self.assertEqual(seen, {"contact": known.contacts, "tag": known.tags, "field": set(known.fields.items()),
                                "note": known.notes})
        moves = [m for n, m in enumerate(known.milestones) if m != ([0] + known.milestones)[n]]
        self.assertEqual([a for _, a in history], moves)
        if moves:
            self.assertEqual(shown["milestone"]["name"], world["names"][moves[-1]])

    def check_whole_or_nothing(self, house, book):
        counts = {}
        for (url,) in house.rows("SELECT url FROM opportunities WHERE url LIKE '%.array.example/'"):
            prefix = url.split("//")[1].split("-")[0]
            counts[prefix] = counts.get(prefix, 0) + 1
        for prefix, sent in book.arrays.items():
            self.assertIn(counts.pop(prefix, 0), (0, sent), f"array {prefix} is half there")
        self.assertEqual(counts, {})
        hosts = [url.split("/")[2] for (url,) in
                 house.rows("SELECT url FROM opportunities WHERE url LIKE '%.single.example/%'")]
        self.assertEqual(len(hosts), len(set(hosts)), "no opportunity twice")
        self.assertLessEqual({host for host, sure in book.singles.items() if sure}, set(hosts))

    def check_imports_at_any_moment(self, house):
        """One statement, so one moment: what jobs say they created is what is there."""
        rows = house.rows(
            "SELECT 'there', campaign_id, count(*), '', 0, 0 FROM opportunities WHERE url LIKE '%.import.example%' "
            "GROUP BY campaign_id UNION ALL "
            "SELECT 'job', campaign_id, id, counts, done, total FROM jobs WHERE total > 1")
        there = {int(row[1]): int(row[2]) for row in rows if row[0] == "there"}
        created = {}
        for _, campaign, number, counts, done, total in (row for row in rows if row[0] == "job"):
            counts = json.loads(counts)
            self.assertEqual(sum(counts.values()), int(done), f"job {number}")
            self.assertLessEqual(int(done), int(total), f"job {number}")
            created[int(campaign)] = created.get(int(campaign), 0) + counts.get("created", 0)
        self.assertEqual(there, {campaign: n for campaign, n in created.items() if n})

    def check_imports_at_the_end(self, house, book):
        jobs = {}
        for name, total, done, state, counts in house.rows(
                "SELECT c.name, j.total, j.done, j.state, j.counts FROM campaigns c LEFT JOIN jobs j ON "
                "j.account_id = c.account_id AND j.campaign_id = c.id WHERE c.id > 2 OR j.total > 1"):
            self.assertTrue(state, f"campaign {name} exists without its import")
            self.assertEqual((state, int(done)), ("completed", int(total)), f"{name}: {counts}")
            self.assertNotIn(int(total), jobs.setdefault(name, {}), "no import twice")
            jobs[name][int(total)] = json.loads(counts)
        hosts = {}
        for name, host in house.rows("SELECT c.name, d.name FROM opportunities o JOIN campaigns c ON c.id = o.campaign_id "
                                     "JOIN domains d ON d.id = o.domain_id WHERE o.url LIKE '%.import.example%'"):
            hosts.setdefault(name, []).append(host)
        self.assertLessEqual(set(jobs), set(book.campaigns))
        for name, campaign in book.campaigns.items():
            done = jobs.get(name, {})
            sure = {rows for rows, batch in campaign["batches"].items() if batch.acknowledged}
            self.assertLessEqual(sure, set(done), f"acknowledged imports of {name} are there")
            self.assertLessEqual(set(done), set(campaign["batches"]))
            expected = set().union(*(campaign["batches"][rows].hosts for rows in done))
            found = hosts.pop(name, [])
            self.assertEqual((len(found), set(found)), (len(expected), expected), f"rows of {name}, each once")
            for rows, counts in done.items():
                self.assertEqual(counts.get("invalid", 0), campaign["batches"][rows].invalid)
                self.totals["imports compared"] += 1
                self.totals["import rows compared"] += rows
        self.assertEqual(hosts, {})
