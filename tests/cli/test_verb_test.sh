#!/usr/bin/env bash
# remit test: what is found and run, what is said of failures, and the formats that other tools read.
source "$(dirname "$0")/expect.sh"
cd "$work" || exit 2

mkdir -p p/sub
cat >p/docs.remit <<'P'
@id("owner")
permit (principal, action, resource is Doc) when { resource.owner == principal };
@id("public")
permit (principal, action == Action::"read", resource is Doc) when { resource.level < 2 || principal in Group::"staff" };
@id("locked")
forbid (principal, action == Action::"write", resource is Doc) unless { !resource.locked };
P
cat >p/docs.test.remit <<'T'
test "the owner may write" {
  entity Doc::"d" { owner: User::"ana", level: 3, locked: false };
  request (User::"ana", Action::"write", Doc::"d");
  expect execute by "owner";
}
test "staff may read" {
  entity Doc::"d" { owner: User::"ana", level: 3, locked: false };
  entity User::"bo" in Group::"staff";
  request (User::"bo", Action::"read", Doc::"d");
  expect execute by "public";
  request (User::"cy", Action::"read", Doc::"d");
  expect deny;
}
T

run "$remit" test p
expect_status 0
expect_out_has 'ok      the owner may write  p/docs.test.remit:1'
expect_out_has '2 passed, 0 failed'
run "$remit" test p/docs.test.remit # alone: with the policies beside it
expect_status 0
expect_out_has '2 passed, 0 failed'
(cd p && "$remit" test docs.test.remit) >out 2>&1
check 'grep -q "2 passed, 0 failed" out' "in the folder itself"
run "$remit" test p p/docs.remit --engine interpreter # no file twice
expect_status 0
run "$remit" test p --engine native
expect_status 0

# Filters, lists, none.
run "$remit" test p --filter '^staff'
expect_status 0
expect_out_has '1 passed, 0 failed, 1 left out'
run "$remit" test p --filter 'no such'
expect_status 2
expect_err_has 'no-tests'
run "$remit" test p --filter 'no such' --allow-none
expect_status 0
run "$remit" test p --filter '('
expect_status 2
expect_err_has 'invalid-regular-expression'
run "$remit" test p --list
expect_status 0
expect_out 'p/docs.test.remit:1: the owner may write
p/docs.test.remit:6: staff may read'
run "$remit" test p/docs.remit
expect_status 2
expect_err_has 'no-tests'
run "$remit" test p/docs.remit --allow-none
expect_status 0
run "$remit" test missing
expect_status 2
expect_err_has 'cannot-read'
echo 'test "broken" { expect sideways; }' >broken.remit
run "$remit" test broken.remit
expect_status 2
rm broken.remit

# Failures: the step, what was expected, what came, and why.
cat >fails.test.remit <<'T'
test "wrong outcome" {
  entity Doc::"d" { owner: User::"ana", level: 3, locked: true };
  request (User::"ana", Action::"write", Doc::"d");
  expect execute by "owner";
  request (User::"ana", Action::"read", Doc::"d");
  expect execute by "public"; // the id is wrong
}
test "an error is told" {
  entity Doc::"d" { owner: User::"ana" };
  request (User::"bo", Action::"read", Doc::"d");
  expect execute by "pubic";
  expect execute;
}
test "nothing was asked" { expect deny; }
T
run "$remit" test p/docs.remit fails.test.remit
expect_status 1
expect_out_has 'fails.test.remit:4:3: error[test-outcome]: expected `execute`, but the outcome is `deny`'
expect_out_has '    4 |   expect execute by "owner";'
expect_out_has 'why: `deny` by forbid `locked` (p/docs.remit:5:1)'
expect_out_has 'fails.test.remit:6:3: error[test-determining]: expected `execute` by `public`, but it is by `owner`'
expect_out_has 'error[unknown-statement-id]: no statement has the id `pubic`'
expect_out_has 'help: did you mean `public`?'
expect_out_has 'permit `public` (p/docs.remit:3:1) failed at p/docs.remit:4:70: '
expect_out_has 'error[test-step-out-of-place]: `expect` comes before any request'
expect_out_has '0 passed, 3 failed'
check '[ "$(grep -c test-outcome <<<"$out")" -eq 2 ]' "failures that engines share are told once"
run "$remit" test p/docs.remit fails.test.remit --fail-fast
expect_status 1
expect_out_has '0 passed, 1 failed, 2 left out'

