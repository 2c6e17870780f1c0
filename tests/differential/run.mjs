// The differential test: the same input to Cedar and to Remit.
//
//   node run.mjs --remit PATH [--requests N] [--seed S] [--engine E] [--cases-out FILE] [--keep DIR] [--case N]
//   node run.mjs --remit PATH --pairs N ...    schemas and policies for them: what validation says
//   node run.mjs --remit PATH --sound N ...    N requests that conform to schemas: decisions, and that checked policies do not fail
//   node run.mjs --oracle-only ...             Cedar's side alone: the figures, and the cases as a file
//
// Ends with `N passed, N failed`. Status 0: all agreed and enough was covered; 1: a difference, or too little covered; 2: wrong usage.
import { parseArgs } from 'node:util';
import { RequestSuite } from './request_suite.mjs';
import { Run } from './runner.mjs';
import { PairSuite } from './validation/pair_suite.mjs';

function usage(message) {
  process.stderr.write(`${message}\nusage: node run.mjs --remit PATH | --oracle-only [--requests N | --pairs N | --sound N] [--seed S] [--engine interpreter|native|both] [--cases-out FILE] [--keep DIR] [--case N]\n`);
  process.exit(2);
}

function readOptions() {
  const text = { type: 'string' };
  try {
    const { values } = parseArgs({
      options: { remit: text, requests: text, pairs: text, sound: text, seed: text, engine: text, keep: text, case: text, 'cases-out': text, 'oracle-only': { type: 'boolean' } },
    });
    const number = (name, otherwise) => {
      if (values[name] === undefined) return otherwise;
      if (!/^\d+$/.test(values[name])) usage(`--${name} takes a number, not \`${values[name]}\``);
      return Number(values[name]);
    };
    if (!values.remit && !values['oracle-only']) usage('--remit or --oracle-only is needed');
    if (['requests', 'pairs', 'sound'].filter((name) => values[name] !== undefined).length > 1) usage('one of --requests, --pairs and --sound');
    return {
      remit: values.remit, keep: values.keep, requests: number('requests', 5000), pairs: number('pairs'), sound: number('sound'), seed: number('seed', 1), case: number('case'),
      engine: values.engine ?? 'both', oracleOnly: values['oracle-only'] ?? false, casesOut: values['cases-out'],
    };
  } catch (error) {
    return usage(error.message);
  }
}

function chooseSuite({ seed, requests, pairs, sound }) {
  if (pairs !== undefined) return new PairSuite(seed, pairs, { sound: false });
  if (sound !== undefined) return new PairSuite(seed, sound, { sound: true });
  return new RequestSuite(seed, requests);
}

const options = readOptions();
const run = new Run(options, chooseSuite(options));
await run.all();
process.exitCode = (await run.close()) ? 0 : 1;
