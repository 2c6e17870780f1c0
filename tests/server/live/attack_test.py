#!/usr/bin/env python3
"""What strangers send to the real server: refused with the right status and at little cost, while whoever behaves is served."""

import random
import socket
import threading
import time

import serving

POLICIES = '@id("all") permit (principal, action, resource);'
GOOD = serving.request("POST", "/access/v1/evaluation", {"subject": {"type": "Agent", "id": "a"}, "action": {"name": "x"},
                                                         "resource": {"type": "Order", "id": "o"}}, headers="Content-Type: application/json\r\n")
GIGABYTE = 1 << 30
MEGABYTE = b"x" * (1 << 20)


class Friend(threading.Thread):
    """Asks all the time; each answer must be right and come soon."""

    def __init__(self, server, most_seconds=2.0):
        super().__init__(daemon=True)
        self.server, self.most, self.is_over = server, most_seconds, False
        self.served, self.slowest, self.wrong = 0, 0.0, []

    def run(self):
        try:
            with self.server.connect() as client:
                while not self.is_over:
                    begin = time.monotonic()
                    status, text = client.ask(GOOD)
                    self.slowest = max(self.slowest, time.monotonic() - begin)
                    self.served += 1
                    if status != 200 or not serving.json.loads(text)["decision"]:
                        self.wrong.append((status, text))
                    time.sleep(0.002)
        except Exception as error:  # noqa: BLE001
            self.wrong.append(repr(error))

    def finish(self):
        self.is_over = True
        self.join()
        assert not self.wrong, f"a caller that behaves got {self.wrong[0]}"
        assert self.served > 0 and self.slowest < self.most, f"a caller that behaves waited {self.slowest:.2f} s"
        return f"{self.served} others served, none later than {self.slowest * 1000:.0f} ms"


def under(attack, binary, settings=(), most_seconds=2.0):
    """Runs the attack beside a friend; the server must be as before when it is over."""
    server = serving.Server(binary, POLICIES, settings=settings)
    try:
        server.start()
        with server.connect() as client:
            assert client.ask(GOOD)[0] == 200
        descriptors = server.descriptors()
        friend = Friend(server, most_seconds)
        friend.start()
        said = attack(server)
        friends = friend.finish()
        wait_for_descriptors(server, descriptors)
        assert server.stop() == 0
        server.verify_log()
        return f"{said}; {friends}" if said else friends
    finally:
        server.remove()


def wait_for_descriptors(server, most):
    end = time.monotonic() + 15
    while server.descriptors() > most:
        assert time.monotonic() < end, f"{server.descriptors()} descriptors, {most} before"
        time.sleep(0.1)


def status_of(client, data):
    """What is answered although the rest of the data may not be taken any more."""
    try:
        client.send(data)
    except OSError:
        pass
    return client.receive()[0]


# ---- bodies ----------------------------------------------------------------------------------------------------------------------


def a_gigabyte(binary, _):
    """Claimed, and sent, and sent in chunks: never kept."""

    def attack(server):
        before = server.resident_kb()
        for head in (f"Content-Length: {GIGABYTE}", "Transfer-Encoding: chunked"):
            for path, token in (("/access/v1/evaluation", ""), ("/v1/decide", ""), ("/v1/policies", f"Authorization: Bearer {serving.TOKENS['root']}\r\n")):
                with server.connect() as client:
                    client.send(f"POST {path} HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n{token}{head}\r\n\r\n".encode())
                    assert send_until_refused(client, "chunked" in head) == 413, path
        grown = server.resident_kb() - before
        assert grown < 400_000, f"{grown} KiB were kept"
        return f"memory grew by {max(grown, 0) // 1024} MiB, an upload may have 64"

    return under(attack, binary)


