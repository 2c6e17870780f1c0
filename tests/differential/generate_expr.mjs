// Expressions of a wanted type, over the variables, entities and constants of a world.
//
// Type-directed: blind generation gives type errors nine times out of ten, and then nothing is compared but the first error. About
// one policy in ten holds an operand of a wrong type on purpose, besides missing attributes, overflow and malformed texts.
import * as e from './expr.mjs';
import { identifiers, invalidText, quotedNames, strings } from './texts.mjs';
import { boundaries, extensionTypes, randomLong, randomValue, typeKey } from './values.mjs';

const kWrongType = 0.009;   // for each node
const kWrongCount = 0.008;  // for each call of an extension function
const kUnknown = 0.003;

export const identifier = /^[_a-zA-Z][_a-zA-Z0-9]*$/;
export const reserved = new Set(['true', 'false', 'if', 'then', 'else', 'in', 'is', 'like', 'has', '__cedar']);

export class ExprGenerator {
  constructor(rng, world) {
    this.rng = rng;
    this.world = world;
    this.unknowns = false;  // whether `unknown("x")` may occur; README.md says where it may not
  }

  condition(depth) {
    return this.make({ t: 'bool' }, depth);
  }

  // What `build` makes stands inside a set or a record.
  enclosed(build) {
    const before = this.unknowns;
    this.unknowns = false;
    const made = build();
    this.unknowns = before;
    return made;
  }

  make(type, depth) {
    if (this.unknowns && this.rng.chance(kUnknown)) return e.call('unknown', [e.string('x')]);
    const wanted = this.rng.chance(kWrongType) ? this.anyType() : type;
    if (depth <= 0) return this.leaf(wanted);
    const kind = this.rng.weighted([[wanted.t === 'bool' ? 1 : 5, 'leaf'], [2, 'if'], [2, 'through'], [0.8, 'tag'], [wanted.t === 'bool' ? 24 : 7, 'operator']]);
    if (kind === 'leaf') return this.leaf(wanted);
    if (kind === 'if') return e.ifThenElse(this.condition(depth - 1), this.make(wanted, depth - 1), this.branch(wanted, depth - 1));
    if (kind === 'through') return this.throughRecord(wanted, depth - 1);
    if (kind === 'tag') return this.tagOf(wanted, depth - 1);
    return this.operator(wanted, depth - 1);
  }

  anyType() {
    return this.rng.pick(this.world.pathTypes);
  }

  // The branch that is often not taken may be of any type.
  branch(type, depth) {
    return this.make(this.rng.chance(0.1) ? this.anyType() : type, depth);
  }

  leaf(type) {
    const paths = this.world.paths.get(typeKey(type));
    if (paths && this.rng.chance(0.5)) return this.access(this.rng.pick(paths));
    if (type.t === 'entity') return this.entityLeaf(type);
    return this.literal(type);
  }

  access({ root, steps }) {
    return steps.reduce((object, step) => e.get(object, step), e.variable(root));
  }

  entityLeaf(type) {
    for (const [name, of] of [['principal', this.world.typeOf.user], ['resource', this.world.typeOf.document], ['action', this.world.actionType]]) {
      if (of === type.name && this.rng.chance(0.5)) return e.variable(name);
    }
    return e.entity(this.rng.pick(this.world.uidsOf(type.name)));
  }

  literal(type) {
    if (extensionTypes.includes(type.t)) return this.extensionLiteral(type.t);
    if (type.t === 'long' && this.rng.chance(0.2)) return e.long(randomLong(this.rng));
    if (type.t === 'string' && this.rng.chance(0.2)) return e.string(this.rng.pick(strings));
    return e.valueToExpr(randomValue(this.rng, this.world, type));
  }

