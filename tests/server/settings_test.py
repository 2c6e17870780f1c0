"""Settings of `remit serve` as people give them, and what outlives the process: the real binary, started and stopped."""
import concurrent.futures
import json
import os
import re
import resource
import signal
import socket
import sys
import time

from live_server import Server, check, run_tests

REMIT = sys.argv[1]
OPEN = "permit (principal, action, resource);"
CLOSED = 'permit (principal, action == Action::"read", resource);'


def with_server(work, *arguments, **keywords):
    server = Server(REMIT, *arguments, **keywords)
    try:
        return work(server)
    finally:
        server.remove()


# ---- AuthZEN's mapping file -----------------------------------------------------------------------------------------------------

MAPPING = {"types": {"user": {"type": "Acme::Person", "attributes": {"department": "unit"}}}, "actions": {"can_read": {"action": 'Acme::Action::"read"'}}}
MAPPED = 'permit (principal is Acme::Person, action == Acme::Action::"read", resource) when { principal.unit == "claims" };'
EVALUATION = {"subject": {"type": "user", "id": "ana", "properties": {"department": "claims"}}, "action": {"name": "can_read"}, "resource": {"type": "File", "id": "f"}}


def evaluate(server):
    return server.ask("POST", "/access/v1/evaluation", EVALUATION)["decision"]


def the_mapping_file_is_a_flag_a_variable_and_a_key():
    def work(server):
        server.write("mapping.json", json.dumps(MAPPING))
        server.start()
        check(evaluate(server) is False, "names stand for themselves without a mapping")
        server.stop()
        server.start("--authzen-mapping", "mapping.json")
        check(evaluate(server) is True, "by the flag")
        server.stop()
        server.start(environment={**os.environ, "REMIT_AUTHZEN_MAPPING": "mapping.json"})
        check(evaluate(server) is True, "by the environment")
        server.stop()
        server.write("server.toml", '[authzen]\nmapping = "mapping.json"\n' + (server.folder / "server.toml").read_text().split("\n", 1)[1])
        shown = server.run("serve", "-c", "server.toml", "--print-config")
        check('authzen.mapping = "mapping.json"' in shown.stdout, shown.stdout + shown.stderr)
        server.start()
        check(evaluate(server) is True, "by the file")

    with_server(work, MAPPED)


def a_mapping_that_is_wrong_is_refused_with_its_place():
    def work(server):
        server.write("mapping.json", '{"types": {"user": {"typo": 1}}}')
        answer = server.run("serve", "-c", "server.toml", *server.arguments, "--authzen-mapping", "mapping.json")
        check(answer.returncode == 2 and "typo" in answer.stderr, answer.stderr)
        answer = server.run("serve", "-c", "server.toml", *server.arguments, "--authzen-mapping", "nothing.json")
        check(answer.returncode == 2 and "nothing.json" in answer.stderr, answer.stderr)

    with_server(work, MAPPED)


# ---- what is live after a restart -----------------------------------------------------------------------------------------------


def upload(server, text, **more):
    return server.ask("POST", "/v1/policies?publish=true", {"policies": [{"name": "p", "text": text}], **more}, who="root")["version"]


def may_write(server):
    return server.decide(("User", "u"), "write", ("File", "f"))["outcome"] == "execute"


def live(server):
    return server.ask("GET", "/v1/policies", who="root")["live"]


def what_was_uploaded_is_live_again_after_a_restart_and_a_crash():
    def work(server):
        server.start()
        first = live(server)
        second = upload(server, OPEN)
        third = upload(server, OPEN + ' @id("x") forbid (principal, action == Action::"drop", resource);')
        server.kill()
        server.start()
        check(live(server) == third and may_write(server), "the crash brought back another version")
        check('"resumed"' in server.log(), server.log())
        check(server.ask("POST", "/v1/policies/rollback", {}, who="root")["live"] == second, "going back goes where it went before")
        server.stop()
        server.start()
        check(live(server) == second, "going back is remembered")
        check(server.ask("POST", "/v1/policies/rollback", {}, who="root")["live"] == first and not may_write(server), "going back goes further")

    with_server(work, CLOSED, config='data = "data"')


