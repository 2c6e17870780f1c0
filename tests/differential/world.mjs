// The world of one case: entity types with typed attributes and tags, entities in a hierarchy, a typed context.
//
// Expressions are directed by these types, so that most of them mean something; entities then depart from their types now and then.
// A fixed schema would be simpler and would always ask the same questions.
import { identifiers, ids, quotedNames, typeNames } from './texts.mjs';
import { makePools, primitiveTypes, typeKey } from './values.mjs';

const roles = ['user', 'team', 'document', 'folder'];

function randomType(rng, world, depth) {
  const kind = rng.weighted([[10, 'primitive'], [4, 'entity'], [depth > 0 ? 3 : 0, 'set'], [depth > 0 ? 2 : 0, 'record']]);
  if (kind === 'entity') return { t: 'entity', name: rng.pick(world.types) };
  if (kind === 'set') return { t: 'set', of: randomType(rng, world, depth - 1) };
  if (kind === 'record') return { t: 'record', fields: randomFields(rng, world, rng.between(1, 3), depth - 1) };
  return { t: rng.weighted([[5, 'long'], [4, 'string'], [3, 'bool'], ...primitiveTypes.slice(3).map((type) => [1.5, type])]) };
}

export const randomName = (rng) => (rng.chance(0.8) ? rng.pick(identifiers) : rng.pick(quotedNames));

function randomFields(rng, world, count, depth) {
  const names = [...new Set(rng.times(count, () => randomName(rng)))];
  return names.map((name) => [name, randomType(rng, world, depth)]);
}

function makeUids(rng, type, count) {
  return rng.shuffled(ids).slice(0, count).map((id) => ({ type, id }));
}

// Shapes of a hierarchy. Parents always come later in the list, so there is no cycle.
function chooseParents(rng, shape, index, uids) {
  const later = uids.slice(index + 1);
  if (later.length === 0) return [];
  if (shape === 'chain') return [later[0]];
  if (shape === 'diamond') return later.slice(0, 2);
  if (shape === 'dense') return rng.subset(later, 0.4);
  return rng.chance(0.5) ? [rng.pick(later)] : [];
}

// Access chains by the type they end in: {key: [{root, steps}]}.
function findPaths(world) {
  const paths = new Map();
  const walk = (root, steps, type, depth) => {
    if (steps.length > 0) {
      const key = typeKey(type);
      if (!paths.has(key)) paths.set(key, []);
      paths.get(key).push({ root, steps });
    }
    if (depth === 0) return;
    const fields = type.t === 'record' ? type.fields : type.t === 'entity' ? world.attributes.get(type.name) ?? [] : [];
    for (const [name, field] of fields) walk(root, [...steps, name], field, depth - 1);
  };
  walk('principal', [], { t: 'entity', name: world.typeOf.user }, 3);
  walk('resource', [], { t: 'entity', name: world.typeOf.document }, 3);
  walk('action', [], { t: 'entity', name: world.actionType }, 1);
  walk('context', [], { t: 'record', fields: world.context }, 4);
  return paths;
}

export function makeWorld(rng) {
  const types = rng.shuffled(typeNames).slice(0, roles.length);
  const world = {
    types,
    typeOf: Object.fromEntries(roles.map((role, i) => [role, types[i]])),
    actionType: rng.weighted([[6, 'Action'], [2, 'App::Action'], [1, 'A::B::Action']]),
    pools: makePools(rng),
    attributes: new Map(),
    tags: new Map(),
    tagKeys: rng.times(3, () => (rng.chance(0.5) ? rng.pick(identifiers) : rng.pick(quotedNames))),
    shape: rng.pick(['chain', 'diamond', 'dense', 'sparse']),
  };
  for (const type of types) {
    world.attributes.set(type, randomFields(rng, world, rng.between(2, 5), 2));
    world.tags.set(type, randomType(rng, world, 1));
  }
  world.attributes.set(world.actionType, rng.chance(0.4) ? randomFields(rng, world, 2, 1) : []);
  world.context = randomFields(rng, world, rng.between(3, 7), 3);

  const users = makeUids(rng, world.typeOf.user, rng.between(2, 3));
  const others = roles.slice(1).flatMap((role) => makeUids(rng, world.typeOf[role], rng.between(1, 3)));
  // INVARIANT: users first, so that chains begin with them.
  world.uids = [...users, ...rng.shuffled(others)];
  world.actions = makeUids(rng, world.actionType, rng.between(2, 4));
  world.missing = types.map((type) => ({ type, id: 'missing' }));
  const every = [...world.uids, ...world.actions, ...world.missing];
  world.uidsOf = (type) => every.filter((uid) => uid.type === type && (uid.id !== 'missing' || rng.chance(0.1)));
  world.parentsOf = (index) => chooseParents(rng, world.shape, index, world.uids);
  world.actionParentsOf = (index) => chooseParents(rng, 'dense', index, world.actions);
  world.paths = findPaths(world);
  world.pathTypes = [...collectTypes(world)];
  return world;
}

// Every type that some access chain ends in, with its key, and the bare primitives.
function collectTypes(world) {
  const found = new Map();
  const add = (type) => {
    found.set(typeKey(type), type);
    if (type.t === 'set') add(type.of);
    if (type.t === 'record') type.fields.forEach(([, field]) => add(field));
  };
  for (const fields of world.attributes.values()) fields.forEach(([, type]) => add(type));
  for (const type of world.tags.values()) add(type);
  world.context.forEach(([, type]) => add(type));
  return found.values();
}
