#!/usr/bin/env bash
# remit keys: pairs that are made, shown, and never overwritten.
source "$(dirname "$0")/expect.sh"
cd "$work" || exit 2

run "$remit" keys generate -o key.pem --public key.pub.pem
expect_status 0
expect_out_has "BEGIN PUBLIC KEY"
expect_out_lacks "PRIVATE"
shown=$out
check '[ "$(stat -c %a key.pem)" = 600 ]' "the private key is its owner's alone"
check 'grep -q "BEGIN PRIVATE KEY" key.pem' "a private key in PEM"
check '! grep -q PRIVATE key.pub.pem' "nothing private in the public key"

run "$remit" keys show key.pem
expect_status 0
expect_out "$shown"
run "$remit" keys show key.pub.pem
expect_status 0
expect_out "$shown"
run "$remit" keys show --format json key.pub.pem
expect_status 0
expect_out_has "\"id\":\"${shown%%$'\n'*}\""
check '[ "$(head -n 1 <<<"$shown" | tr -d "\n" | wc -c)" -eq 22 ]' "an id has 22 characters"

before=$(cat key.pem)
run "$remit" keys generate -o key.pem
expect_status 2
expect_err_has "file-exists"
check '[ "$(cat key.pem)" = "$before" ]' "the key is still there"
run "$remit" keys generate -o missing/key.pem
expect_status 2
expect_err_has "file-unwritable"

run "$remit" keys generate -o other.pem
expect_status 0
check '[ "${out%%$'"'\\n'"'*}" != "${shown%%$'"'\\n'"'*}" ]' "another pair has another id"

printf 'nothing\n' >text
run "$remit" keys show text
expect_status 2
expect_err_has "key-unreadable"
run "$remit" keys show missing.pem
expect_status 2
expect_err_has "file-unreadable"
run "$remit" keys show .
expect_status 2
expect_err_has "file-unreadable"
run "$remit" keys
expect_status 2

finish
