// A project as a platform team has it: many small policy files, each a team's, with budgets and tests, over one schema. The same for the same count.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const types = ['Order', 'Invoice', 'Ticket', 'Document', 'Repository', 'Dataset', 'Mailbox', 'Calendar', 'Account', 'Report'];
const verbs = ['read', 'list', 'export', 'update', 'share', 'approve', 'archive', 'delete'];

export function schema() {
  const entities = types.map((type) => `entity ${type} = { owner: User, team: Team, amount_cents: Long, sensitivity: Long, region: String, labels: Set<String>, frozen: Bool };`);
  const actions = types.flatMap((type) => verbs.map((verb) => `action "${verb}${type}" in ["${verb}"] appliesTo { principal: [User, Agent], resource: ${type}, context: { amount_cents: Long, reason?: String, mfa: Bool, source_ip: ipaddr, hour: Long } };`));
  return `entity Team;
entity Role;
entity User in [Team, Role] = { level: Long, region: String, email: String, contractor: Bool };
entity AgentGroup;
entity Agent in [AgentGroup, Team] = { owner: User, level: Long, region: String, stage: String };
${entities.join('\n')}
${verbs.map((verb) => `action "${verb}";`).join('\n')}
${actions.join('\n')}
`;
}

export function policyFile(i) {
  const type = types[i % types.length];
  const verb = verbs[Math.floor(i / types.length) % verbs.length];
  const other = verbs[(Math.floor(i / types.length) + 3) % verbs.length];
  const team = `team-${i}`;
  let text = `// What ${team} may do with ${type.toLowerCase()}s.

@id("${team}-people")
@owner("${team}")
permit (
  principal in Team::"${team}",
  action == Action::"${verb}${type}",
  resource is ${type}
)
when { principal.level > ${i % 7} && resource.team == Team::"${team}" }
unless { resource.frozen || (principal is User && principal.contractor) };

@id("${team}-agents")
permit (
  principal in AgentGroup::"${team}-agents",
  action == Action::"${other}${type}",
  resource is ${type}
)
when {
  principal is Agent && principal.stage == "live" && resource.team == Team::"${team}" &&
  context.amount_cents <= ${1000 + i} && resource.sensitivity < ${3 + (i % 5)}
};

@id("${team}-hours")
@reason("changes are made in working hours")
forbid (principal in Team::"${team}", action == Action::"${verb}${type}", resource is ${type})
when { (context.hour < 6 || context.hour > ${18 + (i % 5)}) && !context.mfa };
`;
  if (i % 5 === 0) {
    text += `
budget spend_${i} (principal in AgentGroup::"${team}-agents", action == Action::"${other}${type}", resource is ${type})
  charge { context.amount_cents }
  per { principal }
  limit { ${100000 + i} } each day;
`;
  }
  if (i % 10 === 0) {
    text += `
@id("${team}-large")
@reason("a person looks at what is large")
escalate (principal in AgentGroup::"${team}-agents", action == Action::"${other}${type}", resource is ${type})
when { context.amount_cents > ${500 + i} && budget has spend_${i} && budget.spend_${i}.after > ${50000 + i} }
approval { by: [Role::"${team}-leads"], expires: duration("30m") };
`;
  }
  return text;
}

export function testFile(i) {
  const type = types[i % types.length];
  const verb = verbs[Math.floor(i / types.length) % verbs.length];
  return `test "${type} ${i}: people of the team" {
  entity User::"u${i}" in Team::"team-${i}" { level: 9, region: "eu", email: "u@example.org", contractor: false };
  entity ${type}::"x${i}" { owner: User::"u${i}", team: Team::"team-${i}", amount_cents: 5, sensitivity: 1, region: "eu", labels: ["a"], frozen: false };
  request (User::"u${i}", Action::"${verb}${type}", ${type}::"x${i}") with { amount_cents: 5, mfa: true, source_ip: ip("10.0.0.1"), hour: 12 };
  expect execute by "team-${i}-people";
}
`;
}

// Every tenth file has tests beside it. The names of the policy files.
export function writeProject(folder, files) {
  mkdirSync(join(folder, 'policies'), { recursive: true });
  writeFileSync(join(folder, 'schema.cedarschema'), schema());
  const names = [];
  for (let i = 0; i < files; i += 1) {
    const name = `policies/team-${String(i).padStart(5, '0')}`;
    writeFileSync(join(folder, `${name}.remit`), policyFile(i));
    if (i % 10 === 0) writeFileSync(join(folder, `${name}.test.remit`), testFile(i));
    names.push(`${name}.remit`);
  }
  return names;
}
