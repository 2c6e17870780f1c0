// A schema for one case: namespaces, common types, entity types (enumerated ones, hierarchies, tags), actions and their groups.
//
// Mostly sound; spoil_schema.mjs breaks one here and there. Names come from small pools, so that the same one is an entity type here, a common
// type there and an attribute elsewhere, and now and then shadows one of Cedar's own.
import { identifiers, ids, quotedNames } from '../texts.mjs';
import { fullName } from './schema_model.mjs';

const namespaceNames = ['App', 'A', 'A::B', 'A::B::C', 'Remit2', 'budget', 'permit::when', 'type', 'namespace', 'entity', 'Action2'];
const plainNames = ['User', 'Agent', 'Team', 'Doc', 'Folder', 'Role', 'Org', 'Tool', 'T', '_T'];
const oddNames = ['permit', 'budget', 'principal', 'entity', 'type', 'action', 'namespace', 'tags', 'appliesTo', 'enum', 'attributes', 'context', 'escalate', 'Bool2', 'Str'];
const shadowingNames = ['ipaddr', 'decimal', 'datetime', 'duration', 'ipaddr', 'decimal', 'duration', 'Long', 'String', 'Bool', 'Set', 'Boolean', 'Entity', 'Extension', 'Record'];
const actionIds = ['view', 'edit', 'delete', 'share', 'read', 'write', 'admin', 'all', 'a b', '', 'é', 'permit', 'it"s', 'in', 'Action', 'appliesTo', 'x\ny', '*'];
const annotationKeys = ['doc', 'unit', 'sensitive', 'mcp_tool', 'if', 'id', 'permit', '_'];
const extensions = ['decimal', 'ip', 'datetime', 'duration'];

const typeName = (rng, odd) => rng.pick(rng.weighted([[20, plainNames], [2, oddNames], [odd, shadowingNames]]));
const oddAttributes = quotedNames.filter((name) => name !== '__cedar');
const attributeName = (rng) => rng.pick(rng.chance(0.85) ? identifiers.slice(0, rng.pick([12, identifiers.length])) : oddAttributes);

export function annotations(rng) {
  if (rng.chance(0.93)) return [];
  return rng.shuffled(annotationKeys).slice(0, rng.between(1, 2)).map((key) => ({ key, value: rng.chance(0.7) ? rng.pick(['', 'text', 'é "quoted"', 'a\nb']) : null }));
}

class SchemaMaker {
  constructor(rng) {
    this.rng = rng;
    this.commons = [];  // {full, type} declared so far: later ones build on earlier ones, so that there is no cycle
    this.entityNames = [];
  }

  primitive() {
    return { t: this.rng.weighted([[5, 'long'], [5, 'string'], [3, 'bool'], ...extensions.map((name) => [1, name])]) };
  }

  type(depth) {
    const kind = this.rng.weighted([[10, 'primitive'], [4, 'entity'], [depth > 0 ? 3 : 0, 'set'], [depth > 0 ? 3 : 0, 'record'], [this.commons.length > 0 ? 4 : 0, 'common']]);
    if (kind === 'entity' && this.entityNames.length > 0) return { t: 'entity', name: this.rng.pick(this.entityNames) };
    if (kind === 'common') return this.common(this.rng.pick(this.commons));
    if (kind === 'set') return { t: 'set', of: this.type(depth - 1) };
    if (kind === 'record') return this.record(this.rng.between(0, 3), depth - 1);
    return this.primitive();
  }

  common({ full, type }) {
    return { ...type, common: full };
  }

  record(count, depth) {
    const names = [...new Set(this.rng.times(count, () => attributeName(this.rng)))];
    return { t: 'record', fields: names.map((name) => [name, this.type(depth), this.rng.chance(0.35)]) };
  }

  // A shape or a context: a record, now and then by the name of a common type.
  shape(count, depth) {
    const records = this.commons.filter(({ type }) => type.t === 'record');
    return records.length > 0 && this.rng.chance(0.2) ? this.common(this.rng.pick(records)) : this.record(count, depth);
  }

