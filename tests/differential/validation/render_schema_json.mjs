// A schema in Cedar's JSON syntax, in each of the ways it has to say a type.
import { Members } from '../json.mjs';
import { baseName, fullName, namespaceOf } from './schema_model.mjs';

const primitives = { long: 'Long', string: 'String', bool: 'Boolean' };
const extensionNames = { decimal: 'decimal', ip: 'ipaddr', datetime: 'datetime', duration: 'duration' };

export class SchemaJsonRenderer {
  constructor(rng, schema) {
    this.rng = rng;
    this.schema = schema;
    this.declared = new Set(schema.namespaces.flatMap(({ name, commonTypes, entities }) => [...commonTypes, ...entities].map((each) => fullName(name, each.name))));
    this.commons = new Set(schema.namespaces.flatMap(({ name, commonTypes }) => commonTypes.map((each) => fullName(name, each.name))));
    this.namespace = '';
  }

  reference(full) {
    const own = namespaceOf(full) === this.namespace;
    const inherited = namespaceOf(full) === '' && !this.declared.has(fullName(this.namespace, baseName(full)));
    return (own || inherited) && this.rng.chance(0.7) ? baseName(full) : full;
  }

  type(type) {
    if (type.common) return this.rng.chance(0.8) ? { type: this.reference(type.common) } : { type: 'EntityOrCommon', name: this.reference(type.common) };
    if (type.t === 'set') return { type: 'Set', element: this.type(type.of) };
    if (type.t === 'record') return this.record(type);
    if (type.t === 'entity') return this.entityType(type.name);
    if (primitives[type.t]) return this.rng.chance(0.95) ? { type: primitives[type.t] } : { type: 'EntityOrCommon', name: `__cedar::${type.t === 'bool' ? 'Bool' : primitives[type.t]}` };
    return this.rng.chance(0.8) ? { type: 'Extension', name: extensionNames[type.t] } : { type: `__cedar::${extensionNames[type.t]}` };
  }

  entityType(full) {
    const reference = this.reference(full);
    const hidden = this.commons.has(full) || this.commons.has(fullName(this.namespace, reference));
    if (hidden || this.rng.chance(0.7)) return { type: 'Entity', name: reference };
    return { type: 'EntityOrCommon', name: reference };
  }

  record({ fields }) {
    const attributes = fields.map(([name, type, optional]) => {
      const required = optional ? { required: false } : this.rng.chance(0.2) ? { required: true } : {};
      return [name, { ...this.type(type), ...required }];
    });
    const extra = this.rng.chance(0.1) ? { additionalAttributes: false } : {};
    return { type: 'Record', attributes: new Members(attributes), ...extra };
  }

  annotated(list, value) {
    if (!list || list.length === 0) return value;
    return { ...value, annotations: new Members(list.map(({ key, value: text }) => [key, text ?? ''])) };
  }

  entity(entity) {
    if (entity.ids) return this.annotated(entity.annotations, { enum: entity.ids });
    return this.annotated(entity.annotations, {
      ...(entity.parents.length > 0 || this.rng.chance(0.2) ? { memberOfTypes: entity.parents.map((name) => this.reference(name)) } : {}),
      ...(entity.shape.fields.length > 0 || entity.shape.common || this.rng.chance(0.5) ? { shape: this.type(entity.shape) } : {}),
      ...(entity.tags ? { tags: this.type(entity.tags) } : {}),
    });
  }

  group(uid) {
    const own = uid.type === fullName(this.namespace, 'Action');
    if (own && this.rng.chance(0.7)) return { id: uid.id };
    return { id: uid.id, type: own && this.rng.chance(0.3) ? 'Action' : uid.type };
  }

  action(action) {
    const { groups, appliesTo } = action;
    return this.annotated(action.annotations, {
      ...(groups.length > 0 ? { memberOf: groups.map((uid) => this.group(uid)) } : {}),
      ...(appliesTo ? { appliesTo: this.appliesTo(appliesTo) } : {}),
    });
  }

  appliesTo({ principals, resources, context }) {
    return {
      principalTypes: principals.map((name) => this.reference(name)),
      resourceTypes: resources.map((name) => this.reference(name)),
      ...(context.fields.length === 0 && !context.common && this.rng.chance(0.6) ? {} : { context: this.type(context) }),
    };
  }

  namespaceJson(namespace) {
    this.namespace = namespace.name;
    const common = namespace.commonTypes.map((each) => [each.name, this.annotated(each.annotations, this.type(each.type))]);
    return this.annotated(namespace.annotations, {
      ...(common.length > 0 || this.rng.chance(0.2) ? { commonTypes: new Members(this.rng.shuffled(common)) } : {}),
      entityTypes: new Members(this.rng.shuffled(namespace.entities.map((entity) => [entity.name, this.entity(entity)]))),
      actions: new Members(this.rng.shuffled(namespace.actions.map((action) => [action.id, this.action(action)]))),
    });
  }

  whole() {
    return new Members(this.schema.namespaces.map((namespace) => [namespace.name, this.namespaceJson(namespace)]));
  }
}

export const schemaJson = (rng, schema) => new SchemaJsonRenderer(rng, schema).whole();
