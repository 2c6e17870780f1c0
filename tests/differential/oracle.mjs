// Cedar's verdicts, asked of a child process that may die.
//
// Policies nested deeper than about 120 brackets overrun the stack of the wasm module, whose memory is worthless from then on, and now and
// then V8 itself gives up inside it, which no `catch` sees. So Cedar lives in a child: when that dies, hangs or says that it crashed, the
// question at hand is put once more to a fresh one and then counts as skipped; the others are not lost. Loading the module anew in this
// process was tried: the memory of instances is given back so late that a run of 200,000 requests died of it.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { writeJson } from './json.mjs';

const kChild = fileURLToPath(new URL('./oracle_child.mjs', import.meta.url));
const kTimeoutMs = 30_000;      // for one question
const kQuestionsAhead = 16;     // sent before they are answered
const kQuestionsForChild = 20_000;  // memory that an instance has taken is never given back

// A case as texts.
export function questionOf(test) {
  const requestOf = (request) => Object.fromEntries(['principal', 'action', 'resource', 'context'].map((name) => [name, writeJson(request[name])]));
  return {
    policySet: writeJson(test.policySet),
    entities: writeJson(test.entities ?? []),
    requests: (test.requests ?? []).map(requestOf),
    ...(test.schema === undefined ? {} : { schema: writeJson(test.schema) }),
  };
}

// The verdict as cases want it: a case that keeps its refused requests alone holds them in `requests`.
function verdictOn(test, { kept, ...verdict }) {
  return kept ? { ...verdict, requests: kept.map((i) => test.requests[i]) } : verdict;
}

export class Oracle {
  constructor() {
    this.restarts = 0;  // questions given up
    this.version = '';
    this.child = null;
    this.asked = 0;
  }

  #start() {
    this.child?.removeAllListeners();
    this.child?.kill('SIGKILL');
    this.child = fork(kChild, { stdio: ['ignore', 'inherit', 'ignore', 'ipc'] });
    this.asked = 0;
  }

  // Puts questions from `list` until all are answered or the child is gone: how many were answered.
  #round(list, answered) {
    return new Promise((resolve) => {
      const child = this.child;
      let sent = 0;
      let done = 0;
      let timer = null;
      const finish = () => {
        clearTimeout(timer);
        child.removeAllListeners();
        child.on('error', () => {});
        resolve(done);
      };
      const give = () => {
        clearTimeout(timer);
        timer = setTimeout(finish, kTimeoutMs);
        while (sent < list.length && sent < done + kQuestionsAhead) child.send(list[sent++], () => {});
      };
      child.on('error', finish);
      child.on('exit', finish);
      child.on('message', (message) => {
        if (message.version) {
          this.version = message.version;
        } else if (message.crash) {
          finish();
        } else {
          answered(message.verdict);
          ++done;
          ++this.asked;
          done === list.length ? finish() : give();
        }
      });
      give();
    });
  }

  // Cedar's verdict on each case, in order. Null: Cedar fell over.
  async judgeAll(tests) {
    const questions = tests.map(questionOf);
    const verdicts = [];
    let failedAt = -1;
    while (verdicts.length < questions.length) {
      if (this.child === null || this.asked > kQuestionsForChild) this.#start();
      const from = verdicts.length;
      const done = await this.#round(questions.slice(from), (verdict) => verdicts.push(verdictOn(tests[verdicts.length], verdict)));
      if (from + done === questions.length) break;
      if (failedAt === verdicts.length) {
        verdicts.push(null);
        ++this.restarts;
      }
      failedAt = verdicts.length;
      this.#start();
    }
    return verdicts;
  }

  async judge(test) {
    return (await this.judgeAll([test]))[0];
  }

  close() {
    this.child?.removeAllListeners();
    this.child?.kill();
    this.child = null;
  }
}
