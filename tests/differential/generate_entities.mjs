// Entities, contexts and requests of a case, as JSON.
//
// Mostly as the world's types say: now and then an attribute is missing, has a value of another type, or the request names an
// entity the store does not have. The hierarchy is the world's.
import { Members } from './json.mjs';
import { randomValue, valueToJson } from './values.mjs';

const uidJson = (rng, uid) => (rng.chance(0.8) ? { type: uid.type, id: uid.id } : { __entity: { type: uid.type, id: uid.id } });

const anyValue = (rng, world) => randomValue(rng, world, rng.pick(world.pathTypes));

function fieldsJson(rng, world, fields, presence) {
  const present = fields.filter(() => rng.chance(presence));
  return new Members(present.map(([name, type]) => [name, valueToJson(rng, rng.chance(0.02) ? anyValue(rng, world) : randomValue(rng, world, type))]));
}

function tagsJson(rng, world, type) {
  if (rng.chance(0.2)) return undefined;
  const keys = [...new Set(world.tagKeys)].filter(() => rng.chance(0.75));
  return new Members(keys.map((key) => [key, valueToJson(rng, rng.chance(0.02) ? anyValue(rng, world) : randomValue(rng, world, world.tags.get(type)))]));
}

function entityJson(rng, world, uid, parents, tags) {
  const members = [
    ['uid', uidJson(rng, uid)],
    ['attrs', fieldsJson(rng, world, world.attributes.get(uid.type), 0.96)],
    ['parents', parents.map((parent) => uidJson(rng, parent))],
  ];
  if (tags !== undefined) members.push(['tags', tags]);
  return new Members(rng.chance(0.8) ? members : rng.shuffled(members));
}

export function makeEntities(rng, world) {
  const ordinary = world.uids.map((uid, i) => {
    const parents = world.parentsOf(i);
    if (rng.chance(0.05)) parents.push(rng.pick(world.missing));
    if (parents.length > 0 && rng.chance(0.03)) parents.push(parents[0]);
    return entityJson(rng, world, uid, parents, tagsJson(rng, world, uid.type));
  });
  const actions = world.actions.map((uid, i) => entityJson(rng, world, uid, world.actionParentsOf(i)));
  return rng.shuffled([...ordinary, ...actions].filter(() => rng.chance(0.97)));
}

export const makeContext = (rng, world) => fieldsJson(rng, world, world.context, 0.96);

export function makeRequest(rng, world) {
  const pick = (type, other) => (rng.chance(0.92) ? rng.pick(world.uidsOf(type)) : rng.pick(other));
  return {
    principal: pick(world.typeOf.user, [...world.uids, ...world.missing]),
    action: pick(world.actionType, world.actions),
    resource: pick(world.typeOf.document, [...world.uids, ...world.missing]),
    context: makeContext(rng, world),
  };
}
