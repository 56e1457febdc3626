"""A TCP port in front of a server that can be shut, say nothing, or hold back what the server answers."""
import socket
import struct
import threading
import time


class Gate:
    """Connections pass until a test does something to them; `accepted` counts them, `held` says that an answer waits."""

    def __init__(self, target, delay=0.0):
        self.target, self.delay = target, delay
        self.accepted = 0
        self.held = threading.Event()
        self._answers_pass = threading.Event()
        self._answers_pass.set()
        self._hold_after = None
        self._silent = False
        self._open = set()
        self._lock = threading.Lock()
        self.port = 0
        self._listen()

    def _listen(self):
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def _accept(self, listener):
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            self.accepted += 1
            with self._lock:
                self._open.add(client)
            if not self._silent:
                threading.Thread(target=self._pass, args=(client,), daemon=True).start()

    def _pass(self, client):
        try:
            server = socket.create_connection(("127.0.0.1", self.target))
        except OSError:
            return client.close()
        with self._lock:
            self._open.add(server)
        holds = threading.Event()
        threading.Thread(target=self._copy, args=(server, client, lambda data: self._hold(holds)), daemon=True).start()
        seen = b""

        def look(data):
            nonlocal seen
            seen = (seen + data)[-1024:]
            if self._hold_after and seen.endswith(self._hold_after):
                holds.set()
        self._copy(client, server, look)

    def _hold(self, holds):
        if holds.is_set() and not self._answers_pass.is_set():
            self.held.set()
            self._answers_pass.wait()
        holds.clear()

    def _copy(self, source, target, look):
        try:
            while data := source.recv(1 << 16):
                time.sleep(self.delay)
                look(data)
                target.sendall(data)
        except OSError:
            pass
        for each in (source, target):
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def cut(self):
        """Resets every connection."""
        with self._lock:
            connections, self._open = self._open, set()
        for each in connections:
            try:
                each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                each.shutdown(socket.SHUT_RDWR)
                each.close()
            except OSError:
                pass

    def shut(self):
        """Nobody listens any more."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def be_silent(self):
        """Who connects from now on hears nothing."""
        self._silent = True
        self.cut()

    def hold_after(self, end):
        """Whatever the server answers to what ends with these bytes stays here."""
        self.held.clear()
        self._answers_pass.clear()
        self._hold_after = end

    def let_pass(self):
        """All is well again, and held answers go their way."""
        self._hold_after = None
        self._silent = False
        self._answers_pass.set()
        if self._listener.fileno() < 0:
            self._listen()
