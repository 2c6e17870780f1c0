// Makes a failing case small: drops whatever can go while Cedar's verdict stays of its kind and Remit still differs.
//
// Works on the case as it is written, policy text token by token and JSON member by member, so that mutated and JSON policies are
// reduced by the same few rules. Each round tries many smaller cases in one run of the program.
import { Members, Raw } from './json.mjs';
import { caseLine } from './remit.mjs';
import { isRemitSyntax } from './superset.mjs';

const kBatch = 48;
const kWindow = 40;  // tokens dropped at once, at most
const kBudgetMs = 20_000;

const tokenPattern = /"(?:\\.|[^"\\])*"|\/\/[^\n\r]*|[_a-zA-Z]\w*|\?\w+|\d+|::|==|!=|<=|>=|&&|\|\||\s+|./gsu;
const tokenize = (text) => (text.match(tokenPattern) ?? []).filter((token) => !/^(\s+|\/\/.*)$/.test(token));

const isTree = (value) => value !== null && typeof value === 'object' && !(value instanceof Raw);
const pairsOf = (object) => (object instanceof Members ? object.pairs : Object.entries(object).filter(([, value]) => value !== undefined));

// Smaller texts, those without much of it first.
function* smallerTexts(text) {
  const tokens = tokenize(text);
  const plain = tokens.join(' ');
  if (plain.length < text.length) yield plain;
  const ends = tokens.flatMap((token, i) => (token === ';' ? [i + 1] : []));
  for (let i = 0, from = 0; ends.length > 1 && i < ends.length; from = ends[i++]) yield [...tokens.slice(0, from), ...tokens.slice(ends[i])].join(' ');
  for (let size = Math.min(kWindow, tokens.length - 1); size > 0; --size) {
    for (let at = 0; at + size <= tokens.length; ++at) yield [...tokens.slice(0, at), ...tokens.slice(at + size)].join(' ');
  }
}

// Smaller trees: a member or an element less, or an expression in place of the one around it.
function* smallerTrees(tree) {
  if (Array.isArray(tree)) {
    for (let i = 0; i < tree.length; ++i) yield [...tree.slice(0, i), ...tree.slice(i + 1)];
    for (let i = 0; i < tree.length; ++i) for (const item of smallerTrees(tree[i])) yield [...tree.slice(0, i), item, ...tree.slice(i + 1)];
    return;
  }
  if (!isTree(tree)) return;
  const pairs = pairsOf(tree);
  for (let i = 0; i < pairs.length; ++i) yield new Members([...pairs.slice(0, i), ...pairs.slice(i + 1)]);
  for (const [, value] of pairs) if (isTree(value) && !Array.isArray(value)) yield* pairsOf(value).map(([, inner]) => inner).filter((inner) => isTree(inner) && !Array.isArray(inner));
  for (let i = 0; i < pairs.length; ++i) for (const value of smallerTrees(pairs[i][1])) yield new Members([...pairs.slice(0, i), [pairs[i][0], value], ...pairs.slice(i + 1)]);
}

function* smallerPolicies(policies) {
  if (typeof policies === 'string') return yield* smallerTexts(policies);
  if (!isTree(policies)) return;
  const pairs = pairsOf(policies);
  for (let i = 0; i < pairs.length; ++i) yield new Members([...pairs.slice(0, i), ...pairs.slice(i + 1)]);
  for (let i = 0; i < pairs.length; ++i) {
    const [id, policy] = pairs[i];
    for (const smaller of typeof policy === 'string' ? smallerTexts(policy) : smallerTrees(policy)) yield new Members([...pairs.slice(0, i), [id, smaller], ...pairs.slice(i + 1)]);
  }
}

const smallerSchemas = (schema) => (typeof schema === 'string' ? smallerTexts(schema) : smallerTrees(schema));

