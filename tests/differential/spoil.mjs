// JSON that is nearly right: JSON policies, policy sets, entities and contexts with one thing wrong, or only unusual.
//
// As with mutated text, Cedar says which of them are refused. Repeated keys and floats are why cases are written by json.mjs.
import { Members, Raw } from './json.mjs';
import { strings } from './texts.mjs';
import { invalidExtensionJson } from './values.mjs';

const pairsOf = (object) => (object instanceof Members ? object.pairs : Object.entries(object).filter(([, value]) => value !== undefined));
const isTree = (value) => value !== null && typeof value === 'object' && !(value instanceof Raw);

// Every place in a tree as a function that rebuilds the tree with that place changed.
function places(value, rebuild = (changed) => changed) {
  const here = [{ value, replace: rebuild }];
  if (!isTree(value)) return here;
  if (Array.isArray(value)) {
    return here.concat(value.flatMap((item, i) => places(item, (changed) => rebuild(value.with ? value.with(i, changed) : [...value.slice(0, i), changed, ...value.slice(i + 1)]))));
  }
  const pairs = pairsOf(value);
  return here.concat(pairs.flatMap(([key, item], i) => places(item, (changed) => rebuild(new Members([...pairs.slice(0, i), [key, changed], ...pairs.slice(i + 1)])))));
}

const badNumbers = ['1.5', '1.0', '1e2', '-0.0', '9223372036854775808', '-9223372036854775809', '18446744073709551616', '1e400', '0', '-0', '-9223372036854775808', '9223372036854775807'];

// Values that are wrong somewhere or everywhere.
const oddValues = (rng) =>
  rng.weighted([
    [3, () => null],
    [4, () => new Raw(rng.pick(badNumbers))],
    [3, () => invalidExtensionJson(rng)],
    [1, () => ({ __extn: { fn: rng.pick(['nope', 'IP', 'isIpv4', 'toTime', '']), arg: '1.1.1.1' } })],
    [1, () => ({ __extn: { fn: 'ip', arg: 1n } })],
    [1, () => ({ __extn: { fn: 'ip', args: [] } })],
    [1, () => ({ __extn: { fn: 'ip', args: ['1.1.1.1', '2.2.2.2'] } })],
    [1, () => ({ __extn: { fn: 'ip' } })],
    [1, () => ({ __extn: { arg: '1.1.1.1' } })],
    [1, () => ({ __extn: { fn: 'ip', arg: '1.1.1.1', args: ['1.1.1.1'] } })],
    [1, () => ({ __extn: { fn: 'ip', arg: { __extn: { fn: 'ip', arg: '1.1.1.1' } } } })],
    [1, () => ({ __extn: 'ip' })],
    [1, () => ({ __extn: { fn: 'ip', arg: '1.1.1.1' }, other: 1n })],
    [1, () => ({ __extn: { fn: 'ip', arg: '1.1.1.1', other: 1n } })],
    [1, () => ({ fn: 'ip', arg: '1.1.1.1' })],
    [1, () => ({ __entity: { type: rng.pick(['', ' U', 'U ', 'A :: B', 'A::', '::A', 'in', 'A::if', '__cedar', 'A::__cedar', '1U', 'U-V', 'Ü', 'true', 'principal', 'permit']), id: 'a' } })],
    [1, () => ({ __entity: { type: 'U' } })],
    [1, () => ({ __entity: { type: 'U', id: 1n } })],
    [1, () => ({ __entity: { type: 'U', id: 'a' }, other: 1n })],
    [1, () => ({ __entity: { type: 'U', id: 'a', other: 1n } })],
    [1, () => ({ __entity: 'U::"a"' })],
    [1, () => ({ __expr: 'U::"a"' })],
    [1, () => ({ __expr: 1n })],
    [1, () => ({ type: 'U', id: 'a' })],
    [1, () => 'U::"a"'],
    [1, () => []],
    [1, () => ({})],
    [1, () => rng.pick(strings)],
    [1, () => true],
    [1, () => [1n, 'a', true, [null]]],
  ])();

// One place changed: replaced, a member dropped, a member twice, a member that nobody knows, a list element twice.
function spoilTree(rng, tree) {
  const all = places(tree);
  const { value, replace } = rng.pick(all);
  if (!isTree(value) || rng.chance(0.3)) return replace(oddValues(rng));
  if (Array.isArray(value)) return replace(value.length === 0 || rng.chance(0.4) ? [...value, oddValues(rng)] : [...value, rng.pick(value)]);
  const pairs = pairsOf(value);
  const at = pairs.length > 0 ? rng.below(pairs.length) : 0;
  return replace(
    new Members(
      rng.weighted([
        [3, () => pairs.toSpliced?.(at, 1) ?? pairs.filter((_, i) => i !== at)],
        [2, () => (pairs.length > 0 ? [...pairs, [pairs[at][0], rng.chance(0.5) ? pairs[at][1] : 1n]] : pairs)],
        [2, () => [...pairs, [rng.pick(['extra', '__extn', '__entity', '__expr', 'type', 'id', 'attr', 'tags']), oddValues(rng)]]],
        [1, () => pairs.map(([key, member], i) => [i === at ? rng.pick([key.toUpperCase(), `${key} `, 'x', '']) : key, member])],
      ])(),
    ),
  );
}

