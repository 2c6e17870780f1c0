#!/usr/bin/env bash
# remit check, evaluate, compile, run-tests, completions, and usage errors.
source "$(dirname "$0")/expect.sh"
cd "$work" || exit 2

run "$remit" --version
expect_status 0
expect_out_has "remit "
run "$remit"
expect_status 2
run "$remit" nonsense
expect_status 2
run "$remit" decide --help
expect_status 0
expect_out_has "--requests"

printf 'permit (principal, action, resource);\nforbid (principal, action, resource) when { context.n = 1 };\npermt (principal, action, resource);\n' >p.cedar
run "$remit" check p.cedar
expect_status 2
expect_err_has "p.cedar:2:55: error["
expect_err_has "p.cedar:3:1: error["
expect_err_has "did you mean \`permit\`?"
expect_err_has "help:"
run "$remit" check --format json p.cedar
expect_status 2
expect_out_has '"line":3,"column":1'
printf 'permit (principal, action, resource);\n@id("a")\npermit (principal, action, resource);\n@id("a")\npermit (principal, action, resource);\n' >q.cedar
run "$remit" check q.cedar
expect_status 0
expect_out_has "3 statements"
expect_err_has "repeated-id"

run "$remit" evaluate '1 + 2 * 3'
expect_status 0
expect_out "7"
run "$remit" evaluate --format json '[decimal("1.50"), {"a b": User::"x"}]'
expect_status 0
expect_out_has '"__extn"'
run "$remit" evaluate 'url("HTTPS://Example.com").host()'
expect_status 0
expect_out '"example.com"'
run "$remit" evaluate --format json 'path("/a//b")'
expect_status 0
expect_out '{"value":{"__extn":{"fn":"path","arg":"/a/b"}},"text":"path(\"/a/b\")"}'
run "$remit" evaluate --now 2024-10-15 'now()'
expect_status 0
expect_out 'datetime("2024-10-15T00:00:00.000Z")'
run "$remit" evaluate 'now() > datetime("2024-10-15")'
expect_status 0
expect_out "true"
run "$remit" evaluate --now yesterday 'now()'
expect_status 2
expect_err_has "--now"
run "$remit" evaluate '"a".matches("(")'
expect_status 2
expect_err_has "invalid-regular-expression"
run "$remit" evaluate '9223372036854775807 + 1'
expect_status 1
expect_err_has "integer-overflow"
run "$remit" evaluate '1 +'
expect_status 2
run "$remit" evaluate --principal 'User::"ana"' 'principal == User::"ana"'
expect_out "true"
run "$remit" evaluate --principal 'User' 'principal'
expect_status 2
run_with_input 'ip("10.0.0.1").isInRange(ip("10.0.0.0/8"))' "$remit" evaluate -
expect_out "true"

for stage in tokens cst ast ir; do
  run "$remit" compile -p q.cedar --dump $stage
  expect_status 0
  check '[ -n "$out" ]' "expected a dump of $stage"
done
for stage in llvm asm; do
  run "$remit" compile -p q.cedar --dump $stage
  if [ "$status" = 2 ]; then
    expect_err_has "no-native-engine"
  else
    expect_status 0
    expect_out_has "shape0: policy0, "
  fi
done
run "$remit" compile -p q.cedar --dump nonsense
expect_status 2

cat >cases.jsonl <<'P'
{"name": "one", "policySet": {"staticPolicies": "permit (principal, action, resource) when { context.n == 1 };"}, "entities": [], "requests": [{"principal": {"type": "U", "id": "a"}, "action": {"type": "Action", "id": "a"}, "resource": {"type": "U", "id": "b"}, "context": {"n": 1}, "decision": "allow", "reason": ["policy0"], "errors": []}, {"principal": {"type": "U", "id": "a"}, "action": {"type": "Action", "id": "a"}, "resource": {"type": "U", "id": "b"}, "context": {}, "decision": "deny", "reason": [], "errors": ["policy0"]}]}
{"name": "two", "policySet": {"staticPolicies": "permit (principal, action, resource) when { 1 = 1 };"}, "entities": [], "reject": "policies"}
P
run "$remit" run-tests cases.jsonl
expect_status 0
expect_out "3 passed, 0 failed"
sed -i 's/"decision": "allow"/"decision": "deny"/' cases.jsonl
run "$remit" run-tests cases.jsonl
expect_status 1
expect_out_has "2 passed, 1 failed"
expect_out_has "FAILED one: request 0"
sed -i 's/1 = 1/1 == 1/' cases.jsonl
run "$remit" run-tests cases.jsonl
expect_out_has "1 passed, 2 failed"
mkdir empty
run "$remit" run-tests empty
expect_status 2
run "$remit" run-tests cases.jsonl --engine nonsense
expect_status 2

for shell in bash zsh fish; do
  run "$remit" completions $shell
  expect_status 0
  expect_out_has "run-tests"
done
run "$remit" completions bash
run bash -n <(printf '%s\n' "$out")
expect_status 0
finish
