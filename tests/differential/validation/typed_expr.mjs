// Well-typed expressions over the environments of a scope, with the guards that optional attributes and tags need.
//
// What is guarded at some place is held in `granted`, as the checker's capabilities are. Near misses come in through `make` and `condition`,
// where near_misses.mjs may put something else in the place of what was asked for.
import * as e from '../expr.mjs';
import { extensionTypes, randomLong } from '../values.mjs';
import { guardOf } from './guards.mjs';
import { hasLiteral, keyOf } from './schema_model.mjs';
import { access, pathKey } from './scope_env.mjs';
import { plainName, testOf } from './typed_tests.mjs';

const primitives = ['long', 'string', 'bool', ...extensionTypes];

export class TypedExprs {
  // `world`: {pools, uidsOf(type name)}; `misses`: what may go wrong, or null.
  constructor(rng, scope, world, misses) {
    this.rng = rng;
    this.scope = scope;
    this.index = scope.index;
    this.world = world;
    this.misses = misses;
    this.granted = new Set();
  }

  // ---- guards ------------------------------------------------------------------------------------------------------------------

  // The steps of a path that still need a guard, as positions.
  missing(path) {
    return path.optional.flatMap((optional, i) => (optional && !this.granted.has(pathKey(path.root, path.steps.slice(0, i + 1))) ? [i] : []));
  }

  withGranted(keys, build) {
    const added = keys.filter((key) => !this.granted.has(key));
    added.forEach((key) => this.granted.add(key));
    const made = build();
    added.forEach((key) => this.granted.delete(key));
    return made;
  }

  keysOf(path) {
    return this.missing(path).map((i) => pathKey(path.root, path.steps.slice(0, i + 1)));
  }

  // ---- any type ----------------------------------------------------------------------------------------------------------------

  anyType() {
    const { types } = this.scope;
    return types.length > 0 && this.rng.chance(0.7) ? this.rng.pick(types) : { t: this.rng.pick(primitives) };
  }

  make(type, depth) {
    const missed = this.misses?.value(this, type, depth);
    if (missed) return missed;
    if (type.t === 'bool' && depth > 0 && this.rng.chance(0.6)) return this.condition(depth - 1);
    if (depth <= 0) return this.leaf(type);
    const kind = this.rng.weighted([[6, 'leaf'], [2, 'if'], [1, 'through'], [2, 'guarded'], [1, 'tag'], [hasLiteral(type) ? 4 : 0, 'operator']]);
    switch (kind) {
      case 'if': return e.ifThenElse(this.condition(depth - 1), this.make(type, depth - 1), this.make(type, depth - 1));
      case 'through': return e.get(e.record([['a', this.make(type, depth - 1)], ['b', this.leaf({ t: this.rng.pick(primitives) })]]), 'a');
      case 'guarded': return this.guardedValue(type, depth - 1);
      case 'tag': return this.tagValue(type, depth - 1);
      case 'operator': return this.operator(type, depth - 1);
      default: return this.leaf(type);
    }
  }

  leaf(type) {
    const paths = this.scope.ofType(type).filter((path) => this.missing(path).length === 0);
    if (paths.length > 0 && (!hasLiteral(type) || this.rng.chance(0.65))) {
      const path = this.rng.pick(paths);
      return access(path.root, path.steps);
    }
    return this.literal(type);
  }

  // A literal; for a record that has optional attributes there is none of its type, and what comes out is another near miss.
  literal(type) {
    switch (type.t) {
      case 'bool': return e.bool(this.rng.chance(0.5));
      case 'long': return e.long(this.rng.chance(0.1) ? randomLong(this.rng) : this.rng.pick(this.world.pools.long));
      case 'string': return e.string(this.rng.pick(this.world.pools.string));
      case 'entity': return e.entity(this.rng.pick(this.world.uidsOf(type.name)));
      case 'set': return e.set(this.rng.times(this.rng.between(1, 3), () => this.literal(type.of)));
      case 'record': return e.record(this.rng.shuffled(type.fields).map(([name, field]) => [name, this.literal(field)]));
      default: return e.call(type.t, [e.string(this.rng.pick(this.world.pools[type.t]))]);
    }
  }

  operator(type, depth) {
    const long = () => this.make({ t: 'long' }, depth);
    const calendar = (name) => () => this.make({ t: name }, depth);
    switch (type.t) {
      case 'long': return this.rng.weighted([
        [4, () => e.binary(this.rng.pick(['+', '-', '*']), long(), long())],
        [1, () => e.neg(long())],
        [1, () => e.extensionMethod(this.rng.pick(['toMilliseconds', 'toSeconds', 'toMinutes', 'toHours', 'toDays']), calendar('duration')())],
      ])();
      case 'datetime': return this.rng.chance(0.6) ? e.extensionMethod('offset', calendar('datetime')(), calendar('duration')()) : e.extensionMethod('toDate', calendar('datetime')());
      case 'duration': return this.rng.chance(0.6) ? e.extensionMethod('durationSince', calendar('datetime')(), calendar('datetime')()) : e.extensionMethod('toTime', calendar('datetime')());
      case 'set': return e.set(this.rng.times(this.rng.between(1, 3), () => this.make(type.of, depth)));
      case 'record': return e.record(this.rng.shuffled(type.fields).map(([name, field]) => [name, this.make(field, depth)]));
      default: return this.leaf(type);
    }
  }

