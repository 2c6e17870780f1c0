// Policy text that is nearly right: tokens dropped, doubled, swapped or replaced, and texts with one known fault.
//
// Cedar and Remit must agree whether each is a policy at all. Random bytes would end in the first token; these reach every rule of
// the grammar.

const spareTokens = [
  '(', ')', '[', ']', '{', '}', ',', ';', ':', '::', '.', '@', '!', '-', '+', '*', '/', '%', '=', '==', '!=', '<', '<=', '>', '>=', '&&', '||', 'in', 'has', 'like', 'is',
  'if', 'then', 'else', 'true', 'false', 'principal', 'action', 'resource', 'context', 'permit', 'forbid', 'when', 'unless', '?principal', '?resource', '?other', '0', '1',
  '9223372036854775807', '9223372036854775808', '99999999999999999999', '""', '"a"', '"*"', '"\\*"', 'ip', 'decimal', 'contains', 'isEmpty', 'hasTag', 'isIpv4', 'U', '__cedar', 'Action', 'x', '&', '|', '?', '#', "'a'",
];

const kinds = [/^"/, /^\d/, /^(principal|action|resource|context)$/, /^(==|!=|<|<=|>|>=|in)$/, /^(&&|\|\|)$/, /^[-+*]$/];
const kindOf = (token) => kinds.findIndex((kind) => kind.test(token));

// A token of the same kind, from elsewhere in the policy or from the spares: mostly still a policy, with another meaning.
function replaceByLookalike(rng, tokens) {
  const places = tokens.flatMap((token, i) => (kindOf(token) >= 0 ? [i] : []));
  if (places.length === 0) return;
  const at = rng.pick(places);
  const alike = [...tokens, ...spareTokens].filter((token) => kindOf(token) === kindOf(tokens[at]) && token !== tokens[at]);
  if (alike.length > 0) tokens[at] = rng.pick(alike);
}

// One operation on the tokens, in place.
function mutateOnce(rng, tokens) {
  const at = rng.below(tokens.length);
  rng.weighted([
    [4, () => tokens.splice(at, 1)],
    [3, () => tokens.splice(at, 0, tokens[at])],
    [3, () => ([tokens[at], tokens[(at + 1) % tokens.length]] = [tokens[(at + 1) % tokens.length], tokens[at]])],
    [4, () => (tokens[at] = rng.pick(spareTokens))],
    [2, () => tokens.splice(at, 0, rng.pick(spareTokens))],
    [8, () => replaceByLookalike(rng, tokens)],
    [2, () => (tokens[at] = rng.pick(tokens))],
    [1, () => tokens.splice(at, rng.between(2, 4))],
  ])();
}

export function mutateTokens(rng, tokens) {
  const mutated = [...tokens];
  const count = rng.weighted([[6, 1], [2, 2], [1, 3]]);
  for (let i = 0; i < count && mutated.length > 0; ++i) mutateOnce(rng, mutated);
  return mutated;
}

// Conditions that stand at an edge of the grammar, legal or not.
const edgeExpressions = [
  '1 < 2 < 3', '1 == 1 == true', '!!!!!true', '-----1 == -1', '----1 == 1', '!!!!true', '!-1 == 1', '-!true', '-(9223372036854775808) == 1', '9223372036854775808 == 1', '-9223372036854775808 == -9223372036854775808',
  '--9223372036854775808 == 1', '- 9223372036854775808 == 1', '-09223372036854775808 == 1', '00012 == 12', '0x10 == 16', '1_000 == 1000', '1.5 == 1', '1e3 == 1', "'a' == \"a\"", '1 = 1', '10 / 2 == 5', '10 % 2 == 0',
  '"\\x7f" == ""', '"\\x80" == ""', '"\\xff" == ""', '"\\x4" == ""', '"\\u{}" == ""', '"\\u{110000}" == ""', '"\\u{d800}" == ""', '"\\u{0000041}" == "A"', '"\\u{000041}" == "A"', '"\\u{4_1}" == "A"', '"\\u41" == "A"', '"\\a" == ""', '"\\/" == "/"', '"\\*" == "*"',
  '"a\\\n b" == "ab"', '"a\rb" == ""', '"a\nb" == "a\\nb"', '"a\0b" == "a\\0b"', '"abc', '"a" "b"', '"axb" like "a\\u{2A}b"', '"a*b" like "a\\*b"', '"a" like "\\\\*"', '"a" like principal', '"a" like ""', '"a" like "a" like "b"',
  '{a: 1, a: 2} == {a: 1}', '{a: 1, "a": 2} == {a: 1}', '{"a": 1, "\\x61": 2} == {a: 1}', '{1: 1} == {}', '{if: 1} == {}', '{"if": 1}["if"] == 1', '{a: 1,} == {a: 1}', '{,} == {}', '[1, 2,] == [1, 2]', '[,] == []', '[1 2] == [1]', '{a 1} == {}',
  'principal.if == 1', 'principal.then == 1', 'principal["if"] == 1', 'principal has if', 'principal has "if"', 'principal has "a".b', 'principal has a["b"]', 'principal has a.b.c', 'principal has a.b["c"]', 'principal has 1', 'principal has (a)', 'principal has principal.a',
  'principal[context.s] == 1', 'principal[0] == 1', 'principal["\\*"] == 1', 'principal.__cedar == 1', '{__cedar: 1} == {}', 'principal["__cedar"] == 1', '__cedar::"a" == 1', 'A::__cedar::"a" == 1', '__cedarX::"a" == 1',
  'principal is U == true', 'principal is U in G::"g" in H::"h"', 'principal is "U"', 'principal is U::"a"', 'principal is in', 'principal is A :: B', 'principal is U in G::"g" && true', 'principal is A + 1', 'principal is (U)', 'principal is principal', 'principal is context.x',
  'principal in resource in action', 'principal in if true then principal else principal', 'true && if true then true else false', '(if true then 1 else 2) == 1', 'if true then true else false && false', 'if true then true', 'if true else false',
  'if::"a" == 1', 'in::"a" == 1', 'A::in::"a" == 1', 'true::"a" == 1', 'principal::"a" == 1', 'context::X::"a" == 1', 'U::"a"::"b" == 1', 'U::a == 1', 'U::{id: "a"} == 1', 'U :: "a" == U::"a"', '::U::"a" == 1', 'U == 1', 'foo == 1',
  'ip() == 1', 'ip("1.1.1.1", "1.1.1.1") == 1', 'ip("1.1.1.1",) == ip("1.1.1.1")', 'A::ip("1.1.1.1") == 1', 'isIpv4(ip("1.1.1.1"))', 'ip("1.1.1.1").ip()', 'ip("1.1.1.1").isIpv4', 'ip("1.1.1.1").isIpv4(1)', 'decimal("1.0").isInRange(1)', 'contains([1], 1)', '[1].contains()', '[1].contains(1, 2)',
  '[1].contains', '[1].isEmpty(1)', '[].isEmpty()', 'principal.hasTag()', 'principal.getTag("a", "b") == 1', 'principal.foo(1)', 'principal.foo() == 1', 'foo(1)', 'principal(1)', '(true)(1)', '(principal.isEmpty)()', 'unknown("x")', 'unknown()', 'unknown("x", "y")', 'principal.unknown("x")', 'error()',
  '?principal == 1', '?resource in principal', '?other == 1', 'true, false', 'a b', 'true;', '', '(true', 'true)', '()', '((((true))))', '[[[[[1]]]]] == [1]', 'true // comment', '/* c */ true', 'true || (false', '1.foo', '-1.foo', '"a".foo', '[1].foo == 1', 'true.foo', '{a: 1}.a == 1', '{}.a',
  'principal . a', 'principal.\na', 'principal //c\n.a', 'principal .. a', 'principal.1', 'principal."a"', 'principal[a]', 'principal[]', '- - 1 == 1', '! ! true', '1 + + 1 == 2', '1 - -1 == 2', '1 -- 1 == 2', '1 * * 1', '1 +', '* 1', '1 <> 2', '1 => 2', '1 =< 2', '1 === 1', '1 ! = 1', 'true & true', 'true and true', 'not true',
];

const edgePolicies = [
  'permit(principal,action,resource)', 'permit(principal,action);', 'permit(action,principal,resource);', 'permit(principal,action,resource,context);', 'permit();', 'permit(principal action resource);', 'allow(principal,action,resource);', 'PERMIT(principal,action,resource);',
  'permit(principal,action,resource)when{};', 'permit(principal,action,resource)when true;', 'permit(principal,action,resource)if{true};', 'permit(principal,action,resource)unless{false}unless{false}when{true};', 'permit(principal,action,resource,);', 'permit(,principal,action,resource);',
  'permit(principal in [U::"a"],action,resource);', 'permit(principal,action in [],resource);', 'permit(principal,action in [Action::"a",],resource);', 'permit(principal,action == [Action::"a"],resource);', 'permit(principal,action == Foo::"x",resource);', 'permit(principal,action in [Foo::"a"],resource);',
  'permit(principal,action in X::Action::"a",resource);', 'permit(principal,action in Action::X::"a",resource);', 'permit(principal is U == U::"a",action,resource);', 'permit(principal in U::"a" is U,action,resource);', 'permit(principal,action is Action,resource);', 'permit(principal: U,action,resource);',
  'permit(principal == principal,action,resource);', 'permit(principal == (U::"a"),action,resource);', 'permit(principal in ((U::"a")),action,resource);', 'permit(principal != U::"a",action,resource);', 'permit(principal < U::"a",action,resource);', 'permit(principal == "a",action,resource);', 'permit(principal == U,action,resource);',
  'permit(principal == ?principal,action,resource);', 'permit(principal == ?resource,action,resource);', 'permit(principal,action == ?action,resource);', 'permit(principal == U::"a" || true,action,resource);', 'permit(principal has a,action,resource);', 'permit(principal like "a",action,resource);', 'permit(principal is U in [G::"g"],action,resource);',
  'permit(principal is __cedar,action,resource);', 'permit(principal is if,action,resource);', 'permit(principal,action,resource)@a("b");', '@id("x")@id("y")permit(principal,action,resource);', '@id permit(principal,action,resource);', '@id()permit(principal,action,resource);', '@if("x")@in permit(principal,action,resource);',
  '@a(1)permit(principal,action,resource);', '@a("x","y")permit(principal,action,resource);', '@a("\\*")permit(principal,action,resource);', '@"a"("b")permit(principal,action,resource);', '@a::b("c")permit(principal,action,resource);', '@a', '@ a ( "x" ) permit(principal,action,resource);', '@id("x");', ';', ';;', '/* c */', '// c', '\ufeff',
  'permit(principal,action,resource);;', 'permit(principal,action,resource)when{true}permit(principal,action,resource);', '{"effect":"permit"}', 'permit(principal,action,resource)when{true}else{false};', 'permit(principal,action,resource)when{true when{true};', 'permit(principal,\u200baction,resource);', 'permit(principal,\u00a0action,\u1680resource);',
  'perm\u0131t(principal,action,resource);', 'permit(princip\u00e4l,action,resource);', 'permit(principal == U::"a" , action, resource in ?principal);', 'permit(principal == U::"\\*",action,resource);', 'permit(principal == U::"\\u{1F600}",action,resource);', 'permit(principal == U::\'a\',action,resource);', 'permit(principal = U::"a",action,resource);',
];

export function spoilPolicyText(rng, text) {
  if (rng.chance(0.3)) return `${text}\n${rng.pick(edgePolicies)}`;
  const body = rng.pick(edgeExpressions);
  const effect = body.startsWith('unknown') ? 'permit' : rng.pick(['permit', 'forbid']);
  return `${text}\n${effect}(principal, action, resource) ${rng.pick(['when', 'unless'])} { ${body} };`;
}
