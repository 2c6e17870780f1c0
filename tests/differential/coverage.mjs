// What a run of requests has covered. minimums.mjs says what it has to.
//
// Nodes count in policies that Cedar accepted; `used` counts those of policies that were a reason for some decision, which means that
// their conditions were evaluated to the end.
import { nodeName } from './expr.mjs';
import { Figures } from './figures.mjs';
import { countNodes } from './generate_policies.mjs';

const errorKinds = [
  ['type error', /^type error/],
  ['missing attribute of a record', /^record does not have the attribute/],
  ['missing attribute', /does not have the attribute/],
  ['missing tag', /does not have the tag/],
  ['missing entity', /^entity `[^]*` does not exist/],
  ['overflow: add', /overflow while attempting to add/],
  ['overflow: subtract', /overflow while attempting to subtract/],
  ['overflow: multiply', /overflow while attempting to multiply/],
  ['overflow: negate', /overflow while attempting to negate/],
  ['decimal', /evaluating `decimal` extension/],
  ['ipaddr', /evaluating `ipaddr` extension/],
  ['datetime', /evaluating `datetime` extension/],
  ['duration', /evaluating `duration` extension/],
  ['offset', /evaluating `offset` extension/],
  ['durationSince', /evaluating `durationSince` extension/],
  ['toDate', /evaluating `toDate` extension/],
  ['wrong number of arguments', /^wrong number of arguments/],
  ['unknown', /^the expression contains unknown/],
];

const errorKind = (message) => errorKinds.find(([, pattern]) => pattern.test(message))?.[0] ?? 'other';

export class Coverage extends Figures {
  constructor() {
    super(['node', 'used', 'error', 'shape', 'reject']);
  }

  addRejected(test, verdict) {
    this.count('total', 'cases');
    this.count('total', 'rejected');
    this.count('reject', verdict.reject);
    this.count('reject', `${test.plan}: refused`);
  }

  addDecided(test, verdict) {
    this.count('total', 'cases');
    if (test.plan !== 'decide') this.count('reject', `${test.plan}: accepted`);
    this.#countShape(test);
    const reasons = new Set(verdict.answers.flatMap((answer) => answer.reason));
    for (const answer of verdict.answers) this.#countAnswer(answer);
    for (const { policy, ids } of this.#policiesById(test)) {
      countNodes(policy, (node) => this.count('node', nodeName(node)));
      if (ids.some((id) => reasons.has(id))) countNodes(policy, (node) => this.count('used', nodeName(node)));
    }
  }

  #countAnswer(answer) {
    this.count('total', 'requests');
    this.count('total', answer.decision);
    this.count('total', 'reasons', answer.reason.length);
    if (answer.errors.length > 0) this.count('total', 'with errors');
    if (answer.reason.length > 1) this.count('total', 'with several reasons');
    if (answer.reason.length === 0 && answer.errors.length === 0) this.count('total', 'nothing satisfied');
    if (answer.decision === 'deny' && answer.reason.length > 0) this.count('total', 'forbidden');
    for (const { message } of answer.errors) this.count('error', errorKind(message));
  }

  // Each generated policy with the ids it decides under; a mutated one is no longer what was generated.
  #policiesById(test) {
    if (test.plan !== 'decide') return [];
    const { policies, templates, links } = test.made;
    const { staticPolicies, templateLinks = [] } = test.policySet;
    const names = typeof staticPolicies === 'string' ? policies.map((_, i) => `policy${i}`) : test.staticIds;
    return [
      ...policies.map((policy, i) => ({ policy, ids: [names[i]] })),
      ...templates.map((policy, i) => ({ policy, ids: templateLinks.filter((_, j) => links[j].template === i).map((link) => link.newId) })),
    ];
  }

  #countShape(test) {
    const { policies, templates, links } = test.made;
    const { staticPolicies } = test.policySet;
    this.count('shape', typeof staticPolicies === 'string' ? 'one text' : 'policies by id');
    if (staticPolicies !== null && typeof staticPolicies === 'object' && Object.values(staticPolicies).some((policy) => typeof policy === 'object')) this.count('shape', 'JSON policies');
    this.count('shape', 'templates', templates.length);
    this.count('shape', 'links', links.length);
    for (const policy of [...policies, ...templates]) {
      this.count('shape', policy.effect);
      if (policy.annotations.length > 0) this.count('shape', 'annotated');
      for (const { kind } of policy.conditions) this.count('shape', kind);
      for (const role of ['principal', 'action', 'resource']) {
        const { op, slot, uids } = policy[role];
        this.count('shape', `${role} ${op}${slot ? ' slot' : uids ? ' list' : ''}`);
      }
    }
  }
}