def send_until_refused(client, is_chunked):
    piece = b"100000\r\n" + MEGABYTE + b"\r\n" if is_chunked else MEGABYTE
    client.connection.settimeout(5)
    try:
        for _ in range(GIGABYTE // len(MEGABYTE)):
            client.send(piece)
    except OSError:
        pass
    return client.receive()[0]


def deep_and_broken_json(binary, _):
    """To every endpoint that reads a body, by somebody who may call it."""
    deep = b"[" * 100_000 + b"]" * 100_000
    objects = b'{"a":' * 100_000 + b"1" + b"}" * 100_000
    bodies = [deep, objects, b'{"subject":' + deep + b"}", b'{"principal":' + objects + b"}", b'{"requests":' + deep + b"}", b'{"evaluations":' + deep + b"}", b"\xff\xfe{}",
              b'{"subject":{"type":"\xc3\x28","id":"a"}}', b'{"principal":{"type":"A","id":"\xed\xa0\x80"}}', b'{"a":"\\ud800"}', b'{"a":1e999}', b'{"a":' + b"9" * 5000 + b"}", b"", b"{",
              b'{"a":1}{"b":2}', b"\x00", b'{"a":"\x01"}']

    def attack(server):
        asked = 0
        with server.connect() as client:
            document = serving.json.loads(client.ask(serving.request("GET", "/openapi.json"))[1])
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                if "requestBody" not in operation or path == "/v1/ext_authz/{path}":
                    continue
                for body in bodies:
                    with server.connect() as client:
                        target = path.replace("{", "").replace("}", "")
                        status, text = client.ask(serving.request(method.upper(), target, body, serving.TOKENS["root"], "Content-Type: application/json\r\n"))
                        asked += 1
                        # A batch answers each of its requests by itself.
                        is_refused = 400 <= status < 500 or (path == "/v1/decide/batch" and b'"refused"' in text and b'"outcome":"deny"' in text)
                        assert is_refused, (method, path, body[:60], status, text[:200])
        return f"{asked} bodies refused"

    return under(attack, binary)


# ---- headers ---------------------------------------------------------------------------------------------------------------------


def corpus():
    """Requests that are none, with the status of each."""
    host = b"Host: h\r\n"
    get, post = b"GET /healthz HTTP/1.1\r\n", b"POST /v1/decide HTTP/1.1\r\n"
    return [
        (b"\r\n\r\n\r\n", 400), (b"\x00" * 64 + b"\r\n\r\n", 400), (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400), (b"GET\r\n\r\n", 400), (b"GET /\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400), (b"GET / HTTP/9.9\r\n" + host + b"\r\n", 505), (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505), (b"BREW / HTTP/1.1\r\n" + host + b"\r\n", 501),
        (b"CONNECT h:443 HTTP/1.1\r\n" + host + b"\r\n", 501), (b"TRACE / HTTP/1.1\r\n" + host + b"\r\n", 501), (b"GET http://h/healthz HTTP/1.1\r\n" + host + b"\r\n", 400),
        (b"GET * HTTP/1.1\r\n" + host + b"\r\n", 400), (get + b"Host: a\r\nHost: b\r\n\r\n", 400), (get + host + b"X: a\r\n b\r\n\r\n", 400), (get + host + b"X : a\r\n\r\n", 400),
        (get + host + b": a\r\n\r\n", 400), (get + host + b"X\r\n\r\n", 400), (get + host + b"X: \x00\r\n\r\n", 400), (get + host + b"X: a\x7fb\r\n\r\n", 400),
        (get + host + b"\xc3\xa4: a\r\n\r\n", 400), (get + host + b"Authorization: a\r\nAuthorization: b\r\n\r\n", 400), (get + host + b"Expect: x\r\n\r\n", 417),
        (post + host + b"Content-Length: -1\r\n\r\n", 400), (post + host + b"Content-Length: 1, 2\r\n\r\nab", 400), (post + host + b"Content-Length: 0x10\r\n\r\n", 400),
        (post + host + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400), (post + host + b"Content-Length: 99999999999999999999\r\n\r\n", 400),
        (post + host + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400), (post + host + b"Transfer-Encoding: gzip\r\n\r\n", 501),
        (post + host + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n", 400), (post + host + b"Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n", 400),
        (b"POST /v1/decide HTTP/1.0\r\n" + host + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400), (b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n" + host + b"\r\n", 414),
        (get + host + b"X: " + b"a" * 40_000 + b"\r\n\r\n", 431), (get + host + b"".join(b"X-%d: a\r\n" % i for i in range(200)) + b"\r\n", 431),
        (b"GET /%00 HTTP/1.1\r\n" + host + b"\r\n", 404), (b"GET /v1/../v1/policies HTTP/1.1\r\n" + host + b"\r\n", 404), (b"GET //v1/policies HTTP/1.1\r\n" + host + b"\r\n", 404),
    ]


def malformed_http(binary, _):
    """The corpus, whole and in two pieces, and a thousand requests with something changed: these end in some status or in a closed connection."""

    def attack(server):
        for data, status in corpus():
            with server.connect() as client:
                assert status_of(client, data) == status, (data[:80], status)
            with server.connect() as client:
                client.send(data[:len(data) // 2])
                time.sleep(0.002)
                assert status_of(client, data[len(data) // 2:]) == status, ("in pieces", data[:80], status)
        return f"{len(corpus())} of the corpus, {mutate(server)} changed at random"

    return under(attack, binary)


def mutate(server, count=1000):
    chance = random.Random(7)
    for _ in range(count):
        data = bytearray(GOOD)
        for _ in range(chance.randrange(1, 6)):
            at = chance.randrange(len(data))
            choice = chance.randrange(3)
            if choice == 0:
                data[at] = chance.randrange(256)
            elif choice == 1:
                del data[at:at + chance.randrange(1, 20)]
            else:
                data[at:at] = bytes([chance.randrange(256)]) * chance.randrange(1, 20)
        with server.connect() as client:
            try:
                client.send(bytes(data))
                client.connection.shutdown(socket.SHUT_WR)
                status, _ = client.receive()
                assert 200 <= status < 600 and status != 500, (status, bytes(data))
            except (serving.Ended, OSError):
                pass
    return count


def header_floods(binary, _):
    """Headers without an end, from many at once: no more than the limit is kept of each."""

    def attack(server):
        before = server.resident_kb()
        clients = [server.connect() for _ in range(200)]
        for client in clients:
            client.send(b"GET /healthz HTTP/1.1\r\nHost: h\r\n")
        statuses = []
        for client in clients:
            try:
                for i in range(400):
                    client.send(b"X-%d: " % i + b"a" * 100 + b"\r\n")
            except OSError:
                pass
            try:
                statuses.append(client.receive()[0])
            except serving.Ended:
                statuses.append("ended")  # refused, and reset while the flood went on
            client.connection.close()
        assert statuses.count(431) >= len(clients) // 2 and set(statuses) <= {431, "ended"}, set(statuses)
        return f"{len(clients)} floods, memory grew by {max(server.resident_kb() - before, 0) // 1024} MiB"

    return under(attack, binary)


# ---- connections -----------------------------------------------------------------------------------------------------------------


def slow_loris(binary, _):
    """A header, and a body, a byte now and then, by five hundred: each is told 408 when its time is over."""

    def attack(server):
        heads = [server.connect() for _ in range(250)]
        bodies = [server.connect() for _ in range(250)]
        for client in bodies:
            client.send(b"POST /v1/decide HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(5):
            for client in heads + bodies:
                try:
                    client.send(b"X")
                except OSError:
                    pass
            time.sleep(0.3)
        statuses = [client.receive()[0] for client in heads + bodies]
        assert set(statuses) == {408}, set(statuses)
        for client in heads + bodies:
            client.connection.close()
        return "500 told 408"

    return under(attack, binary, ["--limits-header-ms", "1000", "--limits-body-ms", "1000"])


def ten_thousand_connections(binary, _):
    """All are held and served beside the one of who behaves, and those beyond the limit are told so."""
    wanted = 10_000
    limit = serving.raise_descriptor_limit()
    if limit < wanted + 500:
        return f"left out: this machine lets a process have {limit} descriptors"

    def attack(server):
        before = server.resident_kb()
        clients = [server.connect() for _ in range(wanted)]
        held = server.resident_kb() - before
        for client in clients:
            client.send(GOOD)
        statuses = [client.receive()[0] for client in clients]
        assert statuses.count(200) == wanted, {status: statuses.count(status) for status in set(statuses)}
        turned_away = [server.connect() for _ in range(100)]
        beyond = [client.receive()[0] for client in turned_away]
        assert set(beyond) == {503}, beyond
        for client in clients + turned_away:
            client.connection.close()
        return f"{wanted} served, {held * 1024 // wanted} bytes each"

    return under(attack, binary, ["--limits-connections", str(wanted + 1), "--limits-connections-per-peer", str(wanted + 1)], most_seconds=5.0)


def who_does_not_read(binary, _):
    """Asks for answers and never takes them: left after its time, without having cost more than a gathering of answers."""

    def attack(server):
        before = server.resident_kb()
        clients = [server.connect(0.3) for _ in range(6)]
        for client in clients:
            try:
                for _ in range(400):
                    client.send(GOOD * 100)
            except OSError:
                pass
        grown = server.resident_kb() - before
        assert grown < 300_000, f"{grown} KiB"
        time.sleep(1.5)
        for client in clients:
            client.connection.close()
        return f"memory grew by {max(grown, 0) // 1024} MiB"

    return under(attack, binary, ["--limits-write-ms", "1000", "--audit-wait", "false"])


serving.main([a_gigabyte, deep_and_broken_json, malformed_http, header_floods, slow_loris, ten_thousand_connections, who_does_not_read])