def files_that_changed_meanwhile_say_what_is_live():
    def work(server):
        server.start()
        upload(server, OPEN)
        server.stop()
        server.write("policies/p.remit", CLOSED + "\n// another text\n")
        server.start()
        check(not may_write(server), "the files have changed since, and are live")

    with_server(work, CLOSED, config='data = "data"')


def without_a_folder_nothing_is_remembered():
    def work(server):
        server.start()
        upload(server, OPEN)
        server.stop()
        server.start()
        check(not may_write(server), "something was remembered")

    with_server(work, CLOSED)


# ---- what the audit log does not show -------------------------------------------------------------------------------------------

SENSITIVE = """
type Card = { @sensitive number: String, kind: String };
entity User = { name: String, @sensitive ssn: String };
entity File;
@sensitive
type Secret = String;
action pay appliesTo { principal: User, resource: File, context: { card: Card, others: Set<Card>, @sensitive note?: String, code: Secret, amount: Long } };
"""


def what_the_schema_calls_sensitive_is_not_in_the_log():
    def work(server):
        server.start("--audit-mask", "context.amount")
        # Nothing that digests and salts in hex could spell by chance.
        context = {"card": {"number": "4111-1111", "kind": "visa"}, "others": [{"number": "5500-0000", "kind": "mc"}], "note": "hush, hush", "code": "open sesame", "amount": 313373133731337}
        own = [{"uid": {"type": "User", "id": "ana"}, "attrs": {"name": "Ana", "ssn": "078-05-1120"}, "parents": []}]
        answer = server.decide(("User", "ana"), "pay", ("File", "f"), context, entities=own)
        check(answer["outcome"] == "execute", answer)
        server.stop()
        files = b"".join(path.read_bytes() for path in (server.folder / "audit").glob("*.seg"))
        for secret in ["4111-1111", "5500-0000", "hush, hush", "open sesame", "313373133731337", "078-05-1120"]:
            check(secret.encode() not in files, f"{secret} is in the log")
        for shown in ["visa", "mc", "Ana", "masked:"]:
            check(shown.encode() in files, f"{shown} is not in the log")
        arguments = ["--policies", "policies", "--entities", "entities.json", "--schema", "schema.cedarschema", "--schema", "builtin:remit", "--any-version"]
        again = server.run("replay", "audit", *arguments)
        check(again.returncode == 0 and "1 the same" in again.stdout, again.stdout + again.stderr)
        erased = server.run("audit", "erase", "audit", "--subject", 'User::"ana"')
        check(erased.returncode == 0, erased.stdout + erased.stderr)
        check(b"078-05-1120" not in (server.folder / "audit" / "masked").read_bytes(), "the value is still there")

    with_server(work, OPEN, schema=SENSITIVE)


def an_uploaded_schema_says_what_is_sensitive_from_then_on():
    def work(server):
        server.start()
        schema = [{"name": "s", "text": SENSITIVE.replace("amount: Long", "@sensitive amount: Long")}]
        upload(server, OPEN, schema=schema)
        context = {"card": {"number": "1", "kind": "visa"}, "others": [], "code": "c", "amount": 31337}
        server.decide(("User", "ana"), "pay", ("File", "f"), context)
        server.stop()
        files = b"".join(path.read_bytes() for path in (server.folder / "audit").glob("*.seg"))
        check(b"31337" not in files and b"visa" in files, "the uploaded schema does not count")

    with_server(work, OPEN, schema=SENSITIVE)


# ---- a full disk ----------------------------------------------------------------------------------------------------------------


