// Expressions and policies as Cedar text, by way of a list of tokens.
//
// Tokens first, since mutations work on them and since odd white space can then go between any two. Brackets are written where the
// grammar asks for them and sometimes where it does not.
import { identifier, reserved } from './generate_expr.mjs';

const binding = { if: 0, '||': 1, '&&': 2, relation: 3, sum: 4, product: 5, unary: 6, member: 7 };
const kMaxUnaryRun = 4;  // Cedar's own bound on `!!!!x`

const binaryLevel = (op) => (op === '||' || op === '&&' ? binding[op] : op === '+' || op === '-' ? binding.sum : op === '*' ? binding.product : binding.relation);

function level(node) {
  switch (node.k) {
    case 'if': return binding.if;
    case 'binary': return binaryLevel(node.op);
    case 'has': case 'like': case 'is': return binding.relation;
    case 'not': case 'neg': return binding.unary;
    case 'long': return node.value < 0n ? binding.unary : binding.member;
    default: return binding.member;
  }
}

const simpleEscapes = new Map([['\n', '\\n'], ['\r', '\\r'], ['\t', '\\t'], ['\\', '\\\\'], ['\0', '\\0'], ['"', '\\"'], ["'", "\\'"]]);

export class TextRenderer {
  constructor(rng) {
    this.rng = rng;
  }

  // One character of a string literal: as it is where that is allowed, or escaped in one of the ways there are.
  character(c) {
    const code = c.codePointAt(0);
    const simple = simpleEscapes.get(c);
    const mustEscape = c === '"' || c === '\\' || c === '\r';
    if (!mustEscape && this.rng.chance(0.95)) return c;
    if (simple && this.rng.chance(0.7)) return simple;
    const hex = code.toString(16);
    if (code < 0x80 && this.rng.chance(0.5)) return `\\x${hex.padStart(2, '0')}`;
    return `\\u{${this.rng.chance(0.8) ? hex : hex.toUpperCase().padStart(6, '0')}}`;
  }

  quoted(text) {
    return `"${[...text].map((c) => this.character(c)).join('')}"`;
  }

  // In a pattern `*` is a wildcard however it is spelt, and `\*` the character.
  pattern(pieces) {
    const spell = (piece) => {
      if (piece === null) return this.rng.chance(0.95) ? '*' : this.rng.pick(['\\u{2a}', '\\x2A', '\\u{0002A}']);
      return [...piece].map((c) => (c === '*' ? '\\*' : this.character(c))).join('');
    };
    return `"${pieces.map(spell).join('')}"`;
  }

  name(text) {
    return text.split('::').flatMap((part, i) => (i === 0 ? [part] : ['::', part]));
  }

  uid(uid) {
    return [...this.name(uid.type), '::', this.quoted(uid.id)];
  }

  expr(node, minimum = binding.if) {
    const tokens = this.bare(node);
    return level(node) < minimum || this.rng.chance(0.04) ? ['(', ...tokens, ')'] : tokens;
  }

  bare(node) {
    switch (node.k) {
      case 'bool': return [String(node.value)];
      case 'long': return this.integer(node.value);
      case 'string': return [this.quoted(node.value)];
      case 'entity': return this.uid(node.uid);
      case 'var': return [node.name];
      case 'not': return this.unary(node, '!');
      case 'neg': return this.unary(node, '-');
      case 'binary': return this.binary(node);
      case 'method': return [...this.expr(node.args[0], binding.member), '.', node.name, '(', ...this.list(node.args.slice(1)), ')'];
      case 'if': return ['if', ...this.expr(node.args[0]), 'then', ...this.expr(node.args[1]), 'else', ...this.expr(node.args[2])];
      case 'get': return [...this.expr(node.args[0], binding.member), ...this.attribute(node.attr)];
      case 'has': return [...this.expr(node.args[0], binding.sum), 'has', ...this.path(node)];
      case 'like': return [...this.expr(node.args[0], binding.sum), 'like', this.pattern(node.pattern)];
      case 'is': return this.is(node);
      case 'set': return ['[', ...this.list(node.args), ']'];
      case 'record': return this.record(node);
      case 'call': return this.call(node);
    }
    throw new Error(`no text for ${node.k}`);
  }

  integer(value) {
    const digits = (value < 0n ? -value : value).toString();
    const spelt = this.rng.chance(0.03) ? `00${digits}` : digits;
    return value < 0n ? ['-', spelt] : [spelt];
  }

