"""Traces of a real `remit serve`, taken by a small collector: what spans say, whose trace they belong to, and what is lost when nobody takes them."""
import http.server
import json
import sys
import threading
import time

from live_server import Server, check, run_tests

REMIT = sys.argv[1]
POLICIES = '@id("may-read") permit (principal, action == Action::"read", resource); @id("no-drop") forbid (principal, action == Action::"drop", resource);'
TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = "b7ad6b7169203331"


class Collector:
    """Keeps the spans that it is sent; answers with `status`, after `pause` seconds."""

    def __init__(self, status=200):
        outer = self
        self.status, self.pause, self.requests, self.spans = status, 0, [], []

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                time.sleep(outer.pause)
                outer.requests.append((self.path, dict(self.headers), body))
                if outer.status == 200:
                    for of_resource in json.loads(body)["resourceSpans"]:
                        for scope in of_resource["scopeSpans"]:
                            outer.spans += [{**span, "resource": attributes(of_resource["resource"])} for span in scope["spans"]]
                self.send_response(outer.status)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def url(self):
        return f"http://127.0.0.1:{self.server.server_port}/v1/traces"

    def wait(self, count):
        end = time.monotonic() + 20
        while len(self.spans) < count and time.monotonic() < end:
            time.sleep(0.05)
        check(len(self.spans) >= count, f"{len(self.spans)} spans came, not {count}; {self.requests}")
        return self.spans

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def value_of(value):
    if "arrayValue" in value:
        return [value_of(each) for each in value["arrayValue"]["values"]]
    return int(value["intValue"]) if "intValue" in value else value["stringValue"]


def attributes(item):
    return {each["key"]: value_of(each["value"]) for each in item["attributes"]}


def with_server(work, collector, *arguments):
    server = Server(REMIT, POLICIES)
    try:
        server.start("--traces-endpoint", collector.url(), "--node", "n1", *arguments)
        work(server)
    finally:
        server.remove()
        collector.close()


def request(action):
    return {"principal": {"type": "User", "id": "ana"}, "action": {"type": "Action", "id": action}, "resource": {"type": "File", "id": "f"}}


def metric(server, name):
    text = server.exchange("GET", "/metrics", who="ops")[2]
    return next(float(line.split()[-1]) for line in text.splitlines() if line.startswith(name + " "))


def a_trace_goes_on_where_it_came_from():
    collector = Collector()

    def work(server):
        headers = {"traceparent": f"00-{TRACE}-{PARENT}-01", "tracestate": "vendor=1"}
        status, answered, text = server.exchange("POST", "/v1/decide", request("read"), headers=headers)
        check(status == 200, text)
        decided = json.loads(text)
        spans = {span["name"]: span for span in collector.wait(2)}
        outer, inner = spans["POST /v1/decide"], spans["decide"]
        check(outer["traceId"] == TRACE and outer["parentSpanId"] == PARENT and outer["kind"] == 2 and outer["traceState"] == "vendor=1", outer)
        check(inner["traceId"] == TRACE and inner["parentSpanId"] == outer["spanId"] and inner["kind"] == 1, inner)
        check(answered["traceparent"] == f"00-{TRACE}-{outer['spanId']}-01", answered["traceparent"])
        said = attributes(inner)
        check(said["remit.outcome"] == "execute" and said["remit.determining"] == ["may-read"], said)
        check(said["remit.policy_version"] == decided["policy_version"] and said["remit.decision_id"] == decided["decision_id"], said)
        check(said["remit.action"] == 'Action::"read"' and "ana" not in json.dumps(said), said)
        check(attributes(outer)["http.response.status_code"] == 200, outer)
        check(outer["resource"] == {"service.name": "remit", "service.instance.id": "n1"}, outer["resource"])
        now = time.time_ns()
        check(now - 60e9 < int(outer["startTimeUnixNano"]) <= int(inner["startTimeUnixNano"]) <= int(inner["endTimeUnixNano"]) <= int(outer["endTimeUnixNano"]) <= now, spans)
        found = server.ask("GET", f"/v1/audit?trace_id={TRACE}", who="ops")["records"]
        check(len(found) == 1 and found[0]["record"]["id"] == decided["decision_id"], found)
        path, headers, _ = collector.requests[0]
        check(path == "/v1/traces" and headers["Content-Type"] == "application/json", (path, headers))

    with_server(work, collector)


