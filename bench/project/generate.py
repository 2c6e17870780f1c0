#!/usr/bin/env python3
"""Writes a realistic project: `generate.py FOLDER FILES [SEED]`. The same arguments write the same files.

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


def main() -> None:
    folder, files = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    rng = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    kinds = max(1, files // 20)
    (folder / "policies").mkdir(parents=True, exist_ok=True)
    (folder / "remit.toml").write_text('policies = ["policies"]\nschema = ["schema.cedarschema"]\nforbid_errors = "deny"\n')
    (folder / "schema.cedarschema").write_text(SCHEMA_HEAD + "".join(KIND.format(kind=f"Kind{n}", n=n) for n in range(kinds)))
    for i in range(files):
        n = i % kinds
        limit = rng.randrange(1000, 100000)
        names = {"team": f"team-{i}", "name": f"team_{i}", "kind": f"Kind{n}", "n": n, "level": rng.randrange(2, 9), "limit": limit, "small": limit,
                 "large": limit + 1, "budget": 3 * limit + 1, "channel": rng.choice(["mail", "phone", "fax"]), "prefix": rng.choice(["OPS", "FIN", "SUP"])}
        (folder / "policies" / f"{names['name']}.remit").write_text(FILE.format(**names))
        if i % 5 == 0:
            (folder / "policies" / f"{names['name']}.test.remit").write_text(TESTS.format(**names))


if __name__ == "__main__":
    main()
