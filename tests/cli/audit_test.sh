#!/usr/bin/env bash
# remit audit, remit replay: what was decided is recorded, proven, found, exported, erased, and decided again.
source "$(dirname "$0")/expect.sh"
cd "$work" || exit 2

cat >p.remit <<'P'
@id("read")
permit (principal in Group::"g", action == Action::"read", resource) when { context.level > 1 };
@id("broken")
forbid (principal, action, resource) when { resource.missing };
@id("drafts")
restrict (principal, action, resource) to draft when { context.level == 2 };
P
cat >e.json <<'P'
[{"uid": {"type": "User", "id": "ana"}, "attrs": {}, "parents": [{"type": "Group", "id": "g"}]},
 {"uid": {"type": "Doc", "id": "d"}, "attrs": {}, "parents": []}]
P
request() {
  printf '{"id": "%s", "principal": {"type": "User", "id": "%s"}, "action": "Action::\\"read\\"", "resource": {"type": "Doc", "id": "d"}, "context": {"level": %s, "card": "4111-%s"}}\n' \
    "$1" "$2" "$3" "$1"
}
{ request r0 ana 3; request r1 bob 3; request r2 ana 2; request r3 ana 1; echo '{"principal": 1}'; } >requests.jsonl
run "$remit" keys generate -o key.pem --public pub.pem
expect_status 0
record() { run "$remit" audit record log -p p.remit -e e.json --requests requests.jsonl -k key.pem --origin test.example/log "$@"; }

record --mask context.card
expect_status 2
expect_out_has '"outcome":"draft"'

# Verifying: with the key in PEM, with the verifier key, with another.
run "$remit" audit verify log -k pub.pem
expect_status 0
expect_out_has "test.example/log: 5 records"
run "$remit" audit key pub.pem --origin test.example/log
expect_status 0
vkey=$out
run "$remit" audit verify log -k "$vkey" --format json
expect_status 0
expect_out_has '"sound":true'
run "$remit" keys generate -o other.pem
run "$remit" audit verify log -k other.pem
expect_status 1
expect_out_has "nobody signed it whose key is known"
run "$remit" audit verify
expect_status 2

# Showing and asking.
run "$remit" audit show log 0
expect_status 0
expect_out_has '"outcome": "execute"'
expect_out_has '"card": "masked:'
expect_out_lacks "4111-r0"
run "$remit" audit show log 99
expect_status 1
run "$remit" audit query log --outcome draft
expect_status 0
expect_out_has 'User::"ana" Action::"read" Doc::"d"  by drafts'
run "$remit" audit query log --principal 'User::"bob"' --format json
expect_status 0
expect_out_has '"number":1'
expect_out_lacks '"number":0'
run "$remit" audit query log --statement broken --limit 1
expect_status 0
expect_out_has "0  "
run "$remit" audit query log --outcome approve
expect_status 1
run "$remit" audit query log --since 2000-01-01 --until 2000-01-02
expect_status 1

# Proofs.
run "$remit" audit prove log 2
expect_status 0
printf '%s\n' "$out" >proof
run "$remit" audit verify --proof proof -k "$vkey" --format json
expect_status 0
expect_out_has '"number":2'
sed 's/index 2/index 3/' proof >wrong
run "$remit" audit verify --proof wrong -k "$vkey"
expect_status 1
expect_err_has "proof-wrong"
cp log/checkpoint kept
record --mask context.card
run "$remit" audit verify log -k "$vkey" --checkpoint kept
expect_status 0
expect_out_has "10 records"
run "$remit" audit prove log --from 5
expect_status 0
printf '%s\n' "$out" >growth
run "$remit" audit verify --proof growth --checkpoint kept -k "$vkey"
expect_status 0
expect_out "test.example/log: 10 records extend the first 5"
run "$remit" audit prove log
expect_status 2

# Exports.
run "$remit" audit export log --as opa
expect_status 0
check '[ "$(wc -l <<<"$out")" -eq 10 ]' "an event for each decision"
expect_out_has '"masked":["/input/context/card"]'
run "$remit" audit export log --as ocsf --outcome execute
expect_status 0
expect_out_has '"class_uid":6003'
run "$remit" audit export log
expect_status 0
expect_out_has '{"number":0,"kind":"decision"'

# Replaying: the same policies say the same, others do not, and what is erased cannot be said.
run "$remit" replay log -p p.remit -e e.json
expect_status 0
expect_out_has "8 the same, 0 different, 2 not replayable"
sed 's/level > 1/level > 2/; s/level == 2/level == 3/' p.remit >q.remit
run "$remit" replay log -p q.remit -e e.json --limit 4
expect_status 1
expect_out_has "0: different"
expect_out_has '"outcome":"draft"'
run "$remit" audit erase log 0
expect_status 0
expect_out "1 values erased"
run "$remit" audit erase log --subject 'User::"ana"'
expect_status 0
expect_out "5 values erased"
run "$remit" audit erase log --subject 'User::"ana"'
expect_status 1
run "$remit" replay log -p p.remit -e e.json --format json
expect_status 0
expect_out_has '{"same":2,"different":0,"notReplayable":8}'
run "$remit" audit verify log -k "$vkey"
expect_status 0
check '! grep -q 4111-r0 log/*' "the value is nowhere"

# A changed log.
cp -r log changed
segment=$(echo changed/*.seg)
printf 'X' | dd of="$segment" bs=1 seek=300 conv=notrunc 2>/dev/null
run "$remit" audit verify changed -k "$vkey"
expect_status 1
expect_out_has "NOT as they were signed"
run "$remit" audit record changed -p p.remit -e e.json --requests requests.jsonl -k key.pem --origin test.example/log
expect_status 2
expect_err_has "audit-tampered"
expect_out ""

# Bundles.
run "$remit" build -p p.remit --no-code -o p.rmb
expect_status 0
run "$remit" sign p.rmb -k key.pem --origin test.example/release
expect_status 0
release=$out
run "$remit" sign p.rmb --verify p.rmb.sig -k "$release"
expect_status 0
run "$remit" sign p.rmb --verify p.rmb.sig -k "$vkey"
expect_status 1
expect_err_has "note-unsigned"
run "$remit" build -p q.remit --no-code -o q.rmb
run "$remit" sign q.rmb --verify p.rmb.sig -k "$release"
expect_status 1
expect_err_has "signed-another-bundle"
run "$remit" sign q.rmb -k key.pem
expect_status 2

# Nothing is shown that is not recorded.
record -k missing.pem
expect_status 2
expect_out ""
record --mask card
expect_status 2
expect_err_has "mask-rule"

finish
