#!/usr/bin/env bash
# remit test --mutate: mistakes in policies that no test notices.
source "$(dirname "$0")/expect.sh"
cd "$work" || exit 2

cat >p.remit <<'P'
@id("small")
permit (principal is User, action == Action::"pay", resource)
when { context.amount <= 100 && context.currency == "EUR" };

@id("never")
forbid (principal, action, resource)
when { context.amount < 0 };

budget payments (principal, action == Action::"pay", resource)
limit { 2 } each day;
P
cat >weak.test.remit <<'P'
test "small payments" {
  request (User::"a", Action::"pay", Account::"x") with { amount: 5, currency: "EUR" };
  expect execute by "small";
}
P
run "$remit" test --mutate p.remit weak.test.remit
expect_status 0
expect_out_has 'p.remit:3:8: survived[move-boundary]: `small`'
expect_out_has '  + when { context.amount < 100 && context.currency == "EUR" };'
expect_out_has 'survived[raise-limit]: `payments`'
expect_out_has 'score '
run "$remit" test --mutate --min-score 90 p.remit weak.test.remit
expect_status 1
expect_err_has 'less than 90.0 %'

cat >strong.test.remit <<'P'
test "small payments" {
  request (User::"a", Action::"pay", Account::"x") with { amount: 100, currency: "EUR" };
  expect execute by "small";
  request (User::"a", Action::"pay", Account::"x") with { amount: 99, currency: "EUR" };
  expect execute by "small";
  request (User::"a", Action::"pay", Account::"x") with { amount: 1, currency: "EUR" };
  expect deny by "payments";
  advance { duration("24h") };
  request (User::"a", Action::"pay", Account::"x") with { amount: 0, currency: "EUR" };
  expect execute by "small";
}
test "other payments" {
  request (User::"a", Action::"pay", Account::"x") with { amount: 101, currency: "EUR" };
  expect deny;
  request (User::"a", Action::"pay", Account::"x") with { amount: 5, currency: "USD" };
  expect deny;
  request (User::"a", Action::"pay", Account::"x") with { amount: 500, currency: "USD" };
  expect deny;
  request (Robot::"r", Action::"pay", Account::"x") with { amount: 5, currency: "EUR" };
  expect deny;
  request (User::"a", Action::"look", Account::"x") with { amount: 5, currency: "EUR" };
  expect deny;
  request (User::"a", Action::"pay", Account::"x") with { amount: -1, currency: "EUR" };
  expect deny by "never";
}
P
run "$remit" test p.remit strong.test.remit
expect_status 0
run "$remit" test --mutate --format json --jobs 3 p.remit strong.test.remit
expect_status 0
expect_out_has '"code": "swap-effect"'
expect_out_has '"killedBy": "other payments"'
check '[ "$(grep -c "\"fate\": \"killed\"" <<<"$out")" -gt 15 ]' 'most mutants are killed'
parallel=$out
run "$remit" test --mutate --format json --jobs 1 p.remit strong.test.remit
check '[ "$out" = "$parallel" ]' 'threads change nothing'

# Decimal limits change in their last place; a mutant that takes too long is neither noticed nor not.
cat >d.remit <<'P'
permit (principal, action, resource);
budget spend (principal, action, resource) charge { context.price } limit { decimal("10.50") };
P
cat >d.test.remit <<'P'
test "spends" {
  request (User::"a", Action::"pay", Account::"x") with { price: decimal("10.50") };
  expect execute;
}
P
run "$remit" test --mutate d.remit d.test.remit
expect_status 0
expect_out_has 'survived[raise-limit]: `spend`'
expect_out_has 'limit { decimal("10.51") }'
expect_out_lacks 'lower-limit' # the test notices
run "$remit" test --mutate --mutant-time 0 --format json d.remit d.test.remit
expect_status 0
expect_out_has '"fate": "timedOut"'
expect_out_has '"killed": 0'

# The checker proves that nothing can notice: only users pay.
cat >s.cedarschema <<'S'
entity User; entity Account;
action pay appliesTo { principal: User, resource: Account, context: { amount: Long, currency: String } };
S
run "$remit" test --mutate --schema s.cedarschema p.remit weak.test.remit
expect_out_has 'equivalent'
expect_out_lacks 'survived[widen-scope]: `small`'

sed 's/expect execute/expect deny/' weak.test.remit >wrong.test.remit
run "$remit" test --mutate p.remit wrong.test.remit
expect_status 2
expect_err_has 'error[tests-fail]'
run "$remit" test --mutate --format junit p.remit weak.test.remit
expect_status 2
run "$remit" test --min-score 10 p.remit weak.test.remit
expect_status 2

finish
