#!/usr/bin/env python3
"""Half load for minutes: evaluations by wrk at half of what it gets through, and beside it decisions that spend, settlements, connections that come and go,
publications. Memory and descriptors must be as after the first quarter.

usage: soak.py REMIT [MINUTES]
"""

import os
import pathlib
import shutil
import subprocess
import sys
import threading
import time

import serving

MEMORY_SLACK = 1.10  # of the resident memory after warming up, and
MEMORY_SLACK_KB = 24 << 10
HALF = 0.5  # of the time each asker asks, the rest it waits
POLICIES = """
@id("all") permit (principal, action, resource) when {{ context.amount <= 100 }};
@id("calls") budget calls (principal, action == Action::"refund", resource) per {{ principal }} limit {{ 1000000 }} each day;
@id("v{version}") forbid (principal == Agent::"nobody", action, resource);
"""


class Asker(threading.Thread):
    """On one connection for a while, then on another."""

    def __init__(self, server, number):
        super().__init__(daemon=True)
        self.server, self.number = server, number
        self.is_over = False
        self.answers, self.wrong = 0, []

    def run(self):
        try:
            while not self.is_over:
                with self.server.connect() as client:
                    for _ in range(200):
                        begin = time.monotonic()
                        self.ask(client)
                        if self.is_over:
                            return
                        time.sleep((time.monotonic() - begin) * (1 - HALF) / HALF)
        except Exception as error:  # noqa: BLE001
            self.wrong.append(repr(error))

    def ask(self, client):
        bodies = []
        for i in range(16):
            amount = 50 + (self.answers + i) % 100
            bodies.append((amount, {"principal": {"type": "Agent", "id": f"a{(self.answers + i) % 500}"}, "action": {"type": "Action", "id": "refund" if i % 4 == 0 else "read"},
                                    "resource": {"type": "Order", "id": f"o{self.answers + i}-{self.number}"}, "context": {"amount": amount, "note": "x" * 200}}))
        client.send(b"".join(serving.request("POST", "/v1/decide", body) for _, body in bodies))
        reservations = []
        for amount, _ in bodies:
            status, text = client.receive()
            answer = serving.json.loads(text)
            if status != 200 or answer["outcome"] != ("execute" if amount <= 100 else "deny"):
                self.wrong.append((status, text))
            if "reservation" in answer:
                reservations.append(answer["reservation"]["id"])
        for reservation in reservations:
            status, text = client.ask(serving.request("POST", "/v1/settle", {"reservation": reservation, "outcome": "success"}))
            if status != 200:
                self.wrong.append((status, text))
        self.answers += len(bodies) + len(reservations)


# ---- half load -------------------------------------------------------------------------------------------------------------------

LUA = pathlib.Path(__file__).resolve().parents[3] / "bench" / "server" / "wrk.lua"
PAUSE_MS = 2
BYTES_OF_A_RECORD = 600


def wrk(server, seconds, connections, pause_ms=0):
    """Starts it. The rates are on its last line."""
    bodies = server.folder / "bodies"
    bodies.write_text("".join(serving.json.dumps({"subject": {"type": "Agent", "id": f"w{i}"}, "action": {"name": "read"}, "resource": {"type": "Order", "id": f"o{i}"},
                                                  "context": {"amount": 50 + i % 100, "note": "y" * 150}}) + "\n" for i in range(64)))
    words = ["wrk", "-t2", f"-c{connections}", f"-d{seconds}s", "-s", LUA, f"http://127.0.0.1:{server.port}", "--", "/access/v1/evaluation", bodies, "1", pause_ms]
    return subprocess.Popen([str(w) for w in words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)


def figures(process):
    return serving.json.loads(process.communicate()[0].strip().splitlines()[-1])


def half_load(server, minutes):
    """As many connections that pause as make half of what the server does when it is asked without a pause, and as the disk has room for."""
    if not shutil.which("wrk"):
        print("wrk is not installed: the load is less than half")
        return None
    full = figures(wrk(server, 3, 64))
    rate = full["requests"] / full["seconds"]
    room = shutil.disk_usage(server.folder).free * 0.4 / (minutes * 60 * BYTES_OF_A_RECORD)
    half = min(rate * HALF, room)
    print(f"{rate:.0f} evaluations/s at full load; {half:.0f} for {minutes:g} minutes")
    return wrk(server, int(minutes * 60) - 1, max(2, int(half * (PAUSE_MS + 0.3) / 1000)), PAUSE_MS)


def sample(server):
    return server.resident_kb(), server.descriptors()


def soak(server, minutes):
    askers = [Asker(server, i) for i in range(4)]
    for asker in askers:
        asker.start()
    begin = time.monotonic()
    end = begin + minutes * 60
    warm, samples, version = None, [], 0
    while time.monotonic() < end:
        time.sleep(min(5.0, minutes * 60 / 20))
        version += 1
        server.write_policies(POLICIES.format(version=version % 5))
        samples.append(sample(server))
        if warm is None and time.monotonic() - begin > minutes * 15:
            warm = samples[-1]
        wrong = next((asker.wrong[0] for asker in askers if asker.wrong), None)
        assert wrong is None, f"a wrong answer: {wrong}"
        print(f"{time.monotonic() - begin:6.0f} s  {samples[-1][0] // 1024} MiB resident, {samples[-1][1]} descriptors, {sum(a.answers for a in askers)} answers", flush=True)
    for asker in askers:
        asker.is_over = True
    for asker in askers:
        asker.join()
    time.sleep(1)
    return warm, samples, sum(asker.answers for asker in askers), len(askers)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    minutes = float(sys.argv[2]) if len(sys.argv) > 2 else 30.0
    server = serving.Server(pathlib.Path(sys.argv[1]), POLICIES.format(version=0), settings=["--ledger", "ledger.db", "--audit-wait", "false"])
    try:
        server.start()
        load = half_load(server, minutes)
        time.sleep(0.5)
        idle = sample(server)
        warm, samples, answers, connections = soak(server, minutes)
        if load is not None:
            done = figures(load)
            assert done["errors"] == 0, f"{done['errors']} errors of {done['requests']} evaluations"
            print(f"{done['requests']} evaluations, {done['requests'] / done['seconds']:.0f}/s, p99 {done['p99_us']:.0f} µs, no error")
        last = sample(server)
        late = samples[len(samples) // 4:]
        most = max(kb for kb, _ in late)
        allowed = max(warm[0] * MEMORY_SLACK, warm[0] + MEMORY_SLACK_KB)
        failed = []
        if most > allowed:
            failed.append(f"memory grew from {warm[0]} to {most} KiB")
        if last[1] > idle[1] + 2 or max(fds for _, fds in late) > idle[1] + connections * 2 + 8:
            failed.append(f"descriptors grew from {idle[1]} to {last[1]}, {max(fds for _, fds in late)} at most")
        assert server.stop() == 0
        server.verify_log(seconds=120 + 60 * minutes)
        records = sum(os.path.getsize(segment) for segment in (server.folder / "audit").glob("*.seg"))
        print(f"{minutes:g} minutes, {answers} answers, {warm[0] // 1024} MiB after a quarter, {most // 1024} at most after it; {idle[1]} descriptors before, {last[1]} after; log of {records >> 20} MiB verified")
        print("\n".join(failed) or "memory and descriptors stay as they are")
        sys.exit(1 if failed else 0)
    finally:
        server.remove()


main()
