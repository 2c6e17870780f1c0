#!/usr/bin/env bash
# remit check with a schema, and the types it finds.
source "$(dirname "$0")/expect.sh"
cd "$work" || exit 2

cat >s.cedarschema <<'S'
entity User { age: Long, boss?: User };
entity Doc;
action read appliesTo { principal: User, resource: Doc };
S
printf 'entity Extra;\n' >extra.cedarschema
printf 'permit (principal, action == Action::"read", resource) when { principal.age > 3 };\n' >good.cedar
printf 'permit (principal, action, resource) when { principal.boss.age > "3" };\n' >bad.cedar
printf 'permit (principal, action, resource) when { [1].contains("a") && principal.boss == principal };\n' >permissive.cedar
printf 'permit (principal, action, resource) when { principal == resource };\n' >never.cedar

run "$remit" check good.cedar --schema s.cedarschema
expect_status 0
expect_out "1 statements, 0 links: no errors"
run "$remit" check good.cedar --schema s.cedarschema --schema extra.cedarschema
expect_status 0
run "$remit" check good.cedar --schema missing.cedarschema
expect_status 2
expect_err_has "cannot-read"

run "$remit" check bad.cedar --schema s.cedarschema
expect_status 2
expect_err_has "bad.cedar:1:45: error[unguarded-attribute]"
expect_err_has "error[unexpected-type]: expected Long, found String"
expect_out_has "2 errors"
run "$remit" check bad.cedar --schema s.cedarschema --format json
expect_status 2
expect_out_has '"code":"unguarded-attribute"'
run "$remit" check bad.cedar
expect_status 0

run "$remit" check permissive.cedar --schema s.cedarschema
expect_err_has "incompatible-types"
run "$remit" check permissive.cedar --schema s.cedarschema --mode permissive
expect_status 2
check '[[ "$err" != *incompatible-types* ]]' "permissive checking lets sets be"
run "$remit" check permissive.cedar --mode permissive
expect_status 2
run "$remit" check good.cedar --schema s.cedarschema --mode lax
expect_status 2

run "$remit" check never.cedar --schema s.cedarschema
expect_status 0
expect_err_has "warning[impossible-policy]"
run "$remit" check never.cedar --schema s.cedarschema --deny-warnings
expect_status 1

run "$remit" check good.cedar --schema s.cedarschema --level 1
expect_status 0
run "$remit" check good.cedar --schema s.cedarschema --level 0
expect_status 2
expect_err_has "level-exceeded"

run "$remit" compile -p good.cedar --schema s.cedarschema --dump types
expect_status 0
expect_out_has "    principal.age > 3: Bool"
run "$remit" compile -p good.cedar --dump types
expect_status 2

# Links: what linking would refuse is reported by checking, too.
echo '@id("t") permit (principal == ?principal, action, resource);' >template.cedar
echo '[{"template": "t", "id": "l"}]' >missing.json
run "$remit" check template.cedar --links missing.json
expect_status 2
expect_err_has 'missing-slot-values'
echo 'entity U, D; action a appliesTo { principal: U, resource: D };' >links.cedarschema
run "$remit" check template.cedar --links missing.json -s links.cedarschema
expect_status 2
expect_err_has 'missing-slot-values'
finish
