"""What people and machines watch of a real `remit serve`: events as they happen, figures for Prometheus, what a proxy is told."""
import http.client
import json
import sys
import threading
import time

from live_server import TOKENS, Server, check, run_tests

REMIT = sys.argv[1]
POLICIES = """
@id("read") permit (principal, action == Action::"read", resource);
@id("pay") permit (principal, action == Action::"pay", resource);
@id("ask") escalate (principal, action == Action::"pay", resource) when { context.amount > 10 } approval { by: [Remit::Role::"leads"], expires: duration("15m") };
permit (principal in Remit::Role::"leads", action == Remit::Action::"approve", resource);
budget calls (principal, action == Action::"pay", resource) limit { 5 };
@id("work") permit (principal, action == Action::"crm", resource);
breaker crm (principal, action == Action::"crm", resource) trip { calls >= 1 && failures >= 1 } within { duration("1m") } cooldown { duration("5m") } probe { 1 } open restrict to draft;
@id("get") permit (principal == User::"ana", action == Action::"GET", resource == Path::"/docs");
@id("odd") permit (principal, action == Action::"odd", resource) when { context.missing };
"""
ENTITIES = '[{"uid": {"type": "User", "id": "lee"}, "attrs": {}, "parents": [{"type": "Remit::Role", "id": "leads"}]}]'


def with_server(work, *arguments, config=""):
    server = Server(REMIT, POLICIES, entities=ENTITIES, config=config)
    try:
        server.start(*arguments)
        work(server)
    finally:
        server.remove()


def pay(server, amount, **more):
    return server.decide(("Agent", "a"), "pay", ("Order", "o"), {"amount": amount}, **more)


class Listener:
    """What is sent to one listener, in the background."""

    def __init__(self, server, who="lee", last=None):
        self.events = []
        self.connection = http.client.HTTPConnection(server.address, timeout=30)
        headers = {"Authorization": f"Bearer {TOKENS[who]}", **({"Last-Event-ID": str(last)} if last is not None else {})}
        self.connection.request("GET", "/v1/events", headers=headers)
        self.answer = self.connection.getresponse()
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        event = {}
        try:
            for line in self.answer:
                name, _, value = line.decode().rstrip("\r\n").partition(":")
                if name:
                    event[name] = value.strip()
                elif "data" in event:
                    self.events.append({**event, "data": json.loads(event["data"])})
                    event = {}
        except (OSError, ValueError, http.client.HTTPException):
            pass

    def wait(self, count):
        end = time.monotonic() + 15
        while len(self.events) < count and time.monotonic() < end:
            time.sleep(0.02)
        check(len(self.events) >= count, f"{len(self.events)} events came, not {count}: {self.events}")
        return self.events


def events_come_as_they_happen_and_can_be_caught_up():
    def work(server):
        first = Listener(server)
        check(first.answer.status == 200 and first.answer.headers["Content-Type"].startswith("text/event-stream"), first.answer.headers)
        ticket = pay(server, 20)["escalations"][0]["id"]
        server.ask("POST", f"/v1/escalations/{ticket}/approve", {}, who="lee")
        server.ask("POST", "/v1/quarantine", {"type": "Agent", "id": "b"}, who="ops")
        server.ask("DELETE", "/v1/quarantine/Agent/b", who="ops")
        seen = [(event["event"], event["data"]["change"]) for event in first.wait(4)]
        check(seen == [("escalations", "opened"), ("escalations", "approved"), ("quarantine", "quarantined"), ("quarantine", "released")], seen)
        check(first.events[0]["data"]["id"] == ticket and first.events[0]["data"]["statement"] == "ask", first.events[0])
        late = Listener(server, last=first.events[1]["id"])
        check([event["data"]["change"] for event in late.wait(2)] == ["quarantined", "released"], late.events)
        check(server.exchange("GET", "/v1/events")[0] == 403, "whoever has no right hears")
        check(server.exchange("GET", "/v1/events", who="agent")[0] == 403, "an agent hears")

    with_server(work)


