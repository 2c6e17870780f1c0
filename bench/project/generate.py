#!/usr/bin/env python3
"""Writes a realistic project: `generate.py FOLDER FILES [SEED]`. The same arguments write the same files; `for_peers` writes what Cedar and OPA can say of them.

Each file is what one team owns: the permits of its agents, a guard, a restriction, an escalation, a budget, and tests beside every fifth. Names, thresholds and
conditions differ from file to file; the schema has as many kinds of tools as there are files for each twenty.
"""
import pathlib
import random
import sys

SCHEMA_HEAD = """entity Team, Role;
entity User in [Role];
entity Agent in [Team] = { stage: String, level: Long, regions: Set<String> };
entity Tenant = { region: String, is_regulated: Bool };
type Call = { amount_cents: Long, channel: String, ticket?: String, hosts?: Set<String> };
action reads, writes;
"""

KIND = """
entity {kind} = {{ tenant: Tenant, total_cents: Long, owner: User, tags_of_{n}?: Set<String> }};
action read_{n} in [reads] appliesTo {{ principal: Agent, resource: {kind} }};
action change_{n} in [writes] appliesTo {{ principal: Agent, resource: {kind}, context: Call }};
action send_{n} in [writes] appliesTo {{ principal: Agent, resource: {kind}, context: Call }};
"""

FILE = """// What {team} does with {kind}.

@id("{team}-reads")
permit (
  principal in Team::"{team}",
  action == Action::"read_{n}",
  resource is {kind}
)
when {{ principal.regions.contains(resource.tenant.region) }};

@id("{team}-changes")
permit (
  principal in Team::"{team}",
  action in [Action::"change_{n}", Action::"send_{n}"],
  resource is {kind}
)
when {{ principal.regions.contains(resource.tenant.region) }}
when {{
  context.amount_cents > 0 && context.amount_cents <= resource.total_cents
}};

@id("{team}-regulated")
forbid (
  principal in Team::"{team}",
  action == Action::"send_{n}",
  resource is {kind}
)
when {{ resource.tenant.is_regulated && principal.level < {level} }};

@id("{team}-pilots")
restrict (
  principal in Team::"{team}",
  action in Action::"writes",
  resource is {kind}
) to draft
when {{ principal.stage == "pilot" || context.channel == "{channel}" }};

@id("{team}-large")
escalate (
  principal in Team::"{team}",
  action == Action::"change_{n}",
  resource is {kind}
)
when {{ context.amount_cents > {limit} }}
unless {{ context has ticket && context.ticket like "{prefix}-*" }}
approval {{ by: [Role::"{team}_leads"], expires: duration("30m") }};

budget {name}_per_day (
  principal in Team::"{team}",
  action == Action::"change_{n}",
  resource is {kind}
)
charge {{ context.amount_cents }}
per {{ principal }}
limit {{ {budget} }}
each day
exceeded restrict to draft;
"""

TESTS = """test "{team} changes what is its own" {{
  entity Agent::"a" in Team::"{team}" {{
    stage: "live",
    level: 9,
    regions: ["eu"]
  }};
  entity Tenant::"t" {{ region: "eu", is_regulated: false }};
  entity {kind}::"k" {{
    tenant: Tenant::"t",
    total_cents: 9000000,
    owner: User::"o"
  }};
  request (Agent::"a", Action::"read_{n}", {kind}::"k");
  expect execute by "{team}-reads";
  request (Agent::"a", Action::"change_{n}", {kind}::"k") with {{
    amount_cents: {small},
    channel: "chat"
  }};
  expect execute by "{team}-changes";
  request (Agent::"a", Action::"change_{n}", {kind}::"k") with {{
    amount_cents: {large},
    channel: "chat"
  }};
  expect approve by "{team}-large";
  approve by User::"lee" in Role::"{team}_leads";
  expect execute;
}}

test "{team} drafts in a pilot" {{
  entity Agent::"a" in Team::"{team}" {{
    stage: "pilot",
    level: 9,
    regions: ["eu"]
  }};
  entity Tenant::"t" {{ region: "eu", is_regulated: false }};
  entity {kind}::"k" {{
    tenant: Tenant::"t",
    total_cents: 100,
    owner: User::"o"
  }};
  request (Agent::"a", Action::"change_{n}", {kind}::"k") with {{
    amount_cents: 1,
    channel: "chat"
  }};
  expect draft by "{team}-pilots";
}}
"""