  // `if e has p then e.p else ..`
  guardedValue(type, depth) {
    const paths = this.scope.ofType(type).filter((path) => this.missing(path).length > 0);
    if (paths.length === 0) return this.leaf(type);
    const path = this.rng.pick(paths);
    const guard = guardOf(this, path, depth);
    return e.ifThenElse(guard.test, this.withGranted(guard.keys, () => access(path.root, path.steps)), this.leaf(type));
  }

  // ---- tags --------------------------------------------------------------------------------------------------------------------

  // Entities at hand whose type declares tags (of the type, where one is wanted).
  tagged(type) {
    const roots = [...this.scope.variables].map(([root, variable]) => ({ root, steps: [], optional: [], type: variable }));
    const found = [];
    for (const path of [...this.scope.paths, ...roots]) {
      const tags = path.type.t === 'entity' ? this.index.tagsOf(path.type.name) : undefined;
      if (tags && (!type || keyOf(tags) === keyOf(type)) && this.missing(path).length === 0) found.push({ path, tags });
    }
    return found;
  }

  tagKey() {
    return this.rng.chance(0.7) ? e.string(this.rng.pick(['a', 'b', 'level'])) : this.leaf({ t: 'string' });
  }

  tagValue(type, depth) {
    const found = this.tagged(type);
    if (found.length === 0) return this.leaf(type);
    const { path } = this.rng.pick(found);
    const owner = access(path.root, path.steps);
    const key = this.tagKey();
    return e.ifThenElse(e.method('hasTag', owner, key), e.method('getTag', owner, key), this.make(type, depth - 1));
  }

  tagTest(depth) {
    const found = this.tagged();
    if (found.length === 0) return this.test(depth);
    const { path, tags } = this.rng.pick(found);
    const owner = access(path.root, path.steps);
    const key = this.tagKey();
    const present = e.method('hasTag', owner, key);
    return this.rng.chance(0.2) ? present : e.binary('&&', present, this.testOf(e.method('getTag', owner, key), tags, depth));
  }

  // ---- conditions --------------------------------------------------------------------------------------------------------------

  condition(depth) {
    const missed = this.misses?.condition(this, depth);
    if (missed) return missed;
    if (depth <= 0) return this.test(0);
    return this.rng.weighted([
      [4, () => e.binary(this.rng.pick(['&&', '||']), this.condition(depth - 1), this.condition(depth - 1))],
      [1, () => e.not(this.condition(depth - 1))],
      [1, () => e.ifThenElse(this.condition(depth - 1), this.condition(depth - 1), this.condition(depth - 1))],
      [5, () => this.guardedTest(depth - 1)],
      [2, () => this.tagTest(depth - 1)],
      [6, () => this.test(depth - 1)],
      [1, () => this.presence()],
    ])();
  }

  guardedTest(depth) {
    const paths = this.scope.paths.filter((path) => this.missing(path).length > 0);
    if (paths.length === 0) return this.test(depth);
    const path = this.rng.pick(paths);
    const guard = guardOf(this, path, depth);
    return guard.around(this.withGranted(guard.keys, () => this.useOf(path, depth)));
  }

  useOf(path, depth) {
    const test = this.testOf(access(path.root, path.steps), path.type, depth);
    return depth > 0 && this.rng.chance(0.3) ? e.binary('&&', test, this.condition(depth - 1)) : test;
  }

  presence() {
    if (this.scope.paths.length === 0) return e.bool(true);
    const path = this.rng.pick(this.scope.paths);
    const owner = access(path.root, path.steps.slice(0, -1));
    const name = path.steps[path.steps.length - 1];
    if (this.missing({ ...path, optional: path.optional.slice(0, -1), steps: path.steps.slice(0, -1) }).length > 0) return e.bool(true);
    return e.has(owner, [name], !plainName(name) || this.rng.chance(0.2));
  }

  test(depth) {
    const type = this.anyType();
    const computed = hasLiteral(type) && this.rng.chance(0.25);
    return this.testOf(computed ? this.operator(type, depth) : this.make(type, depth), type, depth);
  }

  testOf(value, type, depth) {
    return testOf(this, value, type, depth);
  }

  actionTarget() {
    return e.entity(this.rng.pick(this.index.actionUids));
  }

  anyEntity() {
    const names = [...this.scope.variables].filter(([name]) => name !== 'action').map(([name]) => name);
    return names.length > 0 && this.rng.chance(0.6) ? e.variable(this.rng.pick(names)) : e.entity(this.rng.pick(this.world.uidsOf(this.rng.pick(this.index.entityNames))));
  }
}
