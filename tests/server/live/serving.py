"""`remit serve` as a process, and clients that say exactly what they are told: for tests of what no test inside of the process can do.

Each test is a program: `NAME REMIT [COUNT]`, which ends with a closing line `N passed, N failed`, and with 1 if anything failed.
"""

import hashlib
import json
import os
import pathlib
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback

TOKENS = {"root": "root-token-0123456789abcdefg", "agent": "agent-token-0123456789abcdef"}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """Its folder outlives the process, so that it can be started again on what another left."""

    def __init__(self, binary, policies, entities="[]", settings=(), callers=""):
        self.binary = str(pathlib.Path(binary).resolve())
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="remit-live-"))
        self.port = free_port()
        self.process = None
        self.settings = list(settings)
        (self.folder / "policies").mkdir()
        self.write_policies(policies)
        (self.folder / "entities.json").write_text(entities)
        tokens = "".join(f'[[callers.token]]\nsha256 = "{hashlib.sha256(token.encode()).hexdigest()}"\nid = "{name}"\n'
                         f'roles = ["{"admin" if name == "root" else name}"]\n' for name, token in TOKENS.items())
        (self.folder / "server.toml").write_text(tokens + callers)

    def write_policies(self, text):
        """In one step, as an editor saves."""
        (self.folder / "new").write_text(text)
        os.rename(self.folder / "new", self.folder / "policies" / "p.remit")

    def start(self, wait=True):
        """The audit log is on unless the settings say otherwise."""
        words = [self.binary, "serve", "--config", "server.toml", "--policies", "policies", "--entities", "entities.json", "--audit-folder", "audit",
                 "--listen", f"127.0.0.1:{self.port}", "--unix", "s", "--log-level", "error", *self.settings]
        self.log = open(self.folder / "log", "ab")
        self.process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, cwd=self.folder)
        if wait:
            self.wait_ready()
        return self

    def wait_ready(self):
        end = time.monotonic() + 60
        while time.monotonic() < end and self.process.poll() is None:
            try:
                with socket.create_connection(("127.0.0.1", self.port), 1):
                    return
            except OSError:
                time.sleep(0.02)
        raise RuntimeError(f"the server did not start: {(self.folder / 'log').read_text()[-2000:]}")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        """By SIGTERM; what it ends with."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(60)
        self.log.close()
        return code

    def remove(self):
        if self.process is not None and self.process.poll() is None:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def resident_kb(self):
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
        return 0

    def connect(self, timeout=20):
        return Client(socket.create_connection(("127.0.0.1", self.port), timeout))

    def connect_unix(self):
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(20)
        connection.connect(str(self.folder / "s"))
        return Client(connection)

    def run(self, *words, seconds=120):
        """Another verb of the command; what it printed. Fails as it does."""
        done = subprocess.run([self.binary, *words], cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=seconds)
        if done.returncode != 0:
            raise RuntimeError(f"remit {' '.join(words)} ended with {done.returncode}: {done.stdout[-500:]}{done.stderr[-500:]}")
        return done.stdout

    def verify_log(self, seconds=120):
        self.run("audit", "verify", "audit", "--key", "audit/log.key", seconds=seconds)

    def records(self, kind="decision"):
        return [json.loads(line) for line in self.run("audit", "query", "audit", "--kind", kind, "--format", "json").splitlines()]


def request(method, path, body=b"", token=None, headers=""):
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    credential = f"Authorization: Bearer {token}\r\n" if token else ""
    return f"{method} {path} HTTP/1.1\r\nHost: h\r\n{credential}{headers}Content-Length: {len(body)}\r\n\r\n".encode() + body


class Ended(Exception):
    """The other end closed the connection, or nothing came in time."""


class Client:
    def __init__(self, connection):
        self.connection = connection
        self.buffer = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()

    def send(self, data):
        self.connection.sendall(data)

    def _fill(self):
        try:
            data = self.connection.recv(1 << 16)
        except OSError as error:
            raise Ended(str(error)) from error
        if not data:
            raise Ended("closed")
        self.buffer += data

    def receive(self):
        """Status and body."""
        while b"\r\n\r\n" not in self.buffer:
            self._fill()
        head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        size = 0
        for line in head.split(b"\r\n")[1:]:
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                size = int(value)
        while len(self.buffer) < size:
            self._fill()
        body, self.buffer = self.buffer[:size], self.buffer[size:]
        return int(head.split(b" ")[1]), body

    def ask(self, data):
        self.send(data)
        return self.receive()

    def json(self, method, path, body=b"", token=None):
        status, text = self.ask(request(method, path, body, token))
        return status, json.loads(text) if text else None


def raise_descriptor_limit():
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def main(tests):
    """Runs each `test(binary, count)`; `NAME REMIT [COUNT]`."""
    if len(sys.argv) < 2:
        sys.exit(f"usage: {sys.argv[0]} REMIT [COUNT]")
    count = int(sys.argv[2]) if len(sys.argv) > 2 else None
    passed = failed = 0
    for test in tests:
        begin = time.monotonic()
        try:
            said = test(sys.argv[1], count)
            passed += 1
            print(f"ok      {test.__name__} ({time.monotonic() - begin:.1f} s){': ' + said if said else ''}", flush=True)
        except Exception:  # noqa: BLE001
            failed += 1
            print(f"FAILED  {test.__name__}", flush=True)
            traceback.print_exc(file=sys.stdout)
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)