def figures_are_those_of_what_happened():
    def work(server):
        server.decide(("Agent", "a"), "read", ("Order", "o"))
        server.decide(("Agent", "a"), "nothing", ("Order", "o"))
        server.decide(("Agent", "a"), "odd", ("Order", "o"))
        pay(server, 1)
        pay(server, 20)
        call = server.decide(("Agent", "a"), "crm", ("Order", "o"))
        server.ask("POST", "/v1/settle", {"reservation": call["reservation"]["id"], "outcome": "failure"})
        server.decide(("Agent", "a"), "crm", ("Order", "o"))
        server.ask("POST", "/v1/quarantine", {"type": "Agent", "id": "b"}, who="ops")
        other = server.ask("POST", "/v1/policies", {"policies": [{"name": "p", "text": "permit (principal, action, resource);"}]}, who="root")["version"]
        server.ask("POST", f"/v1/policies/{other}/try", {}, who="root")
        server.decide(("Agent", "a"), "nothing", ("Order", "o"))
        server.exchange("POST", "/v1/decide", {"principal": 1})
        text = server.exchange("GET", "/metrics", who="ops")[2]
        figures = {line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line and not line.startswith("#")}
        count = lambda outcome: figures[f'remit_decision_duration_seconds_count{{outcome="{outcome}"}}']
        check([count(each) for each in ["execute", "approve", "draft", "observe", "deny"]] == [3, 1, 1, 0, 3], text)
        for outcome in ["execute", "deny"]:
            buckets = [value for name, value in figures.items() if name.startswith(f'remit_decision_duration_seconds_bucket{{outcome="{outcome}"')]
            check(buckets == sorted(buckets) and buckets[-1] == count(outcome), buckets)
        check(figures['remit_budget_used{budget="calls",key=""}'] == 1 and figures['remit_budget_limit{budget="calls",key=""}'] == 5, text)
        check(figures['remit_breaker_open{breaker="crm",key=""}'] == 1, text)
        check(figures["remit_quarantined"] == 1 and figures["remit_evaluation_errors_total"] == 1, text)
        check(figures["remit_shadow_decisions_total"] == 1 and figures["remit_shadow_differences_total"] == 1, text)
        check(figures['remit_http_responses_total{status="4xx"}'] >= 1 and figures["remit_audit_stuck"] == 0 and figures["remit_audit_pending"] == 0, text)
        for name in {line.split("{")[0].split(" ")[0] for line in text.splitlines() if line and not line.startswith("#")}:
            family = name.removesuffix("_bucket").removesuffix("_sum").removesuffix("_count")
            check(f"# TYPE {family} " in text, f"{name} has no type")

    with_server(work)


def leases_show_what_this_node_may_spend():
    def work(server):
        for _ in range(3):
            pay(server, 1)
        text = server.exchange("GET", "/metrics", who="ops")[2]
        lines = [line for line in text.splitlines() if line.startswith('remit_lease_granted{budget="calls"')]
        check(len(lines) == 1, text)

    with_server(work, "--durability", "lease", config='ledger = "ledger.db"')


def a_proxy_is_told_yes_or_no():
    def work(server):
        ask = lambda method, path, **headers: server.exchange(method, "/v1/ext_authz" + path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        status, headers, _ = ask("GET", "/docs", x_forwarded_user="ana")
        check(status == 200 and headers["x-remit-outcome"] == "execute" and len(headers["x-remit-decision-id"]) == 32, headers)
        check(ask("GET", "/docs", x_forwarded_user="bob")[0] == 403 and ask("GET", "/docs")[0] == 403 and ask("POST", "/docs", x_forwarded_user="ana")[0] == 403, "somebody else passes")
        check(ask("GET", "/docs/../docs", x_forwarded_user="ana")[0] == 403, "another path passes")
        records = server.ask("GET", "/v1/audit?kind=decision", who="ops")["records"]
        check(len(records) == 5 and records[0]["record"]["context"]["path"] == "/docs", records)

    with_server(work)


if __name__ == "__main__":
    run_tests([events_come_as_they_happen_and_can_be_caught_up, figures_are_those_of_what_happened, leases_show_what_this_node_may_spend, a_proxy_is_told_yes_or_no])
