// JSON with what JavaScript's own cannot say: 64-bit integers, the same key twice, and text put in as it is.
//
// Cases hold BigInt for integers, `Members` for an object whose keys may repeat, `Raw` for text that may be no JSON at all. Both
// Cedar and Remit then read the same characters. JSON.parse and JSON.stringify would round 9223372036854775807.

export class Raw {
  constructor(text) {
    this.text = text;
  }
}

export class Members {
  constructor(pairs) {
    this.pairs = pairs;
  }
}

const writeMembers = (pairs) => `{${pairs.map(([key, value]) => `${JSON.stringify(key)}:${writeJson(value)}`).join(',')}}`;

export function writeJson(value) {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Raw) return value.text;
  if (value instanceof Members) return writeMembers(value.pairs);
  if (Array.isArray(value)) return `[${value.map(writeJson).join(',')}]`;
  if (value !== null && typeof value === 'object') return writeMembers(Object.entries(value).filter(([, member]) => member !== undefined));
  return JSON.stringify(value);
}

// True if the text loses something on its way through an ordinary JSON reader, which keeps the last of two equal keys.
export function hasRepeatedKeys(value) {
  if (Array.isArray(value)) return value.some(hasRepeatedKeys);
  if (value instanceof Members) {
    const keys = value.pairs.map(([key]) => key);
    return new Set(keys).size !== keys.length || value.pairs.some(([, member]) => hasRepeatedKeys(member));
  }
  if (value instanceof Raw || value === null || typeof value !== 'object') return false;
  return Object.values(value).some(hasRepeatedKeys);
}
