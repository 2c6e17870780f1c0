// Guards of optional attributes: every shape that Cedar's capabilities see through, and shapes that look like one.
import * as e from '../expr.mjs';
import { access } from './scope_env.mjs';
import { plainName } from './typed_tests.mjs';

const conjunction = (tests) => tests.reduce((left, right) => e.binary('&&', left, right));

// `root.a has b` for one step.
const hasStep = (path, i, quoted = false) => e.has(access(path.root, path.steps.slice(0, i)), [path.steps[i]], quoted || !plainName(path.steps[i]));

// `root has a.b.c` up to a step, where every name of it can be written so.
function extended(path, from, to) {
  const names = path.steps.slice(from, to + 1);
  return names.every(plainName) ? e.has(access(path.root, path.steps.slice(0, from)), names) : null;
}

// All that is still missing, one test after the other.
function plainTests(exprs, path) {
  const missing = exprs.missing(path);
  const last = missing[missing.length - 1];
  const whole = exprs.rng.chance(0.35) ? extended(path, missing.length > 1 || exprs.rng.chance(0.5) ? missing[0] : Math.max(0, missing[0] - 1), last) : null;
  if (whole && path.optional.slice(0, missing[0]).every((_, i) => !missing.includes(i))) return [whole];
  return missing.map((i) => hasStep(path, i, exprs.rng.chance(0.15)));
}

const orSame = (test) => e.binary('||', test, test);
const orFalse = (test) => e.binary('||', test, e.bool(false));
const asIf = (test) => e.ifThenElse(test, e.bool(true), e.bool(false));
const andMore = (test, exprs, depth) => e.binary('&&', test, exprs.condition(Math.max(0, depth - 1)));

// {test, keys, around}: the test, what it grants, and how to put a use of it behind the test.
export function guardOf(exprs, path, depth) {
  const { rng } = exprs;
  const keys = exprs.keysOf(path);
  const plainTest = conjunction(plainTests(exprs, path));
  const test = rng.weighted([
    [10, () => plainTest],
    [1, () => orSame(plainTest)],
    [1, () => orFalse(plainTest)],
    [1, () => asIf(plainTest)],
    [2, () => andMore(plainTest, exprs, depth)],
    [1, () => e.binary('&&', exprs.test(0), plainTest)],
  ])();
  const around = rng.weighted([
    [8, (use) => e.binary('&&', test, use)],
    [2, (use) => e.ifThenElse(test, use, e.bool(rng.chance(0.5)))],
    [1, (use) => e.binary('||', e.binary('&&', test, use), exprs.test(0))],
    [1, (use) => e.not(e.binary('&&', test, use))],
  ]);
  return { test, keys, around };
}

// Looks guarded and is not, mostly. Cedar says.
export function wrongGuard(exprs, path, use, depth) {
  const { rng } = exprs;
  const missing = exprs.missing(path);
  const last = missing[missing.length - 1];
  const test = hasStep(path, last);
  const ownerAtHand = (other) => exprs.missing({ ...other, steps: other.steps.slice(0, -1), optional: other.optional.slice(0, -1) }).length === 0;
  const others = exprs.scope.paths.filter((other) => other.steps.length > 0 && ownerAtHand(other));
  const other = others.length > 0 ? hasStep(rng.pick(others), 0) : e.bool(true);
  return rng.pick([
    () => use,
    () => e.binary('||', test, use),
    () => e.binary('&&', e.not(test), use),
    () => e.binary('&&', use, test),
    () => e.ifThenElse(test, e.bool(true), use),
    () => e.binary('&&', other, use),
    () => e.binary('&&', e.not(e.not(test)), use),
    () => e.binary('&&', e.binary('==', test, e.bool(true)), use),
    () => e.binary('&&', e.binary('||', test, exprs.test(0)), use),
    () => e.binary('&&', e.ifThenElse(exprs.test(0), test, e.bool(true)), use),
    () => e.binary('&&', e.ifThenElse(exprs.test(0), test, e.bool(false)), use),
    () => e.binary('&&', e.binary('||', test, e.bool(true)), use),
    () => e.binary('&&', e.ifThenElse(test, e.bool(false), e.bool(true)), use),
    () => e.binary('||', e.not(test), use),
    () => e.binary('&&', e.binary('&&', e.bool(true), test), use),
    () => e.binary('||', e.binary('&&', test, exprs.test(0)), use),
    () => e.binary('&&', e.binary('||', e.binary('&&', test, exprs.test(0)), e.binary('&&', exprs.test(Math.max(0, depth - 1)), test)), use),
    () => e.binary('&&', e.method('contains', e.set([test]), e.bool(true)), use),
    () => e.binary('&&', e.get(e.record([['a', test]]), 'a'), use),
    () => e.ifThenElse(e.not(test), e.bool(false), use),
    () => e.ifThenElse(e.ifThenElse(test, e.bool(true), test), use, e.bool(false)),
    () => e.binary('&&', e.binary('&&', test, use), use),
    () => e.binary('&&', e.binary('&&', e.binary('||', test, use), test), use),
  ])();
}
