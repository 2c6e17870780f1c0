// A schema with 100 entity types and 500 actions, and policies that are valid for it: the same input for every validator.
//
// Ten domains of ten types and fifty actions each, as a company's services would have them. Policies name an action, a few or a group of five, guard
// optional attributes and tags, and follow attributes to other entities. No policy leaves the action open: each of those would be checked for all of the
// more than 500 environments, and nothing else would be measured.
import { Prng } from '../../tests/differential/prng.mjs';

const kDomains = 10;
const kTypes = 10;
const kActions = 50;
const kGroupSize = 5;

export const figures = { entityTypes: kDomains * kTypes, actions: kDomains * kActions };

const groupOf = (action) => `group${Math.floor(action / kGroupSize)}`;
const userType = (domain, i) => `D${domain}::User${i}`;

// In each domain: 2 kinds of users in 2 kinds of teams, 5 documents in a folder.
function domainText(domain) {
  const users = [0, 1].map((i) => `  entity User${i} in [Team${i}] { name: String, level: Long, manager: User${i}, email?: String, limits?: { daily: Long, weekly?: Long } } tags String;`);
  const teams = [0, 1].map((i) => `  entity Team${i} in [Team${i}] { region: String };`);
  const documents = [0, 1, 2, 3, 4].map((i) => `  entity Doc${i} in [Folder] { owner: User${i % 2}, title: String, size: Long, labels: Set<String>, secret?: Bool, expires?: datetime } tags Long;`);
  const groups = Array.from({ length: kActions / kGroupSize - 1 }, (_, i) => `  action group${i};`);
  const actions = Array.from({ length: kActions - groups.length }, (_, i) => `  action act${i} in [${groupOf(Math.min(i, (groups.length - 1) * kGroupSize))}] appliesTo { ` +
    `principal: ${i % 4 === 0 ? '[User0, User1]' : `User${i % 2}`}, resource: Doc${i % 5}, context: { ip: ipaddr, amount: Long, reason?: String, at: datetime } };`);
  return [`namespace D${domain} {`, ...users, ...teams, ...documents, '  entity Folder { region: String };', ...groups, ...actions, '}'].join('\n');
}

export const schemaText = () => Array.from({ length: kDomains }, (_, domain) => domainText(domain)).join('\n');

const conditions = [
  (rng) => `principal.level > ${rng.below(10)}`,
  () => 'principal.manager.level >= principal.level',
  (rng) => `principal has email && principal.email like "*@team${rng.below(100)}.example"`,
  (rng) => `principal has limits.weekly && principal.limits.weekly + principal.limits.daily < ${rng.below(10000)}`,
  (rng) => `context.amount * 2 <= ${rng.below(100000)}`,
  (rng) => `context.ip.isInRange(ip("10.${rng.below(256)}.0.0/16"))`,
  (rng) => `!(context has reason && context.reason == "reason ${rng.below(50)}")`,
  (rng) => `resource.labels.containsAny(["label${rng.below(50)}", "public"])`,
  () => '(if resource has secret then !resource.secret else resource.size < 1000)',
  () => 'resource has expires && context.at < resource.expires',
  (rng) => `resource.hasTag("rank") && resource.getTag("rank") < ${rng.below(20)}`,
  (rng) => `principal.hasTag("office") && principal.getTag("office") == "office ${rng.below(30)}"`,
  () => 'resource.owner.manager.name == principal.name',
  (rng) => `resource.title like "Q${rng.below(4)}*"`,
];

function policyText(rng, number) {
  const domain = rng.below(kDomains);
  const action = rng.below(kActions - kActions / kGroupSize);
  const name = (id) => `D${domain}::Action::"${id}"`;
  const user = `User${action % 2}`;
  const principal = rng.pick([`principal is D${domain}::${user}`, `principal is ${userType(domain, action % 2)} in D${domain}::Team${action % 2}::"team ${rng.below(200)}"`, `principal == ${userType(domain, action % 2)}::"user ${rng.below(5000)}"`]);
  const actions = rng.weighted([[6, `action == ${name(`act${action}`)}`], [2, `action in [${name(`act${action}`)}, ${name(`act${(action + 10) % 40}`)}]`], [2, `action in ${name(groupOf(action))}`]]);
  const resource = rng.chance(0.5) ? 'resource' : `resource in D${domain}::Folder::"folder ${rng.below(500)}"`;
  const when = rng.shuffled(conditions).slice(0, rng.between(1, 3)).map((condition) => condition(rng)).join(' && ');
  return `@id("policy ${number}")\n${rng.chance(0.85) ? 'permit' : 'forbid'} (${principal}, ${actions}, ${resource})\nwhen { ${when} };`;
}

// Policies `count` of a longer run are those of a shorter one and more.
export const policiesText = (count) => Array.from({ length: count }, (_, i) => policyText(new Prng(7, i), i)).join('\n\n');
