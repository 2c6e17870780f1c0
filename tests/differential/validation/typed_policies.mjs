// Policies for a schema: scopes that leave some request environments, and conditions that are typed in those.
import { annotationKeys, strings } from '../texts.mjs';
import { Misses } from './near_misses.mjs';
import { uidText } from './schema_model.mjs';
import { ScopeEnv } from './scope_env.mjs';
import { TypedExprs } from './typed_expr.mjs';

const kWrongScope = 0.05;  // a scope that names something else than its environment

const undefinedUid = { type: 'Nope', id: 'x' };

export class PolicyMaker {
  // `clean`: the share of policies in which nothing is made to go wrong; `wide`: scopes name types rather than entities, so that more
  // requests get to the conditions.
  constructor(rng, index, world, { clean, wide, count }) {
    this.rng = rng;
    this.index = index;
    this.world = world;
    this.clean = clean;
    this.named = wide ? 0.2 : 1;
    this.wrongScope = wide ? 0.01 : kWrongScope;
    this.count = count;
    this.used = [];  // the environments that policies were made for
  }

  // ---- scopes ------------------------------------------------------------------------------------------------------------------

  entityConstraint(type) {
    const { rng } = this;
    const wrong = rng.chance(this.wrongScope);
    if (wrong) this.count('wrong scope');
    const name = wrong ? rng.pick(this.index.entityNames) : type;
    const uid = () => (wrong && rng.chance(0.2) ? undefinedUid : rng.pick(this.world.uidsOf(name)));
    const ancestor = () => rng.pick(this.world.uidsOf(rng.pick(this.index.ancestorsOf(name))));
    return rng.weighted([
      [4, () => ({ op: 'all' })],
      [5, () => ({ op: 'is', type: wrong && rng.chance(0.2) ? 'Nope' : name })],
      [2 * this.named, () => ({ op: '==', uid: uid() })],
      [2 * this.named, () => ({ op: 'in', uid: ancestor() })],
      [2 * this.named, () => ({ op: 'is in', type: name, uid: ancestor() })],
    ])();
  }

  actionConstraint(action) {
    const { rng } = this;
    const wrong = rng.chance(this.wrongScope);
    if (wrong) this.count('wrong scope');
    const uid = wrong ? (rng.chance(0.4) ? { type: action.type, id: 'no such action' } : rng.pick(this.index.actionUids)) : action;
    const groups = this.index.groupsOf(uid);
    return rng.weighted([
      [2, () => ({ op: 'all' })],
      [7, () => ({ op: '==', uid })],
      [2, () => ({ op: 'in', uid: groups.length > 0 ? rng.pick(groups) : uid })],
      [2, () => ({ op: 'in', uids: [...new Map([uid, ...rng.subset(this.index.actionUids, 0.2)].map((each) => [uidText(each), each])).values()] })],
    ])();
  }

  slotConstraint(role, type) {
    return this.rng.weighted([[2, { op: '==', slot: role }], [3, { op: 'in', slot: role }], [2, { op: 'is in', type, slot: role }]]);
  }

  #entityMatches(constraint, name) {
    switch (constraint.op) {
      case 'all': return true;
      case 'is': return constraint.type === name;
      case '==': return constraint.slot || constraint.uid.type === name;
      case 'in': return constraint.slot || this.index.ancestorsOf(name).includes(constraint.uid.type);
      default: return constraint.type === name;
    }
  }

  #actionMatches(constraint, uid) {
    if (constraint.op === 'all') return true;
    const wanted = (constraint.uids ?? [constraint.uid]).map(uidText);
    if (constraint.op === '==') return wanted.includes(uidText(uid));
    return this.index.groupsOf(uid).some((group) => wanted.includes(uidText(group)));
  }

  scopeEnv({ principal, action, resource }) {
    const matching = this.index.envs.filter((env) => this.#entityMatches(principal, env.principal) && this.#actionMatches(action, env.action) && this.#entityMatches(resource, env.resource));
    return new ScopeEnv(this.index, matching.length > 0 ? matching : [this.rng.pick(this.index.envs)]);
  }

  // ---- policies ----------------------------------------------------------------------------------------------------------------

  annotations() {
    if (this.rng.chance(0.9)) return [];
    return this.rng.shuffled(annotationKeys).slice(0, 1).map((key) => ({ key, value: this.rng.pick(strings) }));
  }

  policy(slots = []) {
    const { rng } = this;
    const env = rng.pick(this.index.envs);
    this.used.push(env);
    const constraint = (role) => (slots.includes(role) ? this.slotConstraint(role, env[role]) : this.entityConstraint(env[role]));
    const scope = { principal: constraint('principal'), action: this.actionConstraint(env.action), resource: constraint('resource') };
    const misses = rng.chance(this.clean) ? null : new Misses(rng, rng.weighted([[6, 1], [2, 2], [1, 4]]), this.count);
    const exprs = new TypedExprs(rng, this.scopeEnv(scope), this.world, misses);
    const conditions = rng.times(rng.weighted([[1, 0], [8, 1], [2, 2]]), () => ({ kind: rng.chance(0.8) ? 'when' : 'unless', body: exprs.condition(rng.between(1, 4)) }));
    return { annotations: this.annotations(), effect: rng.chance(0.6) ? 'permit' : 'forbid', ...scope, conditions };
  }

  // ---- templates ---------------------------------------------------------------------------------------------------------------

  #slotValue(constraint, role) {
    const { rng } = this;
    const types = this.index.envs.map((env) => env[role]);
    const wrong = rng.chance(0.15);
    if (wrong) this.count('wrong link');
    if (wrong && rng.chance(0.3)) return undefinedUid;
    if (wrong) return rng.pick([...this.index.actionUids, ...this.index.entityNames.flatMap((name) => this.world.uidsOf(name)), { type: rng.pick(this.index.entityNames), id: 'no such id' }]);
    const type = constraint.type ?? rng.pick(types);
    return rng.pick(this.world.uidsOf(constraint.op === '==' ? type : rng.pick(this.index.ancestorsOf(type))));
  }

  templates() {
    const { rng } = this;
    const templates = rng.times(rng.between(1, 2), () => this.policy(rng.pick([['principal'], ['resource'], ['principal', 'resource']])));
    const links = templates.flatMap((template, i) => rng.times(rng.between(0, 3), () => ({
      template: i,
      values: ['principal', 'resource'].filter((role) => template[role].slot).map((role) => [`?${role}`, this.#slotValue(template[role], role)]),
    })));
    return { templates, links };
  }

  make() {
    const policies = this.rng.times(this.rng.between(4, 8), () => this.policy());
    return { policies, ...(this.rng.chance(0.25) ? this.templates() : { templates: [], links: [] }) };
  }
}
