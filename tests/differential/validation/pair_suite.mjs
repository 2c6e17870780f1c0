// Schemas and policies for them. A pair is one policy set and its schema; `sound` ones are decided too.
import { nodeName } from '../expr.mjs';
import { Figures } from '../figures.mjs';
import { countNodes } from '../generate_policies.mjs';
import { makePair } from './make_pair.mjs';
import { kPairMinimums, kPairScale, kSoundMinimums, kSoundScale } from './minimums.mjs';

// What Cedar's validator complains of, by its message.
const errorKinds = [
  ['no applicable action', /unable to find an applicable action/],
  ['unrecognized entity type', /unrecognized entity type/],
  ['unrecognized action', /unrecognized action/],
  ['enumerated id', /enumerated entity type/],
  ['unexpected type', /unexpected type/],
  ['incompatible: set', /elements of a set must/],
  ['incompatible: branches', /branches of a conditional must/],
  ['incompatible: ==', /operands to a `==` expression must/],
  ['incompatible: contains', /to a `contains` expression must/],
  ['incompatible: containsAll', /to a `containsAll` or `containsAny` expression must/],
  ['missing attribute', /^for policy [^]*attribute [^]* not found/],
  ['unsafe optional attribute', /safety of access to optional attribute/],
  ['unsafe tag', /safety of access to tag/],
  ['no tags', /`.getTag\(\)` is not allowed/],
  ['wrong number of arguments', /wrong number of arguments/],
  ['constructor argument', /extension function argument validation/],
  ['constructor not literal', /may not be called with non-literal/],
  ['empty set', /empty set literals/],
];

const runErrors = [
  ['overflow', /overflow while|evaluating `(offset|durationSince|toDate)` extension/],
  ['missing entity', /^entity `[^]*` does not exist/],
  ['constructor', /evaluating `(decimal|ipaddr|ip|datetime|duration)` extension/],
];

const kindIn = (kinds, text) => kinds.find(([, pattern]) => pattern.test(text))?.[0] ?? 'other';

export class PairSuite {
  constructor(seed, wanted, { sound }) {
    this.seed = seed;
    this.wanted = wanted;
    this.sound = sound;
    this.figures = new Figures(['error', 'miss', 'node', 'schema', 'evaluation']);
    this.chunk = sound ? 50 : 100;
    this.again = sound ? ' --sound 1' : ' --pairs 1';
  }

  make(number) {
    return makePair(this.seed, number, { sound: this.sound });
  }

  get unit() {
    return this.sound ? 'requests' : 'pairs';
  }

  get enough() {
    return this.figures.total(this.unit) >= this.wanted;
  }

  add(test, verdict) {
    const { figures } = this;
    figures.count('total', 'pairs');
    figures.count('schema', typeof test.schema === 'string' ? 'text' : 'JSON');
    if (test.plan !== 'whole') figures.count('schema', `${test.plan}: ${verdict.reject === 'schema' ? 'refused' : 'accepted'}`);
    if (verdict.reject) figures.count('total', `refused ${verdict.reject}`);
    if (verdict.strict) this.#countStrict(test, verdict.strict);
    const withErrors = this.#withErrors(test, verdict.strict);
    for (const answer of verdict.answers ?? []) this.#countAnswer(answer, withErrors);
    return true;
  }

  #countStrict({ made, misses, policySet }, strict) {
    const { figures } = this;
    const policies = [...made.policies, ...made.templates];
    figures.count('total', 'validated');
    figures.count('total', 'policies', policies.length);
    figures.count('total', 'links', policySet.templateLinks?.length ?? 0);
    const bad = new Set(strict.errors.map(({ id }) => id));
    figures.count('total', 'with errors', bad.size);
    figures.count('total', 'impossible', strict.impossible.length);
    if (bad.size === 0) figures.count('total', 'valid');
    for (const { message, help } of strict.errors) figures.count('error', kindIn(errorKinds, `${message} ${help ?? ''}`));
    for (const miss of misses) figures.count('miss', miss);
    for (const policy of policies) countNodes(policy, (node) => figures.count('node', nodeName(node)));
  }

  // Ids that errors were found in; a link shares those of its template.
  #withErrors({ policySet }, strict) {
    const bad = new Set((strict?.errors ?? []).map(({ id }) => id));
    for (const { templateId, newId } of policySet.templateLinks ?? []) if (bad.has(templateId)) bad.add(newId);
    return bad;
  }

  #countAnswer({ decision, reason, errors }, bad) {
    const { figures } = this;
    figures.count('total', 'requests');
    figures.count('total', decision);
    if (reason.length > 0) figures.count('total', 'with reasons');
    for (const { id, message } of errors) figures.count('evaluation', bad.has(id) ? 'of a policy with errors' : kindIn(runErrors, message));
  }

  report(say, skipped) {
    const { figures } = this;
    say(`pairs ${figures.total('pairs')}: refused schemas ${figures.total('refused schema')} (${figures.share('refused schema', 'pairs')}), policies ${figures.total('refused policies')}, ` +
      `entities ${figures.total('refused entities')}, contexts ${figures.total('refused context')}; skipped where Cedar fell over ${skipped}`);
    say(`policies and templates ${figures.total('policies')}, links ${figures.total('links')}: with errors ${figures.share('with errors', 'policies')}, impossible ${figures.share('impossible', 'policies')}; ` +
      `policy sets without an error ${figures.share('valid', 'validated')}`);
    if (this.sound) say(`requests ${figures.total('requests')}: allow ${figures.share('allow', 'requests')}, with reasons ${figures.share('with reasons', 'requests')}`);
    figures.print(say);
  }

  // A short run cannot be held to the minimums.
  shortfalls() {
    const [minimums, scale] = this.sound ? [kSoundMinimums, kSoundScale] : [kPairMinimums, kPairScale];
    const done = this.figures.total(this.unit);
    return done < scale ? [] : this.figures.shortfalls(minimums, done / scale);
  }
}
