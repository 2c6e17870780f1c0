#!/usr/bin/env bash
# remit validate-entities, validate-request, and decisions on requests that a schema does not provide for.
source "$(dirname "$0")/expect.sh"
cd "$work" || exit 2

cat >users.cedarschema <<'S'
entity Group;
entity User in [Group] { name: String };
S
cat >actions.cedarschema <<'S'
action read appliesTo { principal: User, resource: Group, context: { n?: Long } };
S
echo '[{"uid": {"type": "User", "id": "ana"}, "attrs": {"name": "Ana"}, "parents": [{"type": "Group", "id": "g"}]}]' >good.json
echo '[{"uid": {"type": "User", "id": "ana"}, "attrs": {"name": 1}, "parents": []}, {"uid": {"type": "Usr", "id": "b"}, "attrs": {}, "parents": []}]' >bad.json

# Entities: every error, each document, several schema files together.
run "$remit" validate-entities -s users.cedarschema -s actions.cedarschema good.json
expect_status 0
expect_out "1 valid, 0 invalid"
run "$remit" validate-entities -s users.cedarschema good.json bad.json
expect_status 1
expect_out "1 valid, 1 invalid"
expect_err_has 'bad.json#/0/attrs/name: error[type-mismatch]: `User::"ana"` does not conform to its type: attribute `name`: expected `String`, found the long `1`'
expect_err_has 'bad.json#/1/uid: error[undeclared-entity-type]:'
expect_err_has 'help: did you mean `User`?'
run "$remit" validate-entities -s users.cedarschema --format json good.json bad.json
expect_status 1
expect_out_has '{"file":"good.json","valid":true,"errors":[]}'
expect_out_has '{"code":"undeclared-entity-type","message":"entity `Usr::\"b\"` has type `Usr`, which is not declared in the schema","pointer":"/1/uid","help":"did you mean `User`?"}'
run_with_input '[' "$remit" validate-entities -s users.cedarschema -
expect_status 1
expect_err_has 'error[invalid-json]'
run "$remit" validate-entities good.json
expect_status 2
run "$remit" validate-entities -s users.cedarschema missing.json
expect_status 2
run "$remit" validate-entities -s actions.cedarschema good.json
expect_status 2
expect_err_has 'unknown-type'

# Requests.
request() { printf '{"id": "%s", "principal": "User::\\"ana\\"", "action": "Action::\\"%s\\"", "resource": "Group::\\"g\\"", "context": %s}\n' "$1" "$2" "$3"; }
request one read '{}' >r.json
run "$remit" validate-request -s users.cedarschema -s actions.cedarschema -r r.json
expect_status 0
expect_out "1 valid, 0 invalid"
{ request one read '{}'; request two read '{"n": "x"}'; request three raed '{}'; } >r.jsonl
run "$remit" validate-request -s users.cedarschema -s actions.cedarschema --requests r.jsonl
expect_status 1
expect_out "1 valid, 2 invalid"
expect_err_has '2#/context/n: error[type-mismatch]'
expect_err_has '3#/context: error[undeclared-action]'
run "$remit" validate-request -s users.cedarschema -s actions.cedarschema --requests r.jsonl --format json
expect_out_has '{"id":"one","valid":true,"errors":[]}'
run "$remit" validate-request -s users.cedarschema -s actions.cedarschema
expect_status 2

# Decisions: an invalid request is an error and never decided.
echo 'permit (principal, action, resource);' >p.cedar
request two read '{"n": "x"}' >bad_request.json
run "$remit" decide -p p.cedar -s users.cedarschema -s actions.cedarschema -r bad_request.json
expect_status 2
expect_out ""
expect_err_has 'error[type-mismatch]'
run "$remit" decide -p p.cedar -s users.cedarschema -s actions.cedarschema -r bad_request.json --no-request-validation
expect_status 0
expect_out "execute by policy0"
run "$remit" decide -p p.cedar -s users.cedarschema -s actions.cedarschema --requests bad_request.json --format json
expect_status 2
expect_out_has '"decision":"deny"'
expect_out_has '"refused":{"code":"type-mismatch"'
run "$remit" decide -p p.cedar -s users.cedarschema -s actions.cedarschema -e bad.json -r r.json
expect_status 2
expect_err_has '#/0/attrs/name'
expect_err_has '#/1/uid'
finish
