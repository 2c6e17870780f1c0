"""The console in a headless browser against a real `remit serve`: what agents do shows, and what people do there happens.

console_test.py asks for every view and every odd text, of an API of its own; this one that the two ends fit.
"""
import pathlib
import sys

import webdriver
from live_server import TOKENS, Server, check

POLICIES = """
@id("agents-read")
permit (principal is Agent, action == Action::"read_order", resource);
@id("agents-refund")
permit (principal is Agent, action == Action::"refund", resource) when { context.amount_cents <= 50000 };
@id("refund-over-100")
escalate (principal is Agent, action == Action::"refund", resource) when { context.amount_cents > 10000 }
approval { by: [Remit::Role::"leads"], expires: duration("15m") };
@id("leads-approve")
permit (principal in Remit::Role::"leads", action == Remit::Action::"approve", resource);
budget refunds (principal is Agent, action == Action::"refund", resource) charge { context.amount_cents } per { principal } limit { 60000 } each day;
permit (principal is Agent, action == Action::"crm", resource);
breaker crm (principal is Agent, action == Action::"crm", resource) trip { calls >= 2 && failures >= 2 } within { duration("1m") }
cooldown { duration("5m") } probe { 1 } open restrict to draft;
"""
ENTITIES = '[{"uid": {"type": "User", "id": "lee"}, "attrs": {}, "parents": [{"type": "Remit::Role", "id": "leads"}]}]'
STRICT = ["default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
          "require-trusted-types-for 'script'"]


def agent(server, action, amount=None, **more):
    context = {} if amount is None else {"amount_cents": amount, "reason": "parcel lost"}
    return server.decide(("Agent", "support-7"), action, ("Order", "o-4711"), context, **more)


def state_of(server, ticket):
    return server.ask("GET", f"/v1/escalations/{ticket}", who="lee")


def check_headers(server):
    for path in ["/console", "/console/main.js", "/console/console.css"]:
        status, headers, text = server.exchange("GET", path)
        policy = headers["Content-Security-Policy"]
        check(status == 200 and all(rule in policy for rule in STRICT) and "unsafe" not in policy, f"{path}: {status} {policy}")
        check(headers["X-Content-Type-Options"] == "nosniff" and headers["X-Frame-Options"] == "DENY", path)
        check("<script>" not in text and "style=" not in text, f"{path} has something inline")


def click(browser, text):
    browser.run("[...document.querySelectorAll('button')].find(b => b.textContent === arguments[0]).click()", text)


def view(browser, key, text):
    browser.run("document.activeElement.blur()")
    browser.keys(key)
    browser.wait_for(text)


def approvals(server, browser, shots):
    browser.wait_for("Nobody waits for an answer")
    first = agent(server, "refund", 15000)["escalations"][0]["id"]
    browser.wait_for("An escalation has changed")  # told by the server, not asked for
    browser.wait_for('"amount_cents": 15000')
    for text in ["refund-over-100", 'Agent::"support-7"', 'Order::"o-4711"', "parcel lost", 'Remit::Role::"leads"', state_of(server, first)["digest"]]:
        check(text in browser.text(), f"{text} is not shown")
    browser.screenshot(shots / "live-escalation.png")
    click(browser, "Approve")
    browser.wait_for("Approved.")
    ticket = state_of(server, first)
    check(ticket["state"] == "approved" and ticket["approvers"][0]["person"]["id"] == "lee", ticket)
    grant = server.ask("GET", f"/v1/escalations/{first}/grant")["grant"]
    check(agent(server, "refund", 15000, approvals=[grant])["outcome"] == "execute", "the approval does not count")
    browser.wait_for("Nobody waits for an answer")
    second = agent(server, "refund", 20000)["escalations"][0]["id"]
    browser.wait_for('"amount_cents": 20000')
    browser.run("document.activeElement.blur()")
    browser.keys("ja")
    browser.wait_for("Nobody waits for an answer")
    check(state_of(server, second)["state"] == "approved", "the key approved nothing")
    third = agent(server, "refund", 30000)["escalations"][0]["id"]
    browser.wait_for('"amount_cents": 30000')
    browser.run("document.activeElement.blur()")
    browser.keys("jd")
    browser.wait_for("Nobody waits for an answer")
    check(state_of(server, third)["state"] == "denied", "the key denied nothing")


