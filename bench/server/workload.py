"""The one workload of every server: a hundred rules, and requests of about 450 bytes that one of them permits, or none.

Everything that a rule reads is in the request, because that is how Cerbos and OPA are asked; ten rules name the action of a request, and one of these its
subject's department. The rules are the same five times: for Remit, OPA, Cerbos, nginx (which decides nothing and answers with as many bytes) and the
minimal server.
"""

import json
import random

TOOLS = 10
DEPARTMENTS = 10


def limit(tool, department):
    return 1000 * (1 + (7 * tool + 3 * department) % 20)


def rules():
    return [(f"tool-{t}", f"department-{d}", limit(t, d), f"t{t}-d{d}") for t in range(TOOLS) for d in range(DEPARTMENTS)]


def cedar():
    return "\n".join(
        f'@id("{name}")\npermit (principal is Agent, action == Action::"{tool}", resource is Order)\n'
        f'when {{ principal.department == "{department}" && context.amount_cents <= {most} && resource.status == "open" }};'
        for tool, department, most, name in rules()) + "\n"


def schema():
    actions = ", ".join(f'"tool-{t}"' for t in range(TOOLS))
    return f"""entity Agent {{ department: String, model: String, clearance: Long }};
entity Order {{ status: String, region: String, owner: String }};
action {actions} appliesTo {{
  principal: [Agent], resource: [Order],
  context: {{ amount_cents: Long, currency: String, channel: String, conversation: String, reason: String }}
}};
"""


def rego():
    """One rule each; OPA indexes them by what they compare with constants."""
    out = ["package bench", "", "import rego.v1", "", "default allow := false", "", "allow if count(reasons) > 0", ""]
    for tool, department, most, name in rules():
        out.append(f'reasons contains "{name}" if {{\n\tinput.action.name == "{tool}"\n\tinput.subject.properties.department == "{department}"\n'
                   f'\tinput.context.amount_cents <= {most}\n\tinput.resource.properties.status == "open"\n}}\n')
    return "\n".join(out)


def cerbos():
    lines = ["apiVersion: api.cerbos.dev/v1", "resourcePolicy:", "  resource: Order", "  version: default", "  rules:"]
    for tool, department, most, name in rules():
        condition = f"P.attr.department == '{department}' && R.attr.amount_cents <= {most} && R.attr.status == 'open'"
        lines += [f"    - name: {name}", f"      actions: [{tool}]", "      effect: EFFECT_ALLOW", '      roles: ["*"]',
                  f'      condition: {{ match: {{ expr: "{condition}" }} }}']
    return "\n".join(lines) + "\n"


def requests(count=256, seed=1):
    """AuthZEN evaluations, each with what is right."""
    chance = random.Random(seed)
    out = []
    for i in range(count):
        tool, department = chance.randrange(TOOLS), chance.randrange(DEPARTMENTS)
        most = limit(tool, department)
        is_permitted = i % 2 == 0
        body = {
            "subject": {"type": "Agent", "id": f"agent-{chance.randrange(10000):05}",
                        "properties": {"department": f"department-{department}", "model": "sonnet-large-2", "clearance": 3}},
            "action": {"name": f"tool-{tool}"},
            "resource": {"type": "Order", "id": f"order-{chance.randrange(10**8):08}",
                         "properties": {"status": "open", "region": "eu-central", "owner": f"customer-{chance.randrange(10000):05}"}},
            "context": {"amount_cents": most - chance.randrange(1000) if is_permitted else most + 1 + chance.randrange(1000), "currency": "EUR",
                        "channel": "chat", "conversation": f"c-{chance.getrandbits(64):016x}", "reason": "arrived broken, asked for it back"},
        }
        out.append((body, is_permitted, f"t{tool}-d{department}" if is_permitted else None))
    return out


def evaluation(body):
    return json.dumps(body, separators=(",", ":"))


def evaluations(bodies):
    return json.dumps({"evaluations": bodies}, separators=(",", ":"))


def opa_input(body):
    return json.dumps({"input": body}, separators=(",", ":"))


def cerbos_check(body):
    attributes = {**body["resource"]["properties"], **body["context"]}
    return json.dumps({
        "principal": {"id": body["subject"]["id"], "roles": ["user"], "attr": body["subject"]["properties"]},
        "resources": [{"actions": [body["action"]["name"]],
                       "resource": {"kind": "Order", "id": body["resource"]["id"], "attr": attributes}}],
    }, separators=(",", ":"))
