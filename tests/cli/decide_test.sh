#!/usr/bin/env bash
# remit decide: outcomes, exit codes, streams, refusals.
source "$(dirname "$0")/expect.sh"
cd "$work" || exit 2

cat >p.cedar <<'P'
@id("read")
permit (principal in Group::"g", action == Action::"read", resource);
@id("never-secret")
forbid (principal, action, resource) when { resource.secret };
P
cat >e.json <<'P'
[{"uid": {"type": "User", "id": "ana"}, "attrs": {}, "parents": [{"type": "Group", "id": "g"}]},
 {"uid": {"type": "Doc", "id": "d"}, "attrs": {"secret": false}, "parents": []},
 {"uid": {"type": "Doc", "id": "s"}, "attrs": {"secret": true}, "parents": []}]
P
request() { printf '{"id": "%s", "principal": {"type": "User", "id": "ana"}, "action": "Action::\\"read\\"", "resource": {"type": "Doc", "id": "%s"}}\n' "$1" "$2"; }

# One request.
request r1 d >r.json
run "$remit" decide -p p.cedar -e e.json -r r.json
expect_status 0
expect_out "execute by read"
request r1 s >r.json
run "$remit" decide -p p.cedar -e e.json -r r.json
expect_status 1
expect_out "deny by never-secret"
run "$remit" decide -p p.cedar -e e.json -r r.json --ids cedar --format json
expect_status 1
expect_out '{"id":"r1","decision":"deny","outcome":"deny","reason":["policy1"],"errors":[]}'

# An erroring forbid is skipped and reported, with its place.
request r1 unknown >r.json
run "$remit" decide -p p.cedar -e e.json -r r.json
expect_status 0
expect_out_has "execute by read"
expect_out_has "p.cedar:4:"
expect_out_has 'entity `Doc::"unknown"` does not exist'

# The time is the decision's, and requests have no say in it.
echo 'permit (principal, action, resource) when { now() < datetime("2024-10-15") };' >t.cedar
request r1 d >r.json
run "$remit" decide -p t.cedar -r r.json --now 2024-10-14T23:59:59Z
expect_status 0
run "$remit" decide -p t.cedar -r r.json --now 2024-10-15
expect_status 1
run "$remit" decide -p t.cedar -r r.json
expect_status 1
sed 's/^{/{"time": "2024-10-14", /' r.json >timed.json
run "$remit" decide -p t.cedar -r timed.json
expect_status 2
expect_err_has "a request has no member"

# Standard input, and a folder of policies.
mkdir policies && cp p.cedar policies/
run_with_input "$(request r1 d)" "$remit" decide -p policies -e e.json -r -
expect_status 0

# JSON lines: a line that cannot be read is denied, the stream goes on.
{ request a d; echo '{"principal": 1}'; request c s; } >lines.jsonl
run "$remit" decide -p p.cedar -e e.json --requests lines.jsonl --format json
expect_status 2
expect_out_has '{"id":"a","decision":"allow"'
expect_out_has '"id":"2","decision":"deny"'
expect_out_has '"refused":{"code":'
expect_out_has '{"id":"c","decision":"deny"'
{ request a d; request c s; } >lines.jsonl
run "$remit" decide -p p.cedar -e e.json --requests lines.jsonl
expect_status 0
expect_out_has "a        User::\"ana\""
expect_out_lacks $'\033'

# Expectations can fail.
printf '%s\n' '{"id": "a", "decision": "allow", "reason": ["read"]}' '{"id": "c", "decision": "deny", "reason": ["never-secret"], "errors": []}' >expected.jsonl
run "$remit" decide -p p.cedar -e e.json --requests lines.jsonl --expect expected.jsonl
expect_status 0
expect_out_has "2 passed, 0 failed"
sed -i 's/never-secret/read/' expected.jsonl
run "$remit" decide -p p.cedar -e e.json --requests lines.jsonl --expect expected.jsonl
expect_status 1
expect_out_has "1 passed, 1 failed"
head -n 1 expected.jsonl >short.jsonl
run "$remit" decide -p p.cedar -e e.json --requests lines.jsonl --expect short.jsonl
expect_status 1

# A request's own entities override the store's.
cat >own.json <<'P'
{"principal": "User::\"ana\"", "action": "Action::\"read\"", "resource": "Doc::\"s\"", "entities": [{"uid": {"type": "Doc", "id": "s"}, "attrs": {"secret": false}, "parents": []}]}
P
run "$remit" decide -p p.cedar -e e.json -r own.json
expect_status 0

# What is wrong is said, and nobody gets in.
run "$remit" decide -p missing.cedar -r r.json
expect_status 2
expect_err_has "error[cannot-read]: cannot read \`missing.cedar\`"
run "$remit" decide -p p.cedar
expect_status 2
run "$remit" decide -p p.cedar -r r.json --requests lines.jsonl
expect_status 2
echo 'permit (principal, action, resource' >bad.cedar
run "$remit" decide -p bad.cedar -r r.json
expect_status 2
expect_err_has "bad.cedar:"
run "$remit" decide -p bad.cedar -r r.json --format json
expect_status 2
expect_out_has '{"diagnostics":[{"code":'
echo '[{"uid": {"type": "A", "id": "a"}, "attrs": {"n": null}, "parents": []}]' >null.json
run "$remit" decide -p p.cedar -e null.json -r r.json
expect_status 2
expect_err_has "null.json#/0/attrs/n"
run "$remit" decide -p p.cedar -e e.json -r r.json --max-request-bytes 10
expect_status 2
expect_err_has "file-too-large"

# Remit's statements turn the dial down, wait for approvals and oblige. What depends on a ledger is denied where there is none.
echo '@id("pilot") restrict (principal, action, resource) to draft oblige { log: true };' >ours.remit
request r1 d >r.json
run "$remit" decide -p p.cedar -p ours.remit -e e.json -r r.json
expect_status 1
expect_out_has "draft by pilot"
expect_out_has 'pilot obliges: {"log":true}'
run "$remit" decide -p p.cedar -p ours.remit -e e.json -r r.json --format json
expect_out '{"id":"r1","decision":"deny","outcome":"draft","reason":["pilot"],"errors":[],"obligations":[{"policyId":"pilot","obligations":{"log":true}}]}'
echo '@id("ask") escalate (principal, action, resource) approval { by: [Role::"leads"], expires: duration("15m") };' >ours.remit
run "$remit" decide -p p.cedar -p ours.remit -e e.json -r r.json
expect_status 1
expect_out_has "approve by ask"
expect_out_has 'ask waits for an approval of Role::"leads" within 15m'
run "$remit" decide -p p.cedar -p ours.remit -e e.json -r r.json --format json
expect_out_has '"approvals":[{"policyId":"ask","by":[{"type":"Role","id":"leads"}],"quorum":1,"expiresMs":900000,"uses":1,"scope":"exact"}]'
echo 'budget calls (principal, action, resource) limit { 3 };' >ours.remit
run "$remit" decide -p p.cedar -p ours.remit -e e.json -r r.json
expect_status 1
expect_out_has "deny by calls"
expect_out_has "there is no ledger to ask"
echo 'budget a (principal, action, resource) when { budget has b } limit { 3 }; budget b (principal, action, resource) when { budget has a } limit { 3 };' >ours.remit
run "$remit" decide -p ours.remit -r r.json
expect_status 2
expect_err_has "state-cycle"
echo 'restrict (principal, action, resource) to draft when { budget.unknown.after > 3 };' >ours.remit
run "$remit" decide -p ours.remit -r r.json
expect_status 2
expect_err_has 'there is no budget `unknown`'
finish
