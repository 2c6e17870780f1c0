#!/usr/bin/env bash
# remit schema: translate, format, show, environments.
source "$(dirname "$0")/expect.sh"
cd "$work" || exit 2

cat >users.cedarschema <<'S'
// People.
type Address = { street: String };
entity Group;
entity User in [Group] { home?: Address };
S
echo 'action read,write appliesTo{principal:User,resource:[Group,User],context:{n:Long}};' >actions.cedarschema

run "$remit" schema format --check users.cedarschema
expect_status 0
run "$remit" schema format --check users.cedarschema actions.cedarschema
expect_status 1
expect_err "would reformat actions.cedarschema"
run "$remit" schema format -w actions.cedarschema
expect_status 0
run "$remit" schema format actions.cedarschema
expect_out "$(printf 'action read, write appliesTo {\n  principal: User,\n  resource: [Group, User],\n  context: { n: Long }\n};')"
run "$remit" schema format --line-width 200 --indent 4 actions.cedarschema
expect_out 'action read, write appliesTo { principal: User, resource: [Group, User], context: { n: Long } };'
run_with_input 'entity' "$remit" schema format -
expect_status 2
expect_err_has 'error[unexpected-end]'

run "$remit" schema translate users.cedarschema actions.cedarschema
expect_status 0
expect_out_has '"commonTypes"'
printf '%s' "$out" >all.json
run "$remit" schema translate all.json
expect_status 0
expect_out_has 'entity User in Group { home?: Address };'
run "$remit" schema translate --to cedar users.cedarschema actions.cedarschema
expect_out_has 'action read, write appliesTo {'
run "$remit" schema format all.json
expect_status 2
expect_err_has 'error[schema-is-json]'
run "$remit" schema translate actions.cedarschema
expect_status 2
expect_err_has 'error[schema-unknown-type]'
run "$remit" schema translate --format json actions.cedarschema
expect_status 2
expect_out_has '"code":"schema-unknown-type"'
run_with_input '["entityTypes"]' "$remit" schema translate -
expect_status 2

run "$remit" schema show -s users.cedarschema -s actions.cedarschema User
expect_status 0
expect_out "$(printf 'entity User\n  in: Group\n  attributes:\n    home?: {street: String}\n  principalOf: Action::"read", Action::"write"\n  resourceOf: Action::"read", Action::"write"')"
run "$remit" schema show -s users.cedarschema -s actions.cedarschema 'Action::"read"'
expect_out "$(printf 'action Action::"read"\n  in: nothing\n  principals: User\n  resources: Group, User\n  context:\n    n: Long')"
run "$remit" schema show -s users.cedarschema Address
expect_out "$(printf 'type Address\n  is: {street: String}')"
run "$remit" schema show -s users.cedarschema Adress
expect_status 2
expect_err_has 'did you mean `Address`?'
run "$remit" schema show --format json -s users.cedarschema Group
expect_out_has '"entity": "Group"'

run "$remit" schema environments -s users.cedarschema -s actions.cedarschema
expect_status 0
expect_out "$(printf 'User Action::"read" Group\nUser Action::"read" User\nUser Action::"write" Group\nUser Action::"write" User')"
run "$remit" schema environments --format json -s users.cedarschema -s actions.cedarschema
expect_out_has '{"principal":"User","action":"Action::\"read\"","resource":"Group"}'
run "$remit" schema
expect_status 2
finish
