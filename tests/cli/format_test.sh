#!/usr/bin/env bash
# remit format, translate and link: text in, text out.
source "$(dirname "$0")/expect.sh"
cd "$work" || exit 2

printf 'permit(principal,action,resource)when{1==1};// why\n' >p.cedar
run "$remit" format p.cedar
expect_status 0
expect_out_has "// why"
printf '%s\n' "$out" >formatted.cedar
run "$remit" format --check p.cedar
expect_status 1
run "$remit" format --check formatted.cedar
expect_status 0
chmod 640 p.cedar
run "$remit" format -w p.cedar
expect_status 0
check '[ "$(stat -c %a p.cedar)" = 640 ]' "the mode stays"
run cmp p.cedar formatted.cedar
expect_status 0
run_with_input 'permit(principal,action' "$remit" format -
expect_status 2
run "$remit" format --check --write p.cedar
expect_status 2

printf '@id("x") permit (principal == ?principal, action, resource) when { context.n < 3 };' >t.cedar
run "$remit" translate --single t.cedar
expect_status 0
expect_out_has '"slot": "?principal"'
run "$remit" translate t.cedar
expect_status 0
expect_out_has '"templates"'
printf '%s\n' "$out" >t.json
run "$remit" translate t.json
expect_status 0
expect_out_has 'principal == ?principal'
printf 'restrict (principal, action, resource) to draft;' >ours.remit
run "$remit" translate ours.remit
expect_status 2
expect_err_has "no-json-form"

run "$remit" link -p t.cedar --template x --id l1 --principal 'User::"ana"'
expect_status 0
expect_out_has 'principal == User::"ana"'
run "$remit" link -p t.cedar --template x --id l1 --principal 'User::"ana"' --format json --append links.json
expect_status 0
expect_out '{"templateId":"x","newId":"l1","values":{"?principal":{"type":"User","id":"ana"}}}'
run "$remit" link -p t.cedar --links links.json --template x --id l1 --principal 'User::"bo"'
expect_status 2
run "$remit" link -p t.cedar --template x --id l1
expect_status 2
expect_err_has "?principal"
run "$remit" link -p t.cedar --template nope --id l1 --principal 'User::"ana"'
expect_status 2
run "$remit" link -p t.cedar --template x --id l1 --principal 'User ana'
expect_status 2
expect_err_has "invalid-entity-text"
echo '{"principal": "User::\"ana\"", "action": "Action::\"a\"", "resource": "Doc::\"d\"", "context": {"n": 1}}' >r.json
run "$remit" decide -p t.cedar --links links.json -r r.json
expect_status 0
expect_out "execute by l1"
finish
