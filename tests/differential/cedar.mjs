// Questions to Cedar: @cedar-policy/cedar-wasm, in this process.
//
// A question holds texts alone, {policySet, entities, requests: [{principal, action, resource, context}], schema?}, each of them JSON as
// Cedar and Remit both read it. The package reads its arguments through JSON.stringify and gives its answer through JSON.parse; the first
// is stood in for here, so that Cedar gets the very text that Remit gets (64-bit integers, repeated keys).
import { createRequire } from 'node:module';
import { Raw } from './json.mjs';

const cedar = createRequire(import.meta.url)('@cedar-policy/cedar-wasm/nodejs');
const kPolicySet = 'case';
const kSchema = 'case';

const stringify = JSON.stringify;
JSON.stringify = (value, ...rest) => (value instanceof Raw ? value.text : stringify(value, ...rest));

// The stack of the wasm module is overrun, or its memory is gone: whatever it says from now on is worthless.
export class OracleCrash extends Error {}

const isCrash = (error) => error instanceof WebAssembly.RuntimeError || error instanceof RangeError;

export const version = () => cedar.getCedarVersion();

// An answer, or {type: 'failure'} also where the package throws because a document is no document at all.
function ask(run) {
  try {
    return run();
  } catch (error) {
    if (isCrash(error)) throw new OracleCrash(String(error));
    return { type: 'failure', errors: [{ message: String(error?.message ?? error) }] };
  }
}

const refusal = (reject, answer) => (answer.type === 'failure' ? { reject, message: answer.errors[0].message } : null);

function decide(question, request) {
  const members = ['principal', 'action', 'resource', 'context'].map((name) => `"${name}":${request[name]}`);
  const schema = question.schema === undefined ? '' : `"preparsedSchemaName":"${kSchema}","validateRequest":true,`;
  const call = new Raw(`{${members.join()},${schema}"preparsedPolicySetId":"${kPolicySet}","entities":${question.entities}}`);
  const answer = ask(() => cedar.statefulIsAuthorized(call));
  if (answer.type === 'failure') return { refused: answer.errors[0].message };
  const { decision, diagnostics } = answer.response;
  return { decision, reason: diagnostics.reason, errors: diagnostics.errors.map((e) => ({ id: e.policyId, message: e.error.message })) };
}

// Cedar's decisions: {reject, message} or {answers: [{decision, reason, errors: [{id, message}]}]}.
// Requests that are refused where others are not stand alone: `kept` lists their positions.
function decideAll(question) {
  const schema = question.schema === undefined ? '' : `,"schema":${question.schema}`;
  const parsed = ask(() => cedar.checkParseEntities(new Raw(`{"entities":${question.entities}${schema}}`)));
  if (parsed.type === 'failure') return refusal('entities', parsed);
  const answers = question.requests.map((request) => decide(question, request));
  const refused = answers.flatMap((answer, i) => (answer.refused ? [i] : []));
  if (refused.length === 0) return { answers };
  return { reject: 'context', message: answers[refused[0]].refused, kept: refused };
}

// What of a schema and a policy set cannot be read. Cedar's `validate` reads both itself and does not say which it was.
function unreadable(question, message) {
  const schema = ask(() => cedar.checkParseSchema(new Raw(question.schema)));
  return refusal('schema', schema) ?? { reject: 'policies', message };
}

// {errors: [{id, message, help}], impossible: [id]} or a refusal.
function validate(question) {
  const answer = ask(() => cedar.validate(new Raw(`{"schema":${question.schema},"policies":${question.policySet}}`)));
  if (answer.type === 'failure') return unreadable(question, answer.errors[0].message);
  const impossible = answer.validationWarnings.filter(({ error }) => error.message.includes('policy is impossible'));
  return {
    errors: answer.validationErrors.map(({ policyId, error }) => ({ id: policyId, message: error.message, help: error.help })),
    impossible: [...new Set(impossible.map(({ policyId }) => policyId))],
  };
}

// Both stay in the module's memory, for any number of requests.
function prepare(question) {
  const schema = question.schema === undefined ? { type: 'success' } : ask(() => cedar.preparseSchema(kSchema, new Raw(question.schema)));
  return refusal('schema', schema) ?? refusal('policies', ask(() => cedar.preparsePolicySet(kPolicySet, new Raw(question.policySet))));
}

// The verdict on a question: what is refused, else the answers, else (with a schema) `strict`, and the answers where requests are asked.
export function judge(question) {
  if (question.schema === undefined) return prepare(question) ?? decideAll(question);
  const strict = validate(question);
  if (strict.reject) return strict;
  return question.requests.length === 0 ? { strict } : (prepare(question) ?? { strict, ...decideAll(question) });
}
