// Schemas with one fault: of structure (a name that is not declared, declared twice or reserved, a cycle) or of their text.
import { fullName } from './schema_model.mjs';

const reservedNames = ['__cedar', 'Bool', 'Long', 'Set', 'String', 'Record', 'Entity', 'Extension', 'Boolean', 'in', 'if', 'is', 'true', 'like', 'has', 'then'];

const withEntities = (schema) => schema.namespaces.filter(({ entities }) => entities.length > 0);

const nowhere = { t: 'entity', name: 'Nowhere' };

// Every place of a type that can be replaced, as setters.
function typePlaces(schema) {
  const places = [];
  const walk = (type, put) => {
    places.push(put);
    if (type.common) return;
    if (type.t === 'set') walk(type.of, (made) => (type.of = made));
    if (type.t === 'record') for (const field of type.fields) walk(field[1], (made) => (field[1] = made));
  };
  for (const { commonTypes, entities, actions } of schema.namespaces) {
    for (const common of commonTypes) walk(common.type, (type) => (common.type = type));
    for (const entity of entities.filter((each) => each.shape)) {
      for (const field of entity.shape.common ? [] : entity.shape.fields) walk(field[1], (type) => (field[1] = type));
      if (entity.tags) walk(entity.tags, (type) => (entity.tags = type));
    }
    for (const { appliesTo } of actions) if (appliesTo && !appliesTo.context.common) for (const field of appliesTo.context.fields) walk(field[1], (type) => (field[1] = type));
  }
  return places;
}

const faults = [
  (rng, { places }) => places.length > 0 && rng.pick(places)(nowhere),
  (rng, { entities }) => rng.pick(entities).parents?.push('Nowhere'),
  (rng, { commons, entities }) => commons.length > 0 && rng.pick(entities).parents?.push(rng.pick(commons).full),
  (rng, { actions }) => rng.pick(actions).appliesTo?.principals.push(rng.pick(['Nowhere', 'Action', 'Long'])),
  (rng, { actions, commons }) => commons.length > 0 && rng.pick(actions).appliesTo?.resources.push(rng.pick(commons).full),
  (rng, { actions }) => rng.pick(actions).groups.push({ type: 'Action', id: 'nowhere' }),
  (rng, { actions }) => rng.pick(actions).groups.push({ type: 'Nowhere::Action', id: 'a' }),
  (rng, { actions, entities }) => rng.pick(actions).groups.push({ type: entities[0].full, id: 'a' }),
  // Cycles: an action in itself or in one below it, a common type in itself.
  (rng, { actions }) => actions.forEach((action, i) => action.groups.push(actions[(i + 1) % actions.length].uid)),
  (rng, { actions }) => { const action = rng.pick(actions); action.groups.push(action.uid); },
  (rng, { commons }) => commons.forEach(({ node }, i) => (node.type = { t: 'set', of: { t: 'long', common: commons[(i + 1) % commons.length].full } })),
  (rng, { commons }) => commons.length > 0 && (commons[0].node.type = { t: 'long', common: commons[0].full }),
  // Declared twice, or under a name that may not be.
  (rng, { schema }) => { const namespace = rng.pick(withEntities(schema)); namespace.entities.push({ ...rng.pick(namespace.entities) }); },
  (rng, { schema }) => { const namespace = rng.pick(schema.namespaces); if (namespace.actions.length > 0) namespace.actions.push({ ...rng.pick(namespace.actions) }); },
  (rng, { schema }) => { const namespace = rng.pick(schema.namespaces); if (namespace.commonTypes.length > 0) namespace.commonTypes.push({ ...rng.pick(namespace.commonTypes) }); },
  (rng, { schema }) => { const namespace = rng.pick(withEntities(schema)); namespace.commonTypes.push({ name: rng.pick(namespace.entities).name, type: { t: 'long' } }); },
  (rng, { schema }) => rng.pick(schema.namespaces).entities.push({ name: rng.pick(reservedNames), parents: [], shape: { t: 'record', fields: [] } }),
  (rng, { schema }) => rng.pick(schema.namespaces).commonTypes.push({ name: rng.pick(reservedNames), type: { t: 'long' } }),
  (rng, { schema }) => rng.pick(schema.namespaces).entities.push({ name: 'Action', parents: [], shape: { t: 'record', fields: [] } }),
  (rng, { schema }) => rng.pick(schema.namespaces).commonTypes.push({ name: 'Action', type: { t: 'long' } }),
  (rng, { schema }) => { rng.pick(schema.namespaces).name = rng.pick(['__cedar', 'A::__cedar', 'in', 'Long', 'Set', 'A::if', 'Action']); },
  (rng, { schema }) => schema.namespaces.push({ ...rng.pick(schema.namespaces) }),
  // What the empty namespace declares, declared again elsewhere.
  (rng, { schema }) => { const [first, ...others] = schema.namespaces; if (others.length > 0 && first.entities.length > 0) others[0].entities.push({ name: first.entities[0].name, parents: [], shape: { t: 'record', fields: [] } }); },
  (rng, { schema }) => { const [first, ...others] = schema.namespaces; if (others.length > 0 && first.actions.length > 0) others[0].actions.push({ ...first.actions[0], groups: [] }); },
  (rng, { schema }) => schema.namespaces.push({ name: 'Extra::Deep', entities: [{ name: withEntities(schema)[0].entities[0].name, parents: [], shape: { t: 'record', fields: [] } }], commonTypes: [], actions: [] }),
  (rng, { entities }) => { const entity = rng.pick(entities); if (entity.shape?.fields.length > 0) entity.shape.fields.push([...rng.pick(entity.shape.fields)]); },
  (rng, { entities }) => { const entity = rng.pick(entities); if (entity.ids) entity.ids.push(rng.pick([entity.ids[0], ''])); },
  (rng, { entities }) => { const entity = rng.pick(entities); if (entity.ids) entity.ids = []; },
  (rng, { entities }) => { const listed = entities.filter((entity) => entity.ids); if (listed.length > 0) rng.pick(entities).parents?.push(rng.pick(listed).full); },
  (rng, { actions, commons }) => { const { appliesTo } = rng.pick(actions); const plain = commons.filter(({ node }) => node.type.t !== 'record'); if (appliesTo && plain.length > 0) appliesTo.context = { t: 'record', fields: [], common: rng.pick(plain).full }; },
  (rng, { actions }) => { const { appliesTo } = rng.pick(actions); if (appliesTo) appliesTo.principals = []; },
  (rng, { actions }) => { const { appliesTo } = rng.pick(actions); if (appliesTo) appliesTo.resources.push(appliesTo.resources[0]); },
  (rng, { places }) => places.length > 0 && rng.pick(places)({ t: 'entity', name: rng.pick(['Action', '__cedar::User', 'App::Action', '__cedar::Long', 'Long', 'ipaddr']) }),
];

