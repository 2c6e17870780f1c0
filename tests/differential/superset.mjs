// Text that Cedar refuses and Remit means something by.
//
// Remit is a superset: a mutation of a Cedar policy can be a Remit policy, since attributes in these cases are often called `budget` or
// `size`. Only refused texts are looked at, so no decision is ever left out.
import { Members } from './json.mjs';

const methods = 'startsWith|endsWith|containsText|toLower|size|matches|any|all|scheme|host|port|path|isHostUnder|isUnder|extension|name|domain|isDomainUnder|program|args|argCount|hasPipeline|major|minor|patch|isPrerelease|add|subtract|multiply';
const patterns = [
  /(?<![.\w]\s*)\b(budget|breaker)\s*(\.|\[|has\b)/,
  new RegExp(`\\.\\s*(${methods})\\s*\\(`),
  /(?<![.\w]\s*)\b(url|path|email|command|semver|now)\s*\(/,
  /(^|[;)}"]|@\s*\w+)\s*(escalate|restrict|budget|breaker|assert|test)\b/,
  /\boblige\s*\{/,
];

const withoutStrings = (text) => text.replace(/"(?:\\.|[^"\\])*"|\/\/[^\n\r]*/gs, (part) => (part[0] === '"' ? '""' : ' '));

function texts(value) {
  if (typeof value === 'string') return [value];
  if (value instanceof Members) return value.pairs.flatMap(([, member]) => texts(member));
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(texts) : [];
}

export const isRemitSyntax = (policySet) => texts(policySet.staticPolicies ?? '').some((text) => patterns.some((pattern) => pattern.test(withoutStrings(text))));
