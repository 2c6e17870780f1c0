// Expressions and policies as Cedar's JSON policies (EST), directly.
//
// Cedar's own conversion from text would do for half of it, but it never writes what only JSON can say: a literal set, record or
// extension value inside `Value`, or an attribute path in `has`.
import { Members } from './json.mjs';

const isLiteral = (node) =>
  ['bool', 'long', 'string', 'entity'].includes(node.k) ||
  ((node.k === 'set' || node.k === 'record') && node.args.every(isLiteral)) ||
  (node.k === 'call' && node.style === 'function' && node.fn !== 'unknown' && node.args.length === 1 && node.args[0].k === 'string');

const uidJson = (uid) => ({ type: uid.type, id: uid.id });

export class EstRenderer {
  constructor(rng) {
    this.rng = rng;
  }

  uid(uid) {
    return this.rng.chance(0.8) ? uidJson(uid) : { __entity: uidJson(uid) };
  }

  value(node) {
    switch (node.k) {
      case 'entity': return { __entity: uidJson(node.uid) };
      case 'set': return node.args.map((arg) => this.value(arg));
      case 'record': return new Members(node.args.map((arg, i) => [node.names[i], this.value(arg)]));
      case 'call': return { __extn: { fn: node.fn, arg: node.args[0].value } };
      default: return node.value;
    }
  }

  expr(node) {
    if (isLiteral(node) && (!node.args || this.rng.chance(0.25))) return { Value: this.value(node) };
    const args = (node.args ?? []).map((arg) => this.expr(arg));
    switch (node.k) {
      case 'var': return { Var: node.name };
      case 'not': return { '!': { arg: args[0] } };
      case 'neg': return { neg: { arg: args[0] } };
      case 'binary': return { [node.op]: { left: args[0], right: args[1] } };
      case 'method': return { [node.name]: args.length > 1 ? { left: args[0], right: args[1] } : { arg: args[0] } };
      case 'if': return { 'if-then-else': { if: args[0], then: args[1], else: args[2] } };
      case 'get': return { '.': { left: args[0], attr: node.attr } };
      case 'has': return { has: { left: args[0], attr: node.path.length > 1 || this.rng.chance(0.1) ? node.path : node.path[0] } };
      case 'like': return { like: { left: args[0], pattern: node.pattern.map((piece) => (piece === null ? 'Wildcard' : { Literal: piece })) } };
      case 'is': return { is: { left: args[0], entity_type: node.type, in: args[1] } };
      case 'set': return { Set: args };
      case 'record': return { Record: new Members(args.map((arg, i) => [node.names[i], arg])) };
      case 'call': return { [node.fn]: args };
    }
    throw new Error(`no JSON for ${node.k}`);
  }

  target(constraint) {
    if (constraint.slot) return { slot: `?${constraint.slot}` };
    if (constraint.uids) return { entities: constraint.uids.map((uid) => this.uid(uid)) };
    return { entity: this.uid(constraint.uid) };
  }

  constraint(constraint) {
    switch (constraint.op) {
      case 'all': return { op: this.rng.chance(0.9) ? 'All' : 'all' };
      case '==': case 'in': return { op: constraint.op, ...this.target(constraint) };
      case 'is': return { op: 'is', entity_type: constraint.type };
      case 'is in': return { op: 'is', entity_type: constraint.type, in: this.target(constraint) };
    }
    throw new Error(`no JSON for ${constraint.op}`);
  }

  policy(policy) {
    return {
      effect: policy.effect,
      principal: this.constraint(policy.principal),
      action: this.constraint(policy.action),
      resource: this.constraint(policy.resource),
      conditions: policy.conditions.map(({ kind, body }) => ({ kind, body: this.expr(body) })),
      annotations: policy.annotations.length > 0 ? new Members(policy.annotations.map(({ key, value }) => [key, value])) : undefined,
    };
  }
}
