// A value that a JSON Schema accepts: required properties, and optional ones too when `full`.

const formats = {
  date: '2026-01-05',
  'date-time': '2026-01-05T10:00:00Z',
  duration: 'PT5M',
  ipv4: '10.0.0.1',
  ipv6: '::1',
  decimal: '1.5',
  uri: 'https://example.com/',
  email: 'a@example.com',
};

function text(schema) {
  if (schema.format in formats) return formats[schema.format];
  return 'x'.repeat(Math.max(schema.minLength ?? 1, 1));
}

function number(schema) {
  const low = schema.minimum ?? (schema.exclusiveMinimum ?? 0) + (schema.exclusiveMinimum === undefined ? 0 : 1);
  return Math.min(Math.max(low, 0), schema.maximum ?? Infinity);
}

function object(schema, root, full, depth) {
  const value = {};
  const required = new Set(schema.required ?? []);
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    if (required.has(name) || (full && depth < 6)) value[name] = sample(property, root, full, depth + 1);
  }
  if (full && typeof schema.additionalProperties === 'object') value.further = sample(schema.additionalProperties, root, full, depth + 1);
  return value;
}

function target(reference, root) {
  let place = root;
  for (const part of reference.split('/').slice(1)) place = place[part.replaceAll('~1', '/').replaceAll('~0', '~')];
  return place;
}

export function sample(schema, root = schema, full = false, depth = 0) {
  if (typeof schema === 'boolean') return 1;
  if ('$ref' in schema) return sample(target(schema.$ref, root), root, full, depth + 1);
  if ('const' in schema) return schema.const;
  if ('enum' in schema) return schema.enum[0];
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices && !schema.type) return sample(choices[0], root, full, depth + 1);
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  switch (type) {
    case 'boolean': return true;
    case 'integer': return Math.ceil(number(schema));
    case 'number': return number(schema);
    case 'string': return text(schema);
    case 'null': return null;
    case 'array': return Array.from({ length: Math.max(schema.minItems ?? 1, 1) }, () => sample(schema.items ?? {}, root, full, depth + 1));
    case 'object': return object(schema, root, full, depth);
    default: return schema.properties ? object(schema, root, full, depth) : 'anything';
  }
}
