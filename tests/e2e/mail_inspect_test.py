"""`overture mail inspect` as people run it: a line of JSON for each mail, whatever is wrong with the others, and no database.

With libsisimai-perl installed, another reader of bounces is asked about the same samples.

Run: OVERTURE_PROGRAM=build/release/overture python3 tests/e2e/mail_inspect_test.py
"""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("OVERTURE_PROGRAM") or str(ROOT / "build/dev/overture")
SAMPLES = ROOT / "tests/mail"
KEYS = ["file", "class", "recipient", "status", "hard", "reason", "message_id", "text"]
# What the other reader says when it does not know the cause: nothing to agree with.
NO_OPINION = {"filtered", "onhold", "undefined"}
ORACLE = """use Sisimai; use JSON::PP;
for my $file (@ARGV) {
  my $all = eval { Sisimai->make($file) } || [];
  print JSON::PP->new->utf8->encode([map { {recipient => lc $_->recipient->address, reason => $_->reason,
                                            soft => 0 + $_->softbounce} } @$all]), "\\n";
}"""


def inspect(*arguments, directory, stdin=b""):
    return subprocess.run([PROGRAM, "mail", "inspect", *map(str, arguments)], cwd=directory, input=stdin,
                          capture_output=True, timeout=120)


def has_oracle():
    if not shutil.which("perl"):
        return False
    return subprocess.run(["perl", "-MSisimai", "-MJSON::PP", "-e", "1"], capture_output=True, timeout=60).returncode == 0


class MailInspectTest(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.directory = pathlib.Path(holder.name)

    def test_a_line_for_each_mail(self):
        expected = [json.loads(line) for line in (SAMPLES / "expectations.jsonl").read_text("utf-8").splitlines()]
        files = [SAMPLES / row["file"] for row in expected]
        run = inspect("--unsubscribe", "anywhere", *files, directory=self.directory)
        self.assertEqual((run.returncode, run.stderr), (0, b""))
        lines = run.stdout.decode().splitlines()
        self.assertEqual(len(lines), len(files))
        for row, file, line in zip(expected, files, lines):
            found = json.loads(line)
            self.assertEqual(list(found), KEYS)
            self.assertEqual(found["file"], str(file))
            for key, value in row.items():
                if key != "file":
                    self.assertEqual(found[key], value, f"{file} {key}")
            if row["class"] != "bounce":
                self.assertEqual([found[key] for key in ("recipient", "status", "hard", "reason")], [None] * 4)
        self.assertEqual(list(self.directory.iterdir()), [], "nothing is written")

    def test_standard_input_and_what_cannot_be_read(self):
        mail = (SAMPLES / "bounce/qmail-remote.eml").read_bytes()
        run = inspect("missing.eml", "-", self.directory, directory=self.directory, stdin=mail)
        self.assertEqual(run.returncode, 1)
        self.assertEqual(len(run.stderr.splitlines()), 2)
        self.assertIn(b"missing.eml", run.stderr)
        found = json.loads(run.stdout)
        self.assertEqual((found["file"], found["class"], found["hard"]), ("-", "bounce", True))

    def test_asked_wrongly(self):
        self.assertEqual(inspect(directory=self.directory).returncode, 2)
        self.assertEqual(inspect("--unsubscribe", "perhaps", "x", directory=self.directory).returncode, 2)

    def test_rules(self):
        short = b"From: Bob <bob@x.example>\nSubject: Re: Offer\n\nPlease unsubscribe me.\n"
        letter = short + b"We get more mails of this kind than we can read, and most are about nothing that we write about.\n" * 2
        for mail, rule, kind in ((short, "anywhere", "unsubscribe"), (short, "subject", "unsubscribe"), (short, "off", "human"),
                                 (letter, "anywhere", "unsubscribe"), (letter, "subject", "human"), (letter, "off", "human")):
            run = inspect("--unsubscribe", rule, "-", directory=self.directory, stdin=mail)
            self.assertEqual(json.loads(run.stdout)["class"], kind)
        run = inspect("--own", "bob@x.example", "-", directory=self.directory, stdin=mail)
        self.assertEqual(json.loads(run.stdout)["class"], "own_copy")

    @unittest.skipUnless(has_oracle(), "libsisimai-perl is not installed")
    def test_agrees_with_another_reader(self):
        files = sorted((SAMPLES / "bounce").glob("*.eml"))
        ours = [json.loads(line) for line in inspect(*files, directory=self.directory).stdout.splitlines()]
        run = subprocess.run(["perl", "-e", ORACLE, *map(str, files)], capture_output=True, timeout=300, check=True)
        named = same_recipient = judged = same_kind = 0
        for mine, line in zip(ours, run.stdout.splitlines()):
            theirs = json.loads(line)
            if not theirs:
                continue
            named += 1
            row = next((one for one in theirs if one["recipient"] == mine["recipient"]), None)
            same_recipient += row is not None
            if row is None or row["reason"] in NO_OPINION:
                continue
            judged += 1
            same_kind += (row["soft"] == 0) == mine["hard"]
        print(f"recipients {same_recipient} of {named}, hard or soft {same_kind} of {judged}", flush=True)
        self.assertGreaterEqual(named, 100)
        self.assertGreaterEqual(same_recipient, 0.95 * named)
        self.assertGreaterEqual(judged, 80)
        self.assertGreaterEqual(same_kind, 0.95 * judged)


if __name__ == "__main__":
    unittest.main()