# Reports.
run "$remit" test p p/docs.remit fails.test.remit --format tap
expect_status 1
expect_out_has 'TAP version 14
1..5
ok 1 - the owner may write'
expect_out_has 'not ok 3 - wrong outcome
  ---
  severity: fail'
run "$remit" test p/docs.remit fails.test.remit --format junit --output junit.xml
expect_status 1
expect_out ''
check 'python3 -c "
import xml.etree.ElementTree as e
r = e.parse(\"junit.xml\").getroot()
assert [s.get(\"name\") for s in r] == [\"interpreter\", \"native\"] or [s.get(\"name\") for s in r] == [\"interpreter\"]
assert r[0].get(\"tests\") == \"3\" and r[0].get(\"failures\") == \"3\"
assert r[0][0].get(\"name\") == \"wrong outcome\" and r[0][0][0].get(\"type\") == \"test-outcome\"
"' "JUnit XML that parses"
run "$remit" test p/docs.remit fails.test.remit --format json
expect_status 1
check 'python3 -c "
import json, sys
r = json.loads(sys.argv[1])
assert r[\"failed\"] == 3 and r[\"passed\"] == 0
assert r[\"tests\"][0][\"engines\"][0][\"failures\"][0][\"code\"] == \"test-outcome\"
assert r[\"tests\"][0][\"differences\"] == []
" "$out"' "JSON that parses"

# What is in titles and sources stays text, whatever reads it.
cat >odd.test.remit <<'T'
@id("<script>alert(1)</script>&\"'") permit (principal, action, resource) when { context.x == "<b>" };
test "<b>&\"'# \u{7}\n" { request (User::"a", Action::"b", Doc::"c"); expect execute; }
T
run "$remit" test odd.test.remit --format tap
check '[[ "$out" == *"not ok 1 - <b>&\"'"'"'\\# "* ]]' "a TAP title is one line"
run "$remit" test odd.test.remit --format junit --output odd.xml
check 'python3 -c "import xml.etree.ElementTree as e; e.parse(\"odd.xml\")"' "XML with odd titles parses"
run "$remit" test odd.test.remit --coverage html --coverage-output odd.html
check '! grep -q "<script" odd.html && ! grep -q "<b>" odd.html' "the page is escaped"
run "$remit" test odd.test.remit --coverage lcov --coverage-output odd.info
check 'grep -q "^end_of_record" odd.info' "a tracefile"

# Coverage.
run "$remit" test p --coverage text
expect_status 0
expect_out_has 'permit owner'
expect_out_has 'p/docs.remit:4:70: `resource.level < 2` was never true'
expect_out_has 'p/docs.remit:6:74: `resource.locked` was never true'
expect_out_has 'coverage: 78.6 % (2/3 statements, 3/3 clauses, 6/8 sides of conditions)'
run "$remit" test p --min-coverage 99
expect_status 1
expect_err_has 'less than 99.0 %'
run "$remit" test p --min-coverage 50
expect_status 0
run "$remit" test p --min-coverage 101
expect_status 2
run "$remit" test p --coverage lcov --coverage-output cov.info
expect_status 0
check 'grep -q "^SF:p/docs.remit$" cov.info && grep -q "^BRDA:4,0,0,0$" cov.info && grep -q "^FNF:3$" cov.info' "lcov records"
run "$remit" test p --coverage html --coverage-output cov.html
expect_status 0
check 'grep -q "resource.level &lt; 2 never true" cov.html && ! grep -qE "(src|href)=" cov.html' "one page that loads nothing"

# --update changes wrong words alone.
cp -r p u
cat >u/more.test.remit <<'T'
test "to be updated" {
  entity Doc::"d" { owner: User::"ana", level: 1, locked: true }; // kept
  request (User::"ana", Action::"read", Doc::"d");
  expect  deny /* no comment */ by "locked"; // kept, too
}
T
sed -i 's| /\* no comment \*/||' u/more.test.remit
run "$remit" test u --update
expect_status 1
expect_err_has '`deny` is now `execute`'
expect_err_has '`"locked"` is now `"owner", "public"`'
check 'grep -qF "  expect  execute by \"owner\", \"public\"; // kept, too" u/more.test.remit' "only the wrong words changed"
run "$remit" test u
expect_status 0

# With a schema tests are checked first, and what is asked must conform.
cat >s.cedarschema <<'S'
entity Group, Org;
entity User in [Group];
entity Doc { owner: User, level: Long, locked: Bool };
action read, write appliesTo { principal: User, resource: Doc };
S
run "$remit" test p -s s.cedarschema
expect_status 0
expect_out_has '2 passed, 0 failed'
cat >typed.test.remit <<'T'
test "a missing attribute" {
  entity Doc::"d" { owner: User::"ana" };
  request (User::"ana", Action::"read", Doc::"d");
  expect deny;
}
T
run "$remit" test p/docs.remit typed.test.remit -s s.cedarschema
expect_status 2
expect_err_has 'test-missing-attribute'
echo '[{"uid": {"type": "Doc", "id": "base"}, "attrs": {"owner": {"__entity": {"type": "User", "id": "zoe"}}, "level": 9, "locked": false}, "parents": []}]' >e.json
echo 'test "from the file" { request (User::"zoe", Action::"write", Doc::"base"); expect execute by "owner"; }' >base.test.remit
run "$remit" test p/docs.remit base.test.remit -s s.cedarschema -e e.json
expect_status 0

# The clock stands still but for `advance`.
cat >clock.test.remit <<'T'
@id("morning") permit (principal, action, resource) when { now() < datetime("2026-01-05T12:30:00Z") };
test "time goes on" {
  request (User::"a", Action::"b", Doc::"c");
  expect execute;
  advance { duration("30m") };
  request (User::"a", Action::"b", Doc::"c");
  expect deny;
}
test "not backwards" { advance { duration("-1ms") }; }
T
run "$remit" test clock.test.remit --filter 'goes on'
expect_status 0
run "$remit" test clock.test.remit --filter 'goes on' --now 2026-01-05T13:00:00Z
expect_status 1
run "$remit" test clock.test.remit --filter backwards
expect_status 1
expect_out_has 'test-step-refused'

# Budgets, settlements, approvals: each test begins with an empty ledger.
cat >state.remit <<'P'
@id("all") permit (principal, action in [Action::"call", Action::"pay"], resource);
budget calls (principal, action == Action::"call", resource) per { principal } limit { 2 } exceeded restrict to draft;
budget money (principal, action == Action::"pay", resource) charge { context.amount } limit { decimal("10.0") } each day;
@id("ask") escalate (principal, action == Action::"pay", resource) when { context.amount.greaterThan(decimal("5.0")) }
approval { by: [Role::"boss"], expires: duration("1h") };
P
cat >state.test.remit <<'T'
test "reserve, settle, next day" {
  request (Agent::"a", Action::"pay", Account::"x") with { amount: decimal("4.5") };
  expect execute by "all";
  expect budget money reserved decimal("4.5");
  settle success { money: decimal("1.25") };
  expect budget money used decimal("1.25");
  expect budget money remaining decimal("8.75");
  settle success { money: decimal("9.0") };
  expect budget money used decimal("1.25");
  advance { duration("1d") };
  expect budget money used decimal("0.0");
}
test "a key each" {
  request (Agent::"a", Action::"call", Account::"x");
  request (Agent::"a", Action::"call", Account::"x");
  request (Agent::"a", Action::"call", Account::"x");
  expect draft by "calls";
  expect budget calls used 2;
  request (Agent::"b", Action::"call", Account::"x");
  expect execute;
  expect budget calls used 1;
}
test "who may approve" {
  request (Agent::"a", Action::"pay", Account::"x") with { amount: decimal("6.0") };
  expect approve by "ask";
  expect budget money used decimal("0.0");
  approve by Agent::"a" in Role::"boss";
  expect approve;
  approve by User::"c";
  expect approve;
  approve by User::"b" in [Role::"boss"];
  expect execute by "all";
  settle failure;
}
T
run "$remit" test state.remit state.test.remit
expect_status 0
expect_out_has '3 passed, 0 failed'
# On behalf of others, refused approvals, and what is stopped.
cat >chain.test.remit <<'T'
test "each member is charged" {
  request (Agent::"b", Action::"call", Account::"x") for Agent::"a";
  expect execute;
  request (Agent::"a", Action::"call", Account::"x");
  expect budget calls used 2;
  request (Agent::"b", Action::"call", Account::"x") for [User::"u", Agent::"a"];
  expect draft by "calls";
  request (Agent::"b", Action::"call", Account::"x");
  expect execute;
}
test "nobody approves for themselves through an agent" {
  request (Agent::"a", Action::"pay", Account::"x") with { amount: decimal("6.0") } for User::"u";
  expect approve by "ask";
  approve by User::"u" in Role::"boss";
  expect approve;
  approve by Agent::"helper" in Role::"boss" for User::"u";
  expect approve;
  approve by Agent::"helper" in Role::"boss" for User::"z";
  expect approve;
  approve by User::"z" in Role::"boss";
  expect execute;
}
test "no is no" {
  request (Agent::"a", Action::"pay", Account::"x") with { amount: decimal("6.0") };
  deny by User::"c";
  deny by User::"b" in Role::"boss";
  expect approve;
  approve by User::"d" in Role::"boss";
  expect approve by "ask";
}
test "stopped and let go" {
  entity Agent::"a" in Fleet::"f";
  quarantine Fleet::"f";
  request (Agent::"a", Action::"call", Account::"x");
  expect deny;
  request (Agent::"b", Action::"call", Account::"x") for Agent::"a";
  expect deny;
  expect budget calls used 0;
  release Fleet::"f";
  request (Agent::"a", Action::"call", Account::"x");
  expect execute;
}
T
run "$remit" test state.remit chain.test.remit
expect_status 0
expect_out_has '4 passed, 0 failed'
cat >chain_wrong.test.remit <<'T'
test "a loop" { request (Agent::"a", Action::"call", Account::"x") for [Agent::"a", User::"u"]; expect execute; }
test "several keys" { request (Agent::"a", Action::"call", Account::"x") for Agent::"b"; expect budget calls used 1; }
test "stopped twice" { quarantine Agent::"a"; quarantine Agent::"a"; release Agent::"b"; }
T
run "$remit" test state.remit chain_wrong.test.remit
expect_status 1
expect_out_has 'the chain of delegation is refused: '
expect_out_has 'budget `calls` has 2 keys here'
expect_out_has 'Agent::"a" is quarantined already'
expect_out_has 'Agent::"b" is not quarantined'
# Each member of a chain has somebody of its own to ask.
cat >bosses.test.remit <<'T'
permit (principal, action, resource);
escalate (principal is Agent, action, resource) approval { by: [principal.boss], expires: duration("1h") };
test "both must agree" {
  entity Agent::"a" { boss: User::"ana" };
  entity Agent::"b" { boss: User::"bo" };
  request (Agent::"b", Action::"x", Doc::"d") for Agent::"a";
  approve by User::"bo";
  expect approve;
  approve by User::"ana";
  expect execute;
  request (Agent::"b", Action::"x", Doc::"d") for Agent::"a";
  expect approve;
}
T
run "$remit" test bosses.test.remit
expect_status 0
# Requests choose keys, and ledgers keep them.
long=$(printf '%04090d' 0)
cat >keys.test.remit <<T
test "long keys" {
  request (Agent::"${long:0:4079}", Action::"call", Account::"x");
  expect execute;
  request (Agent::"$long", Action::"call", Account::"x");
  expect deny by "calls";
  expect execute;
}
T
run "$remit" test state.remit keys.test.remit
expect_status 1
expect_out_has '0 passed, 1 failed'
expect_out_has 'the key has more than 4096 bytes'
check '[ "$(grep -c test-outcome <<<"$out")" -eq 1 ]' "one failure: the last line"
cat >wrong.test.remit <<'T'
test "wrong amounts" {
  request (Agent::"a", Action::"call", Account::"x");
  expect budget calls used 7; // seven?
  request (Agent::"a", Action::"pay", Account::"x") with { amount: decimal("6.0") };
  approve by User::"c";
  expect execute;
  settle success;
}
test "out of place" {
  settle success;
  request (Agent::"a", Action::"call", Account::"x");
  approve by User::"b" in Role::"boss";
}
T
cp wrong.test.remit wrong_before
run "$remit" test state.remit wrong.test.remit --update
expect_status 1
expect_out_has 'error[test-budget]: expected budget `calls` to have used 7, but it has 1'
expect_out_has 'the approval by User::"c" does not count: '
expect_out_has 'nothing waits for an approval'
expect_out_has '`settle` comes before any request'
expect_out_has 'there is nothing to settle'
check 'grep -qF "expect budget calls used 1; // seven?" wrong.test.remit && grep -qF "expect approve;" wrong.test.remit' "amounts are updated, too"
run "$remit" test state.remit state.test.remit --coverage text
expect_out_has 'budget calls'
expect_out_lacks 'never reached'
finish