  // From a literal, or from a text that only the request knows. `ip("1.1.1.1", "2")` parses and fails where it is evaluated.
  extensionLiteral(type) {
    const count = this.rng.chance(kWrongCount) ? this.rng.pick([0, 2]) : 1;
    const text = this.rng.chance(0.08) ? invalidText(this.rng, type) : this.rng.pick(this.world.pools[type]);
    const args = this.rng.times(count, () => (this.rng.chance(0.06) ? this.leaf({ t: 'string' }) : e.string(text)));
    return e.call(type, args);
  }

  // `{a: .., b: ..}.a`, or a chain through an entity literal.
  throughRecord(type, depth) {
    const attribute = this.attributeOfType(type);
    if (attribute && this.rng.chance(0.6)) return e.get(this.make({ t: 'entity', name: attribute.owner }, depth), attribute.name);
    const names = [...new Set(this.rng.times(this.rng.between(1, 3), () => this.rng.pick([...identifiers, ...quotedNames])))];
    const fields = this.enclosed(() => names.map((name, i) => [name, i === 0 ? this.make(type, depth) : this.leaf(this.anyType())]));
    return e.get(e.record(this.rng.shuffled(fields)), this.rng.chance(0.97) ? names[0] : 'absent');
  }

  attributeOfType(type) {
    const key = typeKey(type);
    const found = [];
    for (const [owner, fields] of this.world.attributes) {
      for (const [name, field] of fields) if (typeKey(field) === key) found.push({ owner, name });
    }
    return found.length > 0 ? this.rng.pick(found) : null;
  }

  tagOf(type, depth) {
    const owners = [...this.world.tags].filter(([, tag]) => typeKey(tag) === typeKey(type)).map(([owner]) => owner);
    if (owners.length === 0) return this.leaf(type);
    const owner = this.make({ t: 'entity', name: this.rng.pick(owners) }, depth);
    const key = this.tagKey(depth);
    const value = e.method('getTag', owner, key);
    return this.rng.chance(0.4) ? e.ifThenElse(e.method('hasTag', owner, key), value, this.leaf(type)) : value;
  }

  tagKey(depth) {
    if (this.rng.chance(0.25)) return this.make({ t: 'string' }, depth);
    return e.string(this.rng.chance(0.9) ? this.rng.pick(this.world.tagKeys) : 'no such tag');
  }

  operator(type, depth) {
    switch (type.t) {
      case 'bool': return this.boolean(depth);
      case 'long': return this.arithmetic(depth);
      case 'datetime': return this.datetime(depth);
      case 'duration': return this.duration(depth);
      case 'set': return e.set(this.enclosed(() => this.rng.times(this.rng.between(0, 3), () => this.element(type.of, depth))));
      case 'record': return e.record(this.enclosed(() => type.fields.filter(() => this.rng.chance(0.95)).map(([name, field]) => [name, this.make(field, depth)])));
      default: return this.leaf(type);
    }
  }

  element(type, depth) {
    return this.make(this.rng.chance(0.06) ? this.anyType() : type, depth);
  }

  arithmetic(depth) {
    const longs = () => (this.rng.chance(0.12) ? e.long(this.rng.pick(boundaries)) : this.make({ t: 'long' }, depth));
    return this.rng.weighted([
      [4, () => e.binary('+', longs(), longs())],
      [4, () => e.binary('-', longs(), longs())],
      [3, () => e.binary('*', longs(), longs())],
      [3, () => e.neg(longs())],
      [5, () => this.extensionCall(this.rng.pick(['toMilliseconds', 'toSeconds', 'toMinutes', 'toHours', 'toDays']), ['duration'], depth)],
    ])();
  }

  // At an end of what 64 bits of milliseconds hold: the next step overflows.
  extremeDatetime(ends = ['-9223372036854775808ms', '9223372036854775807ms']) {
    const far = e.call('duration', [e.string(this.rng.pick(ends))]);
    return e.extensionMethod('offset', e.call('datetime', [e.string(this.rng.pick(['1970-01-01', '1970-01-02', '1969-12-31']))]), far);
  }

