// Texts for strings, identifiers and the extension types: well-formed, at a boundary, and malformed.
//
// Boundaries are written down because no random generator finds them; the rest is made up as needed.

export const strings = [
  '', 'a', 'b', 'ab', 'abc', 'a*c', '*', '**', 'A', 'admin', 'Admin', 'x y', ' ', 'a\nb', 'a\tb', 'tab\t', '\r', '\0', 'a\0b', '\\', '\\*', '"', "'", '"quoted"',
  'é', 'e\u0301', 'ß', '日本語', '😀', '👩‍👩‍👧', '\u{10FFFF}', '\u200b', '\u202e', '\u00a0', '\u2028', '\u007f', 'ключ', '1', '-1', 'true', '10.0.0.1', '1.5',
  '2024-01-01', '1d', 'a/b/c.txt', '/workspace/../etc', 'https://example.com/?q=1', '//', '// no comment', '%s', '${x}', '{}', '?principal',
];

export const ids = ['a', 'b', 'c', 'alice', 'bob', '', ' ', '0', 'a"b', "it's", 'back\\slash', 'line\nbreak', 'é', 'e\u0301', '😀', '日本', '\0', 'A::"x"', 'very-long-' + 'x'.repeat(60)];

// Legal identifiers; half of them are words of Cedar's or Remit's that are not reserved.
export const identifiers = [
  'n', 'm', 's', 'level', 'owner', 'tags', 'x1', '_', '_x', 'A', 'camelCase', 'permit', 'forbid', 'when', 'unless', 'principal', 'action', 'resource', 'context',
  'budget', 'breaker', 'escalate', 'restrict', 'draft', 'observe', 'approve', 'execute', 'deny', 'limit', 'test', 'assert', 'never', 'always', 'oblige', 'approval',
  'charge', 'per', 'each', 'within', 'refill', 'concurrent', 'hold', 'exceeded', 'trip', 'cooldown', 'probe', 'open', 'temporal', 'import', 'fn', 'expect', 'settle',
  'advance', 'used', 'after', 'remaining', 'any', 'all', 'size', 'contains', 'isEmpty', 'ip', 'decimal', 'unknown', 'type', 'id', 'Action', 'day', 'now', 'expires',
];

// Attribute names that have to be quoted.
export const quotedNames = [
  'a b', '', ' ', '1', '1a', 'a-b', 'a.b', 'if', 'then', 'in', 'has', 'like', 'is', 'true', '__cedar', 'ключ', 'é', '😀', '"', '\\', "'", 'new\nline', '\0', '*', '__proto__',
  'constructor', 'toString', '//', 'a::b',
];

export const typeNames = [
  'User', 'Agent', 'Team', 'Doc', 'Folder', 'T', '_T', 'App::User', 'App::Team', 'A::B::C', 'budget', 'Remit2', 'escalate::T', 'principal', 'context::X', 'permit', 'test', 'unless::U',
  'Role', 'limit::draft', 'x::Action2',
];

export const annotationKeys = ['id', 'advice', 'note', 'if', 'in', 'permit', 'has', 'is', 'budget', 'unit', '_', '__cedar', 'principal', 'a1', 'true', 'then'];

