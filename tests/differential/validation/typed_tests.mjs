// Conditions on a value, by its type.
import * as e from '../expr.mjs';
import { identifier, reserved } from '../generate_expr.mjs';
import { strings } from '../texts.mjs';

const orders = ['<', '<=', '>', '>='];

export const plainName = (name) => identifier.test(name) && !reserved.has(name);

// A condition on a value of this type.
export function testOf(exprs, value, type, depth) {
  const same = () => exprs.make(type, exprs.rng.chance(0.4) ? 1 : depth - 1);
  const equal = () => e.binary(exprs.rng.pick(['==', '!=']), value, same());
  switch (type.t) {
    case 'bool': return exprs.rng.chance(0.7) ? value : equal();
    case 'long': case 'datetime': case 'duration': return exprs.rng.chance(0.25) ? equal() : e.binary(exprs.rng.pick(orders), value, same());
    case 'string': return exprs.rng.chance(0.5) ? equal() : e.like(value, pattern(exprs.rng));
    case 'decimal': return exprs.rng.chance(0.3) ? equal() : e.extensionMethod(exprs.rng.pick(['lessThan', 'lessThanOrEqual', 'greaterThan', 'greaterThanOrEqual']), value, same());
    case 'ip': return ipTest(exprs, value, same, equal);
    case 'set': return setTest(exprs, value, type, depth, same, equal);
    case 'record': return recordTest(exprs, value, type, depth, equal);
    case 'entity': return entityTest(exprs, value, type, depth, equal);
  }
  throw new Error(`no test of ${type.t}`);
}

function pattern(rng) {
  return rng.times(rng.between(1, 3), () => (rng.chance(0.4) ? null : rng.pick(strings)));
}

function ipTest(exprs, value, same, equal) {
  const fn = exprs.rng.pick(['isIpv4', 'isIpv6', 'isLoopback', 'isMulticast', 'isInRange', '==']);
  if (fn === '==') return equal();
  return fn === 'isInRange' ? e.extensionMethod(fn, value, same()) : e.extensionMethod(fn, value);
}

function setTest(exprs, value, type, depth, same, equal) {
  return exprs.rng.weighted([
    [4, () => e.method('contains', value, exprs.make(type.of, depth - 1))],
    [4, () => e.method(exprs.rng.pick(['containsAll', 'containsAny']), value, same())],
    [2, () => e.method('isEmpty', value)],
    [1, equal],
    [type.of.t === 'entity' ? 3 : 0, () => e.binary('in', exprs.anyEntity(), value)],
  ])();
}

function recordTest(exprs, value, type, depth, equal) {
  const required = type.fields.filter(([, , optional]) => !optional);
  if (required.length === 0 || exprs.rng.chance(0.3)) return exprs.rng.chance(0.5) || type.fields.length === 0 ? equal() : hasOf(value, exprs.rng.pick(type.fields)[0]);
  const [name, field] = exprs.rng.pick(required);
  return testOf(exprs, e.get(value, name), field, depth - 1);
}

function hasOf(value, name) {
  return e.has(value, [name], !plainName(name));
}

function entityTest(exprs, value, type, depth, equal) {
  const ancestors = exprs.index.isAction(type.name) ? [] : exprs.index.ancestorsOf(type.name);
  const inside = () => (ancestors.length > 0 ? e.entity(exprs.rng.pick(exprs.world.uidsOf(exprs.rng.pick(ancestors)))) : exprs.actionTarget());
  return exprs.rng.weighted([
    [2, equal],
    [3, () => e.binary('in', value, inside())],
    [1, () => e.binary('in', value, e.set([inside()]))],
    [1, () => e.is(value, type.name)],
    [1, () => e.is(value, type.name, inside())],
    [2, () => recordTest(exprs, value, { t: 'record', fields: exprs.index.fieldsOf(type) }, depth, equal)],
  ])();
}