// ---- entities and context --------------------------------------------------------------------------------------------------------

const memberOf = (entity, name) => entity.pairs.find(([key]) => key === name)?.[1];
const withMember = (entity, name, value) => new Members([...entity.pairs.filter(([key]) => key !== name), [name, value]]);

function makeCycle(rng, entities) {
  const [first, second] = rng.shuffled(entities);
  return entities.map((entity) => {
    if (entity === first) return withMember(entity, 'parents', [memberOf(second ?? first, 'uid')]);
    return entity === second ? withMember(entity, 'parents', [memberOf(first, 'uid')]) : entity;
  });
}

const mapOne = (rng, entities, change) => {
  const at = rng.below(entities.length);
  return entities.map((entity, i) => (i === at ? change(entity) : entity));
};

export function spoilEntities(rng, entities) {
  if (entities.length === 0) return entities;
  return rng.weighted([
    [10, () => mapOne(rng, entities, (entity) => spoilTree(rng, entity))],
    [2, () => makeCycle(rng, entities)],
    [1, () => mapOne(rng, entities, (entity) => withMember(entity, 'parents', [memberOf(entity, 'uid')]))],
    [1, () => [...entities, rng.pick(entities)]],
    [1, () => [...entities, withMember(rng.pick(entities), 'attrs', { other: 1n })]],
    [1, () => [...entities, withMember(rng.pick(entities), 'parents', [])]],
    [1, () => mapOne(rng, entities, (entity) => withMember(entity, 'parents', [...memberOf(entity, 'parents'), { type: rng.pick(['User', 'Action', 'A::Action']), id: 'new' }]))],
    [1, () => [...entities, rng.pick([null, [], 1n, 'U::"a"', {}])]],
    [1, () => [...entities, { uid: { type: rng.pick(['Action', 'X::Action']), id: 'new' }, attrs: {}, parents: [{ type: rng.pick(['User', 'Action', 'X::Action']), id: 'x' }], tags: { t: 1n } }]],
  ])();
}

export function spoilContext(rng, context) {
  return rng.chance(0.05) ? oddValues(rng) : spoilTree(rng, context);
}

// ---- JSON policies and policy sets -----------------------------------------------------------------------------------------------

const kOperators = ['==', '!=', 'in', '<', '<=', '>', '>=', '&&', '||', '+', '-', '*', 'contains', 'containsAll', 'containsAny', 'getTag', 'hasTag'];

const oddExprs = (rng) =>
  rng.weighted([
    [1, () => ({ Value: oddValues(rng) })],
    [1, () => ({ Var: rng.pick(['principal', 'context', 'foo', '?principal', 'Principal']) })],
    [1, () => ({ Slot: rng.pick(['?principal', '?resource', '?foo']) })],
    [1, () => ({ [rng.pick(['nope', 'ip', 'isIpv4', 'Unknown', 'error', 'isInRange', 'decimal', ''])]: [{ Value: '1.1.1.1' }] })],
    [1, () => ({ ip: { Value: '1.1.1.1' } })],
    [1, () => ({ ip: [] })],
    [1, () => ({ isIpv4: { arg: { ip: [{ Value: '1.1.1.1' }] } } })],
    [1, () => ({ has: { left: { Var: 'principal' }, attr: rng.pick(['a', ['a'], ['a', 'b'], [], ['a', 'if'], ['a b', ''], 1n, ['__cedar']]) } })],
    [1, () => ({ '.': { left: { Var: 'principal' }, attr: rng.pick(['a', 'if', '', '__cedar', ['a'], 1n]) } })],
    [1, () => ({ like: { left: { Value: 'a' }, pattern: rng.pick(['a*', [], ['Wildcard', 'Wildcard'], [{ Literal: 'a*' }], [{ Literal: '' }, 'Wildcard'], ['wildcard'], [{ Literal: 1n }], [{ Literal: 'a' }, { Literal: 'b' }]]) } })],
    [1, () => ({ is: { left: { Var: 'principal' }, entity_type: rng.pick(['U', 'A::B', '', 'A :: B', 'in', '__cedar', 'U::"a"', 1n]) } })],
    [1, () => ({ is: { left: { Var: 'principal' }, entity_type: 'U', in: rng.pick([null, { Var: 'resource' }, { Value: 1n }]) } })],
    [1, () => ({ [rng.pick(kOperators)]: rng.pick([{ left: { Value: 1n } }, { left: { Value: 1n }, right: { Value: 1n }, extra: 1n }, { arg: { Value: 1n } }, [{ Value: 1n }, { Value: 1n }]]) })],
    [1, () => ({ [rng.pick(['!', 'neg', 'isEmpty'])]: rng.pick([{ left: { Value: 1n } }, { arg: { Value: true }, extra: 1n }, [{ Value: true }], { Value: true }]) })],
    [1, () => ({ 'if-then-else': { if: { Value: true }, then: { Value: true } } })],
    [1, () => ({ neg: { arg: { Value: new Raw('-9223372036854775808') } } })],
    [1, () => ({ Set: rng.pick([[], {}, [1n], [{ Value: 1n }, { Value: 1n }]]) })],
    [1, () => ({ Record: new Members(rng.pick([[], [['a', { Value: 1n }], ['a', { Value: 2n }]], [['a', 1n]], [['', { Value: 1n }]], [['__cedar', { Value: 1n }]]])) })],
    [1, () => ({})],
    [1, () => ({ Value: true, Var: 'principal' })],
  ])();

