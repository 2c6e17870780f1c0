#!/usr/bin/env bash
# Decisions with a ledger, from one process to the next: reserve, approve, redeem, settle, stop.
source "$(dirname "$0")/expect.sh"
cd "$work" || exit 2

cat >p.remit <<'P'
@id("refund")
permit (principal in AgentGroup::"support", action == Action::"refund", resource);
@id("large")
escalate (principal, action == Action::"refund", resource)
when { context.amount > 100 }
approval { by: [Role::"leads"], expires: duration("15m") };
@id("huge")
escalate (principal, action == Action::"refund", resource)
when { context.amount > 500 }
approval { by: [Role::"leads"], quorum: 2, expires: duration("15m") };
budget spend (principal, action == Action::"refund", resource)
charge { context.amount } per { principal } limit { 1000 };
breaker crm (principal, action == Action::"refund", resource)
trip { failures >= 2 } within { duration("1m") } cooldown { duration("1m") };
P
cat >e.json <<'P'
[{"uid": {"type": "Agent", "id": "s1"}, "attrs": {}, "parents": [{"type": "AgentGroup", "id": "support"}]},
 {"uid": {"type": "User", "id": "lee"}, "attrs": {}, "parents": [{"type": "Role", "id": "leads"}]},
 {"uid": {"type": "User", "id": "kim"}, "attrs": {}, "parents": [{"type": "Role", "id": "leads"}]},
 {"uid": {"type": "User", "id": "bob"}, "attrs": {}, "parents": []}]
P
request() { # AMOUNT
  printf '{"principal": {"type": "Agent", "id": "s1"}, "action": "Action::\\"refund\\"", "resource": {"type": "Order", "id": "o1"}, "context": {"amount": %s}}' "$1" >"r$1.json"
}
for amount in 15 150 400 600 900; do request $amount; done
"$remit" keys generate -o key.pem --public key.pub >/dev/null
"$remit" keys generate -o other.pem --public other.pub >/dev/null

now=2026-01-05T12:00:00Z
decide() { run "$remit" decide --ledger l.db -p p.remit -e e.json --accept-key key.pub --now "$now" -r "$@"; }
answer() { run "$remit" "$@" --ledger l.db -p p.remit -e e.json --now "$now"; }
field() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" <<<"$out"; }
reservation() { sed -n 's/.*"reservation":{"id":"\([0-9a-f]*\)".*/\1/p' <<<"$out"; }
escalation() { sed -n 's/.*"escalations":\[{"id":"\([^"]*\)".*/\1/p' <<<"$out"; }
budgets() { run "$remit" budgets --ledger l.db --now "$now" "$@"; }

# Without a ledger nothing is reserved, and there is nothing to redeem.
run "$remit" decide -p p.remit -e e.json -r r15.json --approval remit1.x
expect_status 2

# A refund that nobody has to see: reserved, charged what it really cost.
decide r15.json --format json
expect_status 0
small=$(reservation)
check '[ ${#small} -eq 34 ]' "a reservation has an id"
budgets
expect_status 0
expect_out_has 'spend'
expect_out_has 'lifetime'
budgets --format json
expect_out_has '"limit":1000,"overdraft":0,"remaining":985,"reserved":15,"totalCharged":0,"used":15'
answer settle "$small" success --charge spend=12
expect_status 0
expect_out_has 'settled as success'
expect_out_has 'spend: 12 charged of 15 reserved'
budgets --format json
expect_out_has '"reserved":0,"totalCharged":12,"used":12'
answer settle "$small" failure # again, otherwise: the first answer stays
expect_status 1
expect_out_has 'settled as success, before: nothing changed'
budgets --format json
expect_out_has '"reserved":0,"totalCharged":12,"used":12'

