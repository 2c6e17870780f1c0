// Entities, requests and values that a schema allows, in each of the ways its JSON has to say them.
//
// With a schema an entity needs no `__entity` and an extension value no `__extn`: the reader knows what is meant.
import { Members } from '../json.mjs';
import { ids } from '../texts.mjs';
import { extensionTypes, makePools, randomLong } from '../values.mjs';

const strangers = [1n, 'x', true, [], new Members([]), { __entity: { type: 'Nope', id: 'x' } }, { __extn: { fn: 'decimal', arg: '1.0' } }];

// Pools of values, and some uids of each type.
export function makeWorld(rng, index) {
  const byType = new Map(index.entityNames.map((name) => {
    const { ids: listed } = index.entities.get(name);
    return [name, (listed ?? rng.shuffled(ids).slice(0, 3)).map((id) => ({ type: name, id }))];
  }));
  return {
    pools: makePools(rng),
    uidsOf: (name) => byType.get(name) ?? (index.isAction(name) ? index.actionUids.filter((uid) => uid.type === name) : [{ type: name, id: 'x' }]),
  };
}

export class Conforming {
  constructor(rng, index, world) {
    this.rng = rng;
    this.index = index;
    this.world = world;
    this.spoilt = 0;  // share of values that are of another type
  }

  uid(uid) {
    const { type, id } = uid;
    return this.rng.chance(0.7) ? { type, id } : { __entity: { type, id } };
  }

  entityUid(name) {
    const uids = this.world.uidsOf(name);
    return this.rng.chance(0.05) && !this.index.entities.get(name)?.ids ? { type: name, id: 'missing' } : this.rng.pick(uids);
  }

  extension(type) {
    const text = this.rng.pick(this.world.pools[type]);
    const { rng } = this;
    return rng.weighted([[4, { __extn: { fn: type, arg: text } }], [4, text], [1, { fn: type, arg: text }]]);
  }

  value(type) {
    const { rng } = this;
    if (this.spoilt > 0 && rng.chance(this.spoilt)) return rng.pick(strangers);
    if (extensionTypes.includes(type.t)) return this.extension(type.t);
    switch (type.t) {
      case 'long': return rng.chance(0.2) ? randomLong(rng) : rng.pick(this.world.pools.long);
      case 'string': return rng.pick(this.world.pools.string);
      case 'bool': return rng.chance(0.5);
      case 'entity': return this.uid(this.entityUid(type.name));
      case 'set': return rng.times(rng.pick([0, 1, 2, 3]), () => this.value(type.of));
      case 'record': return this.record(type);
    }
    throw new Error(`no value of ${type.t}`);
  }

  record({ fields }) {
    const present = fields.filter(([, , optional]) => !optional || this.rng.chance(0.6));
    const members = present.map(([name, type]) => [name, this.value(type)]);
    if (this.spoilt > 0 && this.rng.chance(this.spoilt)) this.rng.chance(0.5) ? members.pop() : members.push(['undeclared', 1n]);
    return new Members(this.rng.shuffled(members));
  }

  // Parents as the types allow; for an entity that may be in its own type, only later ones of it, so that there is no cycle.
  parentsOf(uid, position, order) {
    const { parents = [] } = this.index.entities.get(uid.type);
    const allowed = order.filter((other, i) => parents.includes(other.type) && i > position);
    return this.rng.subset(allowed, 0.4).map((parent) => this.uid(parent));
  }

  tags(type) {
    const keys = [...new Set(this.rng.subset(['a', 'b', 'level', ...this.world.pools.string], 0.5))];
    return new Members(keys.map((key) => [key, this.value(type)]));
  }

  entity(uid, position, order) {
    const { shape, tags, ids: listed } = this.index.entities.get(uid.type);
    const tagged = tags && this.rng.chance(0.8) ? { tags: this.tags(tags) } : {};
    return { uid: this.uid(uid), attrs: listed ? {} : this.record(shape), parents: listed ? [] : this.parentsOf(uid, position, order), ...tagged };
  }

  entities() {
    const order = this.rng.shuffled(this.index.entityNames).flatMap((name) => this.world.uidsOf(name));
    return this.rng.shuffled(order.map((uid, i) => this.entity(uid, i, order)).filter(() => this.rng.chance(0.93)));
  }

  request(envs) {
    const env = this.rng.pick(envs);
    const { type, id } = env.action;
    const plain = (uid) => ({ type: uid.type, id: uid.id });
    return { principal: plain(this.entityUid(env.principal)), action: { type, id }, resource: plain(this.entityUid(env.resource)), context: this.record(env.context) };
  }
}
