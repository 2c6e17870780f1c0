// Types, and values of a type: what attributes, tags, contexts and literals are made of.
//
// A value is kept apart from its spelling, so that the same one can be put into an entity as JSON and into a policy as text: equal
// values in two places are what makes a comparison interesting. Extension values keep their text; only Cedar says what it means.
//
// Types: {t: 'long' | 'bool' | 'string' | 'decimal' | 'ip' | 'datetime' | 'duration'}, {t: 'set', of}, {t: 'record', fields: [[name, type]]},
// {t: 'entity', name}.
import { Members } from './json.mjs';
import { invalidText, strings, validText } from './texts.mjs';

export const extensionTypes = ['decimal', 'ip', 'datetime', 'duration'];
export const primitiveTypes = ['long', 'bool', 'string', ...extensionTypes];

export const typeKey = (type) => {
  if (type.t === 'set') return `set<${typeKey(type.of)}>`;
  if (type.t === 'record') return `{${type.fields.map(([name, field]) => `${JSON.stringify(name)}:${typeKey(field)}`).join()}}`;
  return type.t === 'entity' ? `entity ${type.name}` : type.t;
};

const kMaxLong = 9223372036854775807n;
export const boundaries = [0n, 1n, -1n, kMaxLong, -kMaxLong - 1n, kMaxLong - 1n, -kMaxLong, 4611686018427387904n, 3037000500n, -3037000500n, 4294967296n, 9007199254740993n];

export function randomLong(rng) {
  if (rng.chance(0.25)) return rng.pick(boundaries);
  return BigInt(rng.between(-5, 12));
}

// A few values of each primitive type that a case draws from again and again.
export const makePools = (rng) => ({
  long: rng.times(5, () => randomLong(rng)),
  string: rng.times(5, () => rng.pick(strings)),
  ...Object.fromEntries(extensionTypes.map((type) => [type, rng.times(4, () => validText(rng, type))])),
});

export function randomValue(rng, world, type) {
  switch (type.t) {
    case 'long': return { v: 'long', value: rng.pick(world.pools.long) };
    case 'bool': return { v: 'bool', value: rng.chance(0.5) };
    case 'string': return { v: 'string', value: rng.pick(world.pools.string) };
    case 'entity': return { v: 'entity', uid: rng.pick(world.uidsOf(type.name)) };
    case 'set': return { v: 'set', items: rng.times(rng.pick([0, 1, 2, 2, 3]), () => randomValue(rng, world, type.of)) };
    case 'record':
      return { v: 'record', fields: type.fields.filter(() => rng.chance(0.96)).map(([name, field]) => [name, randomValue(rng, world, field)]) };
    default: return { v: 'extension', type: type.t, text: rng.pick(world.pools[type.t]) };
  }
}

const entityJson = (rng, uid) => (rng.chance(0.7) ? { __entity: { type: uid.type, id: uid.id } } : { __entity: { id: uid.id, type: uid.type } });

function extensionJson(rng, value) {
  if (value.type === 'datetime' && rng.chance(0.15)) {
    const step = { __extn: { fn: 'duration', arg: rng.pick(['1ms', '1d', '-2h']) } };
    return { __extn: { fn: 'offset', args: [{ __extn: { fn: 'datetime', arg: value.text } }, step] } };
  }
  return { __extn: rng.chance(0.9) ? { fn: value.type, arg: value.text } : { fn: value.type, args: [value.text] } };
}

// As Cedar's JSON, without a schema: extension values and entities by their escapes.
export function valueToJson(rng, value) {
  switch (value.v) {
    case 'entity': return entityJson(rng, value.uid);
    case 'extension': return extensionJson(rng, value);
    case 'set': return value.items.map((item) => valueToJson(rng, item));
    case 'record': return new Members(rng.shuffled(value.fields).map(([name, field]) => [name, valueToJson(rng, field)]));
    default: return value.value;
  }
}

// Extension values that Cedar will refuse where they are read as JSON.
export const invalidExtensionJson = (rng) => {
  const type = rng.pick(extensionTypes);
  return { __extn: { fn: type, arg: invalidText(rng, type) } };
};