def decisions(server, browser, shots):
    view(browser, "2", "refund-over-100")
    agent(server, "read_order")
    browser.wait_for("agents-read")  # as it is made
    browser.screenshot(shots / "live-decisions.png")
    browser.keys("j")
    browser.keys("\ue007")
    browser.wait("return document.querySelector('dialog[open]') !== null", "the record")
    browser.run("[...document.querySelectorAll('dialog button')].find(b => b.textContent.startsWith('Why')).click()")
    browser.wait_for("As it would be decided now")
    browser.wait_for("agents-read")
    browser.screenshot(shots / "live-why.png")
    browser.keys("\ue00c")
    browser.wait("return document.querySelector('dialog') === null", "closing the record")


def state(server, browser, shots):
    view(browser, "3", "45,000 of 60,000 left")
    browser.screenshot(shots / "live-budgets.png")
    for _ in range(2):
        server.ask("POST", "/v1/settle", {"reservation": agent(server, "crm")["reservation"]["id"], "outcome": "failure"})
    check(agent(server, "crm")["outcome"] == "draft", "the breaker is closed")
    view(browser, "4", "open")
    check("crm" in browser.text(), browser.text())
    browser.screenshot(shots / "live-breakers.png")


def quarantine(server, browser, shots):
    view(browser, "5", "Nothing is quarantined")
    browser.run("document.querySelector('input[name=type]').focus()")
    browser.keys("Agent\ue004support-7\ue004a complaint\ue007")
    browser.wait_for('Agent::"support-7"')
    stopped = agent(server, "read_order")
    check(stopped["outcome"] == "deny" and "support-7" in stopped["quarantined"], stopped)
    browser.wait_for('by User::"lee"')
    browser.screenshot(shots / "live-quarantine.png")
    click(browser, "Release")
    browser.wait_for("Released.")
    check(agent(server, "read_order")["outcome"] == "execute", "it was not let go")


def audit(server, browser, shots):
    view(browser, "6", "Everything that was decided")
    browser.run("document.querySelector('input[name=statement]').focus()")
    browser.keys("refund-over-100\ue007")
    browser.wait_for("Searched.")
    browser.wait("return document.querySelectorAll('tbody tr').length >= 3 && [...document.querySelectorAll('tbody tr')].every(r => !/agents-read|crm/.test(r.innerText))",
                 "the records of one statement alone")
    browser.screenshot(shots / "live-audit.png")


def visit(server, browser, shots):
    browser.open(f"http://{server.address}/console")
    browser.wait_for("Sign in")
    # From this machine everybody may decide, and nothing else: what is asked for without a token is refused, not shown.
    browser.keys(TOKENS["lee"] + "\ue007")
    for part in [approvals, decisions, state, quarantine, audit]:
        part(server, browser, shots)
    ours = [line for line in browser.complaints() if "401" not in line and "403" not in line]
    check(not ours, f"the browser complains: {ours}")


def main():
    remit, shots = sys.argv[1], pathlib.Path(sys.argv[2])
    shots.mkdir(parents=True, exist_ok=True)
    server = Server(remit, POLICIES, entities=ENTITIES)
    try:
        server.start()
        check_headers(server)
        found = webdriver.find_browser()
        if found is None:
            print("skipped: needs chromium and chromium-driver (./dev test installs them)")
            return 77
        browser = webdriver.Browser(*found)
        try:
            visit(server, browser, shots)
        except AssertionError:
            browser.screenshot(shots / "live-failure.png")
            raise
        finally:
            browser.close()
        server.stop()
    finally:
        server.remove()
    print(f"console and server fit; screenshots are in {shots}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
