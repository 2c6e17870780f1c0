// Expressions as data, with one constructor a kind. Text, JSON policies and the coverage figures are all made from these.
//
// Kinds: bool long string entity var | not neg | binary (op) | method (name) | if | get | has (path, quoted) | like (pattern) | is |
// set | record | call (fn, style). `pattern` is a list of literal texts and `null` for a wildcard.

export const bool = (value) => ({ k: 'bool', value });
export const long = (value) => ({ k: 'long', value });
export const string = (value) => ({ k: 'string', value });
export const entity = (uid) => ({ k: 'entity', uid });
export const variable = (name) => ({ k: 'var', name });
export const not = (arg) => ({ k: 'not', args: [arg] });
export const neg = (arg) => ({ k: 'neg', args: [arg] });
export const binary = (op, left, right) => ({ k: 'binary', op, args: [left, right] });
export const method = (name, ...args) => ({ k: 'method', name, args });
export const ifThenElse = (...args) => ({ k: 'if', args });
export const get = (object, attr) => ({ k: 'get', args: [object], attr });
export const has = (object, path, quoted = false) => ({ k: 'has', args: [object], path, quoted });
export const like = (text, pattern) => ({ k: 'like', args: [text], pattern });
export const is = (object, type, inside) => ({ k: 'is', args: inside ? [object, inside] : [object], type });
export const set = (args) => ({ k: 'set', args });
export const record = (fields) => ({ k: 'record', names: fields.map(([name]) => name), args: fields.map(([, field]) => field) });
export const call = (fn, args) => ({ k: 'call', fn, style: 'function', args });
export const extensionMethod = (fn, ...args) => ({ k: 'call', fn, style: 'method', args });

// The literal that stands for a value.
export function valueToExpr(value) {
  switch (value.v) {
    case 'entity': return entity(value.uid);
    case 'extension': return call(value.type, [string(value.text)]);
    case 'set': return set(value.items.map(valueToExpr));
    case 'record': return record(value.fields.map(([name, field]) => [name, valueToExpr(field)]));
    default: return { k: value.v, value: value.value };
  }
}

// What the coverage figures call this node.
export function nodeName(node) {
  switch (node.k) {
    case 'binary': return node.op;
    case 'method': return node.name;
    case 'call': return node.fn;
    case 'has': return node.quoted ? 'has quoted' : node.path.length > 1 ? 'has path' : 'has';
    case 'is': return node.args.length > 1 ? 'is in' : 'is';
    case 'var': return node.name;
    default: return node.k;
  }
}

export function visit(node, see) {
  see(node);
  for (const arg of node.args ?? []) visit(arg, see);
}
