#!/usr/bin/env bash
# remit build, inspect and decide --bundle: what is built decides as its sources do, and says what it is.
source "$(dirname "$0")/expect.sh"
cd "$work" || exit 2

printf '@id("staff")\npermit (principal in Team::"staff", action, resource);\n@id("sum")\npermit (principal, action, resource) when { context.n + 1 > 5 };\n' >p.cedar
printf 'entity Team; entity User in [Team]; entity Doc; action read appliesTo { principal: User, resource: Doc, context: { n: Long } };\n' >s.cedarschema
printf '[{"uid": {"type": "User", "id": "ana"}, "attrs": {}, "parents": [{"type": "Team", "id": "staff"}]}]' >e.json
printf '{"principal": "User::\\"ana\\"", "action": "Action::\\"read\\"", "resource": "Doc::\\"d\\"", "context": {"n": 1}}\n' >yes.json
printf '{"principal": "User::\\"bob\\"", "action": "Action::\\"read\\"", "resource": "Doc::\\"d\\"", "context": {"n": 9223372036854775807}}\n' >no.json
cat yes.json no.json >all.jsonl

run "$remit" build -p p.cedar -s s.cedarschema --no-code -o plain.rmb
expect_status 0
run "$remit" inspect plain.rmb
expect_status 0
expect_out_has "native code   none"
expect_out_has "2 permit"
run "$remit" inspect --list --format json plain.rmb
expect_status 0
expect_out_has '"rows":[{"id":"staff","effect":"permit"},{"id":"sum","effect":"permit"}]'
expect_out_has '"code":null'

run "$remit" decide -b plain.rmb -e e.json -r yes.json
expect_status 0
expect_err_has "no native code: the interpreter decides"
run "$remit" decide -b plain.rmb -e e.json -r no.json
expect_status 1
expect_out_has "p.cedar:4:"
run "$remit" decide -b plain.rmb -e e.json -r yes.json --engine native
expect_status 2
expect_err_has "bundle-without-code"
run "$remit" decide -b plain.rmb -e e.json -r yes.json --engine interpreter
expect_status 0
run "$remit" decide -b plain.rmb -p p.cedar -r yes.json
expect_status 2
run "$remit" decide -r yes.json
expect_status 2
expect_err_has "give --policies or --bundle"
run "$remit" decide -b p.cedar -r yes.json
expect_status 2
expect_err_has "not-a-bundle"
run "$remit" inspect p.cedar
expect_status 2
head -c 300 plain.rmb >short.rmb
run "$remit" inspect short.rmb
expect_status 2
expect_err_has "bundle-truncated"

# With native code, where this build makes some.
if "$remit" build -p p.cedar -s s.cedarschema -o native.rmb >/dev/null 2>&1; then
  run "$remit" inspect native.rmb
  expect_status 0
  expect_out_has "which this machine runs"
  run "$remit" inspect --format json native.rmb
  expect_out_has '"runsHere":true'
  run "$remit" decide -p p.cedar -s s.cedarschema -e e.json --requests all.jsonl --format json
  from_sources=$out
  run "$remit" decide -b native.rmb -e e.json --requests all.jsonl --format json --engine native
  expect_status 0
  expect_out "$from_sources"
fi
finish