  datetime(depth) {
    if (this.rng.chance(0.06)) return this.extremeDatetime();
    return this.rng.chance(0.6) ? this.extensionCall('offset', ['datetime', 'duration'], depth) : this.extensionCall('toDate', ['datetime'], depth);
  }

  duration(depth) {
    return this.rng.chance(0.6) ? this.extensionCall('durationSince', ['datetime', 'datetime'], depth) : this.extensionCall('toTime', ['datetime'], depth);
  }

  extensionCall(fn, types, depth) {
    const args = types.map((type) => this.make({ t: type }, depth));
    if (this.rng.chance(kWrongCount)) args.length === 1 || this.rng.chance(0.5) ? args.push(this.leaf(this.anyType())) : args.pop();
    return e.extensionMethod(fn, ...args);
  }

  boolean(depth) {
    return this.rng.weighted([
      [6, () => e.binary(this.rng.pick(['&&', '||', '||']), this.condition(depth), this.condition(depth))],
      [2, () => e.not(this.condition(depth))],
      [4, () => this.equality(depth)],
      [5, () => this.order(depth)],
      [6, () => this.computedOrder(depth)],
      [1.5, () => this.overflow(depth)],
      [4, () => this.membership(depth)],
      [3, () => this.typeTest(depth)],
      [3, () => this.presence(depth)],
      [2, () => this.guardedAccess(depth)],
      [3, () => this.pattern(depth)],
      [5, () => this.setTest(depth)],
      [2, () => this.tagTest(depth)],
      [5, () => this.decimalTest(depth)],
      [5, () => this.ipTest(depth)],
    ])();
  }

  // Two unrelated values are hardly ever equal: half the time both sides come from the same few constants.
  equality(depth) {
    const type = this.anyType();
    const op = this.rng.pick(['==', '==', '!=']);
    if (this.rng.chance(0.5)) return e.binary(op, this.leaf(type), this.literal(type));
    return e.binary(op, this.make(type, depth), this.make(this.rng.chance(0.08) ? this.anyType() : type, depth));
  }

  order(depth) {
    const type = { t: this.rng.weighted([[5, 'long'], [2, 'datetime'], [2, 'duration']]) };
    return e.binary(this.rng.pick(['<', '<=', '>', '>=']), this.make(type, depth), this.make(type, depth));
  }

  // Arithmetic and the calendar, against something to compare them with.
  computedOrder(depth) {
    const type = { t: this.rng.weighted([[5, 'long'], [2, 'datetime'], [2, 'duration']]) };
    const sides = [this.operator(type, depth), this.make(type, depth - 1)];
    return e.binary(this.rng.pick(['<', '<=', '>', '>=', '!=', '==']), ...(this.rng.chance(0.5) ? sides : sides.reverse()));
  }

  // Steps past an end, or just up to it: too rare otherwise to be met in every run.
  overflow(depth) {
    const extreme = () => e.long(this.rng.pick(boundaries));
    const step = () => (this.rng.chance(0.5) ? e.long(this.rng.pick([1n, -1n, 2n, 0n])) : extreme());
    const least = e.long(this.rng.pick(boundaries.filter((value) => value < -1n)));
    return this.rng.pick([
      () => e.binary('<', e.binary('+', extreme(), step()), this.leaf({ t: 'long' })),
      () => e.binary('>', e.binary('-', extreme(), step()), this.leaf({ t: 'long' })),
      () => e.binary('!=', e.binary('*', extreme(), step()), this.leaf({ t: 'long' })),
      () => e.binary('>=', e.neg(least), this.leaf({ t: 'long' })),
      () => e.binary('<=', e.extensionMethod('toDate', this.extremeDatetime(['-9223372036854775808ms', '-9223372036854775000ms'])), this.make({ t: 'datetime' }, depth)),
      () => e.binary('==', e.extensionMethod('durationSince', this.extremeDatetime(), this.make({ t: 'datetime' }, depth)), this.leaf({ t: 'duration' })),
    ])();
  }