# The same in Rego, where what a decision is besides yes and no is the host's convention, and so is what was spent.
REGO = """# What {team} does with {kind}.
package remit.{name}

is_ours if input.principal.team == "{team}"

is_kind if input.resource.type == "{kind}"

in_region if input.resource.tenant.region in input.principal.regions

allow contains "{team}-reads" if {{
	is_ours
	input.action == "read_{n}"
	is_kind
	in_region
}}

allow contains "{team}-changes" if {{
	is_ours
	input.action in {{"change_{n}", "send_{n}"}}
	is_kind
	in_region
	input.context.amount_cents > 0
	input.context.amount_cents <= input.resource.total_cents
}}

deny contains "{team}-regulated" if {{
	is_ours
	input.action == "send_{n}"
	is_kind
	input.resource.tenant.is_regulated
	input.principal.level < {level}
}}

is_pilot if input.principal.stage == "pilot"

is_pilot if input.context.channel == "{channel}"

draft contains "{team}-pilots" if {{
	is_ours
	input.action in {{"change_{n}", "send_{n}"}}
	is_kind
	is_pilot
}}

has_ticket if startswith(input.context.ticket, "{prefix}-")

approve contains "{team}-large" if {{
	is_ours
	input.action == "change_{n}"
	is_kind
	input.context.amount_cents > {limit}
	not has_ticket
}}

draft contains "{name}_per_day" if {{
	is_ours
	input.action == "change_{n}"
	is_kind
	input.spent.{name}_per_day + input.context.amount_cents > {budget}
}}
"""

REGO_TESTS = """package remit.{name}_test

import data.remit.{name}

agent := {{"team": "{team}", "stage": "live", "level": 9, "regions": ["eu"]}}

kind := {{"type": "{kind}", "tenant": {{"region": "eu", "is_regulated": false}}, "total_cents": 9000000}}

test_reads if {{
	{name}.allow == {{"{team}-reads"}} with input as {{"principal": agent, "action": "read_{n}", "resource": kind}}
}}

test_changes if {{
	request := {{"principal": agent, "action": "change_{n}", "resource": kind, "context": {{"amount_cents": {small}, "channel": "chat"}}}}
	{name}.allow == {{"{team}-changes"}} with input as request
	{name}.approve == set() with input as request
}}

test_large if {{
	request := {{"principal": agent, "action": "change_{n}", "resource": kind, "context": {{"amount_cents": {large}, "channel": "chat"}}}}
	{name}.approve == {{"{team}-large"}} with input as request
}}

test_pilot if {{
	pilot := object.union(agent, {{"stage": "pilot"}})
	request := {{"principal": pilot, "action": "change_{n}", "resource": kind, "context": {{"amount_cents": 1, "channel": "chat"}}}}
	{name}.draft == {{"{team}-pilots"}} with input as request
}}
"""


def names_of(files: int, seed: int):
    """What is put into the texts, file by file."""
    rng = random.Random(seed)
    kinds = max(1, files // 20)
    for i in range(files):
        n = i % kinds
        limit = rng.randrange(1000, 100000)
        yield {"team": f"team-{i}", "name": f"team_{i}", "kind": f"Kind{n}", "n": n, "level": rng.randrange(2, 9), "limit": limit, "small": limit,
               "large": limit + 1, "budget": 3 * limit + 1, "channel": rng.choice(["mail", "phone", "fax"]), "prefix": rng.choice(["OPS", "FIN", "SUP"])}


def schema_of(files: int) -> str:
    return SCHEMA_HEAD + "".join(KIND.format(kind=f"Kind{n}", n=n) for n in range(max(1, files // 20)))


def permissions(text: str) -> str:
    """The policies that Cedar has too."""
    return "\n\n".join(part for part in text.split("\n\n") if "\npermit (" in part or "\nforbid (" in part)


def for_peers(folder: pathlib.Path, files: int, seed: int = 1) -> None:
    """FOLDER/cedar: one file of permits and forbids, since its command reads one, and the schema. FOLDER/rego: a file for each of ours, and tests."""
    cedar, rego = folder / "cedar", folder / "rego"
    cedar.mkdir()
    rego.mkdir()
    (cedar / "schema.cedarschema").write_text(schema_of(files))
    everything = list(names_of(files, seed))
    (cedar / "policies.cedar").write_text("\n\n".join(permissions(FILE.format(**names)) for names in everything) + "\n")
    for i, names in enumerate(everything):
        (rego / f"{names['name']}.rego").write_text(REGO.format(**names))
        if i % 5 == 0:
            (rego / f"{names['name']}_test.rego").write_text(REGO_TESTS.format(**names))


def main() -> None:
    folder, files = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    (folder / "policies").mkdir(parents=True, exist_ok=True)
    (folder / "remit.toml").write_text('policies = ["policies"]\nschema = ["schema.cedarschema"]\nforbid_errors = "deny"\n')
    (folder / "schema.cedarschema").write_text(schema_of(files))
    for i, names in enumerate(names_of(files, seed)):
        (folder / "policies" / f"{names['name']}.remit").write_text(FILE.format(**names))
        if i % 5 == 0:
            (folder / "policies" / f"{names['name']}.test.remit").write_text(TESTS.format(**names))


if __name__ == "__main__":
    main()
