#!/usr/bin/env bash
# remit init: each template checks, lints, is laid out and passes its tests at once; nothing is overwritten.
source "$(dirname "$0")/expect.sh"
cd "$work" || exit 2

for template in agent cedar coding-agent; do
  run "$remit" init "$template" --template "$template"
  expect_status 0
  expect_out_has "$template/remit.toml"
  check "[ -f $template/.gitignore ] && [ -f $template/.github/workflows/policies.yml ] && [ -f $template/README.md ]" "hidden files, and those of all"
  cd "$template" || exit 2
  for verb in project "check --deny-warnings" "format --check" "schema format --check"; do
    [ "$template-$verb" = "coding-agent-schema format --check" ] && continue
    # shellcheck disable=SC2086
    run "$remit" $verb
    expect_status 0
  done
  run "$remit" lint
  expect_status 0
  expect_out ""
  run "$remit" test
  expect_status 0
  expect_out_has ', 0 failed'
  run "$remit" decide -r request.json
  check '[ "$status" -lt 2 ]' "a request to try"
  expect_err ""
  cd ..
done

umask 022
run "$remit" init modes --template agent
expect_status 0
check '[ "$(stat -c %a modes/remit.toml modes/schema.cedarschema | sort -u)" = 644 ]' "new files are for their owner to write"

cd agent || exit 2
run "$remit" decide -r request.json
expect_status 1
expect_out_has 'approve by refund-over-100'
echo 'mine' >remit.toml
rm schema.cedarschema
run "$remit" init
expect_status 2
expect_err_has 'file-exists'
check '[ "$(cat remit.toml)" = mine ] && [ ! -e schema.cedarschema ]' "nothing is written"
cd ..
run "$remit" init other --template agents
expect_status 2
expect_err_has 'did you mean `agent`?'
check '[ ! -e other ]' "no folder for no template"
touch file
run "$remit" init file
expect_status 2
expect_err_has '`file` is no folder'
run "$remit" init file/deep
expect_status 2
expect_err_has '`file` is no folder'
# A parent of one of the files is a file: nothing is written, though the first ones could be.
mkdir part
touch part/policies
run "$remit" init part
expect_status 2
expect_err_has '`part/policies` is no folder'
check '[ "$(ls -A part)" = policies ]' "nothing is written"
run "$remit" init new --format json
expect_status 0
expect_out_has '"new/remit.toml"'

finish