  anyEntity(depth) {
    return this.make({ t: 'entity', name: this.rng.pick([...this.world.types, this.world.typeOf.user, this.world.typeOf.document, this.world.actionType]) }, depth);
  }

  ancestors(depth) {
    if (this.rng.chance(0.6)) return this.anyEntity(depth);
    return e.set(this.enclosed(() => this.rng.times(this.rng.between(0, 3), () => this.anyEntity(depth))));
  }

  membership(depth) {
    return e.binary('in', this.anyEntity(depth), this.ancestors(depth));
  }

  typeTest(depth) {
    const type = this.rng.pick([...this.world.types, this.world.actionType]);
    return e.is(this.anyEntity(depth), type, this.rng.chance(0.5) ? this.ancestors(depth) : undefined);
  }

  record(depth) {
    return this.rng.chance(0.5) ? e.variable('context') : this.leaf({ t: 'record', fields: this.world.context }, depth);
  }

  presence(depth) {
    const holder = this.rng.weighted([[3, () => this.anyEntity(depth)], [3, () => this.record(depth)]])();
    const names = [...this.world.context.map(([name]) => name), ...[...this.world.attributes.values()].flat().map(([name]) => name), 'absent'];
    return this.hasPath(holder, this.rng.times(this.rng.weighted([[5, 1], [2, 2], [1, 3]]), () => this.rng.pick(names)));
  }

  // A longer path is identifiers alone; a single name may always be quoted.
  hasPath(object, steps) {
    const plain = steps.every((step) => identifier.test(step) && !reserved.has(step));
    if (plain && (steps.length > 1 || this.rng.chance(0.7))) return e.has(object, steps);
    const guards = steps.map((step, i) => e.has(steps.slice(0, i).reduce((inner, name) => e.get(inner, name), object), [step], true));
    return guards.reduce((left, right) => e.binary('&&', left, right));
  }

  // `x has a.b && x.a.b == 1`
  guardedAccess(depth) {
    const type = this.anyType();
    const paths = this.world.paths.get(typeKey(type));
    if (!paths) return this.equality(depth);
    const path = this.rng.pick(paths);
    return e.binary('&&', this.hasPath(e.variable(path.root), path.steps), e.binary(this.rng.pick(['==', '!=']), this.access(path), this.literal(type)));
  }

  // A pattern made from a text that may well be the subject: parts of it replaced by wildcards.
  pattern(depth) {
    const pieces = [];
    for (const c of this.rng.pick([this.rng.pick(this.world.pools.string), this.rng.pick(strings)])) {
      const turn = this.rng.below(10);
      if (turn < 3) pieces.push(null);
      if (turn !== 0 && turn !== 1) pieces.push(c);
    }
    if (this.rng.chance(0.4)) pieces.push(null);
    return e.like(this.make({ t: 'string' }, depth), pieces);
  }

  setTest(depth) {
    const sets = this.world.pathTypes.filter((type) => type.t === 'set');
    const of = sets.length > 0 && this.rng.chance(0.6) ? this.rng.pick(sets).of : this.anyType();
    const make = () => this.make({ t: 'set', of }, depth);
    return this.rng.weighted([
      [4, () => e.method('contains', make(), this.make(of, depth))],
      [3, () => e.method('containsAll', make(), make())],
      [3, () => e.method('containsAny', make(), make())],
      [2, () => e.method('isEmpty', make())],
    ])();
  }

  tagTest(depth) {
    return e.method('hasTag', this.anyEntity(depth), this.tagKey(depth));
  }

  decimalTest(depth) {
    return this.extensionCall(this.rng.pick(['lessThan', 'lessThanOrEqual', 'greaterThan', 'greaterThanOrEqual']), ['decimal', 'decimal'], depth);
  }

  ipTest(depth) {
    if (this.rng.chance(0.4)) return this.extensionCall('isInRange', ['ip', 'ip'], depth);
    return this.extensionCall(this.rng.pick(['isIpv4', 'isIpv6', 'isLoopback', 'isMulticast']), ['ip'], depth);
  }
}
