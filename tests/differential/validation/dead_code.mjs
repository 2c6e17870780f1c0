// Conditions that are false whatever the request, conditions that are wrong for certain, and both together: code that is never reached.
//
// Cedar types `false && wrong` without a look at the right side, by the type of the left one. What counts as false there, and what only looks so, is
// where checkers differ.
import * as e from '../expr.mjs';

export const anyUid = (exprs, name) => (exprs.index.isAction(name) ? exprs.rng.pick(exprs.index.actionUids) : exprs.rng.pick(exprs.world.uidsOf(name)));
export const undefinedUid = (rng) => ({ type: rng.pick(['Nope', 'User2', 'App::Nope', 'Action2', 'user']), id: 'x' });

// Something that is false whatever the request, by its type; whether Cedar sees that is another question.
export function alwaysFalse(exprs) {
  const { rng, scope, index } = exprs;
  const root = rng.pick(['principal', 'resource']);
  const types = root === 'principal' ? scope.principalTypes : scope.resourceTypes;
  const stranger = rng.pick(index.entityNames.filter((name) => !types.includes(name)).concat(index.actionUids[0].type));
  const unrelated = index.entityNames.filter((name) => !types.some((type) => index.ancestorsOf(type).includes(name)));
  const otherAction = rng.pick(index.actionUids);
  return rng.pick([
    () => e.bool(false),
    () => e.not(e.bool(true)),
    () => e.binary('&&', e.bool(false), exprs.test(0)),
    () => e.binary('||', e.bool(false), e.bool(false)),
    () => e.is(e.variable(root), stranger),
    () => e.is(e.variable(root), stranger, e.entity(anyUid(exprs, stranger))),
    () => e.has(e.variable(root), [rng.pick(['noSuchAttribute', 'n', 'level', 'zzz'])]),
    () => e.has(e.variable('context'), ['noSuchAttribute']),
    () => e.has(e.variable('action'), ['name']),
    () => (unrelated.length > 0 ? e.binary('in', e.variable(root), e.entity(anyUid(exprs, rng.pick(unrelated)))) : e.bool(false)),
    () => (unrelated.length > 0 ? e.binary('in', e.variable(root), e.set([e.entity(anyUid(exprs, rng.pick(unrelated)))])) : e.bool(false)),
    () => e.binary('==', e.variable('action'), e.entity(otherAction)),
    () => e.binary('in', e.variable('action'), e.entity(otherAction)),
    () => e.binary('in', e.variable('action'), e.set([e.entity(otherAction), e.entity(rng.pick(index.actionUids))])),
    () => e.binary('==', e.variable(root), e.entity(anyUid(exprs, stranger))),
    () => e.binary('==', e.string('a'), e.string('b')),
    () => e.binary('==', e.long(1n), e.long(2n)),
    () => e.binary('==', e.entity(anyUid(exprs, stranger)), e.entity(anyUid(exprs, stranger))),
    () => e.binary('in', e.entity(otherAction), e.entity(rng.pick(index.actionUids))),
    () => e.method('hasTag', e.variable(root), e.string('a')),
    () => e.ifThenElse(exprs.test(0), e.bool(false), e.bool(false)),
    () => e.not(e.is(e.variable(root), rng.pick(types))),
    () => e.not(e.binary('==', e.variable(root), e.variable(root))),
    () => e.binary('!=', e.variable('action'), e.variable('action')),
  ])();
}

// A condition that is wrong for certain, wherever it is looked at.
export function illTyped(exprs) {
  const { rng } = exprs;
  return rng.pick([
    () => e.binary('==', e.binary('+', e.long(1n), e.string('a')), e.long(2n)),
    () => e.get(e.variable('principal'), 'noSuchAttribute'),
    () => e.method('isEmpty', e.set([])),
    () => e.long(1n),
    () => e.string('true'),
    () => e.binary('<', e.string('a'), e.string('b')),
    () => e.like(e.long(1n), ['a']),
    () => e.binary('==', e.long(1n), e.string('a')),
    () => e.method('contains', e.string('abc'), e.string('b')),
    () => e.binary('in', e.string('a'), e.variable('resource')),
    () => e.is(e.long(1n), exprs.index.entityNames[0]),
    () => e.has(e.string('a'), ['b']),
    () => e.method('hasTag', e.long(1n), e.string('a')),
    () => e.binary('==', e.variable('principal'), e.entity(undefinedUid(rng))),
    () => e.is(e.variable('principal'), rng.pick(['Nope', 'Action', 'App::Nope'])),
    () => e.binary('in', e.variable('action'), e.entity({ type: 'Action', id: 'no such action' })),
    () => e.extensionMethod('isIpv4', e.call('decimal', [e.string('1.0')])),
    () => e.not(e.long(1n)),
    () => e.binary('&&', e.long(1n), e.bool(true)),
    () => e.binary('<', e.call('decimal', [e.string('1.0')]), e.call('decimal', [e.string('2.0')])),
    () => e.binary('==', e.variable('context'), e.record([])),
    () => e.ifThenElse(e.long(1n), e.bool(true), e.bool(false)),
  ])();
}

export function deadCode(exprs, depth) {
  const { rng } = exprs;
  const wrong = rng.chance(0.7) ? illTyped(exprs) : exprs.testOf(exprs.make(exprs.anyType(), 0), exprs.anyType(), depth);
  const no = alwaysFalse(exprs);
  return rng.pick([
    () => e.binary('&&', no, wrong),
    () => e.binary('||', e.not(no), wrong),
    () => e.ifThenElse(no, wrong, exprs.test(0)),
    () => e.ifThenElse(e.not(no), exprs.test(0), wrong),
    () => e.binary('&&', wrong, no),
    () => e.binary('||', exprs.test(0), e.binary('&&', no, wrong)),
    () => e.binary('&&', e.binary('&&', exprs.test(0), no), wrong),
    () => e.binary('&&', e.binary('||', no, no), wrong),
    () => e.not(e.binary('&&', no, wrong)),
    () => e.binary('==', e.binary('&&', no, wrong), e.bool(false)),
  ])();
}
