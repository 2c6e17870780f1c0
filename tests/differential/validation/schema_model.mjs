// Schemas as data, and what policies need to know of one.
//
//   {namespaces: [{name, annotations, commonTypes: [{name, type}], entities: [entity], actions: [action]}]}
//   entity: {name, parents, shape: record type, tags?: type} or {name, ids} for an enumerated one
//   action: {id, groups: [uid], appliesTo: null | {principals, resources, context: record type}}
//
// Types are those of ../values.mjs; a field of a record is [name, type, optional]. A type that is written as a common type's name holds that
// in `common`, beside what it stands for: policies see the one, the renderers the other. Names are full; renderers shorten them.

export const fullName = (namespace, name) => (namespace === '' ? name : `${namespace}::${name}`);
export const baseName = (full) => full.slice(full.lastIndexOf(':') + 1);
export const namespaceOf = (full) => full.slice(0, Math.max(0, full.lastIndexOf('::')));
export const uidText = (uid) => `${uid.type}::${JSON.stringify(uid.id)}`;

// Equal keys: the same type for Cedar, optional attributes included.
export function keyOf(type) {
  if (type.t === 'set') return `set<${keyOf(type.of)}>`;
  if (type.t !== 'record') return type.t === 'entity' ? `entity ${type.name}` : type.t;
  const fields = type.fields.map(([name, field, optional]) => `${JSON.stringify(name)}${optional ? '?' : ''}:${keyOf(field)}`);
  return `{${fields.sort().join()}}`;
}

// Whether `{..}`, `[..]` and other literals can make a value of exactly this type.
export function hasLiteral(type) {
  if (type.t === 'set') return hasLiteral(type.of);
  return type.t !== 'record' || type.fields.every(([, field, optional]) => !optional && hasLiteral(field));
}

// Names that stand for something in reach of `reach` steps along `next`, the start included.
function closure(start, next) {
  const found = new Map([[start, true]]);
  for (const name of found.keys()) for (const each of next(name) ?? []) found.set(each, true);
  return [...found.keys()];
}

// Lookups over a schema; what the schema gets wrong is simply not found.
export class SchemaIndex {
  constructor(schema) {
    this.schema = schema;
    this.entities = new Map();
    this.actions = new Map();
    for (const namespace of schema.namespaces) {
      for (const entity of namespace.entities) this.entities.set(fullName(namespace.name, entity.name), entity);
      for (const action of namespace.actions) {
        const uid = { type: fullName(namespace.name, 'Action'), id: action.id };
        this.actions.set(uidText(uid), { uid, action });
      }
    }
    this.entityNames = [...this.entities.keys()];
    this.actionUids = [...this.actions.values()].map(({ uid }) => uid);
    this.envs = [...this.actions.values()].flatMap(({ uid, action }) => this.#envsOf(uid, action));
  }

  #envsOf(uid, { appliesTo }) {
    if (!appliesTo) return [];
    return appliesTo.principals.flatMap((principal) => appliesTo.resources.map((resource) => ({ principal, action: uid, resource, context: appliesTo.context })));
  }

  fieldsOf(type) {
    if (type.t === 'record') return type.fields;
    return type.t === 'entity' ? this.entities.get(type.name)?.shape?.fields ?? [] : [];
  }

  tagsOf(name) {
    return this.entities.get(name)?.tags;
  }

  // Types that an entity of this type can be in, itself included.
  ancestorsOf(name) {
    return closure(name, (each) => this.entities.get(each)?.parents);
  }

  descendantsOf(name) {
    return this.entityNames.filter((each) => this.ancestorsOf(each).includes(name));
  }

  groupsOf(uid) {
    return closure(uidText(uid), (each) => this.actions.get(each)?.action.groups.map(uidText)).map((text) => this.actions.get(text)?.uid).filter((each) => each);
  }

  isAction(name) {
    return name === 'Action' || name.endsWith('::Action');
  }
}
