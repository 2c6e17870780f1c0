// Near misses: what goes wrong in policies, put into one that is right otherwise.
//
// Each has a name, for the figures. Some are no errors after all (code that is never reached, guards that do hold): Cedar says.
import * as e from '../expr.mjs';
import { identifiers, invalidText, strings, validText } from '../texts.mjs';
import { extensionTypes } from '../values.mjs';
import { alwaysFalse, anyUid, deadCode, illTyped, undefinedUid } from './dead_code.mjs';
import { wrongGuard } from './guards.mjs';
import { keyOf } from './schema_model.mjs';
import { access } from './scope_env.mjs';

const kTries = 6;
const primitives = ['long', 'string', 'bool', ...extensionTypes];

// A type other than this one.
function otherType(exprs, type) {
  for (let i = 0; i < 8; ++i) {
    const other = exprs.anyType();
    if (keyOf(other) !== keyOf(type)) return other;
  }
  return type.t === 'long' ? { t: 'string' } : { t: 'long' };
}

const otherEntityType = (exprs, name) => exprs.rng.pick(exprs.index.entityNames.filter((each) => each !== name).concat(exprs.index.actionUids[0].type));

// A record type with one field more, fewer, optional or of another type.
function alteredRecord(exprs, type) {
  const { rng } = exprs;
  const fields = type.fields.map(([name, field]) => [name, field]);
  const at = rng.below(fields.length);
  rng.weighted([
    [2, () => fields.push([rng.pick(identifiers), { t: rng.pick(primitives) }])],
    [fields.length > 0 ? 2 : 0, () => fields.splice(at, 1)],
    [fields.length > 0 ? 2 : 0, () => (fields[at] = [fields[at][0], otherType(exprs, fields[at][1])])],
  ])();
  return { t: 'record', fields: [...new Map(fields)] };
}

// In the place of a value of `type`.
const valueMisses = {
  'wrong type': (exprs, type, depth) => exprs.make(otherType(exprs, type), depth - 1),
  'mixed set': (exprs, type, depth) => (
    type.t === 'set' ? e.set(exprs.rng.shuffled([exprs.make(type.of, depth - 1), exprs.make(otherType(exprs, type.of), depth - 1)])) : null),
  'empty set': (exprs, type) => (type.t === 'set' ? e.set([]) : null),
  'record shape': (exprs, type) => (type.t === 'record' ? exprs.literal(alteredRecord(exprs, type)) : null),
  'other entity type': (exprs, type) => (type.t === 'entity' ? e.entity(anyUid(exprs, otherEntityType(exprs, type.name))) : null),
  'undefined entity type': (exprs, type) => (type.t === 'entity' ? e.entity(undefinedUid(exprs.rng)) : null),
  'undefined action': (exprs, type) => (type.t === 'entity' && exprs.index.isAction(type.name) ? e.entity({ type: type.name, id: 'no such action' }) : null),
  'wrong enumerated id': (exprs) => {
    const enums = exprs.index.entityNames.filter((name) => exprs.index.entities.get(name).ids);
    return enums.length > 0 ? e.entity({ type: exprs.rng.pick(enums), id: 'not one of them' }) : null;
  },
  'unguarded attribute': (exprs, type) => {
    const paths = exprs.scope.ofType(type).filter((path) => exprs.missing(path).length > 0);
    if (paths.length === 0) return null;
    const path = exprs.rng.pick(paths);
    return access(path.root, path.steps);
  },
  'undefined attribute': (exprs) => e.get(exprs.anyEntity(), exprs.rng.pick(identifiers)),
  'constructor: not literal': (exprs, type) => (
    extensionTypes.includes(type.t) ? e.call(type.t, [exprs.rng.chance(0.6) ? exprs.leaf({ t: 'string' }) : e.ifThenElse(exprs.test(0), e.string('1.0'), e.string('2.0'))]) : null),
  'constructor: malformed': (exprs, type) => (extensionTypes.includes(type.t) ? e.call(type.t, [e.string(invalidText(exprs.rng, type.t))]) : null),
  'constructor: arguments': (exprs, type) => {
    if (!extensionTypes.includes(type.t)) return null;
    const good = e.string(validText(exprs.rng, type.t));
    return e.call(type.t, exprs.rng.pick([[], [good, good], [e.long(1n)], [e.bool(true)]]));
  },
  'branches differ': (exprs, type, depth) => e.ifThenElse(exprs.condition(depth - 1), exprs.make(type, depth - 1), exprs.make(otherType(exprs, type), depth - 1)),
  'branch never taken': (exprs, type, depth) => {
    const wrong = exprs.make(otherType(exprs, type), depth - 1);
    const right = exprs.make(type, depth - 1);
    return exprs.rng.chance(0.5) ? e.ifThenElse(alwaysFalse(exprs), wrong, right) : e.ifThenElse(e.not(alwaysFalse(exprs)), right, wrong);
  },
  'action attribute': (exprs) => e.get(e.variable('action'), exprs.rng.pick(identifiers)),
  'tag: unguarded': (exprs, type) => {
    const found = exprs.tagged(type);
    if (found.length === 0) return null;
    const { path } = exprs.rng.pick(found);
    return e.method('getTag', access(path.root, path.steps), exprs.tagKey());
  },
  'tag: other key': (exprs, type) => {
    const found = exprs.tagged(type);
    if (found.length === 0) return null;
    const { path } = exprs.rng.pick(found);
    const owner = access(path.root, path.steps);
    return e.ifThenElse(e.method('hasTag', owner, exprs.tagKey()), e.method('getTag', owner, exprs.tagKey()), exprs.leaf(type));
  },
  'tag: none declared': (exprs) => {
    const owner = exprs.anyEntity();
    const get = e.method('getTag', owner, e.string('a'));
    return exprs.rng.chance(0.5) ? get : e.ifThenElse(e.method('hasTag', owner, e.string('a')), get, e.string('a'));
  },
  'tag: key not a string': (exprs) => {
    const found = exprs.tagged();
    if (found.length === 0) return null;
    const { path } = exprs.rng.pick(found);
    return e.method('getTag', access(path.root, path.steps), e.long(1n));
  },
};