function* smallerCases(test) {
  if (test.requests.length > 1) for (const request of test.requests) yield { ...test, requests: [request] };
  const { staticPolicies, templates, templateLinks } = test.policySet instanceof Members ? Object.fromEntries(test.policySet.pairs) : test.policySet;
  const set = { staticPolicies, templates, templateLinks };
  if (templates) yield { ...test, policySet: { staticPolicies } };
  if (templateLinks) for (const links of smallerTrees(templateLinks)) yield { ...test, policySet: { ...set, templateLinks: links } };
  if (test.entities.length > 1) yield { ...test, entities: [] };
  for (const entities of smallerTrees(test.entities)) yield { ...test, entities };
  for (const policies of smallerPolicies(staticPolicies)) yield { ...test, policySet: { ...set, staticPolicies: policies } };
  if (templates) for (const policies of smallerPolicies(templates)) yield { ...test, policySet: { ...set, templates: policies } };
  if (test.schema !== undefined) for (const schema of smallerSchemas(test.schema)) yield { ...test, schema };
  for (let i = 0; i < test.requests.length; ++i) {
    for (const context of smallerTrees(test.requests[i].context)) yield { ...test, requests: test.requests.with?.(i, { ...test.requests[i], context }) ?? [{ ...test.requests[i], context }] };
  }
}

const sameKind = (a, b) => b !== null && a.reject === b.reject;

// With a schema nearly anything left out makes another difference than the one that is looked for. What a report of one says: which list differs, and
// whether ids are missing from ours or too many.
function directions(detail) {
  const lists = /(errors in|expected) \[([^\]]*)\](?: to be impossible)?, got \[([^\]]*)\]/.exec(detail);
  if (!lists) return [detail.split('\n').find((line) => line.startsWith('  '))?.replace(/`[^`]*`|"[^"]*"|\d+/g, '_') ?? ''];
  const [expected, actual] = [lists[2], lists[3]].map((list) => new Set(list.split(', ').filter((id) => id !== '')));
  const missing = [...expected].some((id) => !actual.has(id)) ? [`${lists[1]} missing`] : [];
  const extra = [...actual].some((id) => !expected.has(id)) ? [`${lists[1]} extra`] : [];
  return [...missing, ...extra];
}

const isSameDifference = (test, wanted, detail) => test.schema === undefined || directions(detail).every((direction) => wanted.includes(direction));

// Numbered anew, since answers are told apart by name.
function renamed(candidate, i) {
  return { ...candidate, name: `${candidate.name.replace(/-r\d+$/, '')}-r${i}` };
}

// The first of some candidates that still differs, judged and checked in one go.
async function failingIn(batch, oracle, remit, { verdict, found }) {
  const verdicts = await oracle.judgeAll(batch);
  const judged = batch.map((test, i) => ({ test, verdict: verdicts[i] }))
    .filter((each) => sameKind(verdict, each.verdict) && !(each.verdict.reject === 'policies' && isRemitSyntax(each.test.policySet)))
    .map((each) => ({ ...each, line: caseLine(each.test, each.verdict) }));
  if (judged.length === 0) return undefined;
  const { failures } = await remit.check(judged.map(({ line }) => line));
  const details = new Map(failures.map(({ name, detail }) => [name, detail]));
  const failed = judged.find(({ test, line }) => details.has(line.name) && isSameDifference(test, found, details.get(line.name)));
  return failed && { ...failed, detail: details.get(failed.line.name) };
}

async function firstFailing(candidates, oracle, remit, wanted, deadline) {
  let batch = [];
  for (const candidate of candidates) {
    if (Date.now() > deadline) return undefined;
    batch.push(renamed(candidate, batch.length));
    if (batch.length < kBatch) continue;
    const failed = await failingIn(batch, oracle, remit, wanted);
    if (failed) return failed;
    batch = [];
  }
  return batch.length > 0 ? failingIn(batch, oracle, remit, wanted) : undefined;
}

// The smallest case found, with Cedar's verdict and what Remit said.
export async function reduceCase(test, verdict, detail, oracle, remit) {
  const deadline = Date.now() + kBudgetMs;
  const wanted = { verdict, found: directions(detail) };
  let best = { test, verdict, line: caseLine(test, verdict), detail };
  while (Date.now() < deadline) {
    const smaller = await firstFailing(smallerCases(best.test), oracle, remit, wanted, deadline);
    if (!smaller) break;
    best = smaller;
  }
  return best;
}
