#!/usr/bin/env python3
"""A support agent's day against a decision server: what it may do, what waits for a person, what it may spend, and how it is stopped.

It starts `remit serve` on a free port, is the agent, the support lead and the operator in turn, and fails if an outcome is not the one to be expected.
The client is twenty lines of Python's own library: whatever speaks HTTP and JSON can do the same.
"""
import argparse
import hashlib
import http.client
import json
import os
import pathlib
import secrets
import shutil
import signal
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
TENANT_FILES = ["--policies", str(HERE / "policies"), "--policies", "builtin:approvals", "--schema", str(HERE / "schema.cedarschema"), "--schema", "builtin:remit",
                "--entities", str(HERE / "entities.json")]


class Unexpected(Exception):
    pass


class Client:
    """One caller of the server's native API."""

    def __init__(self, address, token=None):
        self.address = address
        self.token = token

    def ask(self, method, path, body=None):
        connection = http.client.HTTPConnection(self.address, timeout=30)
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        status, text = answer.status, answer.read()
        connection.close()
        return status, json.loads(text) if text.startswith((b"{", b"[")) else text.decode()


# ---- the server ---------------------------------------------------------------------------------------------------------------


def run(remit, *arguments):
    return subprocess.run([remit, *map(str, arguments)], check=False, capture_output=True, text=True)


def write_config(work, tokens):
    callers = {"agent": ("Remit::Caller", "runtime", ["agent"]), "lee": ("User", "lee", ["approver"]), "ops": ("User", "ops", ["operator"]),
               "console": ("User", "lee", ["approver", "operator", "auditor"])}
    lines = ['ledger = "ledger.db"', 'signing-key = "approvals.pem"', 'data = "data"', 'unix = ""', "", "[audit]", 'folder = "audit"', 'key = "audit.pem"']
    for name, (kind, ident, roles) in callers.items():
        digest = hashlib.sha256(tokens[name].encode()).hexdigest()
        lines += ["", "[[callers.token]]", f'sha256 = "{digest}"', f'type = "{kind}"', f'id = "{ident}"', f"roles = {json.dumps(roles)}"]
    (work / "server.toml").write_text("\n".join(lines) + "\n")


def start(remit, work, port):
    """The process and its address, once it listens."""
    with open(work / "server.log", "wb") as log:
        process = subprocess.Popen([remit, "serve", "--config", "server.toml", "--listen", f"127.0.0.1:{port}", *TENANT_FILES], cwd=work, stdin=subprocess.DEVNULL,
                                   stdout=log, stderr=log, start_new_session=True)
    (work / "server.pid").write_text(f"{process.pid}\n")
    for _ in range(300):
        for line in (work / "server.log").read_text().splitlines():
            if '"listening"' in line:
                return process, json.loads(line)["address"]
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise Unexpected(f"the server did not start:\n{(work / 'server.log').read_text()}")


def stop_former(work):
    """The server that an earlier day left behind, if it is still this program's."""
    try:
        pid = int((work / "server.pid").read_text())
        if str(work).encode() in os.readlink(f"/proc/{pid}/cwd").encode():
            os.kill(pid, signal.SIGTERM)
            for _ in range(100):
                os.kill(pid, 0)
                time.sleep(0.1)
    except (OSError, ValueError):
        pass


# ---- the day ------------------------------------------------------------------------------------------------------------------