# The whole way of one that needs a person.
decide r150.json
expect_status 1
expect_out_has 'approve by large'
expect_out_has 'large opened escalation '
decide r150.json --format json
ticket=$(escalation)
check '[ -n "$ticket" ]' "there is a ticket"
run "$remit" escalations --ledger l.db --now "$now"
expect_status 0
expect_out_has "$ticket"
expect_out_has 'Agent::"s1"'
answer approve "$ticket" --as 'User::"bob"' --key key.pem
expect_status 2
expect_err_has 'approver-not-eligible'
answer approve "$ticket" --as 'Agent::"s1"' --key key.pem
expect_status 2
expect_err_has 'approval-by-requester'
answer approve "$ticket" --as 'User::"lee"'
expect_status 2
expect_err_has 'no-signing-key'
run "$remit" approve "$ticket" --as 'User::"lee"' --key key.pem --ledger l.db
expect_status 2
expect_err_has 'who may answer is decided by policies'
answer approve "$ticket" --as 'User::"lee"' --key key.pem --format json
expect_status 0
expect_out_has '"state":"approved"'
grant=$(field grant)
run "$remit" escalations "$ticket" --ledger l.db --now "$now"
expect_status 0
expect_out_has "$grant"
printf '%s\n' "$grant" >grant
decide r400.json --approval grant # another amount than was approved
expect_status 1
expect_out_has 'grant-for-another-request'
run "$remit" decide --ledger l.db -p p.remit -e e.json --accept-key other.pub --now "$now" -r r150.json --approval "$grant"
expect_status 1
expect_out_has 'grant-key-unknown'
decide r150.json --approval grant --dry-run
expect_status 0
expect_out_lacks 'reservation'
explain() { run "$remit" explain --ledger l.db -p p.remit -e e.json --accept-key key.pub --now "$now" -r "$@"; }
explain r150.json
expect_status 1
explain r150.json --approval grant # used by asking: not at all
expect_status 0
expect_out_has 'budget.spend.limit: 1000 -> '
decide r150.json --approval grant --format json
expect_status 0
large=$(reservation)
check '[ -n "$large" ]' "the approved refund is reserved"
decide r150.json --approval grant # each use once
expect_status 1
expect_out_has 'grant-used-up'
answer settle "$large" success
expect_status 0
budgets --format json
expect_out_has '"reserved":0,"totalCharged":162,"used":162'

# The same request id is the same reservation, and another request none of it.
decide r15.json --request-id once --format json
first=$(reservation)
decide r15.json --request-id once --format json
check '[ "$(reservation)" = "$first" ]' "the same reservation"
expect_out_has '"repeated":true'
decide r400.json --request-id once --dry-run
decide r900.json --request-id once
expect_status 2
expect_err_has 'request-id-reused'
answer settle "$first" not-dispatched
expect_status 0
budgets --format json
expect_out_has '"reserved":0,"totalCharged":162,"used":162'

# Two people.
decide r600.json --format json
two=$(tr '{' '\n' <<<"$out" | sed -n 's/.*"id":"\([^"]*\)","policyId":"huge".*/\1/p')
answer approve "$two" --as 'User::"lee"' --key key.pem
expect_status 1
expect_out_has 'pending'
expect_out_has '1 of 2'
answer approve "$two" --as 'User::"lee"' --key key.pem # nobody counts twice
expect_status 1
answer approve "$two" --as 'User::"kim"' --key key.pem
expect_status 0
answer revoke "$two" --as 'User::"kim"' --reason 'the wrong order'
expect_status 0
expect_out_has 'the wrong order'

# A denial stays.
one=$(tr '{' '\n' <<<"$(decide r600.json --format json; echo "$out")" | sed -n 's/.*"id":"\([^"]*\)","policyId":"large".*/\1/p')
answer deny "$one" --as 'User::"lee"' --reason 'too much'
expect_status 0
expect_out_has 'denied'
answer approve "$one" --as 'User::"kim"' --key key.pem
expect_status 2
expect_err_has 'escalation-denied'
run "$remit" escalations --all --ledger l.db --now "$now" --format json
expect_status 0
expect_out_has '"state":"denied"'
run "$remit" escalations nothing --ledger l.db
expect_status 2
expect_err_has 'escalation-unknown'