export const extensions = {
  decimal: {
    valid: ['0.0', '1.0', '1.00', '1.5', '-1.5', '-0.0', '0.0001', '-0.0001', '1.2345', '00001.10', '12.34', '922337203685477.5807', '-922337203685477.5808', '922337203685477.58'],
    invalid: [
      '', '1', '1.', '.5', '+1.0', '-.5', '0.12345', '1.00000', '922337203685477.5808', '-922337203685477.5809', '99999999999999999999.0', '1e3', '1.0e1', ' 1.0', '1.0 ', '1,0',
      '1_0.0', '--1.0', '1.-5', '1.0.0', '\u0661.0', '1.\u0660', 'NaN', '0x1.0', '1.0\n', '922337203685478.0',
    ],
  },
  ip: {
    valid: [
      '0.0.0.0', '127.0.0.1', '127.255.255.255', '10.0.0.1', '10.0.0.1/24', '10.0.0.0/24', '10.0.0.1/32', '0.0.0.0/0', '1.2.3.4/0', '224.0.0.1', '239.255.255.255', '224.0.0.0/4', '224.0.0.0/3',
      '255.255.255.255', '127.0.0.0/8', '127.0.0.0/7', '192.168.1.1', '192.168.0.0/16', '::', '::1', '::1/128', '::1/127', '::/0', 'ff00::', 'ff00::/8', 'ff00::/7', 'ff02::1', 'fe80::1', '2001:db8::1',
      '2001:0DB8:0:0:0:0:0:1', '2001:db8::/32', '1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7::', '::2:3:4:5:6:7:8', '::ffff:7f00:1', '0:0:0:0:0:0:0:1', 'FF02::1',
    ],
    invalid: [
      '', 'localhost', '1.2.3', '1.2.3.4.5', '256.0.0.1', '010.0.0.1', '00.0.0.0', '1.2.3.4/', '1.2.3.4/33', '1.2.3.4/024', '1.2.3.4/-1', '1.2.3.4/+8', '1.2.3.4/8/8', ' 1.2.3.4', '1.2.3.4 ', '0x7f.0.0.1',
      '2130706433', '1..2.3', '1.2.3.\u0664', '::ffff:127.0.0.1', '::127.0.0.1', 'fe80::1%eth0', ':::', '1::2::3', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', '12345::', 'g::', '::/129', '::/0128', '::1/', '[::1]', ':1',
      '1:2:3:4:5:6:7:8::', '1.2.3.4/00', '1.2.3.4/08', '::/1000', ':',
    ],
  },
  datetime: {
    valid: [
      '1970-01-01', '2024-02-29', '2000-02-29', '1969-12-31', '0000-01-01', '0001-01-01', '9999-12-31', '2024-01-01T00:00:00Z', '2024-01-01T23:59:59Z', '2024-01-01T12:30:15.250Z', '1969-12-31T23:59:59.999Z',
      '2024-01-01T00:00:00+0000', '2024-01-01T00:00:00-0000', '2024-01-01T00:00:00.001+0100', '2024-01-01T00:00:00-0830', '2024-12-31T23:59:59.999+2359', '0000-01-01T00:00:00.000+2359', '9999-12-31T23:59:59.999-2359',
    ],
    invalid: [
      '', '2024', '2024-1-1', '2024-02-30', '2023-02-29', '1900-02-29', '2024-13-01', '2024-00-01', '2024-01-00', '2024-04-31', '10000-01-01', '-0001-01-01', '+2024-01-01', '24-01-01', '2024/01/01', '2024-01-01 ', ' 2024-01-01',
      '2024-01-01T', '2024-01-01Z', '2024-01-01T00:00Z', '2024-01-01T00:00:00', '2024-01-01T24:00:00Z', '2024-01-01T00:60:00Z', '2024-01-01T00:00:60Z', '2024-01-01T00:00:00.1Z', '2024-01-01T00:00:00.0000Z', '2024-01-01T00:00:00.Z',
      '2024-01-01T00:00:00z', '2024-01-01t00:00:00Z', '2024-01-01 00:00:00Z', '2024-01-01T00:00:00+01:00', '2024-01-01T00:00:00+2400', '2024-01-01T00:00:00+0060', '2024-01-01T00:00:00+01', '2024-01-01T00:00:00+01000',
      '2024-01-01T00:00:00ZZ', '2024-01-01T00:00:00Z+0100', '2024-01-01T00:00:00.000', '2024-01-01T0:00:00Z', '\u0662024-01-01', '2024-01-01T00:00:00.00\u0660Z', '2024-01-01\n',
    ],
  },
  duration: {
    valid: [
      '0ms', '1ms', '1s', '1m', '1h', '1d', '-1d', '-1ms', '1d2h3m4s5ms', '-1d2h3m4s5ms', '24h', '60m', '1500ms', '-1500ms', '1d1ms', '00001s', '0d0h0m0s0ms', '-0s', '9223372036854775807ms', '-9223372036854775808ms', '106751991167d',
      '106751991167d7h12m55s807ms', '-106751991167d7h12m55s808ms', '86400000ms', '1h90m',
    ],
    invalid: [
      '', '-', '+1d', '1', '1.5h', '1h1d', '1ms1s', '1s1s', 'd', '1 d', ' 1d', '1d ', '1D', '1w', '1y', '1us', '--1d', '-1d-2h', '9223372036854775808ms', '-9223372036854775809ms', '106751991168d', '106751991167d7h12m55s808ms', '\u0661d',
      '99999999999999999999d', '1d,2h', '1ms1', 'P1D', '1e3s', '1m1h', '0x1s',
    ],
  },
};

const pad = (number, width) => String(number).padStart(width, '0');

const random = {
  decimal: (rng) => `${rng.chance(0.3) ? '-' : ''}${rng.below(30)}.${String(rng.below(rng.pick([10, 100, 1000, 10000])))}`,
  ip: (rng) => {
    if (rng.chance(0.6)) return `10.${rng.below(2)}.${rng.below(3)}.${rng.below(256)}${rng.chance(0.5) ? `/${rng.below(33)}` : ''}`;
    const groups = rng.times(8, () => rng.pick(['0', '1', 'ff', 'abcd', 'FFFF', '0001']));
    const text = rng.chance(0.5) ? groups.join(':') : `${groups.slice(0, rng.between(0, 3)).join(':')}::${groups.slice(0, rng.between(0, 3)).join(':')}`;
    return rng.chance(0.5) ? `${text}/${rng.below(129)}` : text;
  },
  datetime: (rng) => {
    const date = `${pad(rng.pick([1969, 1970, 1971, 2000, 2023, 2024, rng.below(10000)]), 4)}-${pad(rng.between(1, 12), 2)}-${pad(rng.between(1, 28), 2)}`;
    if (rng.chance(0.3)) return date;
    const time = `${pad(rng.below(24), 2)}:${pad(rng.below(60), 2)}:${pad(rng.below(60), 2)}${rng.chance(0.5) ? `.${pad(rng.below(1000), 3)}` : ''}`;
    return `${date}T${time}${rng.chance(0.5) ? 'Z' : `${rng.pick(['+', '-'])}${pad(rng.below(24), 2)}${pad(rng.below(60), 2)}`}`;
  },
  duration: (rng) => {
    const text = ['d', 'h', 'm', 's', 'ms'].map((unit) => (rng.chance(0.4) ? `${rng.below(rng.pick([3, 100, 5000]))}${unit}` : '')).join('');
    return `${rng.chance(0.3) ? '-' : ''}${text || '1h'}`;
  },
};

// One character changed, dropped or doubled: nearly right, so either well-formed or not.
function distorted(rng, text) {
  const at = rng.below(text.length + 1);
  const rest = text.slice(at + 1);
  return text.slice(0, at) + rng.weighted([[3, rng.pick([...'0159.:/-+TZdhms '])], [2, ''], [1, text[at] === undefined ? '0' : text[at] + text[at]]]) + rest;
}

export const validText = (rng, type) => (rng.chance(0.6) ? rng.pick(extensions[type].valid) : random[type](rng));

export function invalidText(rng, type) {
  if (rng.chance(0.6)) return rng.pick(extensions[type].invalid);
  return rng.chance(0.8) ? distorted(rng, validText(rng, type)) : rng.pick(strings);
}