// In the place of a condition.
const conditionMisses = {
  'wrong guard': (exprs, depth) => {
    const paths = exprs.scope.paths.filter((path) => exprs.missing(path).length > 0);
    if (paths.length === 0) return null;
    const path = exprs.rng.pick(paths);
    return wrongGuard(exprs, path, exprs.testOf(access(path.root, path.steps), path.type, 0), depth);
  },
  'always false': (exprs) => alwaysFalse(exprs),
  'always true': (exprs) => e.not(alwaysFalse(exprs)),
  'dead code': (exprs, depth) => deadCode(exprs, depth),
  'ill-typed': (exprs) => illTyped(exprs),
  'impossible is': (exprs, depth) => e.binary('&&', e.is(exprs.anyEntity(), exprs.rng.pick(exprs.index.entityNames)), exprs.condition(depth - 1)),
  'impossible in': (exprs) => e.binary('in', exprs.anyEntity(), e.entity(anyUid(exprs, exprs.rng.pick(exprs.index.entityNames)))),
  'in a set': (exprs) => e.binary('in', exprs.anyEntity(), e.set(exprs.rng.times(2, () => e.entity(anyUid(exprs, exprs.rng.pick(exprs.index.entityNames)))))),
  'has undeclared': (exprs) => e.has(exprs.rng.pick([exprs.anyEntity(), e.variable('context')]), exprs.rng.times(exprs.rng.between(1, 2), () => exprs.rng.pick(identifiers))),
  'action test': (exprs) => {
    const uid = e.entity(exprs.rng.pick(exprs.index.actionUids));
    const other = e.entity(exprs.rng.pick(exprs.index.actionUids));
    return exprs.rng.pick([
      () => e.binary('==', e.variable('action'), uid),
      () => e.binary('in', e.variable('action'), uid),
      () => e.binary('in', e.variable('action'), e.set([uid, other])),
      () => e.binary('in', uid, other),
      () => e.is(e.variable('action'), exprs.rng.pick(exprs.index.actionUids).type),
      () => e.method('contains', e.set([uid, other]), e.variable('action')),
      () => e.has(e.variable('action'), ['name']),
    ])();
  },
  'narrowed by is': (exprs, depth) => {
    const name = exprs.rng.pick(exprs.index.entityNames);
    const fields = exprs.index.fieldsOf({ t: 'entity', name });
    if (fields.length === 0) return null;
    const [attribute, type, optional] = exprs.rng.pick(fields);
    const root = e.variable(exprs.rng.pick(['principal', 'resource']));
    const use = exprs.testOf(e.get(root, attribute), type, depth - 1);
    const guarded = optional && exprs.rng.chance(0.8) ? e.binary('&&', e.has(root, [attribute], true), use) : use;
    return exprs.rng.chance(0.8) ? e.binary('&&', e.is(root, name), guarded) : e.ifThenElse(e.is(root, name), guarded, exprs.test(0));
  },
  'narrowed by has': (exprs, depth) => {
    const name = exprs.rng.pick(exprs.index.entityNames);
    const fields = exprs.index.fieldsOf({ t: 'entity', name });
    if (fields.length === 0) return null;
    const [attribute, type] = exprs.rng.pick(fields);
    const root = e.variable(exprs.rng.pick(['principal', 'resource']));
    return e.binary('&&', e.has(root, [attribute], true), exprs.testOf(e.get(root, attribute), type, depth - 1));
  },
  'literal dereferenced': (exprs, depth) => {
    const name = exprs.rng.pick(exprs.index.entityNames);
    const fields = exprs.index.fieldsOf({ t: 'entity', name });
    if (fields.length === 0) return null;
    const [attribute, type] = exprs.rng.pick(fields);
    return exprs.testOf(e.get(e.entity(anyUid(exprs, name)), attribute), type, depth - 1);
  },
  'odd text': (exprs) => e.binary('==', e.string(exprs.rng.pick(strings)), exprs.leaf({ t: 'string' })),
};

// How many may still go wrong in this policy, and what did.
export class Misses {
  constructor(rng, left, count) {
    this.rng = rng;
    this.left = left;
    this.count = count;  // called with the name of each
  }

  // Many ask for something that is not at hand here (a tag, an optional attribute of the type): then another is tried.
  #pick(table, build) {
    if (this.left <= 0 || !this.rng.chance(0.3)) return null;
    const names = Object.keys(table);
    for (let i = 0; i < kTries; ++i) {
      const name = this.rng.pick(names);
      --this.left;
      const made = build(table[name]);
      if (made !== null) {
        this.count(name);
        return made;
      }
      ++this.left;
    }
    return null;
  }

  value(exprs, type, depth) {
    return this.#pick(valueMisses, (miss) => miss(exprs, type, Math.max(depth, 1)));
  }

  condition(exprs, depth) {
    return this.#pick(conditionMisses, (miss) => miss(exprs, Math.max(depth, 1)));
  }
}
