#!/usr/bin/env python3
"""TLS 1.3, client certificates, JSON Web Tokens and users of the Unix socket, by the real server and OpenSSL's own clients."""

import base64
import os
import socket
import ssl
import subprocess
import time

import serving

POLICIES = '@id("all") permit (principal, action, resource);'
CERTIFICATE = '[[callers.certificate]]\nsubject = "CN=auditor"\nid = "auditor"\nroles = ["auditor"]\n'


def openssl(folder, *words, data=None):
    done = subprocess.run(["openssl", *words], cwd=folder, input=data, capture_output=True, timeout=60)
    assert done.returncode == 0, (words, done.stderr.decode())
    return done.stdout


def make_certificates(folder):
    """An authority, a server of its, a client of its, and a client of somebody else."""
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    for name in ("ca", "stranger"):
        openssl(folder, "req", "-x509", *curve, "-days", "2", "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.pem")
    for name, authority, extra in (("server", "ca", "subjectAltName=DNS:localhost,IP:127.0.0.1"), ("auditor", "ca", "extendedKeyUsage=clientAuth"),
                                   ("nobody", "ca", "extendedKeyUsage=clientAuth"), ("forged", "stranger", "extendedKeyUsage=clientAuth")):
        subject = "auditor" if name == "forged" else name
        openssl(folder, "req", *curve, "-subj", f"/CN={subject}", "-keyout", f"{name}.key", "-out", f"{name}.csr")
        (folder / "extensions").write_text(extra)
        openssl(folder, "x509", "-req", "-days", "2", "-in", f"{name}.csr", "-CA", f"{authority}.pem", "-CAkey", f"{authority}.key", "-CAcreateserial", "-extfile", "extensions",
                "-out", f"{name}.pem")


def secure(server, client=None, version=None):
    """A connection that trusts our authority alone."""
    context = ssl.create_default_context(cafile=str(server.folder / "ca.pem"))
    if client:
        context.load_cert_chain(server.folder / f"{client}.pem", server.folder / f"{client}.key")
    if version:
        context.minimum_version = context.maximum_version = version
    plain = socket.create_connection(("127.0.0.1", server.port), 10)
    return serving.Client(context.wrap_socket(plain, server_hostname="localhost"))


def serve_tls(binary, *settings):
    server = serving.Server(binary, POLICIES, callers=CERTIFICATE, settings=["--tls-cert", "server.pem", "--tls-key", "server.key", *settings])
    make_certificates(server.folder)
    return server.start()


def refuses(act):
    """The handshake, or the first answer of TLS 1.3, does not come."""
    try:
        act()
    except (ssl.SSLError, serving.Ended, OSError):
        return True
    return False


