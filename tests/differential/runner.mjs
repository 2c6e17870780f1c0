// Runs a suite: makes its cases, has Cedar judge them and Remit check them, and reports what differs.
//
// A suite is {make(number) -> case, enough, unit, chunk, add(case, verdict) -> whether it counts, report(say, skipped), shortfalls(), again}.
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Oracle } from './oracle.mjs';
import { reduceCase } from './reduce.mjs';
import { caseLine, Remit } from './remit.mjs';

const kReduced = 5;   // failing cases that are made small
const kPrinted = 25;  // and those that are printed at all

const say = (text) => process.stdout.write(`${text}\n`);

export class Run {
  constructor(options, suite) {
    this.options = options;
    this.suite = suite;
    this.oracle = new Oracle();
    this.folder = options.keep ?? mkdtempSync(join(tmpdir(), 'remit-differential-'));
    if (options.keep) mkdirSync(options.keep, { recursive: true });
    this.remit = options.oracleOnly ? null : new Remit(options.remit, options.engine, this.folder);
    this.out = options.casesOut ? openSync(options.casesOut, 'w') : null;
    this.judged = 0;
    this.passed = 0;
    this.failures = [];
    this.started = Date.now();
  }

  #numbers(from) {
    if (this.options.case !== undefined) return from === this.options.case ? [from] : [];
    return this.suite.enough ? [] : Array.from({ length: this.suite.chunk }, (_, i) => from + i);
  }

  // A case with its verdict and line; none where Cedar fell over or what it says does not count.
  #counted(number, test, verdict) {
    if (this.options.case === undefined && this.suite.enough) return [];
    if (!verdict || !this.suite.add(test, verdict)) return [];
    ++this.judged;
    return [{ number, verdict, line: caseLine(test, verdict) }];
  }

  // Cedar judges one chunk while the next is made and Remit runs the one before.
  async all() {
    let running = Promise.resolve();
    let from = this.options.case ?? 0;
    let numbers = this.#numbers(from);
    let tests = numbers.map((number) => this.suite.make(number));
    while (numbers.length > 0) {
      const judging = this.oracle.judgeAll(tests);
      from += numbers.length;
      const next = this.#numbers(from);
      const nextTests = next.map((number) => this.suite.make(number));
      const verdicts = await judging;
      const chunk = numbers.flatMap((number, i) => this.#counted(number, tests[i], verdicts[i]));
      if (this.out !== null) for (const { line } of chunk) writeSync(this.out, `${line.text}\n`);
      await running;
      if (this.remit && chunk.length > 0) running = this.#check(chunk);
      if (process.stderr.isTTY) process.stderr.write(`\r${from} cases, ${this.failures.length} differ `);
      [numbers, tests] = this.#numbers(from).length > 0 ? [next, nextTests] : [[], []];
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

  async #reportFailures() {
    if (this.failures.length === 0) return;
    for (const [i, failure] of this.failures.slice(0, kPrinted).entries()) {
      say(`\n==== ${failure.name}\n${failure.detail}`);
      say(`again: node tests/differential/run.mjs --remit ${this.options.remit}${this.suite.again} --seed ${this.options.seed} --case ${failure.number}`);
      writeFileSync(join(this.folder, `${failure.name}.jsonl`), `${failure.line.text}\n`);
      if (i < kReduced) await this.#reportReduced(failure);
    }
    if (this.failures.length > kPrinted) say(`\nand ${this.failures.length - kPrinted} more`);
    say(`\n${this.failures.length} cases differ; they are kept in ${this.folder}`);
  }

  async #reportReduced({ number, verdict, detail, name }) {
    const best = await reduceCase(this.suite.make(number), verdict, detail, this.oracle, this.remit);
    writeFileSync(join(this.folder, `${name}.small.jsonl`), `${best.line.text}\n`);
    say(`small: ${best.line.text}\n${best.detail}`);
    if (best.verdict.message) say(`Cedar: ${best.verdict.message}`);
    for (const { errors } of [best.verdict.strict ?? { errors: [] }, ...(best.verdict.answers ?? [])]) for (const { id, message } of errors) say(`Cedar: ${id}: ${message}`);
  }

  // The figures and the failures; true if there is nothing wrong. Too little of something is a failure of the test itself.
  async close() {
    say(`Cedar ${this.oracle.version}, seed ${this.options.seed}`);
    this.suite.report(say, this.oracle.restarts);
    say(`${((Date.now() - this.started) / 1000).toFixed(1)} s`);
    const shortfalls = this.suite.shortfalls();
    for (const shortfall of shortfalls) say(`too little covered: ${shortfall}`);
    await this.#reportFailures();
    this.oracle.close();
    if (this.failures.length === 0 && !this.options.keep) rmSync(this.folder, { recursive: true, force: true });
    const failed = this.failures.length + shortfalls.length;
    say(`${this.remit ? this.passed : this.judged} passed, ${failed} failed`);
    return failed === 0;
  }
}
