// The differential test: the same policies, entities and requests to Cedar and to Remit.
//
//   node run.mjs --remit PATH [--requests N] [--seed S] [--engine E] [--cases-out FILE] [--keep DIR] [--case N]
//   node run.mjs --oracle-only ...          Cedar's side alone: the figures, and the cases as a file
//
// Ends with `N passed, N failed`. Status 0: all agreed and enough was covered; 1: a difference, or too little covered; 2: wrong usage.
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Coverage } from './coverage.mjs';
import { makeCase } from './generate_case.mjs';
import { kMinimums, kScaleFrom } from './minimums.mjs';
import { Oracle } from './oracle.mjs';
import { reduceCase } from './reduce.mjs';
import { caseLine, Remit } from './remit.mjs';
import { isRemitSyntax } from './superset.mjs';

const kCasesInChunk = 200;
const kReduced = 5;   // failing cases that are made small
const kPrinted = 25;  // and those that are printed at all

const say = (text) => process.stdout.write(`${text}\n`);

function usage(message) {
  process.stderr.write(`${message}\nusage: node run.mjs --remit PATH | --oracle-only [--requests N] [--seed S] [--engine interpreter] [--cases-out FILE] [--keep DIR] [--case N]\n`);
  process.exit(2);
}

function readOptions() {
  const text = { type: 'string' };
  try {
    const { values } = parseArgs({
      options: { remit: text, requests: text, seed: text, engine: text, keep: text, case: text, 'cases-out': text, 'oracle-only': { type: 'boolean' } },
    });
    const number = (name, otherwise) => {
      if (values[name] === undefined) return otherwise;
      if (!/^\d+$/.test(values[name])) usage(`--${name} takes a number, not \`${values[name]}\``);
      return Number(values[name]);
    };
    if (!values.remit && !values['oracle-only']) usage('--remit or --oracle-only is needed');
    return {
      ...values, requests: number('requests', 5000), seed: number('seed', 1), case: number('case', undefined), engine: values.engine ?? 'interpreter',
      oracleOnly: values['oracle-only'] ?? false, casesOut: values['cases-out'],
    };
  } catch (error) {
    return usage(error.message);
  }
}

class Run {
  constructor(options) {
    this.options = options;
    this.oracle = new Oracle();
    this.coverage = new Coverage();
    this.folder = options.keep ?? mkdtempSync(join(tmpdir(), 'remit-differential-'));
    if (options.keep) mkdirSync(options.keep, { recursive: true });
    this.remit = options.oracleOnly ? null : new Remit(options.remit, options.engine, this.folder);
    this.out = options.casesOut ? openSync(options.casesOut, 'w') : null;
    this.passed = 0;
    this.failures = [];
    this.started = Date.now();
  }

