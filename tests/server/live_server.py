"""A real `remit serve` for tests, and a client of it: nothing but Python's library."""
import hashlib
import http.client
import json
import pathlib
import shutil
import subprocess
import tempfile
import time

TOKENS = {"agent": "agent-token-0123456789abcdef", "lee": "lee-token-0123456789abcdefgh", "ops": "ops-token-0123456789abcdefgh", "root": "root-token-0123456789abcdefg"}
CALLERS = {"agent": ("Remit::Caller", "agent", ["agent"]), "lee": ("User", "lee", ["approver", "operator", "auditor"]), "ops": ("User", "ops", ["operator", "auditor"]),
           "root": ("Remit::Caller", "root", ["admin"])}


def check(condition, message):
    if not condition:
        raise AssertionError(message)


class Server:
    """Started with `start`, on a free port; what it keeps is in `folder`, until `remove`."""

    def __init__(self, remit, policies, schema=None, entities="[]", config=""):
        self.remit = str(pathlib.Path(remit).resolve())
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="remit-serve-"))
        self.process = None
        self.address = None
        (self.folder / "policies").mkdir()
        self.write("policies/p.remit", policies)
        self.write("entities.json", entities)
        self.arguments = ["--policies", "policies", "--entities", "entities.json", "--listen", "127.0.0.1:0"]
        if schema is not None:
            self.write("schema.cedarschema", schema)
            self.arguments += ["--schema", "schema.cedarschema", "--schema", "builtin:remit"]
        subprocess.run([self.remit, "keys", "generate", "-o", self.folder / "key.pem"], check=True, stdout=subprocess.DEVNULL)
        lines = ['signing-key = "key.pem"', config, '[audit]', 'folder = "audit"']
        for name, (kind, ident, roles) in CALLERS.items():
            lines += ["[[callers.token]]", f'sha256 = "{hashlib.sha256(TOKENS[name].encode()).hexdigest()}"', f'type = "{kind}"', f'id = "{ident}"',
                      f"roles = {json.dumps(roles)}"]
        self.write("server.toml", "\n".join(lines) + "\n")

    def write(self, name, text):
        (self.folder / name).write_text(text)

    def log(self):
        return (self.folder / "server.log").read_text()

    def start(self, *arguments, environment=None, prepare=None, by_project=False):
        """`prepare` is called in the new process, before it is the server. `by_project`: what it is told is in `remit.toml`."""
        told = [] if by_project else ["-c", "server.toml", *self.arguments]
        with open(self.folder / "server.log", "wb") as log:
            self.process = subprocess.Popen([self.remit, "serve", *told, *arguments], cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=log, env=environment, preexec_fn=prepare, restore_signals=prepare is None)
        for _ in range(300):
            for line in self.log().splitlines():
                if '"listening"' in line:
                    self.address = json.loads(line)["address"]
                    return self
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise AssertionError(f"the server did not start:\n{self.log()}")

    def stop(self):
        """Drains. The process is gone afterwards, and what it kept is there."""
        self.process.terminate()
        check(self.process.wait(timeout=30) == 0, f"the server did not stop cleanly:\n{self.log()}")

    def kill(self):
        self.process.kill()
        self.process.wait()

    def remove(self):
        if self.process is not None and self.process.poll() is None:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def exchange(self, method, path, body=None, who=None, headers=(), seconds=30):
        """Status, headers, text."""
        connection = http.client.HTTPConnection(self.address, timeout=seconds)
        all_headers = {"Content-Type": "application/json", **dict(headers)}
        if who is not None:
            all_headers["Authorization"] = f"Bearer {TOKENS[who]}"
        connection.request(method, path, None if body is None else json.dumps(body), all_headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, answer.headers, text

    def ask(self, method, path, body=None, who=None, headers=()):
        """The answer's JSON, which must be a success."""
        status, _, text = self.exchange(method, path, body, who, headers)
        check(status < 300, f"{method} {path}: {status} {text}")
        return json.loads(text)

    def decide(self, principal, action, resource, context=None, **more):
        uid = lambda pair: {"type": pair[0], "id": pair[1]}
        headers = more.pop("headers", ())
        request = {"principal": uid(principal), "action": {"type": "Action", "id": action}, "resource": uid(resource), "context": context or {}, **more}
        return self.ask("POST", "/v1/decide", request, headers=headers)

    def run(self, *arguments):
        return subprocess.run([self.remit, *map(str, arguments)], cwd=self.folder, check=False, capture_output=True, text=True)


def run_tests(tests):
    """Each a function; the first failure ends the run with its message."""
    for test in tests:
        began = time.monotonic()
        test()
        print(f"{test.__name__}: {time.monotonic() - began:.1f} s", flush=True)
