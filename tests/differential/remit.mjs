// Remit's answers: `remit run-tests` on files of JSON lines, one self-contained case with Cedar's answer each.
//
// The program is asked in chunks, one process for some hundreds of cases. Where it dies, hangs or loses count, the chunk is halved
// until the case that does it stands alone: that case fails like any other.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { hasRepeatedKeys, Raw, writeJson } from './json.mjs';

const kTimeoutMs = 120_000;

const holdsRaw = (value) =>
  value instanceof Raw || (value !== null && typeof value === 'object' && (value.pairs ? value.pairs.map(([, member]) => member) : Object.values(value)).some(holdsRaw));

// Documents that a general JSON reader would change are handed over as text, inside a string.
const document = (value) => (holdsRaw(value) || hasRepeatedKeys(value) ? writeJson(value) : value);

function requestLine(request, answer) {
  const { principal, action, resource, context } = request;
  const text = document(context);
  const line = { principal, action, resource, ...(text === context ? { context } : { contextText: text }) };
  if (!answer) return line;
  return { ...line, decision: answer.decision, reason: answer.reason, errors: answer.errors.map(({ id }) => id) };
}

const validationLine = ({ errors, impossible }) => ({ strict: { errors: [...new Set(errors.map(({ id }) => id))], impossible } });

// How many `passed` and `failed` a case makes: one a refusal, else one a request, and one a mode of validation.
function answersOf(verdict, requests) {
  if (verdict.reject) return verdict.reject === 'context' ? requests.length : 1;
  return (verdict.answers ? requests.length : 0) + (verdict.strict ? 1 : 0);
}

// The line of a case with Cedar's verdict, and how many answers it asks for.
export function caseLine(test, verdict) {
  const requests = verdict.requests ?? test.requests;
  const line = { name: test.name, policySet: document(test.policySet), entities: document(test.entities) };
  if (test.schema !== undefined) line.schema = document(test.schema);
  if (verdict.reject) line.reject = verdict.reject;
  if (verdict.strict && !verdict.reject) line.validation = validationLine(verdict.strict);
  if (test.sound && !verdict.reject) line.sound = true;
  line.requests = requests.map((request, i) => requestLine(request, verdict.answers?.[i]));
  return { name: test.name, text: writeJson(line), answers: answersOf(verdict, requests) };
}

export class Remit {
  constructor(program, engine, folder) {
    this.program = program;
    this.engine = engine;
    this.folder = folder;
    this.files = 0;
  }

  #run(lines) {
    const file = `${this.folder}/chunk${this.files++ % 4}.jsonl`;
    writeFileSync(file, `${lines.map((line) => line.text).join('\n')}\n`);
    return new Promise((resolve) => {
      const child = spawn(this.program, ['run-tests', file, '--engine', this.engine], { stdio: ['ignore', 'pipe', 'pipe'], timeout: kTimeoutMs, killSignal: 'SIGKILL' });
      let output = '';
      let errors = '';
      child.stdout.setEncoding('utf8').on('data', (data) => (output += data));
      child.stderr.setEncoding('utf8').on('data', (data) => (errors = (errors + data).slice(-4000)));
      child.on('error', (error) => resolve({ output: '', errors: String(error), status: null, missing: true }));
      child.on('close', (status, signal) => resolve({ output, errors, status, signal }));
    });
  }

  // {passed, failures: [{name, detail}]}
  async check(lines) {
    const run = await this.#run(lines);
    if (run.missing) throw new Error(`cannot run ${this.program}: ${run.errors}`);
    const closing = /^(\d+) passed, (\d+) failed$/m.exec(run.output);
    const expected = lines.reduce((sum, line) => sum + line.answers, 0);
    const counted = closing ? Number(closing[1]) + Number(closing[2]) : -1;
    if (counted === expected && (run.status === 0) === (closing[2] === '0')) return { passed: Number(closing[1]), failures: this.#failures(run.output) };
    if (lines.length > 1) {
      const half = lines.length >> 1;
      const left = await this.check(lines.slice(0, half));
      const right = await this.check(lines.slice(half));
      return { passed: left.passed + right.passed, failures: [...left.failures, ...right.failures] };
    }
    const how = run.signal ? `ended by ${run.signal}` : closing ? `${counted} answers instead of ${expected}, status ${run.status}` : `no closing line, status ${run.status}`;
    return { passed: 0, failures: [{ name: lines[0].name, detail: `${how}\n${run.output.slice(-1500)}${run.errors}`.trimEnd() }] };
  }

  // One entry a case, with all it printed: `FAILED name: request 3` and the indented lines that follow.
  #failures(output) {
    const byName = new Map();
    for (const part of output.split(/^(?=FAILED )/m)) {
      const match = /^FAILED ([\w-]+)/.exec(part);
      if (!match) continue;
      const detail = part.replace(/^\d+ passed, \d+ failed$/m, '').trimEnd();
      byName.set(match[1], byName.has(match[1]) ? `${byName.get(match[1])}\n${detail}` : detail);
    }
    return [...byName].map(([name, detail]) => ({ name, detail }));
  }
}
