#!/usr/bin/env python3
"""Policies replaced under load, by upload and by their file: no request fails, and no decision has parts of two versions."""

import threading
import time

import serving

STATEMENTS = 20


def policies(number):
    """Every statement says which version it is of, and all of them determine every decision."""
    return "\n".join(f'@id("p{i}-v{number}") permit (principal, action, resource) when {{ context.n >= 0 }};' for i in range(STATEMENTS))


class Asker(threading.Thread):
    def __init__(self, server):
        super().__init__(daemon=True)
        self.server = server
        self.is_over = False
        self.seen = {}  # version of the statements: hash of the policies
        self.wrong = []
        self.answers = 0

    def run(self):
        body = serving.request("POST", "/v1/decide", {"principal": {"type": "A", "id": "a"}, "action": {"type": "Action", "id": "x"},
                                                      "resource": {"type": "R", "id": "r"}, "context": {"n": 1}})
        try:
            with self.server.connect() as client:
                while not self.is_over:
                    client.send(body * 8)
                    for _ in range(8):
                        self.look_at(*client.receive())
        except (serving.Ended, OSError) as error:
            self.wrong.append(("the connection ended", str(error)))

    def look_at(self, status, text):
        self.answers += 1
        if status != 200:
            self.wrong.append((status, text))
            return
        answer = serving.json.loads(text)
        names = [statement["id"] for statement in answer["determining"]]
        versions = {name.split("-v")[1] for name in names}
        if len(versions) != 1 or len(names) != STATEMENTS or answer["outcome"] != "execute":
            self.wrong.append(("mixed", text))
            return
        version = versions.pop()
        if self.seen.setdefault(version, answer["policy_version"]) != answer["policy_version"]:
            self.wrong.append(("two hashes of one version", text))


def wait_for(askers, version):
    end = time.monotonic() + 20
    while not all(version in asker.seen or asker.wrong for asker in askers):
        assert time.monotonic() < end, f"version {version} was not decided by in time"
        time.sleep(0.005)


def reload_under_load(binary, count, settings):
    rounds = count or 6
    server = serving.Server(binary, policies(0), settings=settings)
    try:
        server.start()
        askers = [Asker(server) for _ in range(3)]
        for asker in askers:
            asker.start()
        with server.connect(60) as publisher:
            for number in range(1, rounds + 1):
                if number % 2 == 0:
                    server.write_policies(policies(number))
                else:
                    sources = {"policies": [{"name": "p", "text": policies(number)}]}
                    status, answer = publisher.json("POST", "/v1/policies?publish=true", sources, serving.TOKENS["root"])
                    assert status in (200, 201), (status, answer)
                wait_for(askers, str(number))
        for asker in askers:
            asker.is_over = True
        for asker in askers:
            asker.join()
            assert not asker.wrong, f"{len(asker.wrong)} of {asker.answers}, as {asker.wrong[0]}"
        hashes = {}
        for asker in askers:
            for version, digest in asker.seen.items():
                assert hashes.setdefault(version, digest) == digest, f"version {version} has two hashes"
        assert len(set(hashes.values())) == len(hashes), "two versions have one hash"
        assert server.stop() == 0
        server.verify_log()
        return f"{rounds} publications, {sum(a.answers for a in askers)} answers, none failed or mixed"
    finally:
        server.remove()


def native_engine(binary, count):
    return reload_under_load(binary, count, ["--audit-wait", "false"])


def interpreter(binary, count):
    return reload_under_load(binary, count and max(count // 4, 1), ["--engine", "interpreter", "--audit-wait", "false"])


serving.main([native_engine, interpreter])
