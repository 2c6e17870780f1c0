// Policies, templates and links of a case.
//
// Scopes are drawn from the entities of the world, so that most of them match some of the requests. Half of the cases hold permits
// alone: the answer to a forbidden request says nothing about the permits, that to an allowed one names each that is satisfied.
import { visit } from './expr.mjs';
import { ExprGenerator } from './generate_expr.mjs';
import { annotationKeys, ids, strings } from './texts.mjs';

function annotations(rng) {
  if (rng.chance(0.8)) return [];
  const keys = rng.shuffled(annotationKeys).slice(0, rng.between(1, 3));
  return keys.map((key) => ({ key, value: rng.chance(0.8) ? rng.pick(strings) : null }));
}

function entityConstraint(rng, world, role, type) {
  const uid = () => rng.pick(rng.chance(0.5) ? world.uidsOf(type) : world.uids);
  return rng.weighted([
    [14, () => ({ op: 'all' })],
    [1.5, () => ({ op: '==', uid: rng.pick(world.uidsOf(type)) })],
    [3, () => ({ op: 'in', uid: uid() })],
    [2, () => ({ op: 'is', type: rng.chance(0.85) ? type : rng.pick(world.types) })],
    [1.5, () => ({ op: 'is in', type: rng.chance(0.85) ? type : rng.pick(world.types), uid: uid() })],
  ])();
}

function slotConstraint(rng, world, role, type) {
  return rng.weighted([[2, { op: '==', slot: role }], [3, { op: 'in', slot: role }], [2, { op: 'is in', type: rng.chance(0.85) ? type : rng.pick(world.types), slot: role }]]);
}

function actionConstraint(rng, world) {
  return rng.weighted([
    [8, () => ({ op: 'all' })],
    [1, () => ({ op: '==', uid: rng.pick(world.actions) })],
    [3, () => ({ op: 'in', uid: rng.pick(world.actions) })],
    [3, () => ({ op: 'in', uids: rng.subset(world.actions, 0.5) })],
  ])();
}

function conditions(rng, generator) {
  const count = rng.weighted([[1, 0], [8, 1], [3, 2], [1, 3]]);
  return rng.times(count, () => ({ kind: rng.chance(0.75) ? 'when' : 'unless', body: generator.condition(rng.between(1, 4)) }));
}

function makePolicy(rng, world, generator, effect, slots = []) {
  generator.unknowns = generator.unknownsAllowed && effect === 'permit';
  const constraint = (role, type) => (slots.includes(role) ? slotConstraint : entityConstraint)(rng, world, role, type);
  return {
    annotations: annotations(rng),
    effect,
    principal: constraint('principal', world.typeOf.user),
    action: actionConstraint(rng, world),
    resource: constraint('resource', world.typeOf.document),
    conditions: conditions(rng, generator),
  };
}

function slotValue(rng, world, role) {
  const type = role === 'principal' ? world.typeOf.user : world.typeOf.document;
  return rng.pick(rng.chance(0.6) ? world.uidsOf(type) : [...world.uids, ...world.missing]);
}

function makeTemplates(rng, world, generator, effects) {
  const templates = rng.times(rng.between(1, 2), () => makePolicy(rng, world, generator, rng.pick(effects), rng.pick([['principal'], ['resource'], ['principal', 'resource']])));
  const slotsOf = (template) => ['principal', 'resource'].filter((role) => template[role].slot);
  const links = templates.flatMap((template, i) =>
    rng.times(rng.between(0, 4), () => ({ template: i, values: slotsOf(template).map((role) => [`?${role}`, slotValue(rng, world, role)]) })));
  return { templates, links };
}

// {policies, templates, links}: links say which template by its position.
export function makePolicies(rng, world, unknownsAllowed) {
  const generator = new ExprGenerator(rng, world);
  generator.unknownsAllowed = unknownsAllowed;
  const effects = rng.chance(0.5) ? ['permit'] : ['permit', 'permit', 'forbid'];
  const policies = rng.times(rng.between(2, 7), () => makePolicy(rng, world, generator, rng.pick(effects)));
  const linked = rng.chance(0.35) ? makeTemplates(rng, world, generator, effects) : { templates: [], links: [] };
  return { policies, ...linked };
}

// Ids of policies in the form that gives them: sometimes odd, sometimes what another form would have called them.
export function makePolicyIds(rng, count, prefix) {
  const odd = rng.chance(0.3) ? rng.shuffled(ids) : [];
  return rng.times(count, (i) => (odd[i] !== undefined ? `${prefix}${odd[i]}` : `${prefix}${i}`));
}

// How often each kind occurs in the conditions of a policy.
export function countNodes(policy, see) {
  for (const { body } of policy.conditions) visit(body, see);
}