def only_tls_13(binary, _):
    server = serve_tls(binary)
    try:
        with secure(server) as client:
            assert client.connection.version() == "TLSv1.3"
            assert client.ask(serving.request("GET", "/healthz"))[0] == 200
            assert client.json("GET", "/v1/policies", token=serving.TOKENS["root"])[0] == 200
        assert refuses(lambda: secure(server, version=ssl.TLSVersion.TLSv1_2)), "TLS 1.2 was spoken"
        done = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{server.port}", "-CAfile", "ca.pem", "-verify_return_error", "-brief", "-ign_eof"], cwd=server.folder,
                              input=b"GET /healthz HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", capture_output=True, timeout=30)
        assert b"alive" in done.stdout and b"TLSv1.3" in done.stderr, (done.stdout[-300:], done.stderr[-300:])
        with server.connect() as client:  # plain HTTP on a port of TLS
            assert refuses(lambda: client.ask(serving.request("GET", "/healthz")))
        with server.connect() as client:  # a handshake that breaks off
            client.send(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc")
        with server.connect_unix() as client:  # the Unix socket is plain
            assert client.ask(serving.request("GET", "/healthz"))[0] == 200
        with secure(server) as client:
            assert client.ask(serving.request("GET", "/healthz"))[0] == 200
    finally:
        server.remove()


def large_bodies_and_many_requests(binary, _):
    """More than a record of TLS, and more than a socket takes at once."""
    server = serve_tls(binary)
    try:
        with secure(server) as client:
            body = {"requests": [{"principal": {"type": "A", "id": f"a{i}"}, "action": {"type": "Action", "id": "x"}, "resource": {"type": "R", "id": "r" * 100}} for i in range(2000)]}
            status, answer = client.json("POST", "/v1/decide/batch", body)
            assert status == 200 and len(answer["decisions"]) == 2000
            one = serving.request("POST", "/v1/decide", body["requests"][0])
            client.send(one * 200)
            assert [client.receive()[0] for _ in range(200)] == [200] * 200
    finally:
        server.remove()


def client_certificates(binary, _):
    """Who has one is a caller; a stranger's is none; nobody has to have one."""
    server = serve_tls(binary, "--tls-client-ca", "ca.pem")
    try:
        with secure(server) as client:
            assert client.json("GET", "/v1/policies")[0] in (401, 403)
        with secure(server, "auditor") as client:
            assert client.json("GET", "/v1/audit")[0] == 200
            assert client.json("POST", "/v1/policies", {"policies": []})[0] == 403
        with secure(server, "nobody") as client:
            assert client.json("GET", "/v1/audit")[0] in (401, 403)
        assert refuses(lambda: secure(server, "forged").ask(serving.request("GET", "/healthz"))), "a stranger's certificate was taken"
    finally:
        server.remove()


def client_certificates_required(binary, _):
    server = serve_tls(binary, "--tls-client-ca", "ca.pem", "--tls-require-client", "true")
    try:
        assert refuses(lambda: secure(server).ask(serving.request("GET", "/healthz"))), "no certificate was needed"
        assert refuses(lambda: secure(server, "forged").ask(serving.request("GET", "/healthz"))), "a stranger's certificate was taken"
        with secure(server, "auditor") as client:
            assert client.json("GET", "/v1/audit")[0] == 200
    finally:
        server.remove()


def slow_handshakes(binary, _):
    """Those that never end are closed after their time, while others are served."""
    server = serve_tls(binary, "--limits-handshake-ms", "1500")
    try:
        with secure(server) as client:  # what the first request opens stays open
            assert client.ask(serving.request("GET", "/healthz"))[0] == 200
        before = server.descriptors()
        opened = time.monotonic()
        waiting = [server.connect() for _ in range(200)]
        for client in waiting[:100]:
            client.send(b"\x16\x03\x01")
        begin = time.monotonic()
        with secure(server) as client:
            assert client.ask(serving.request("GET", "/healthz"))[0] == 200
        assert time.monotonic() - begin < 2
        end = opened + 20
        while server.descriptors() > before:
            assert time.monotonic() < end, "handshakes are waited for without an end"
            time.sleep(0.2)
        for client in waiting:
            client.connection.close()
    finally:
        server.remove()


# ---- JSON Web Tokens -------------------------------------------------------------------------------------------------------------


def encode(data):
    data = data if isinstance(data, bytes) else serving.json.dumps(data).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def make_jwt(folder, key, claims, algorithm="RS256", kid="k1"):
    text = f'{encode({"alg": algorithm, "kid": kid, "typ": "JWT"})}.{encode(claims)}'
    return f'{text}.{encode(openssl(folder, "dgst", "-sha256", "-sign", key, data=text.encode()))}'


def json_web_tokens(binary, _):
    """Signed by a key of the file; issuer, audience and times are looked at."""
    server = serving.Server(binary, POLICIES, settings=["--jwt-jwks", "jwks.json", "--jwt-issuer", "https://issuer", "--jwt-audience", "remit"])
    try:
        for name in ("right.key", "other.key"):
            openssl(server.folder, "genrsa", "-out", name, "2048")
        modulus = openssl(server.folder, "rsa", "-in", "right.key", "-noout", "-modulus").decode().strip().split("=")[1]
        key = {"kty": "RSA", "kid": "k1", "alg": "RS256", "use": "sig", "n": encode(bytes.fromhex(modulus)), "e": "AQAB"}
        (server.folder / "jwks.json").write_text(serving.json.dumps({"keys": [key]}))
        server.start()
        now = int(time.time())
        claims = {"iss": "https://issuer", "aud": "remit", "sub": "ana", "roles": ["admin"], "iat": now, "exp": now + 300}

        def status(changed=(), key="right.key", **header):
            with server.connect() as client:
                return client.json("GET", "/v1/policies", token=make_jwt(server.folder, key, {**claims, **dict(changed)}, **header))[0]

        assert status() == 200
        assert status({"roles": ["agent"]}) == 403
        wrong = [({"iss": "https://other"}, {}), ({"aud": "other"}, {}), ({"exp": now - 600}, {}), ({"nbf": now + 600}, {}), ({}, {"key": "other.key"}), ({}, {"kid": "k2"}),
                 ({}, {"algorithm": "HS256"}), ({}, {"algorithm": "none"}), ({}, {"algorithm": "ES256"})]
        for changed, how in wrong:
            assert status(changed, **how) == 401, (changed, how)
        good = make_jwt(server.folder, "right.key", claims)
        head, body, signature = good.split(".")
        for token in (f"{head}.{body}.", f"{head}.{body}", f"{head}..{signature}", f'{head}.{encode({**claims, "sub": "root"})}.{signature}', good + "a", "a.b.c", "." * 2000):
            with server.connect() as client:
                assert client.json("GET", "/v1/policies", token=token)[0] == 401, token[:80]
        return f"{len(wrong) + 7} wrong tokens"
    finally:
        server.remove()


def users_of_the_unix_socket(binary, _):
    """Known by what the kernel says of the other end."""
    known = serving.Server(binary, POLICIES, callers=f'[[callers.unix]]\nuid = {os.getuid()}\nid = "me"\nroles = ["auditor"]\n')
    other = serving.Server(binary, POLICIES, callers=f'[[callers.unix]]\nuid = {os.getuid() + 1}\nid = "other"\nroles = ["auditor"]\n')
    try:
        for server, expected in ((known, 200), (other, 403)):
            server.start()
            with server.connect_unix() as client:
                assert client.json("GET", "/v1/audit")[0] == expected
        assert oct(os.stat(known.folder / "s").st_mode & 0o777) == "0o660"
    finally:
        known.remove()
        other.remove()


serving.main([only_tls_13, large_bodies_and_many_requests, client_certificates, client_certificates_required, slow_handshakes, json_web_tokens, users_of_the_unix_socket])
