// Requests decided without a schema: the cases of generate_case.mjs.
import { Coverage } from './coverage.mjs';
import { makeCase } from './generate_case.mjs';
import { kMinimums, kScaleFrom } from './minimums.mjs';
import { isRemitSyntax } from './superset.mjs';

export class RequestSuite {
  constructor(seed, requests) {
    this.seed = seed;
    this.requests = requests;
    this.figures = new Coverage();
    this.chunk = 200;
    this.again = '';
  }

  make(number) {
    return makeCase(this.seed, number);
  }

  get unit() {
    return 'requests';
  }

  get enough() {
    return this.figures.total('requests') >= this.requests;
  }

  // False: the text is Remit's own, and Cedar's refusal says nothing.
  add(test, verdict) {
    if (verdict.reject === 'policies' && isRemitSyntax(test.policySet)) {
      this.figures.count('total', 'left to Remit');
      return false;
    }
    verdict.reject ? this.figures.addRejected(test, verdict) : this.figures.addDecided(test, verdict);
    return true;
  }

  report(say, skipped) {
    const { figures } = this;
    say(`cases ${figures.total('cases')}, rejected ${figures.total('rejected')} (${figures.share('rejected', 'cases')}), skipped where Cedar fell over ${skipped}, left to Remit ${figures.total('left to Remit')}`);
    say(`requests ${figures.total('requests')}: allow ${figures.share('allow', 'requests')}, forbidden ${figures.share('forbidden', 'requests')}, with errors ${figures.share('with errors', 'requests')}, ` +
      `several reasons ${figures.share('with several reasons', 'requests')}, nothing satisfied and no error ${figures.share('nothing satisfied', 'requests')}`);
    figures.print(say);
  }

  // A short run cannot be held to the minimums.
  shortfalls() {
    const requests = this.figures.total('requests');
    return requests < kScaleFrom ? [] : this.figures.shortfalls(kMinimums, requests / kScaleFrom);
  }
}