class Day:
    def __init__(self, address, tokens):
        self.agent = Client(address, tokens["agent"])
        self.lee = Client(address, tokens["lee"])
        self.ops = Client(address, tokens["ops"])
        self.hour = 8 * 60
        self.version = ""

    def title(self, text):
        print(f"\n{self.hour // 60:02}:{self.hour % 60:02}  {text}")
        self.hour += 35

    def wants(self, who, action, kind, ident, context=None, outcome="execute", by=None, **more):
        """The agent asks; the answer must be this one."""
        uid = lambda type_name, name: {"type": type_name, "id": name}
        request = {"principal": uid("Agent", who), "action": uid("Action", action), "resource": uid(kind, ident), "context": context or {}, **more}
        status, answer = self.agent.ask("POST", "/v1/decide", request)
        if status != 200:
            raise Unexpected(f"{action}: {status} {answer}")
        because = answer.get("quarantined") or ", ".join(each["id"] for each in answer["determining"]) or "nothing permits it"
        print(f'       {who}: {action} {kind}::"{ident}"' + (f" {json.dumps(context)}" if context else "") + (" with the approval" if "approvals" in more else ""))
        print(f"       -> {answer['outcome']}  ({because})")
        self.expect(answer["outcome"] == outcome and (by is None or by in because), f"{outcome} by {by}", answer)
        self.version = answer["policy_version"]
        return answer

    def settles(self, answer, outcome, **charges):
        body = {"reservation": answer["reservation"]["id"], "outcome": outcome, **({"charges": charges} if charges else {})}
        status, settled = self.agent.ask("POST", "/v1/settle", body)
        print(f"       settled: {outcome}" + (f", charged {json.dumps(charges)}" if charges else ""))
        self.expect(status == 200 and not settled["repeated"], "a settlement", settled)

    def expect(self, is_so, what, answer):
        if not is_so:
            raise Unexpected(f"expected {what}, got {json.dumps(answer)}")

    def play(self):
        self.permitted()
        self.drafted()
        self.escalated()
        self.over_budget()
        self.breaker()
        self.quarantined()

    def permitted(self):
        self.title("reading: an order of its own tenant, and one of another")
        self.wants("support-7", "read_order", "Order", "o-4711", by="read-own-tenant")
        self.wants("support-7", "read_order", "Order", "o-9000", outcome="deny")
        self.title("a small refund is executed, and charged to the day's budget")
        refund = self.wants("support-7", "refund", "Order", "o-4712", {"amount_cents": 9000, "reason": "parcel lost"}, by="refund-own-tenant")
        self.settles(refund, "success", refunds=9000)

    def drafted(self):
        self.title("an agent on trial only drafts")
        mail = {"to": "ana@example.com", "subject": "your parcel"}
        self.wants("pilot-1", "send_mail", "Mailbox", "help", mail, outcome="draft", by="pilots-draft")
        self.wants("support-7", "send_mail", "Mailbox", "help", mail, by="mail-own-tenant")

    def escalated(self):
        self.title("a large refund waits for a person")
        wanted = {"amount_cents": 15000, "reason": "wrong article"}
        waiting = self.wants("support-7", "refund", "Order", "o-4711", wanted, outcome="approve", by="refund-over-100")
        ticket = waiting["escalations"][0]["id"]
        status, answer = self.agent.ask("POST", f"/v1/escalations/{ticket}/approve", {})
        print(f"       the agent approves it itself -> {status} {answer['error']['code']}")
        self.expect(status == 403, "a refusal", answer)
        status, answer = self.lee.ask("POST", f"/v1/escalations/{ticket}/approve", {})
        self.expect(status == 200 and answer["state"] == "approved", "an approval", answer)
        print(f'       User::"lee" approves -> {answer["state"]}')
        grant = self.agent.ask("GET", f"/v1/escalations/{ticket}/grant")[1]["grant"]
        refund = self.wants("support-7", "refund", "Order", "o-4711", wanted, by="refund-own-tenant", approvals=[grant])
        self.settles(refund, "success", refunds=15000)
        self.title("one cent more is another request: the approval does not count, and somebody is asked again")
        self.wants("support-7", "refund", "Order", "o-4711", {**wanted, "amount_cents": 15001}, outcome="approve", by="refund-over-100", approvals=[grant])

    def over_budget(self):
        self.title("the day's budget holds, whoever would approve")
        self.wants("support-7", "refund", "Order", "o-4713", {"amount_cents": 27000, "reason": "never arrived"}, outcome="deny", by="refunds")
        status, answer = self.ops.ask("GET", "/v1/budgets")
        row = answer["budgets"][0]
        print(f"       refunds of {row['key']}: {row['used']} of {row['limit']} cents")
        self.expect(status == 200 and row["used"] == 24000, "24000 used", answer)

    def breaker(self):
        self.title("the CRM fails; after four calls the breaker opens and the agent drafts")
        for _ in range(4):
            self.settles(self.wants("support-7", "update_record", "Record", "customer-12", by="crm-own-tenant"), "failure")
        self.wants("support-7", "update_record", "Record", "customer-12", outcome="draft", by="crm")
        status, answer = self.ops.ask("GET", "/v1/breakers")
        self.expect(status == 200 and answer["breakers"][0]["state"] == "open", "an open breaker", answer)

    def quarantined(self):
        self.title("somebody pulls the plug")
        status, answer = self.agent.ask("POST", "/v1/quarantine", {"type": "Agent", "id": "support-7"})
        self.expect(status == 403, "a refusal", answer)
        status, answer = self.ops.ask("POST", "/v1/quarantine", {"type": "Agent", "id": "support-7", "reason": "a complaint"})
        self.expect(status == 200 and answer["added"], "quarantine", answer)
        print('       User::"ops" puts Agent::"support-7" into quarantine')
        self.wants("support-7", "read_order", "Order", "o-4711", outcome="deny", by="support-7")
        status, answer = self.ops.ask("DELETE", "/v1/quarantine/Agent/support-7")
        self.expect(status == 200 and answer["released"], "release", answer)
        print("       and lets it go on")
        self.wants("support-7", "read_order", "Order", "o-4711", by="read-own-tenant")


