"""The servers that are measured: how each is had, started, asked and stopped.

What a peer needs comes from its registry in a fixed version, under build/peers; one that cannot be had is left out with a message. Every server gets both
processors, and every one decides, or seems to decide, the same requests.
"""

import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import time

import workload

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = ROOT / "bench" / "server"
PEERS = ROOT / "build" / "peers"


class Missing(Exception):
    """What a server needs is not on this machine."""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def command(*words, **options):
    try:
        subprocess.run([str(w) for w in words], check=True, stdin=subprocess.DEVNULL, stdout=sys.stderr, **options)
    except (OSError, subprocess.CalledProcessError) as error:
        raise Missing(str(error)) from error


class Server:
    """One process, and those that it starts."""

    name = ""
    path = "/access/v1/evaluation"
    body = staticmethod(workload.evaluation)
    ready = None  # a path that says 200 once it serves; without one a connection is enough

    def __init__(self, folder):
        self.folder = folder / self.name.replace(" ", "-")
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.port = free_port()
        self.process = None

    def arguments(self):
        raise NotImplementedError

    def start(self):
        log = open(self.folder / "log", "wb")
        self.process = subprocess.Popen([str(a) for a in self.arguments()], stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder)
        end = time.monotonic() + 30
        while time.monotonic() < end:
            if self.process.poll() is not None:
                break
            if self.is_ready():
                return self
            time.sleep(0.05)
        self.stop()
        raise Missing(f"{self.name} did not start: {(self.folder / 'log').read_text()[-600:]}")

    def is_ready(self):
        try:
            if self.ready is None:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return True
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=1)
            connection.request("GET", self.ready)
            return connection.getresponse().status == 200
        except OSError:
            return False

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def pids(self):
        """Of the process and of its children."""
        found = [self.process.pid]
        for pid in found:
            for task in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
                found += [int(child) for child in task.read_text().split()]
        return found

    def cpu_seconds(self):
        ticks = 0
        for pid in self.pids():
            fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def is_right(self, answer, is_permitted, reason):
        """Whether this is the answer: what was decided and, where a server says it, by which rule."""
        raise NotImplementedError


class Remit(Server):
    """`remit serve` with an audit log; answers leave when their record is on disk, or at most 2 ms before."""

    name = "remit"
    ready = "/readyz"
    waits = False

    def arguments(self):
        binary = pathlib.Path(os.environ.get("REMIT_BINARY", ROOT / "build" / "release" / "tools" / "remit" / "remit"))
        if not binary.exists():
            raise Missing("build it first: ./dev build release remit")
        (self.folder / "policies.remit").write_text(workload.cedar())
        (self.folder / "schema.cedarschema").write_text(workload.schema())
        return [binary, "serve", "--policies", "policies.remit", "--schema", "schema.cedarschema", "--audit-folder", "audit",
                f"--audit-wait={'true' if self.waits else 'false'}", "--listen", f"127.0.0.1:{self.port}", "--log-level", "error"]

    def is_right(self, answer, is_permitted, reason):
        return answer["decision"] == is_permitted and answer["context"]["reasons"] == ([reason] if reason else [])


class RemitWaiting(Remit):
    name = "remit, waiting"
    waits = True


class Minimal(Remit):
    """What it costs at least: bench/server/minimal."""

    name = "minimal"
    ready = None

    def arguments(self):
        binary = ROOT / "build" / "release" / "bench" / "server_minimal"
        if not binary.exists():
            raise Missing("build it first: ./dev build release server_minimal")
        return [binary, self.port, os.cpu_count()]


class Nginx(Server):
    """A static 200 with as many bytes as ours has."""

    name = "nginx"

    def arguments(self):
        binary = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")
        if binary is None:
            raise Missing("nginx is not installed")
        body = '{"decision":true,"context":{"outcome":"execute","reasons":["t0-d0"],"evaluation_id":"' + "0" * 32 + '"}}'
        (self.folder / "nginx.conf").write_text(f"""worker_processes {os.cpu_count()};
pid {self.folder}/pid; error_log {self.folder}/error.log crit; daemon off;
events {{ worker_connections 4096; }}
http {{
  access_log off; keepalive_requests 1000000000; server_tokens off; default_type application/json;
  client_body_temp_path {self.folder}/t1; proxy_temp_path {self.folder}/t2; fastcgi_temp_path {self.folder}/t3;
  uwsgi_temp_path {self.folder}/t4; scgi_temp_path {self.folder}/t5;
  server {{ listen 127.0.0.1:{self.port} reuseport backlog=4096; location / {{ return 200 '{body}'; }} }}
}}
""")
        return [binary, "-c", self.folder / "nginx.conf", "-p", self.folder]

    def is_right(self, answer, is_permitted, reason):
        return "decision" in answer


class Opa(Server):
    name = "opa"
    path = "/v1/data/bench"
    ready = "/health"
    body = staticmethod(workload.opa_input)

    def arguments(self):
        if not shutil.which("go"):
            raise Missing("go is not installed")
        binary = PEERS / "opa"
        if not binary.exists():
            command("go", "install", "github.com/open-policy-agent/opa@v1.22.2", env={**os.environ, "GOBIN": str(PEERS)})
        (self.folder / "bench.rego").write_text(workload.rego())
        return [binary, "run", "--server", "--addr", f"127.0.0.1:{self.port}", "--log-level", "error", "--disable-telemetry", "bench.rego"]

    def is_right(self, answer, is_permitted, reason):
        result = answer["result"]
        return result["allow"] == is_permitted and result["reasons"] == ([reason] if reason else [])


class Cerbos(Server):
    """Says what it decided, not why."""

    name = "cerbos"
    path = "/api/check/resources"
    ready = "/_cerbos/health"
    body = staticmethod(workload.cerbos_check)

    def arguments(self):
        folder = PEERS / "cerbos-npm"
        binary = folder / "node_modules" / "@cerbos" / "cerbos-linux-x64" / "cerbos-linux-x64"
        if not binary.exists():
            if not shutil.which("npm"):
                raise Missing("npm is not installed")
            folder.mkdir(parents=True, exist_ok=True)
            for name in ("package.json", "package-lock.json"):
                shutil.copy(ROOT / "bench" / "peers" / "cerbos" / name, folder / name)
            command("npm", "ci", "--no-audit", "--no-fund", "--loglevel=error", cwd=folder)
        (self.folder / "policies").mkdir()
        (self.folder / "policies" / "order.yaml").write_text(workload.cerbos())
        return [binary, "server", "--set=storage.driver=disk", "--set=storage.disk.directory=policies",
                f"--set=server.httpListenAddr=127.0.0.1:{self.port}", f"--set=server.grpcListenAddr=127.0.0.1:{free_port()}",
                "--set=telemetry.disabled=true", "--log-level=error"]

    def is_right(self, answer, is_permitted, reason):
        effects = answer["results"][0]["actions"].values()
        return list(effects) == ["EFFECT_ALLOW" if is_permitted else "EFFECT_DENY"]


SERVERS = [Remit, RemitWaiting, Nginx, Minimal, Opa, Cerbos]


class Client:
    """Asks one thing after the other over one connection."""

    def __init__(self, server):
        self.server = server
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)

    def ask(self, text, path=None):
        self.connection.request("POST", path or self.server.path, text.encode(), {"Content-Type": "application/json"})
        response = self.connection.getresponse()
        return response.status, json.loads(response.read())
