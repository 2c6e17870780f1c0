#!/usr/bin/env python3
"""`kill -9` under load, again and again on the same ledger and log: nothing that was answered is lost, nothing is spent twice."""

import random
import threading
import time

import serving

AGENTS = 12
LIMIT_OF_A_ROUND = 20  # so that budgets are empty after most rounds


def policies(limit):
    return f"""
@id("all") permit (principal, action == Action::"refund", resource);
@id("calls") budget calls (principal, action == Action::"refund", resource) per {{ principal }} limit {{ {limit} }};
"""


class Asker(threading.Thread):
    """Many requests at once; keeps what was answered. A connection that breaks ends it."""

    def __init__(self, server, number, seed):
        super().__init__(daemon=True)
        self.server, self.number, self.chance = server, number, random.Random(seed)
        self.answered = {}
        self.wrong = []

    def body(self):
        return {"principal": {"type": "Agent", "id": f"a{self.chance.randrange(AGENTS)}"}, "action": {"type": "Action", "id": "refund"},
                "resource": {"type": "Order", "id": f"o{self.number}"}}

    def run(self):
        try:
            with self.server.connect() as client:
                while True:
                    self.ask_many(client)
        except (serving.Ended, OSError):
            pass
        except Exception as error:  # noqa: BLE001
            self.wrong.append(repr(error))

    def ask_many(self, client, count=32):
        bodies = [self.body() for _ in range(count)]
        client.send(b"".join(serving.request("POST", "/v1/decide", body) for body in bodies))
        for body in bodies:
            status, text = client.receive()
            if status != 200:
                self.wrong.append((status, text))
                continue
            answer = serving.json.loads(text)
            self.answered[answer["decision_id"]] = (body["principal"]["id"], answer["outcome"])


def check(server, answered, rounds, limit):
    server.verify_log()
    records = {record["id"]: record for record in server.records()}
    missing = [each for each in answered if each not in records]
    assert not missing, f"{len(missing)} of {len(answered)} answered decisions are not in the log: {missing[:3]}"
    other = [each for each, (_, outcome) in answered.items() if records[each]["outcome"] != outcome]
    assert not other, f"{len(other)} records say something else than the answer did: {other[:3]}"
    spent = {}
    for agent, outcome in answered.values():
        spent[agent] = spent.get(agent, 0) + (outcome == "execute")
    assert max(spent.values()) <= limit, f"a budget of {limit} was spent {max(spent.values())} times"
    return f"{rounds} kills, {len(answered)} answers, {len(records)} records, {sum(spent.values())} executed of at most {AGENTS * limit}"


def kill_under_load(binary, count, durability):
    rounds = count or 3
    chance = random.Random(rounds)
    limit = LIMIT_OF_A_ROUND * rounds
    server = serving.Server(binary, policies(limit), settings=["--ledger", "ledger.db", "--durability", durability, "--audit-wait", "true"])
    answered = {}
    try:
        for number in range(rounds):
            server.start()
            askers = [Asker(server, i, number * 100 + i) for i in range(4)]
            for asker in askers:
                asker.start()
            end = time.monotonic() + 20  # until somebody is answered, however busy the machine is
            while not any(asker.answered for asker in askers) and time.monotonic() < end:
                time.sleep(0.01)
            time.sleep(0.1 + chance.random() * 0.4)
            server.kill()
            for asker in askers:
                asker.join()
                assert not asker.wrong, f"{len(asker.wrong)} refused, as {asker.wrong[0]}"
                answered.update(asker.answered)
        server.start()
        assert server.stop() == 0
        assert answered, "nothing was answered between the kills"
        return check(server, answered, rounds, limit)
    finally:
        server.remove()


def budgets_from_leases(binary, count):
    return kill_under_load(binary, count, "lease")


def budgets_durable_each(binary, count):
    return kill_under_load(binary, count and max(count // 5, 1), "each")


serving.main([budgets_from_leases, budgets_durable_each])