def check_log(remit, work, version):
    """Whether the audit log is what was written, and whether the same comes out when it is all decided again."""
    verified = run(remit, "audit", "verify", work / "audit", "--key", work / "audit.pub")
    replayed = run(remit, "replay", work / "audit", *TENANT_FILES, "--policy-version", version)
    print(f"\nThe audit log: {verified.stdout.strip()}{verified.stderr.strip()}")
    print(f"Decided again: {(replayed.stdout.strip().splitlines() or [''])[-1]}{replayed.stderr.strip()}")
    if verified.returncode != 0 or replayed.returncode != 0:
        raise Unexpected("the audit log does not hold")


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--remit", default=shutil.which("remit"), help="the command, where it is not in PATH")
    arguments.add_argument("--work", default="support-day", help="folder for ledger, audit log and keys; what an earlier day left there is removed")
    arguments.add_argument("--port", type=int, default=0, help="0: any that is free")
    arguments.add_argument("--exit", action="store_true", help="stop the server at the end")
    options = arguments.parse_args()
    if options.remit is None:
        arguments.error("where is `remit`? (--remit)")
    remit = str(pathlib.Path(options.remit).resolve())
    work = pathlib.Path(options.work).resolve()
    stop_former(work)
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    for key in ["approvals", "audit"]:
        run(remit, "keys", "generate", "-o", work / f"{key}.pem", "--public", work / f"{key}.pub")
    tokens = {name: secrets.token_urlsafe(32) for name in ["agent", "lee", "ops", "console"]}
    write_config(work, tokens)
    process, address = start(remit, work, options.port)
    print(f"remit serve at http://{address}, in {work}")
    is_done = False
    try:
        day = Day(address, tokens)
        day.play()
        if options.exit:
            process.terminate()
            if process.wait(timeout=30) != 0:
                raise Unexpected("the server did not stop cleanly")
        check_log(remit, work, day.version)
        is_done = True
    except Unexpected as error:
        print(f"\nnot as expected: {error}", file=sys.stderr)
        return 1
    finally:
        if (options.exit or not is_done) and process.poll() is None:
            process.kill()
            process.wait()
    if not options.exit:
        print(f"\nThe server goes on. Somebody waits for an approval at http://{address}/console\n  token: {tokens['console']}\n  stop it: kill {process.pid}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