def a_trace_begins_here_and_the_log_knows_it():
    collector = Collector()

    def work(server):
        _, answered, _ = server.exchange("POST", "/v1/decide/batch", {"requests": [request("read"), request("drop"), {"principal": 1}]})
        spans = collector.wait(3)
        outer = next(span for span in spans if span["name"].startswith("POST"))
        check("parentSpanId" not in outer and outer["traceId"] in answered["traceparent"], outer)
        outcomes = sorted(attributes(span)["remit.outcome"] for span in spans if span["name"] == "decide")
        check(outcomes == ["deny", "execute"], outcomes)
        check(len(server.ask("GET", f"/v1/audit?trace_id={outer['traceId']}", who="ops")["records"]) == 2, "the records")

    with_server(work, collector)


def what_is_not_sampled_is_not_sent():
    collector = Collector()

    def work(server):
        server.exchange("POST", "/v1/decide", request("read"), headers={"traceparent": f"00-{TRACE}-{PARENT}-00"})
        server.exchange("POST", "/v1/decide", request("read"))  # begins here, and the ratio is 0
        for broken in ["", "00", f"00-{'0' * 32}-{PARENT}-01", f"00-{TRACE.upper()}-{PARENT}-01", f"ff-{TRACE}-{PARENT}-01", f"00-{TRACE}-{PARENT}-01-more", "x" * 5000]:
            status, answered, text = server.exchange("POST", "/v1/decide", request("read"), headers={"traceparent": broken})
            check(status == 200 and "traceparent" not in answered, (broken, status, text))
        server.exchange("POST", "/v1/decide", request("read"), headers={"traceparent": f"00-{TRACE}-{PARENT}-03"})
        check([span["traceId"] for span in collector.wait(2)] == [TRACE, TRACE], collector.spans)

    with_server(work, collector, "--traces-ratio", "0")


def headers_for_the_collector_are_sent_and_never_shown():
    collector = Collector()

    def work(server):
        server.exchange("POST", "/v1/decide", request("read"))
        collector.wait(2)
        check(collector.requests[0][1].get("X-Key") == "s3cret", collector.requests[0][1])
        shown = server.run("serve", "-c", "server.toml", "--traces-headers", "X-Key=s3cret", "--print-config").stdout
        check("s3cret" not in shown and 'X-Key=***' in shown, shown)
        check("s3cret" not in server.log(), server.log())

    with_server(work, collector, "--traces-headers", "X-Key=s3cret")


def a_collector_that_is_away_costs_traces_and_nothing_else():
    collector = Collector(status=400)

    def work(server):
        for _ in range(20):
            check(server.exchange("POST", "/v1/decide", request("read"))[0] == 200, "a decision failed")
        end = time.monotonic() + 20
        while metric(server, "remit_traces_dropped_total") < 20 and time.monotonic() < end:
            time.sleep(0.1)
        check(metric(server, "remit_traces_dropped_total") >= 20, "what was lost is not counted")
        collector.status = 200
        server.exchange("POST", "/v1/decide", request("read"))
        collector.wait(2)
        check(metric(server, "remit_traces_exported_total") >= 1, "what was sent is not counted")
        collector.status = 503
        server.exchange("POST", "/v1/decide", request("read"))
        began = time.monotonic()
        server.stop()
        check(time.monotonic() - began < 10, "the collector kept the server from ending")

    with_server(work, collector)


def the_last_traces_are_sent_at_the_end():
    collector = Collector()

    def work(server):
        server.exchange("POST", "/v1/decide", request("drop"))
        server.stop()
        check(len(collector.spans) == 2, collector.spans)

    with_server(work, collector)


if __name__ == "__main__":
    run_tests([a_trace_goes_on_where_it_came_from, a_trace_begins_here_and_the_log_knows_it, what_is_not_sampled_is_not_sent,
               headers_for_the_collector_are_sent_and_never_shown, a_collector_that_is_away_costs_traces_and_nothing_else, the_last_traces_are_sent_at_the_end])