  unary(node, op) {
    let run = 1;
    let inner = node.args[0];
    while (inner.k === node.k && run < kMaxUnaryRun) {
      inner = inner.args[0];
      ++run;
    }
    // `--1` of a literal would take its sign into the run; `!-1` is no syntax.
    const minimum = inner.k === 'long' && inner.value < 0n && run === kMaxUnaryRun ? binding.member : op === '-' && inner.k === 'long' ? binding.unary : binding.member;
    return [...Array(run).fill(op), ...this.expr(inner, minimum)];
  }

  // Chains lean to the left; relations do not chain.
  binary(node) {
    const own = binaryLevel(node.op);
    const left = this.expr(node.args[0], own === binding.relation ? binding.sum : own);
    return [...left, node.op, ...this.expr(node.args[1], own + 1)];
  }

  is(node) {
    const tokens = [...this.expr(node.args[0], binding.sum), 'is', ...this.name(node.type)];
    return node.args.length > 1 ? [...tokens, 'in', ...this.expr(node.args[1], binding.sum)] : tokens;
  }

  attribute(attr) {
    return identifier.test(attr) && !reserved.has(attr) && this.rng.chance(0.9) ? ['.', attr] : ['[', this.quoted(attr), ']'];
  }

  path(node) {
    if (node.quoted) return [this.quoted(node.path[0])];
    return node.path.flatMap((step, i) => (i === 0 ? [step] : ['.', step]));
  }

  list(args) {
    const tokens = args.flatMap((arg, i) => (i === 0 ? this.expr(arg) : [',', ...this.expr(arg)]));
    return args.length > 0 && this.rng.chance(0.05) ? [...tokens, ','] : tokens;
  }

  record(node) {
    const key = (name) => (identifier.test(name) && !reserved.has(name) && this.rng.chance(0.8) ? name : this.quoted(name));
    const fields = node.args.flatMap((arg, i) => [...(i === 0 ? [] : [',']), key(node.names[i]), ':', ...this.expr(arg)]);
    return ['{', ...fields, ...(fields.length > 0 && this.rng.chance(0.05) ? [','] : []), '}'];
  }

  call(node) {
    if (node.style === 'function') return [node.fn, '(', ...this.list(node.args), ')'];
    return [...this.expr(node.args[0], binding.member), '.', node.fn, '(', ...this.list(node.args.slice(1)), ')'];
  }

  // ---- policies ----------------------------------------------------------------------------------------------------------------

  annotation({ key, value }) {
    return value === null ? ['@', key] : ['@', key, '(', this.quoted(value), ')'];
  }

  target(constraint) {
    if (constraint.slot) return [`?${constraint.slot}`];
    if (constraint.uids) return ['[', ...constraint.uids.flatMap((uid, i) => (i === 0 ? this.uid(uid) : [',', ...this.uid(uid)])), ']'];
    return this.rng.chance(0.03) ? ['(', ...this.uid(constraint.uid), ')'] : this.uid(constraint.uid);
  }

  constraint(variable, constraint) {
    switch (constraint.op) {
      case 'all': return [variable];
      case '==': case 'in': return [variable, constraint.op, ...this.target(constraint)];
      case 'is': return [variable, 'is', ...this.name(constraint.type)];
      case 'is in': return [variable, 'is', ...this.name(constraint.type), 'in', ...this.target(constraint)];
    }
    throw new Error(`no text for ${constraint.op}`);
  }

  policy(policy) {
    return [
      ...policy.annotations.flatMap((annotation) => this.annotation(annotation)),
      policy.effect, '(',
      ...this.constraint('principal', policy.principal), ',',
      ...this.constraint('action', policy.action), ',',
      ...this.constraint('resource', policy.resource),
      ...(this.rng.chance(0.05) ? [','] : []), ')',
      ...policy.conditions.flatMap(({ kind, body }) => [kind, '{', ...this.expr(body), '}']),
      ';',
    ];
  }

  // Tokens to text: tight, plain, or with everything that counts as white space.
  join(tokens, style = this.rng.weighted([[5, 'plain'], [3, 'tight'], [2, 'odd']])) {
    let text = '';
    tokens.forEach((token, i) => {
      if (i > 0) text += this.separator(tokens[i - 1], token, style);
      text += token;
    });
    return text;
  }

  separator(left, right, style) {
    const needed = /[\w]$/.test(left) && /^[\w?]/.test(right);
    if (style === 'tight') return needed ? ' ' : '';
    if (style === 'plain' || this.rng.chance(0.7)) return ' ';
    return this.rng.pick(['  ', '\n', '\t', '\r\n', ' // a comment\n', '//\n', ' // "quoted" ; }\r', '\u00a0', '\u2028', '\u3000', '\u000b', '\u000c', '\u0085', '\n\n  ']);
  }
}