def no_room():
    """Files grow to 64 KiB and no further, until `make_room`: writing fails, as on a full disk."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 << 10, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))


def make_room(server):
    most = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)[1]
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (most, most))


LARGE = {"principal": {"type": "User", "id": "u"}, "action": {"type": "Action", "id": "read"}, "resource": {"type": "File", "id": "f"}, "context": {"text": "x" * 4000}}


def ask(server, number=0):
    """Status, text and seconds; who is told nothing fails."""
    began = time.monotonic()
    status, headers, text = server.exchange("POST", "/v1/decide", LARGE, headers={"X-Request-ID": f"r{number}"})
    check(headers["X-Request-ID"] == f"r{number}", f"{status}: {headers}")
    return status, text, time.monotonic() - began


def recorded(server):
    return server.run("audit", "query", "audit", "--kind", "decision", "--limit", "1000").stdout.count("\n")


def a_log_that_cannot_be_written_refuses_decisions():
    def work(server):
        server.start("--limits-write-ms", "1000", prepare=no_room)
        answers = [ask(server, number) for number in range(40)]
        statuses = [status for status, _, _ in answers]
        served = statuses.count(200)
        check(0 < served < 40 and statuses == [200] * served + [503] * (40 - served), statuses)
        check(all('"audit-stuck"' in text for _, text, _ in answers[served:]), answers[served:])
        check(max(seconds for _, _, seconds in answers) < 2, [seconds for _, _, seconds in answers])
        check("remit_audit_stuck 1" in server.exchange("GET", "/metrics", who="ops")[2], "the metric says nothing")
        check(server.exchange("GET", "/healthz")[0] == 200, "the process is alive")
        check(recorded(server) >= served, f"{served} were answered, {recorded(server)} are in the log")
        make_room(server)
        check(wait_for(lambda: ask(server)[0] == 200), "it does not go on by itself")
        server.stop()

    with_server(work, CLOSED)


def wait_for(condition):
    end = time.monotonic() + 5
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def who_waits_together_when_the_disk_fills_up_is_answered():
    """Many on connections of their own, and many on one: each is answered, in the order of the requests."""

    def work(server):
        server.start(prepare=no_room)
        body = json.dumps(LARGE).encode()
        head = f"POST /v1/decide HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\nX-Request-ID: "
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            many = [pool.submit(ask, server, number) for number in range(40)]
            host, port = server.address.rsplit(":", 1)
            with socket.create_connection((host, int(port)), timeout=10) as connection:
                connection.sendall(b"".join(head.encode() + f"p{number}\r\n\r\n".encode() + body for number in range(40)) + b"GET /healthz HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
                got = b"".join(iter(lambda: connection.recv(65536), b"")).decode()
            answers = [answer.result() for answer in many]
        check([f"p{number}" for number in range(40)] == re.findall(r"X-Request-ID: (\S+)", got), got[-500:])
        statuses = re.findall(r"HTTP/1.1 (\d+)", got)
        check(len(statuses) == 41 and statuses[-1] == "200" and statuses[-2] == "503" and set(statuses) == {"200", "503"}, statuses)
        check({status for status, _, _ in answers} <= {200, 503} and max(seconds for _, _, seconds in answers) < 5, answers)
        served = [status for status, _, _ in answers].count(200) + statuses[:-1].count("200")
        make_room(server)
        server.stop()
        check(recorded(server) >= served, f"{served} were answered, {recorded(server)} are in the log")

    with_server(work, CLOSED)


def a_log_that_blocks_answers_when_there_is_room():
    def work(server):
        for waits in ["true", "false"]:
            server.start("--audit-stuck", "block", "--audit-wait", waits, "--audit-wait-ms", "20000", "--limits-write-ms", "500", "--audit-folder", f"audit-{waits}", prepare=no_room)
            with concurrent.futures.ThreadPoolExecutor(40) as pool:
                many = [pool.submit(ask, server, number) for number in range(40)]
                check(wait_for(lambda: "remit_audit_stuck 1" in server.exchange("GET", "/metrics", who="ops")[2]), "it is not stuck")
                many.append(pool.submit(ask, server, 41))
                time.sleep(1.5)
                check(not many[-1].done(), "an answer got ahead of the log")
                check(all(server.exchange("GET", "/healthz", seconds=1)[0] == 200 for _ in range(8)), "who waits keeps others waiting")
                make_room(server)
                began = time.monotonic()
                check([answer.result()[0] for answer in many] == [200] * 41, [answer.result()[:2] for answer in many])
                check(time.monotonic() - began < 2, "the answers came late")
            server.stop()
            found = server.run("audit", "query", f"audit-{waits}", "--kind", "decision", "--limit", "1000").stdout.count("\n")
            check(found == 41, f"{found} records of 41")

    with_server(work, CLOSED)


def a_log_that_blocks_does_so_for_its_time():
    def work(server):
        server.start("--audit-stuck", "block", "--audit-wait-ms", "600", prepare=no_room)
        with concurrent.futures.ThreadPoolExecutor(40) as pool:
            answers = [answer.result() for answer in [pool.submit(ask, server, number) for number in range(40)]]
        late = [(status, text, seconds) for status, text, seconds in answers if status != 200]
        check(late and all(status == 503 and '"audit-stuck"' in text and 0.5 < seconds < 5 for status, text, seconds in late), late)
        make_room(server)
        check(wait_for(lambda: ask(server)[0] == 200), "it does not go on by itself")
        server.stop()
        check(recorded(server) >= 41, f"{recorded(server)} records of what 41 asked: none is dropped")

    with_server(work, CLOSED)


def what_waited_in_vain_is_not_spent():
    """Answers that were held and became 503 had reserved something: it is given back, and what was answered is not."""

    def work(server):
        server.start("--audit-stuck", "block", "--audit-wait-ms", "600", prepare=no_room)
        with concurrent.futures.ThreadPoolExecutor(40) as pool:
            statuses = [answer.result()[0] for answer in [pool.submit(ask, server, number) for number in range(40)]]
        served = statuses.count(200)
        check(0 < served < 40 and statuses.count(503) == 40 - served, statuses)
        used = lambda: sum(budget["used"] for budget in server.ask("GET", "/v1/budgets", who="ops")["budgets"])
        check(wait_for(lambda: used() == served), f"{served} were answered, {used()} are spent")
        make_room(server)
        server.stop()

    with_server(work, CLOSED + "budget calls (principal, action, resource) limit { 1000 };")


# ---- keys -----------------------------------------------------------------------------------------------------------------------


def make_key(server, name):
    """A verifier key for `remit/audit`."""
    server.run("keys", "generate", "-o", f"{name}.pem", "--public", f"{name}.pub")
    return server.run("audit", "key", f"{name}.pub", "--origin", "remit/audit").stdout.strip()


def the_key_of_the_log_is_replaced():
    def work(server):
        first, second = make_key(server, "first"), make_key(server, "second")
        server.start("--audit-key", "first.pem")
        server.stop()
        answer = server.run("serve", "-c", "server.toml", *server.arguments, "--audit-key", "second.pem")
        check(answer.returncode == 2, "a log of nobody known was opened")
        server.start("--audit-key", "second.pem", "--audit-former-keys", first)
        server.stop()
        verified = server.run("audit", "verify", "audit", "--key", second, "--key", first)
        check(verified.returncode == 0, verified.stdout + verified.stderr)

    with_server(work, OPEN)


def a_bundle_is_served_if_the_right_key_signed_it():
    def work(server):
        ours, _ = make_key(server, "ours"), make_key(server, "theirs")
        built = server.run("build", "-p", "policies", "--no-code", "-o", "p.rmb")
        check(built.returncode == 0, built.stdout + built.stderr)
        arguments = ["serve", "-c", "server.toml", "--bundle", "p.rmb", "--bundle-keys", ours, "--listen", "127.0.0.1:0"]
        check(server.run(*arguments).returncode == 2, "a bundle that nobody signed is served")
        server.run("sign", "p.rmb", "-k", "theirs.pem", "--origin", "remit/audit")
        check(server.run(*arguments).returncode == 2, "a bundle that others signed is served")
        (server.folder / "p.rmb.sig").unlink()
        server.run("sign", "p.rmb", "-k", "ours.pem", "--origin", "remit/audit")
        server.start("--bundle", "p.rmb", "--bundle-keys", ours)
        check(may_write(server), "the bundle does not decide")

    with_server(work, OPEN)


# ---- policies about callers -----------------------------------------------------------------------------------------------------


def policies_about_callers_are_checked():
    def work(server):
        server.write("more.remit", 'permit (principal == User::"ops", action == Remit::Action::"publish", resource) when { principal.credential == "token" };')
        server.start("--callers-policies", "more.remit")
        upload_status = server.exchange("POST", "/v1/policies", {"policies": [{"name": "p", "text": OPEN}]}, who="ops")[0]
        check(upload_status == 201, upload_status)
        server.stop()
        for wrong, word in [('action == Remit::Action::"pubilsh"', "pubilsh"), ('action == Remit::Action::"publish"', "credentail")]:
            server.write("more.remit", f'permit (principal == User::"ops", {wrong}, resource) when {{ principal.{"credentail" if word == "credentail" else "credential"} == "token" }};')
            answer = server.run("serve", "-c", "server.toml", *server.arguments, "--callers-policies", "more.remit")
            check(answer.returncode == 2 and word in answer.stderr, answer.stderr)
        # The same at the desk, before it is deployed.
        server.write("types.cedarschema", "entity User in [Remit::Role] = { credential: String };")
        server.write("more.remit", 'permit (principal == User::"ops", action == Remit::Action::"publish", resource);')
        answer = server.run("check", "--schema", "types.cedarschema", "--schema", "builtin:server", "more.remit")
        check(answer.returncode == 0, answer.stdout + answer.stderr)

    with_server(work, OPEN)


# ---- a forbid that cannot be evaluated --------------------------------------------------------------------------------------------

FAILS = OPEN + '@id("overflow") forbid (principal, action == Action::"write", resource) when { context.n * 9223372036854775807 == 0 };'


def a_forbid_that_fails_denies_where_it_is_said():
    def written(server, n):
        answer = server.decide(("User", "u"), "write", ("File", "f"), {"n": n})
        return answer["outcome"], [each["id"] for each in answer.get("determining", [])], len(answer.get("errors", []))

    def work(server):
        for engine in ("interpreter", "native"):
            for rule, expected in (("skip", ("execute", ["policy0"], 1)), ("deny", ("deny", ["overflow"], 1))):
                server.start("--engine", engine, "--forbid-errors", rule)
                for _ in range(20):  # native code comes while the interpreter decides
                    check(written(server, 2) == expected, (engine, rule, written(server, 2)))
                    check(written(server, 1)[0] == "execute", (engine, rule))
                    time.sleep(0.02)
                if rule == "deny":  # what is uploaded later, too
                    upload(server, FAILS.replace("overflow", "uploaded"))
                    check(written(server, 2)[:2] == ("deny", ["uploaded"]), (engine, written(server, 2)))
                server.stop()
        server.write("remit.toml", 'policies = ["policies"]\nentities = "entities.json"\nforbid_errors = "deny"\n[server]\nconfig = "server.toml"\nlisten = "127.0.0.1:0"\n')
        server.start(by_project=True)
        check(written(server, 2)[0] == "deny", "by the project")

    with_server(work, FAILS)


if __name__ == "__main__":
    run_tests([the_mapping_file_is_a_flag_a_variable_and_a_key, a_mapping_that_is_wrong_is_refused_with_its_place, what_was_uploaded_is_live_again_after_a_restart_and_a_crash,
               files_that_changed_meanwhile_say_what_is_live, without_a_folder_nothing_is_remembered, what_the_schema_calls_sensitive_is_not_in_the_log,
               an_uploaded_schema_says_what_is_sensitive_from_then_on, a_log_that_cannot_be_written_refuses_decisions,
               who_waits_together_when_the_disk_fills_up_is_answered, a_log_that_blocks_answers_when_there_is_room, a_log_that_blocks_does_so_for_its_time, what_waited_in_vain_is_not_spent, the_key_of_the_log_is_replaced,
               a_bundle_is_served_if_the_right_key_signed_it, policies_about_callers_are_checked, a_forbid_that_fails_denies_where_it_is_said])
