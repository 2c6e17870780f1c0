#!/usr/bin/env python3
"""The console in a browser: signing in, every view, every key, text that would be markup; screenshots are kept.

    console_test.py ASSETS_FOLDER SCREENSHOTS_FOLDER

The pages are the files that are embedded, served with the same policy; the API behind them is a small one of this test, in the shapes of docs/server.md, which
notes what it is asked. Exits with 77 where there is no browser.
"""
import http.server
import json
import pathlib
import re
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import webdriver

TOKEN = "correct-horse"
EVIL = '<img src=x onerror="document.title=1"><script>document.title=1</script>'
TYPES = {".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


EXPLAINED = {"outcome": "approve", "policies": [
    {"id": "refund-over-100", "effect": "escalate", "satisfied": True, "scope": {"principal": True, "action": True, "resource": True},
     "conditions": [{"kind": "when", "holds": True, "place": {"text": "context.amount_cents > 10000"}}]},
    {"id": "agents-read", "effect": "permit", "satisfied": False, "scope": {"principal": True, "action": False, "resource": True}, "conditions": []}]}


def soon(minutes):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 60 * minutes))


def uid(kind, name):
    return {"type": kind, "id": name}


class World:
    def __init__(self):
        self.escalations = [
            {"id": "t1", "state": "pending", "statement": "refund-over-100", "principal": uid("Agent", "support-7"), "action": uid("Action", "refund"),
             "resource": uid("Order", "o-4711"), "delegation": [uid("User", "ana")], "session": "s-9", "by": [uid("Role", "support_leads")], "quorum": 1, "uses": 1,
             "context": {"amount_cents": 9007199254740993, "currency": "EUR", "reason": "parcel lost", "items": [{"sku": "A-1", "count": 2}, {"sku": "B-9", "count": 1}]},
             "approvers": [], "opened_at": soon(-2), "expires_at": soon(13), "digest": "9f2c" * 16},
            {"id": "t2", "state": "pending", "statement": "mail-outside", "principal": uid("Agent", EVIL), "action": uid("Action", "send_mail"),
             "resource": uid("Mailbox", "press@example.com"), "by": [uid("Role", "editors")], "quorum": 2, "uses": 1,
             "context": {"subject": EVIL, "to": ["press@example.com"]}, "approvers": [{"person": uid("User", "kim")}], "opened_at": soon(-1), "expires_at": soon(29),
             "digest": "07ab" * 16},
        ]
        self.quarantine = [{"type": "Agent", "id": "triage-3", "reason": "calls in a loop", "who": uid("User", "ops"), "since": soon(-40)}]
        self.used = 31_000_000
        self.asked = []
        self.audits = []

    def budgets(self):
        self.used += 400_000
        return [{"budget": "tenant_spend", "key": '"acme", "large"', "used": self.used, "reserved": 900_000, "limit": 50_000_000, "window": "day"},
                {"budget": "tool_calls", "key": 'Agent::"support-7"', "used": 37, "limit": 40, "window": "hour"},
                {"budget": "mails", "key": "", "used": 12, "limit": 10, "overdraft": 2, "window": "within 1h"}]

    def decisions(self):
        rows = [("execute", "support-7", "read_order", "o-4711", "agents-read"), ("approve", "support-7", "refund", "o-4711", "refund-over-100"),
                ("draft", "support-7", "send_mail", "ana@example.com", "pilot-drafts"), ("deny", "triage-3", "refund", "o-1", "quarantine"),
                ("execute", "support-7", "lookup", EVIL, "agents-read")]
        return [{"number": 90 - i, "record": {"kind": "decision", "timeMs": int(1000 * (time.time() - i)), "outcome": row[0], "id": f"d{i}", "determining": [row[4]],
                 "principal": uid("Agent", row[1]), "action": uid("Action", row[2]), "resource": uid("Order", row[3]), "context": {"n": i}}}
                for i, row in reversed(list(enumerate(rows)))]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    world = World()
    assets = pathlib.Path()
    policy = ""

    def log_message(self, *_):
        pass

    def send(self, status, body, kind="application/json", more=()):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in [("Content-Type", kind), ("Content-Length", str(len(data))), *more]:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def is_known(self):
        if self.headers.get("Authorization") == f"Bearer {TOKEN}":
            return True
        self.send(401, {"error": {"code": "unauthenticated", "message": "this needs a credential"}})
        return False

    def do_GET(self):
        path, _, query = self.path.partition("?")
        if path.startswith("/console"):
            file = self.assets / (path.removeprefix("/console").strip("/") or "index.html")
            if not file.is_file():
                return self.send(404, {})
            return self.send(200, file.read_bytes(), TYPES[file.suffix], [("Content-Security-Policy", self.policy)])
        if not self.is_known():
            return None
        if path == "/v1/events":
            return self.send(404, {})
        if path == "/v1/audit/checkpoint":
            return self.send(200, b"remit/audit\n91\nroot\n", "text/plain")
        if path == "/v1/audit":
            self.world.audits.append(query)
        lists = {"/v1/escalations": lambda: self.world.escalations, "/v1/budgets": self.world.budgets, "/v1/quarantine": lambda: self.world.quarantine,
                 "/v1/audit": self.world.decisions,
                 "/v1/breakers": lambda: [{"breaker": "crm", "key": '"acme"', "state": "open", "calls": 24, "failures": 11, "open_until": soon(1)},
                                          {"breaker": "mail", "key": '"acme"', "state": "closed", "calls": 8, "failures": 0}]}
        return self.send(200, {"items": lists[path]()}) if path in lists else self.send(404, {})

    def do_DELETE(self):
        if not self.is_known():
            return
        self.world.asked.append((self.path, None))
        self.world.quarantine = [each for each in self.world.quarantine if f"/v1/quarantine/{each['type']}/{each['id']}" != self.path]
        self.send(200, {"released": True})

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not self.is_known():
            return
        self.world.asked.append((self.path, body))
        if match := re.fullmatch(r"/v1/escalations/(\w+)/(approve|deny)", self.path):
            for each in self.world.escalations:
                if each["id"] == match[1]:
                    each["state"] = "approved" if match[2] == "approve" else "denied"
        if self.path == "/v1/quarantine":
            self.world.quarantine.append({**body, "since": soon(0), "who": uid("User", "lee")})
        if self.path == "/v1/explain":
            return self.send(200, EXPLAINED)
        self.send(200, {"state": "approved"})


