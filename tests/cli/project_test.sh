#!/usr/bin/env bash
# Projects: verbs without arguments in a folder with a remit.toml or below one, and what wins over it.
source "$(dirname "$0")/expect.sh"
cd "$work" || exit 2
mkdir -p shop/policies/deep shop/more
cat >shop/schema.cedarschema <<'S'
entity User { level: Long };
entity Doc;
action read appliesTo { principal: User, resource: Doc, context: {} };
S
cat >shop/policies/p.remit <<'P'
@id("readers")
permit (principal is User, action == Action::"read", resource)
when { principal.level > 1 };

forbid (principal, action, resource)
when { principal.level < 0 };

test "high levels read" {
  entity User::"a" { level: 2 };
  entity Doc::"d";
  request (User::"a", Action::"read", Doc::"d");
  expect execute by "readers";
}
P
cat >shop/more/more.test.remit <<'P'
test "low levels do not" {
  entity User::"a" { level: 1 };
  entity Doc::"d";
  request (User::"a", Action::"read", Doc::"d");
  expect deny;
}
P
echo '[{"uid": {"type": "User", "id": "a"}, "attrs": {"level": 2}, "parents": []}, {"uid": {"type": "Doc", "id": "d"}, "attrs": {}, "parents": []}]' >shop/entities.json
echo '{"principal": "User::\"a\"", "action": "Action::\"read\"", "resource": "Doc::\"d\"", "context": {}}' >shop/request.json
cat >shop/remit.toml <<'T'
policies = "policies"
tests = "more"
schema = ["schema.cedarschema"]
entities = "entities.json"
ledger = "l.db"

[lint.levels]
all = "off"
missing-id = "error"

[format]
indent = 4
T

# Without a project, what is needed is asked for.
run "$remit" check
expect_status 2
run "$remit" settle x success
expect_status 2
expect_err_has 'required'
run "$remit" project
expect_status 2
expect_err_has 'no-project'

# `--project` names one for `remit project` too.
run "$remit" --project shop project
expect_status 0
expect_out_has "file = \"$work/shop/remit.toml\""
expect_out_has 'lint.levels.missing-id = "error"'
expect_out_has 'format.indent = 4'
run "$remit" --project shop project shop
expect_status 2
run "$remit" --project nowhere project
expect_status 2
expect_err_has 'cannot-read'
cd shop/policies/deep || exit 2
run "$remit" --no-project project
expect_status 2
expect_err_has 'no-project'
run "$remit" project
expect_status 0
expect_out_has "file = \"$work/shop/remit.toml\""
expect_out_has 'forbid_errors = "skip"'
run "$remit" project --format json
expect_out_has '"entities":"'
run "$remit" check
expect_status 0
expect_out_has '4 statements, 0 links: no errors'
run "$remit" test
expect_status 0
expect_out_has '2 passed, 0 failed'
run "$remit" lint
expect_status 1
expect_out_has '../p.remit:'
expect_out_has 'error[missing-id]'
run "$remit" lint --level missing-id=off
expect_status 0
run "$remit" format --check
expect_status 1
expect_err_has 'would reformat ../p.remit'
run "$remit" format --check --indent 2
expect_status 0
run "$remit" decide -r ../../request.json --dry-run
expect_status 0
expect_out_has 'execute'
run "$remit" budgets
expect_status 0
check '[ -f "$work/shop/l.db" ]' "the ledger is the project's, beside its file"
run "$remit" build -o "$work/b.remitb"
expect_status 0
run "$remit" schema environments
expect_out_has 'User'
run "$remit" query what --principal 'User::"a"' --action 'Action::"read"'
expect_status 0
expect_out_has 'Doc::"d"'

# What is typed wins, and brings its own tests, links and ids.
echo 'permit (principal, action, resource) when { principal.levl > 1 };' >"$work/other.cedar"
run "$remit" check "$work/other.cedar"
expect_status 2
expect_err_has 'did you mean `level`?'
run "$remit" --no-project check "$work/other.cedar"
expect_status 0
expect_out_has '1 statements'
run "$remit" --no-project check
expect_status 2
cd "$work" || exit 2
run "$remit" --project shop test
expect_status 0
run "$remit" --project shop/remit.toml check
expect_status 0
run "$remit" --project nowhere check
expect_status 2
expect_err_has 'cannot-read'

# A forbid that fails.
cat >shop/policies/f.remit <<'P'
@id("no-overflow") forbid (principal, action, resource) when { principal.level * 9223372036854775807 == 0 };
P
cp shop/remit.toml toml
printf 'forbid_errors = "deny"\n' | cat - toml >shop/remit.toml
cd shop || exit 2
for engine in interpreter native; do
  run "$remit" decide -r request.json --dry-run --engine $engine
  expect_status 1
  expect_out_has 'deny by no-overflow'
  run "$remit" decide -r request.json --dry-run --forbid-errors skip --engine $engine
  expect_status 0
done
run "$remit" build -o ../b.remitb
run "$remit" --no-project decide -b ../b.remitb -e entities.json -r request.json
expect_status 1
expect_out_has 'deny by no-overflow'
run "$remit" compile --dump ir
expect_out_has 'failing to deny'
run "$remit" lint --only forbid-can-fail
expect_status 0
expect_out ""
run "$remit" lint --only forbid-can-fail --forbid-errors skip
expect_out_has 'forbid-can-fail'
run "$remit" serve --print-config
expect_status 0
expect_out_has 'forbid-errors = "deny"'
expect_out_has 'ledger = "sqlite:'

# What is wrong with it is told by whoever needs it.
cat >>remit.toml <<'T'
[server]
listn = ["127.0.0.1:0"]
T
run "$remit" check
expect_status 0
run "$remit" serve --print-config
expect_status 2
expect_err_has 'remit.toml:15:9: error[project-unknown-key]: there is no setting `server.listn`'
expect_err_has 'did you mean `listen`?'
run "$remit" project
expect_status 2
expect_err_has 'remit.toml:15:9: error[project-unknown-key]'
sed -i 's/^listn.*/loops = "many"/' remit.toml
for verb in project "serve --print-config"; do
  # shellcheck disable=SC2086
  run "$remit" $verb
  expect_status 2
  expect_err_has 'remit.toml:15:9: error[project-value]: `server.loops` cannot be `many`'
done
# Paths of the server are relative to the project, wherever one stands; addresses and names are not paths.
sed -i -e '/^\[server\]/,$d' -e '/^ledger /d' remit.toml
cat >>remit.toml <<'T'
[server]
authzen.mapping = "m.json"
ledger = "own.db"
audit.key = "k.pem"
accepted-keys = ["a.pem", "/abs/b.pem"]
node = "n.1"
traces.headers = ["authorization=secret"]
T
cd policies || exit 2
for verb in project "serve --print-config"; do
  # shellcheck disable=SC2086
  run "$remit" $verb
  expect_status 0
  expect_out_has "authzen.mapping = \"$work/shop/m.json\""
  expect_out_has "audit.key = \"$work/shop/k.pem\""
  expect_out_has "accepted-keys = [\"$work/shop/a.pem\", \"/abs/b.pem\"]"
  expect_out_has "ledger = \"sqlite:$work/shop/own.db\""
  expect_out_has 'node = "n.1"'
  expect_out_lacks secret
done
cd ..
echo 'polices = 3' >remit.toml
run "$remit" check
expect_status 2
expect_err_has 'remit.toml:1:1: error[project-unknown-key]'
run "$remit" keys generate -o "$work/k.pem"
expect_status 0

finish