const withCondition = (policy, body) => new Members(pairsOf(policy).map(([key, value]) => (key === 'conditions' ? [key, [...value, { kind: 'when', body }]] : [key, value])));

export function spoilEst(rng, policy) {
  return rng.chance(0.5) ? withCondition(policy, oddExprs(rng)) : spoilTree(rng, policy);
}

const kTemplate = 'permit(principal == ?principal, action, resource is T in ?resource);';
const uid = { type: 'User', id: 'a' };
const slots = { '?principal': uid, '?resource': uid };

// What surrounds the policies: ids that meet, slots without a value, texts that hold no policy or two.
export function spoilPolicySet(rng, policySet) {
  const statics = typeof policySet.staticPolicies === 'string' ? { s: 'permit(principal,action,resource);' } : policySet.staticPolicies;
  const link = { templateId: 't', newId: 'l', values: slots };
  const linked = (...links) => ({ staticPolicies: policySet.staticPolicies, templates: { t: kTemplate }, templateLinks: links });
  return rng.pick([
    () => linked(link),
    () => linked({ ...link, values: { '?principal': uid } }),
    () => linked({ ...link, values: {} }),
    () => linked({ ...link, values: { ...slots, '?foo': uid } }),
    () => linked({ ...link, values: { '?principal': uid, '?resource': 'User::"a"' } }),
    () => linked({ ...link, values: { '?principal': uid, '?resource': { type: 'in', id: 'a' } } }),
    () => linked({ ...link, templateId: 'nope' }),
    () => linked({ ...link, newId: 't' }),
    () => linked({ ...link, newId: 'policy0' }),
    () => linked({ ...link, newId: Object.keys(statics)[0] }),
    () => linked(link, link),
    () => linked({ ...link, extra: 1n }),
    () => linked({ templateId: 't', newId: 'l' }),
    () => ({ ...policySet, templates: { policy0: kTemplate, [Object.keys(statics)[0]]: kTemplate }, templateLinks: undefined }),
    () => ({ staticPolicies: policySet.staticPolicies, templates: { t: 'permit(principal,action,resource);' } }),
    () => ({ staticPolicies: policySet.staticPolicies, templates: { t: `${kTemplate}${kTemplate}` } }),
    () => ({ staticPolicies: policySet.staticPolicies, templates: { t: 'permit(principal == ?principal,action,resource) when { ?principal == 1 };' } }),
    () => ({ staticPolicies: { ...statics, extra: kTemplate } }),
    () => ({ staticPolicies: `${typeof policySet.staticPolicies === 'string' ? policySet.staticPolicies : ''}${kTemplate}` }),
    () => ({ staticPolicies: { ...statics, extra: '' } }),
    () => ({ staticPolicies: { ...statics, extra: '// nothing' } }),
    () => ({ staticPolicies: { ...statics, extra: 'permit(principal,action,resource);forbid(principal,action,resource);' } }),
    () => ({ staticPolicies: { ...statics, extra: null } }),
    () => ({ staticPolicies: new Members([...Object.entries(statics), ['extra', 'permit(principal,action,resource);'], ['extra', 'forbid(principal,action,resource);']]) }),
    () => ({ staticPolicies: '' }),
    () => ({ staticPolicies: {} }),
    () => ({ staticPolicies: 1n }),
    () => ({ ...policySet, extra: 1n }),
    () => ({}),
  ])();
}