# Holding for longer.
decide r15.json --format json
held=$(reservation)
run "$remit" extend "$held" --for 5m --ledger l.db --now "$now"
expect_status 0
expect_out_has 'held until 2026-01-05T12:05:00'
run "$remit" extend "$held" --for never --ledger l.db --now "$now"
expect_status 2

# Breakers trip where the policies are known.
answer settle "$held" failure
decide r15.json --format json
answer settle "$(reservation)" failure
run "$remit" breakers --ledger l.db --now "$now"
expect_status 0
expect_out_has 'crm'
expect_out_has 'open'
decide r15.json
expect_status 1
expect_out_has 'deny by crm'
now=2026-01-05T12:02:00Z

# Killed between deciding and settling: what it reserved stays so, and another process settles it.
(
  "$remit" decide --ledger l.db -p p.remit -e e.json --now "$now" -r r15.json --format json >killed.json
  kill -9 "$BASHPID"
) 2>/dev/null || true
out=$(cat killed.json)
budgets --format json
expect_out_has '"reserved":15'
out=$(cat killed.json)
answer settle "$(reservation)" success
expect_status 0
budgets --format json
expect_out_has '"reserved":0'

# Two processes for the last unit: one gets it.
cat >last.remit <<'P'
permit (principal, action, resource);
budget last (principal, action, resource) limit { 1 };
P
for i in 1 2 3 4; do "$remit" decide --ledger race.db -p last.remit -e e.json -r r15.json >"race$i" 2>&1 </dev/null & done
wait
check '[ "$(grep -l "^execute" race[1-4] | wc -l)" -eq 1 ]' "one of four is executed: $(cat race[1-4])"
check '[ "$(grep -l "^deny by last" race[1-4] | wc -l)" -eq 3 ]' "the others are denied: $(cat race[1-4])"

# What is stopped is stopped for every process on the store.
run "$remit" quarantine add 'Agent::"s1"' --reason 'loops' --as ops --ledger l.db --now "$now"
expect_status 0
expect_out 'Agent::"s1" is quarantined'
run "$remit" quarantine add 'Agent::"s1"' --ledger l.db
expect_status 1
decide r15.json
expect_status 1
expect_out_has 'quarantined'
run "$remit" quarantine list --ledger l.db
expect_out_has 'loops'
run "$remit" quarantine list --ledger l.db --format json
expect_out_has '{"quarantined":[{"entity":{"id":"s1","type":"Agent"},"reason":"loops","since":'
run "$remit" quarantine add 'nobody' --ledger l.db
expect_status 2
run "$remit" quarantine release 'Agent::"s1"' --ledger l.db
expect_status 0
decide r15.json
expect_status 0

# Native code, streams and bundles do the same.
cat r15.json >lines
printf '\n' >>lines
cat r15.json >>lines
run "$remit" decide --ledger l.db -p p.remit -e e.json --now "$now" --requests lines
expect_status 0
expect_out_has 'reservation'
run "$remit" build -p p.remit -p builtin:approvals --no-code -o p.rmb
expect_status 0
run "$remit" decide --ledger l.db -b p.rmb -e e.json --now "$now" -r r15.json
expect_status 0
expect_out_has 'reservation'

# Stores that are none.
run "$remit" budgets --ledger nowhere
expect_status 2
expect_err_has 'store-address'
run "$remit" budgets --ledger missing/l.db
expect_status 2
expect_err_has 'store-failed'
printf 'nothing of ours' >text.db
run "$remit" budgets --ledger text.db --format json
expect_status 2
expect_out_has '"error"'
run "$remit" settle 0123 success --ledger l.db
expect_status 2
expect_err_has 'unknown-reservation'
run "$remit" settle "$small" success --charge spend --ledger l.db
expect_status 2
expect_err_has 'is no charge'

finish