  names(count, odd, taken) {
    const names = [...new Set(this.rng.times(count, () => typeName(this.rng, odd)))];
    return names.filter((name) => !taken.has(name));
  }

  namespaces() {
    const some = this.rng.shuffled(namespaceNames);
    return this.rng.weighted([[5, ['']], [3, [some[0]]], [4, ['', some[0]]], [2, [some[0], some[1]]], [1, ['', ...some.slice(0, 2)]]]);
  }

  make() {
    const { rng } = this;
    const made = this.namespaces().map((name) => ({ name, annotations: name === '' ? [] : annotations(rng), commonTypes: [], entities: [], actions: [] }));
    // What the empty namespace declares may not be declared again elsewhere.
    const taken = new Set();
    for (const namespace of made) {
      const own = this.names(rng.between(2, 4), 0.25, taken);
      namespace.entities = own.map((name) => ({ name, annotations: annotations(rng) }));
      this.entityNames.push(...own.map((name) => fullName(namespace.name, name)));
      namespace.commonNames = this.names(rng.weighted([[3, 0], [3, 1], [2, 2], [1, 3]]), 0.4, new Set([...taken, ...(rng.chance(0.95) ? own : [])]));
      if (namespace.name === '') for (const name of [...own, ...namespace.commonNames]) taken.add(name);
    }
    for (const namespace of rng.shuffled(made)) this.#commonTypes(namespace);
    for (const namespace of made) namespace.entities = namespace.entities.map((entity) => this.#entity(entity));
    this.#actions(made);
    return { namespaces: made };
  }

  #commonTypes(namespace) {
    for (const name of namespace.commonNames) {
      const type = this.rng.chance(0.5) ? this.record(this.rng.between(1, 4), 1) : this.type(2);
      namespace.commonTypes.push({ name, type, annotations: annotations(this.rng) });
      this.commons.push({ full: fullName(namespace.name, name), type });
    }
    delete namespace.commonNames;
  }

  #entity(entity) {
    const { rng } = this;
    if (rng.chance(0.12)) return { ...entity, ids: [...new Set(rng.times(rng.between(1, 4), () => rng.pick(ids)))] };
    const parents = rng.weighted([[5, []], [4, [rng.pick(this.entityNames)]], [2, rng.subset(this.entityNames, 0.4)]]);
    return { ...entity, parents, shape: this.shape(rng.between(0, 5), 2), tags: rng.chance(0.3) ? this.type(1) : undefined };
  }

  #actions(made) {
    const { rng } = this;
    const all = [];
    const taken = new Set();
    for (const namespace of made) {
      const own = [...new Set(rng.times(rng.between(1, 4), () => rng.pick(rng.chance(0.8) ? actionIds.slice(0, 8) : actionIds)))].filter((id) => !taken.has(id));
      if (namespace.name === '') own.forEach((id) => taken.add(id));
      for (const id of own) all.push({ namespace, uid: { type: fullName(namespace.name, 'Action'), id } });
    }
    // Groups come earlier in the order, so that there is no cycle.
    for (const [i, { namespace, uid }] of all.entries()) {
      const groups = rng.weighted([[5, []], [3, rng.subset(all.slice(0, i), 0.5).slice(0, 2)]]).map((each) => each.uid);
      namespace.actions.push({ id: uid.id, annotations: annotations(rng), groups, appliesTo: rng.chance(0.85) ? this.#appliesTo() : null });
    }
  }

  #appliesTo() {
    const { rng } = this;
    const some = () => rng.weighted([[6, [rng.pick(this.entityNames)]], [3, rng.shuffled(this.entityNames).slice(0, 2)], [1, [...this.entityNames]]]);
    return { principals: [...new Set(some())], resources: [...new Set(some())], context: rng.chance(0.2) ? { t: 'record', fields: [] } : this.shape(rng.between(1, 5), 2) };
  }
}

export const makeSchema = (rng) => new SchemaMaker(rng).make();
