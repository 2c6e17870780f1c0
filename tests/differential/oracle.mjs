// Cedar's answers, from @cedar-policy/cedar-wasm in this process.
//
// The package reads its arguments through JSON.stringify and gives its answer through JSON.parse; both are stood in for here, so that
// Cedar gets the very text that Remit gets (64-bit integers, repeated keys) and numbers in answers are not rounded.
// Policies nested deeper than about 120 brackets overrun the stack of the wasm module. Its memory is worthless then: a fresh instance
// is made, and the case counts as skipped. A process for each question would be safe too, and a hundred times slower.
import { createRequire } from 'node:module';
import { Raw, writeJson } from './json.mjs';

const require = createRequire(import.meta.url);
const kPackage = '@cedar-policy/cedar-wasm/nodejs';
const kPolicySet = 'case';
const kCallsForInstance = 200_000;  // memory that an instance has taken is never given back

const stringify = JSON.stringify;
JSON.stringify = (value, ...rest) => (value instanceof Raw ? value.text : stringify(value, ...rest));

export class OracleCrash extends Error {}

const isCrash = (error) => error instanceof WebAssembly.RuntimeError || error instanceof RangeError;

export class Oracle {
  constructor() {
    this.restarts = 0;
    this.#start();
  }

  #start() {
    delete require.cache[require.resolve(kPackage)];
    this.cedar = require(kPackage);
    this.calls = 0;
  }

  get version() {
    return this.cedar.getCedarVersion();
  }

  // An answer, or {type: 'failure'} also where the package throws because a document is no document at all.
  #ask(run) {
    if (++this.calls > kCallsForInstance) throw new OracleCrash('the instance is worn out');
    try {
      return run(this.cedar);
    } catch (error) {
      if (isCrash(error)) throw new OracleCrash(String(error));
      return { type: 'failure', errors: [{ message: String(error?.message ?? error) }] };
    }
  }

  // Cedar's verdict on a case: {reject, message} or {answers: [{decision, reason, errors: [{id, message}]}]}. Null: Cedar fell over.
  // A case with requests that are refused and others that are not keeps the refused ones alone, in `requests`.
  judge(test) {
    try {
      return this.#judge(test);
    } catch (error) {
      if (!(error instanceof OracleCrash)) throw error;
      const worn = this.calls > kCallsForInstance;
      this.#start();
      if (worn) return this.judge(test);
      ++this.restarts;
      return null;
    }
  }

  #judge(test) {
    const policySet = new Raw(writeJson(test.policySet));
    const prepared = this.#ask((cedar) => cedar.preparsePolicySet(kPolicySet, policySet));
    if (prepared.type === 'failure') return { reject: 'policies', message: prepared.errors[0].message };
    const entities = writeJson(test.entities);
    const parsed = this.#ask((cedar) => cedar.checkParseEntities(new Raw(`{"entities":${entities}}`)));
    if (parsed.type === 'failure') return { reject: 'entities', message: parsed.errors[0].message };

    const answers = test.requests.map((request) => this.#decide(request, entities));
    const refused = answers.flatMap((answer, i) => (answer.refused ? [i] : []));
    if (refused.length === 0) return { answers };
    return { reject: 'context', message: answers[refused[0]].refused, requests: refused.map((i) => test.requests[i]) };
  }

  #decide(request, entities) {
    const members = ['principal', 'action', 'resource', 'context'].map((name) => `"${name}":${writeJson(request[name])}`);
    const call = new Raw(`{${members.join()},"preparsedPolicySetId":"${kPolicySet}","entities":${entities}}`);
    const answer = this.#ask((cedar) => cedar.statefulIsAuthorized(call));
    if (answer.type === 'failure') return { refused: answer.errors[0].message };
    const { decision, diagnostics } = answer.response;
    return { decision, reason: diagnostics.reason, errors: diagnostics.errors.map((e) => ({ id: e.policyId, message: e.error.message })) };
  }
}
