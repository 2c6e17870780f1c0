// How long Cedar takes to validate policies: @cedar-policy/cedar-wasm, strict.
//
//   node bench/peers/cedar_validate.mjs [--policies 100,1000,10000] [--repeat N] [--out DIR]
//
// Prints JSON, in milliseconds, each figure the least of the repetitions. The package cannot validate what it has parsed before: `validate` is the whole call,
// which reads schema and policies from text as well. So a call without policies (`schemaAlone`) and reading the policies (`parsePolicies`) are timed too, and
// `validateAlone` is the difference.
// `--out` writes `schema.cedarschema` and `policies-N.cedar`, so that another validator can be given the same.
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { figures, policiesText, schemaText } from './validation_input.mjs';

const cedar = createRequire(new URL('../../tests/differential/', import.meta.url))('@cedar-policy/cedar-wasm/nodejs');

const { values } = parseArgs({ options: { policies: { type: 'string', default: '100,1000,10000' }, repeat: { type: 'string', default: '3' }, out: { type: 'string' } } });
const counts = values.policies.split(',').map(Number);
const repeat = Number(values.repeat);
if (!counts.every((count) => Number.isInteger(count) && count > 0) || !(repeat >= 1)) {
  process.stderr.write('--policies takes numbers with commas between, --repeat a number\n');
  process.exit(2);
}

function timed(run) {
  let least = Infinity;
  for (let i = 0; i < repeat; ++i) {
    const started = process.hrtime.bigint();
    const answer = run();
    least = Math.min(least, Number(process.hrtime.bigint() - started) / 1e6);
    if (answer.type !== 'success') throw new Error(answer.errors[0].message);
  }
  return Math.round(least * 1000) / 1000;
}

function measure(schema, count) {
  const text = policiesText(count);
  if (values.out) writeFileSync(join(values.out, `policies-${count}.cedar`), `${text}\n`);
  const call = { schema, policies: { staticPolicies: text }, validationSettings: { mode: 'strict' } };
  const { validationErrors } = cedar.validate(call);
  const validate = timed(() => cedar.validate(call));
  const schemaAlone = timed(() => cedar.validate({ ...call, policies: { staticPolicies: '' } }));
  const parsePolicies = timed(() => cedar.checkParsePolicySet(call.policies));
  const validateAlone = Math.round((validate - schemaAlone - parsePolicies) * 1000) / 1000;
  return { policies: count, bytes: text.length, errors: validationErrors.length, ms: { validate, schemaAlone, parsePolicies, validateAlone } };
}

if (values.out) mkdirSync(values.out, { recursive: true });
const schema = schemaText();
if (values.out) writeFileSync(join(values.out, 'schema.cedarschema'), `${schema}\n`);
const runs = counts.map((count) => measure(schema, count));
process.stdout.write(`${JSON.stringify({ peer: `cedar-wasm ${cedar.getCedarVersion()}`, ...figures, schemaBytes: schema.length, runs }, null, 2)}\n`);