  // A case with its verdict and line; null if Cedar fell over, or if the text is Remit's own.
  #counted(number, test, verdict) {
    if (!verdict) return null;
    if (verdict.reject === 'policies' && isRemitSyntax(test.policySet)) {
      this.coverage.count('total', 'left to Remit');
      return null;
    }
    verdict.reject ? this.coverage.addRejected(test, verdict) : this.coverage.addDecided(test, verdict);
    return { number, verdict, line: caseLine(test, verdict) };
  }

  // The cases from `number` on that are still wanted, with Cedar's verdicts.
  async #judgeChunk(number) {
    const numbers = this.options.case !== undefined ? [number] : Array.from({ length: kCasesInChunk }, (_, i) => number + i);
    const tests = numbers.map((each) => makeCase(this.options.seed, each));
    const verdicts = await this.oracle.judgeAll(tests);
    return numbers.flatMap((each, i) => (this.#wanted(each) ? [this.#counted(each, tests[i], verdicts[i])] : [])).filter((judged) => judged !== null);
  }

  #wanted(number) {
    if (this.options.case !== undefined) return number === this.options.case;
    return this.coverage.get('total', 'requests') < this.options.requests;
  }

  // Cedar judges one chunk while Remit runs the one before.
  async all() {
    let running = Promise.resolve();
    for (let number = this.options.case ?? 0; this.#wanted(number); number += kCasesInChunk) {
      const chunk = await this.#judgeChunk(number);
      if (this.out !== null) for (const { line } of chunk) writeSync(this.out, `${line.text}\n`);
      await running;
      if (this.remit && chunk.length > 0) running = this.#check(chunk);
      if (process.stderr.isTTY) process.stderr.write(`\r${this.coverage.get('total', 'requests')} requests, ${this.failures.length} cases differ `);
    }
    await running;
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
    if (this.out !== null) closeSync(this.out);
  }

  async #check(chunk) {
    const { passed, failures } = await this.remit.check(chunk.map(({ line }) => line));
    this.passed += passed;
    for (const { name, detail } of failures) {
      const judged = chunk.find(({ line }) => line.name === name);
      this.failures.push({ ...judged, name, detail });
    }
  }

  async reportFailures() {
    if (this.failures.length === 0) return;
    for (const [i, failure] of this.failures.slice(0, kPrinted).entries()) {
      say(`\n==== ${failure.name}\n${failure.detail}`);
      say(`again: node tests/differential/run.mjs --remit ${this.options.remit} --seed ${this.options.seed} --case ${failure.number}`);
      writeFileSync(join(this.folder, `${failure.name}.jsonl`), `${failure.line.text}\n`);
      if (i < kReduced) await this.#reportReduced(failure);
    }
    if (this.failures.length > kPrinted) say(`\nand ${this.failures.length - kPrinted} more`);
    say(`\n${this.failures.length} cases differ; they are kept in ${this.folder}`);
  }

  async #reportReduced({ number, verdict, detail, name }) {
    const test = makeCase(this.options.seed, number);
    const best = await reduceCase(test, verdict, detail, this.oracle, this.remit);
    writeFileSync(join(this.folder, `${name}.small.jsonl`), `${best.line.text}\n`);
    say(`small: ${best.line.text}\n${best.detail}`);
    if (best.verdict.message) say(`Cedar: ${best.verdict.message}`);
    for (const { errors } of best.verdict.answers ?? []) for (const { id, message } of errors) say(`Cedar: ${id}: ${message}`);
  }

  reportFigures() {
    const total = (name) => this.coverage.get('total', name);
    const share = (name, of) => `${((100 * total(name)) / Math.max(1, total(of))).toFixed(1)} %`;
    say(`Cedar ${this.oracle.version}, seed ${this.options.seed}`);
    say(`cases ${total('cases')}, rejected ${total('rejected')} (${share('rejected', 'cases')}), skipped where Cedar fell over ${this.oracle.restarts}, left to Remit ${total('left to Remit')}`);
    say(`requests ${total('requests')}: allow ${share('allow', 'requests')}, forbidden ${share('forbidden', 'requests')}, with errors ${share('with errors', 'requests')}, ` +
      `several reasons ${share('with several reasons', 'requests')}, nothing satisfied and no error ${share('nothing satisfied', 'requests')}`);
    this.coverage.print(say);
    say(`${((Date.now() - this.started) / 1000).toFixed(1)} s`);
  }

  // Too little of something is a failure of the test itself; a short run cannot be held to it.
  shortfalls() {
    const requests = this.coverage.get('total', 'requests');
    return requests < kScaleFrom ? [] : this.coverage.shortfalls(kMinimums, requests / 5000);
  }

  end() {
    this.oracle.close();
    if (this.failures.length === 0 && !this.options.keep) rmSync(this.folder, { recursive: true, force: true });
  }
}

const run = new Run(readOptions());
await run.all();
run.reportFigures();
const shortfalls = run.shortfalls();
for (const shortfall of shortfalls) say(`too little covered: ${shortfall}`);
await run.reportFailures();
run.end();
const failed = run.failures.length + shortfalls.length;
say(`${run.remit ? run.passed : run.coverage.get('total', 'cases')} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
