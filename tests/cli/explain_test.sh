#!/usr/bin/env bash
# remit explain: statements, values, and what would turn the outcome around.
source "$(dirname "$0")/expect.sh"
cd "$work" || exit 2

cat >p.remit <<'P'
@id("staff")
permit (principal in Group::"staff", action == Action::"pay", resource)
when { context.amount <= 100 && (context.urgent || resource.open) };

@id("frozen")
forbid (principal, action, resource)
when { resource.frozen };
P
cat >e.json <<'J'
[{"uid": {"type": "User", "id": "a"}, "attrs": {}, "parents": [{"type": "Group", "id": "staff"}]},
 {"uid": {"type": "User", "id": "b"}, "attrs": {}, "parents": []},
 {"uid": {"type": "Account", "id": "x"}, "attrs": {"open": true, "frozen": false}, "parents": []}]
J
request() { printf '{"principal": {"type": "User", "id": "%s"}, "action": {"type": "Action", "id": "pay"}, "resource": {"type": "Account", "id": "x"}, "context": {"amount": %s, "urgent": false}}' "$1" "$2" >r.json; }

request a 150
run "$remit" explain -p p.remit -e e.json -r r.json
expect_status 1
expect_out_has 'permit `staff` is not satisfied (p.remit:1:1)'
expect_out_has 'when does not hold'
expect_out_has 'context.amount <= 100 = false'
expect_out_has 'context.amount = 150'
expect_out_has 'resource.open = true'
expect_out_has 'context.amount: 150 -> 100: then execute'
expect_out_has 'forbid `frozen` is not satisfied'

request a 50
run "$remit" explain -p p.remit -e e.json -r r.json
expect_status 0
expect_out_has 'context.amount: 50 -> 101: then deny'
expect_out_has 'resource.open: true -> false: then deny'
expect_out_has 'principal in: {"type":"Group","id":"staff"} -> nothing: then deny'

# One change does not do: two are found.
request b 150
run "$remit" explain -p p.remit -e e.json -r r.json
expect_status 1
expect_out_has 'does not match: principal'
expect_out_has 'context.amount: 150 -> 100'
expect_out_has ' and '

run "$remit" explain -p p.remit -e e.json -r r.json --format json
expect_status 1
expect_out_has '"outcome": "deny"'
expect_out_has '"what": "principal in"'
check 'python3 -c "import json, sys; json.load(open(sys.argv[1]))" "$work/out"' 'this is JSON'
request a 150
run "$remit" explain -p p.remit -e e.json -r r.json --format html -o why.html
expect_status 1
check 'grep -q "default-src .none." why.html && ! grep -qi "<script\|src=\|http:" why.html' 'the page loads and runs nothing'
check 'grep -q "context.amount &lt;= 100 &amp;&amp;" why.html' 'the page escapes what it shows'

# With a ledger: what is left of a budget counts, and nothing is spent by asking.
cat >b.remit <<'P'
permit (principal, action, resource);
budget spent (principal, action, resource)
charge { context.amount }
limit { 100 };
P
request b 150
run "$remit" explain -p b.remit -e e.json -r r.json --ledger "sqlite:$work/l.db"
expect_status 1
expect_out_has 'spent'
request b 60
for _ in 1 2; do
  run "$remit" explain -p b.remit -e e.json -r r.json --ledger "sqlite:$work/l.db"
  expect_status 0
done

# What would have to be left, and what the limit would have to be.
request b 150
run "$remit" explain -p b.remit -e e.json -r r.json --ledger "sqlite:$work/l.db"
expect_out_has 'budget.spent.limit: 100 -> 150: then execute'
expect_out_lacks 'budget.spent.used'
request b 60
run "$remit" decide -p b.remit -e e.json -r r.json --ledger "sqlite:$work/l.db"
expect_status 0
run "$remit" explain -p b.remit -e e.json -r r.json --ledger "sqlite:$work/l.db"
expect_status 1
expect_out_has 'budget.spent.used: 60 -> 40: then execute'
expect_out_has 'budget.spent.limit: 100 -> 120: then execute'
request b 30
run "$remit" explain -p b.remit -e e.json -r r.json --ledger "sqlite:$work/l.db"
expect_status 0
expect_out_has 'budget.spent.used: 60 -> 71: then deny'
expect_out_has 'budget.spent.limit: 100 -> 89: then deny'
sed 's/limit { 100 };/limit { 100 };\n@id("near") forbid (principal, action, resource) when { budget.spent.after > 80 };/' b.remit >near.remit
run "$remit" explain -p near.remit -e e.json -r r.json --ledger "sqlite:$work/l.db"
expect_status 1
expect_out_has 'budget.spent.used: 60 -> 50: then execute'

# Decimals and times.
cat >d.remit <<'P'
permit (principal, action, resource)
when { context.price.lessThanOrEqual(decimal("10.50")) && context.at < datetime("2026-01-01") };
P
cat >r.json <<'J'
{"principal": {"type": "User", "id": "b"}, "action": {"type": "Action", "id": "pay"}, "resource": {"type": "Account", "id": "x"},
 "context": {"price": {"__extn": {"fn": "decimal", "arg": "3.0"}}, "at": {"__extn": {"fn": "datetime", "arg": "2025-06-01"}}}}
J
run "$remit" explain -p d.remit -e e.json -r r.json
expect_status 0
expect_out_has 'context.price: {"__extn":{"fn":"decimal","arg":"3.0"}} -> {"__extn":{"fn":"decimal","arg":"10.51"}}: then deny'
sed -i 's/2025-06-01/2026-06-01/' r.json
run "$remit" explain -p d.remit -e e.json -r r.json
expect_status 1
expect_out_has '"arg":"2025-12-31T23:59:59.999Z"}}: then execute'

# Approvals count as they do for `remit decide`.
run "$remit" explain -p b.remit -e e.json -r r.json --approval remit1.x
expect_status 2
echo '{' >bad.json
run "$remit" explain -p p.remit -e e.json -r bad.json
expect_status 2

finish
