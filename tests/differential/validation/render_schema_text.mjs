// A schema in Cedar's own syntax.
//
// Names are shortened where that means the same: to the bare name inside their namespace, and for what the empty namespace declares. A name of
// Cedar's own that the schema shadows is written `__cedar::Long`.
import { identifier, reserved } from '../generate_expr.mjs';
import { TextRenderer } from '../render_text.mjs';
import { baseName, fullName, namespaceOf } from './schema_model.mjs';

const builtins = { long: 'Long', string: 'String', bool: 'Bool', decimal: 'decimal', ip: 'ipaddr', datetime: 'datetime', duration: 'duration' };

export class SchemaTextRenderer {
  constructor(rng, schema) {
    this.rng = rng;
    this.schema = schema;
    this.text = new TextRenderer(rng);
    this.declared = new Set(schema.namespaces.flatMap(({ name, commonTypes, entities }) => [...commonTypes, ...entities].map((each) => fullName(name, each.name))));
    this.namespace = '';
  }

  quoted(text) {
    return this.text.quoted(text);
  }

  key(name) {
    return identifier.test(name) && !reserved.has(name) && this.rng.chance(0.9) ? name : this.quoted(name);
  }

  shadowed(name) {
    return this.declared.has(name) || this.declared.has(fullName(this.namespace, name));
  }

  reference(full) {
    const base = baseName(full);
    const own = namespaceOf(full) === this.namespace;
    const inherited = namespaceOf(full) === '' && !this.declared.has(fullName(this.namespace, base));
    return (own || inherited) && this.rng.chance(0.85) ? base : full;
  }

  builtin(type) {
    const name = type.t === 'bool' ? this.rng.weighted([[4, 'Bool'], [0.01, 'Boolean']]) : builtins[type.t];
    return this.shadowed(name) || this.rng.chance(0.03) ? `__cedar::${name}` : name;
  }

  type(type) {
    if (type.common) return this.reference(type.common);
    if (type.t === 'set') return `Set<${this.type(type.of)}>`;
    if (type.t === 'record') return this.record(type);
    return type.t === 'entity' ? this.reference(type.name) : this.builtin(type);
  }

  record({ fields }) {
    const written = fields.map(([name, type, optional]) => `${this.key(name)}${optional ? '?' : ''}: ${this.type(type)}`);
    return `{${written.join(', ')}${written.length > 0 && this.rng.chance(0.1) ? ',' : ''}}`;
  }

  annotations(list) {
    return (list ?? []).map(({ key, value }) => (value === null ? `@${key} ` : `@${key}(${this.quoted(value)}) `)).join('');
  }

  list(items, brackets = ['[', ']']) {
    if (items.length === 1 && this.rng.chance(0.7)) return items[0];
    return `${brackets[0]}${items.join(', ')}${brackets[1]}`;
  }

  // A shape has to be written out here: only JSON can name a common type in its place.
  shape(type) {
    return type.common && this.rng.chance(0.03) ? this.reference(type.common) : this.record(type);
  }

  entity(entity) {
    const head = `${this.annotations(entity.annotations)}entity ${entity.name}`;
    if (entity.ids) return `${head} enum [${entity.ids.map((id) => this.quoted(id)).join(', ')}];`;
    const parents = entity.parents.length > 0 ? ` in ${this.list(entity.parents.map((name) => this.reference(name)))}` : '';
    const bare = entity.shape.fields.length === 0 && this.rng.chance(0.5);
    const shape = bare ? '' : `${this.rng.chance(0.3) ? ' =' : ''} ${this.shape(entity.shape)}`;
    return `${head}${parents}${shape}${entity.tags ? ` tags ${this.type(entity.tags)}` : ''};`;
  }

  group(uid) {
    const own = uid.type === fullName(this.namespace, 'Action');
    return own && this.rng.chance(0.8) ? this.key(uid.id) : `${uid.type}::${this.quoted(uid.id)}`;
  }

  action(action) {
    const groups = action.groups.length > 0 ? ` in ${this.list(action.groups.map((uid) => this.group(uid)))}` : '';
    return `${this.annotations(action.annotations)}action ${this.key(action.id)}${groups}${action.appliesTo ? this.appliesTo(action.appliesTo) : ''};`;
  }

  appliesTo({ principals, resources, context }) {
    const members = [
      `principal: ${this.list(principals.map((name) => this.reference(name)))}`,
      `resource: ${this.list(resources.map((name) => this.reference(name)))}`,
      ...(context.fields.length === 0 && !context.common && this.rng.chance(0.6) ? [] : [`context: ${this.type(context)}`]),
    ];
    return ` appliesTo {${this.rng.shuffled(members).join(', ')}${this.rng.chance(0.1) ? ',' : ''}}`;
  }

  declarations(namespace) {
    this.namespace = namespace.name;
    return this.rng.shuffled([
      ...namespace.commonTypes.map((common) => `${this.annotations(common.annotations)}type ${common.name} = ${this.type(common.type)};`),
      ...namespace.entities.map((entity) => this.entity(entity)),
      ...namespace.actions.map((action) => this.action(action)),
    ]);
  }

  whole() {
    return this.rng.shuffled(this.schema.namespaces).map((namespace) => {
      const body = this.declarations(namespace).join('\n');
      return namespace.name === '' ? body : `${this.annotations(namespace.annotations)}namespace ${namespace.name} {\n${body}\n}`;
    }).join('\n');
  }
}

export const schemaText = (rng, schema) => new SchemaTextRenderer(rng, schema).whole();
