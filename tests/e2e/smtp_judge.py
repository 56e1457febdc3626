"""A mail server on loopback that misbehaves by a seed and writes down what it truly took.

One JSON line a message: {"id": Message-ID, "to", "verdict", "from"}. Taken: accepted, accepted_noreply (the connection
ends before the reply), accepted_late (the reply comes after the client has given up). Not taken: soft_rcpt, hard_rcpt,
soft_dot, hard_dot, dropped_mid_data, busy. With a maildir, what was taken is also filed there, as providers do.

usage: smtp_judge.py PORT_FILE LEDGER SEED [MAILDIR OWNER_UID] [name=probability ...]
"""
import asyncio
import json
import os
import pathlib
import random
import re
import signal
import sys
import time

FAULTS = ("soft_rcpt", "hard_rcpt", "soft_dot", "hard_dot", "noreply", "late", "mid_data", "busy")


class Judge:
    def __init__(self, ledger, seed, maildir, owner, chances):
        self.ledger = open(ledger, "a", buffering=1, encoding="utf-8")
        self.random = random.Random(seed)
        self.maildir = pathlib.Path(maildir) if maildir else None
        self.owner = owner
        self.chances = chances
        self.filed = 0

    def happens(self, name):
        return self.random.random() < self.chances.get(name, 0)

    def write(self, verdict, sender, recipient, raw=b""):
        found = re.search(rb"(?im)^Message-ID:\s*<([^>]+)>", raw)
        self.ledger.write(json.dumps({"id": found[1].decode() if found else None, "to": recipient, "from": sender,
                                      "verdict": verdict}) + "\n")

    def file(self, raw):
        if self.maildir is None:
            return
        self.filed += 1
        name = f"{time.time_ns()}.{os.getpid()}_{self.filed}.judge"
        for part in ("tmp", "new", "cur"):
            (self.maildir / part).mkdir(parents=True, exist_ok=True)
        path = self.maildir / "tmp" / name
        path.write_bytes(raw.replace(b"\r\n", b"\n"))
        os.chown(path, self.owner, -1)
        path.rename(self.maildir / "cur" / (name + ":2,S"))

    async def serve(self, reader, writer):
        async def say(text):
            writer.write(text.encode() + b"\r\n")
            await writer.drain()
        try:
            if self.happens("busy"):
                self.write("busy", "", "")
                return await say("421 4.3.2 Service busy, try again later")
            await say("220 judge.test ESMTP")
            await self.converse(reader, writer, say)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.TimeoutError):
            pass
        finally:
            writer.close()

    async def converse(self, reader, writer, say):
        sender = recipient = ""
        while True:
            line = (await asyncio.wait_for(reader.readline(), 300)).decode("utf-8", "replace").strip()
            verb = line.split(" ")[0].upper()
            if not line or verb == "QUIT":
                return await say("221 2.0.0 Bye")
            if verb in ("EHLO", "HELO"):
                await say("250-judge.test\r\n250-8BITMIME\r\n250-AUTH PLAIN\r\n250-SIZE 26214400\r\n250 ENHANCEDSTATUSCODES")
            elif verb == "AUTH":
                if len(line.split(" ")) < 3:
                    await say("334 ")
                    await reader.readline()
                await say("235 2.7.0 Welcome")
            elif verb == "MAIL":
                sender = line[line.find("<") + 1:line.rfind(">")]
                await say("250 2.1.0 Ok")
            elif verb == "RCPT":
                recipient = line[line.find("<") + 1:line.rfind(">")]
                if self.happens("soft_rcpt"):
                    self.write("soft_rcpt", sender, recipient)
                    await say("450 4.2.0 Greylisted, try again later")
                elif self.happens("hard_rcpt"):
                    self.write("hard_rcpt", sender, recipient)
                    await say("550 5.1.1 No such user here")
                else:
                    await say("250 2.1.5 Ok")
            elif verb == "DATA":
                await say("354 End data with <CR><LF>.<CR><LF>")
                if not await self.take(reader, sender, recipient, say, writer):
                    return
            elif verb == "RSET":
                await say("250 2.0.0 Ok")
            else:
                await say("250 2.0.0 Ok")

    async def take(self, reader, sender, recipient, say, writer):
        """False when the connection is over."""
        drops = self.happens("mid_data")
        raw = b""
        while True:
            line = await reader.readline()
            if not line:
                return False
            if drops:
                self.write("dropped_mid_data", sender, recipient, raw)
                writer.transport.abort()
                return False
            if line == b".\r\n":
                break
            raw += line[1:] if line.startswith(b".") else line
        if self.happens("soft_dot"):
            self.write("soft_dot", sender, recipient, raw)
            await say("451 4.3.0 Try again later")
        elif self.happens("hard_dot"):
            self.write("hard_dot", sender, recipient, raw)
            await say("554 5.6.0 Message refused")
        elif self.happens("noreply"):
            self.write("accepted_noreply", sender, recipient, raw)
            self.file(raw)
            writer.transport.abort()
            return False
        else:
            late = self.happens("late")
            self.write("accepted_late" if late else "accepted", sender, recipient, raw)
            self.file(raw)
            if late:
                await asyncio.sleep(3)
            await say("250 2.0.0 Ok: taken")
        return True


async def main():
    port_file, ledger, seed = sys.argv[1], sys.argv[2], int(sys.argv[3])
    rest = [word for word in sys.argv[4:] if "=" not in word]
    chances = {name: float(value) for name, value in (word.split("=") for word in sys.argv[4:] if "=" in word)}
    assert set(chances) <= set(FAULTS), chances
    judge = Judge(ledger, seed, rest[0] if rest else None, int(rest[1]) if len(rest) > 1 else os.getuid(), chances)
    server = await asyncio.start_server(judge.serve, "127.0.0.1", 0, limit=1 << 20)
    part = pathlib.Path(port_file + ".part")
    part.write_text(str(server.sockets[0].getsockname()[1]))
    part.rename(port_file)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await stop.wait()


asyncio.run(main())