def policy_of(source):
    """The header as the server sends it."""
    return "".join(re.findall(r'"([^"]*)"', re.search(r"kPolicy =(.*?);\n\n", source, re.S)[1]))


def check(condition, message):
    if not condition:
        raise AssertionError(message)


def visit(browser, base, shots):
    world = Handler.world
    browser.open(base + "/console")
    browser.wait_for("Sign in")
    browser.screenshot(shots / "sign-in.png")
    browser.keys("wrong\ue007")
    browser.wait_for("This token is not accepted")
    browser.keys(TOKEN + "\ue007")
    browser.wait_for("refund-over-100")
    for text in ['"amount_cents": 9007199254740993,', "parcel lost", "A-1", 'Order::"o-4711"', 'User::"ana"', EVIL]:
        check(text.replace('"', '\\"') in browser.text() or text in browser.text(), f"{text} is not shown")
    check(browser.run("return document.querySelectorAll('main img, main script').length") == 0, "text became markup")
    browser.screenshot(shots / "escalations.png")
    browser.keys("ja")  # the first card, approved by a key
    browser.wait_for("Approved.")
    check(world.asked[-1] == ("/v1/escalations/t1/approve", {}), f"asked {world.asked}")
    browser.wait("return document.querySelectorAll('article').length === 1", "one card less")
    browser.run("[...document.querySelectorAll('button')].find(b => b.textContent === 'Deny').click()")
    browser.wait_for("Nobody waits for an answer")
    check(world.asked[-1][0] == "/v1/escalations/t2/deny" and world.asked[-1][1]["reason"], f"asked {world.asked}")
    browser.keys("2")
    browser.wait_for("read_order")
    browser.screenshot(shots / "decisions.png")
    browser.keys("jj\ue007")
    browser.wait("return document.querySelector('dialog[open]') !== null", "the record")
    browser.run("[...document.querySelectorAll('dialog button')].find(b => b.textContent.startsWith('Why')).click()")
    browser.wait_for("context.amount_cents > 10000")
    check(world.asked[-1][0] == "/v1/explain" and world.asked[-1][1]["action"] == uid("Action", "refund"), f"asked {world.asked[-1]}")
    browser.screenshot(shots / "record.png")
    browser.keys("\ue00c")
    browser.wait("return document.querySelector('dialog') === null", "closing the record")
    browser.keys("3")
    browser.wait_for("tenant_spend")
    browser.wait("return document.querySelector('svg.burn polyline')?.getAttribute('points').split(' ').length >= 3", "the curve")
    browser.screenshot(shots / "budgets.png")
    browser.keys("4")
    browser.wait_for("crm")
    browser.screenshot(shots / "breakers.png")
    browser.keys("5")
    browser.wait_for("calls in a loop")
    browser.run("document.querySelector('input[name=type]').focus()")
    browser.keys("Agent\ue004mailer-1\ue004sends too much\ue007")
    browser.wait_for('Agent::"mailer-1"')
    check(world.asked[-1] == ("/v1/quarantine", {"type": "Agent", "id": "mailer-1", "reason": "sends too much"}), f"asked {world.asked}")
    browser.screenshot(shots / "quarantine.png")
    browser.run("[...document.querySelectorAll('button')].find(b => b.textContent === 'Release').click()")
    browser.wait_for("Released.")
    check(world.asked[-1] == ("/v1/quarantine/Agent/triage-3", None), f"asked {world.asked}")
    browser.run("document.activeElement.blur()")
    browser.keys("6")
    browser.wait_for("Everything that was decided")
    browser.run("document.querySelector('input[name=outcome]').focus()")
    browser.keys("deny\ue007")
    browser.wait_for("Searched.")
    # The note comes when the search begins, its request a little later.
    deadline = time.monotonic() + 20
    while "outcome=deny" not in world.audits[-1] and time.monotonic() < deadline:
        time.sleep(0.05)
    check("outcome=deny" in world.audits[-1], f"searched {world.audits[-1]}")
    browser.screenshot(shots / "audit.png")
    browser.resize(420, 860)
    browser.screenshot(shots / "narrow.png")
    check(browser.run("return document.documentElement.scrollWidth <= window.innerWidth"), "the page is wider than a small window")
    check(browser.run("return document.title").endswith("Remit console"), "a script of somebody else's ran")
    browser.run("document.getElementById('sign-out').click()")
    browser.wait_for("Sign in")
    check(browser.run("return sessionStorage.length") == 0, "the token is still there")
    ours = [line for line in browser.complaints() if "401" not in line and "404" not in line]
    check(not ours, f"the browser complains: {ours}")


def main():
    assets, shots = map(pathlib.Path, sys.argv[1:3])
    found = webdriver.find_browser()
    if found is None:
        print("skipped: needs chromium and chromium-driver (./dev test installs them)")
        return 77
    for file in assets.glob("*.js"):
        check(not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function", file.read_text()), f"{file.name} makes markup of text")
    shots.mkdir(parents=True, exist_ok=True)
    Handler.assets = assets
    Handler.policy = policy_of((assets.parent / "console.cpp").read_text())
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    browser = webdriver.Browser(*found)
    try:
        visit(browser, f"http://127.0.0.1:{server.server_port}", shots)
    except AssertionError:
        browser.screenshot(shots / "failure.png")
        raise
    finally:
        browser.close()
        server.shutdown()
    print(f"the console works; screenshots are in {shots}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
