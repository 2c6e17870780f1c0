#!/usr/bin/env bash
# remit lint: what it finds, how it says so, what it fixes, and its exit codes.
source "$(dirname "$0")/expect.sh"
cd "$work" || exit 2

cat >p.remit <<'P'
@id("all") permit (principal, action, resource);
@id("one") forbid (principal == User::"a", action == Action::"read", resource) when { !(context.level == 3) };
P

run "$remit" lint p.remit
expect_status 0
expect_out_has 'p.remit:1:19: warning[broad-permit]: this permits everything to everyone'
expect_out_has 'info[negated-comparison]'
expect_out_has 'warning[forbid-can-fail]'
expect_err_has '2 statements: 0 errors, 2 warnings, 1 infos, 0 allowed'
run "$remit" lint --deny-warnings p.remit
expect_status 1
run "$remit" lint --level broad-permit=error p.remit
expect_status 1
run "$remit" lint --level all=off p.remit
expect_status 0
expect_out ""
run "$remit" lint --only missing-reason p.remit
expect_status 0
expect_out_has 'warning[missing-reason]'
expect_out_lacks 'broad-permit'

run "$remit" lint --format json p.remit
expect_out_has '"code": "broad-permit"'
run "$remit" lint --format github p.remit
expect_out_has '::warning file=p.remit,line=1,col=19,'
run "$remit" lint --format checkstyle p.remit
expect_out_has '<file name="p.remit">'
run "$remit" lint --format sarif -o out.sarif p.remit
expect_status 0
expect_out ""
check 'grep -q "\"version\": \"2.1.0\"" out.sarif' "a SARIF file"

run "$remit" lint --dry-run p.remit
expect_status 1
check 'grep -q "!(context" p.remit' "nothing is written"
run "$remit" lint --fix p.remit
expect_status 0
check 'grep -q "(context.level != 3)" p.remit' "the comparison is turned around"
run "$remit" lint --dry-run p.remit
expect_status 0

run "$remit" lint --level no-such=off p.remit
expect_status 2
expect_err_has 'unknown-rule'
run "$remit" lint --level broad-permit=loud p.remit
expect_status 2
expect_err_has 'invalid-level'
run "$remit" lint
expect_status 2
expect_err_has 'no-policies'
printf 'permit (principal' >bad.remit
run "$remit" lint bad.remit
expect_status 2
run "$remit" lint --explain broad-permits
expect_status 2
expect_err_has 'did you mean `broad-permit`?'
run "$remit" lint --explain broad-permit
expect_status 0
expect_out_has 'Not found:'
run "$remit" lint --rules
expect_status 0
expect_out_has 'never-satisfied'

finish