export function spoilSchema(rng, schema) {
  const copy = structuredClone(schema);
  const entities = copy.namespaces.flatMap(({ name, entities: list }) => list.map((entity) => Object.assign(entity, { full: fullName(name, entity.name) })));
  const actions = copy.namespaces.flatMap(({ name, actions: list }) => list.map((action) => Object.assign(action, { uid: { type: fullName(name, 'Action'), id: action.id } })));
  const commons = copy.namespaces.flatMap(({ name, commonTypes }) => commonTypes.map((node) => ({ node, full: fullName(name, node.name) })));
  rng.pick(faults)(rng, { schema: copy, entities, actions, commons, places: typePlaces(copy) });
  return copy;
}

const tokenPattern = /"(?:\\.|[^"\\])*"|\/\/[^\n\r]*|[_a-zA-Z]\w*|::|\s+|./gsu;

export function spoilSchemaText(rng, text, mutate) {
  const tokens = (text.match(tokenPattern) ?? []).filter((token) => !/^(\s+|\/\/.*)$/.test(token));
  const spare = ['entity', 'action', 'type', 'namespace', 'in', 'appliesTo', 'principal', 'resource', 'context', 'enum', 'tags', 'attributes', 'Set', '<', '>', '?', '=', ':', ';', ',', '@doc', '__cedar::Long', 'Boolean', '// note\n', '[]', '{}'];
  if (rng.chance(0.5)) return mutate(rng, tokens).join(' ');
  const at = rng.below(tokens.length);
  tokens.splice(at, rng.below(2), rng.pick(spare));
  return tokens.join(' ');
}
