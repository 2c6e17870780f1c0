# shellcheck shell=bash disable=SC2034
# Assertions for the command-line tests. A script sources this, runs commands through `run`, and ends with `finish`.
#
#   run COMMAND...         runs, keeps $status, $out, $err
#   expect_status N        the exit code of the last command
#   expect_out TEXT        standard output is exactly TEXT
#   expect_out_has TEXT    standard output contains TEXT; likewise expect_err_has
set -u
remit=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
checks=0 failures=0

run() {
  last="$*"
  "$@" >"$work/out" 2>"$work/err" </dev/null
  status=$?
  out=$(cat "$work/out")
  err=$(cat "$work/err")
}

run_with_input() {
  local input=$1
  shift
  last="$*"
  printf '%s' "$input" | "$@" >"$work/out" 2>"$work/err"
  status=$?
  out=$(cat "$work/out")
  err=$(cat "$work/err")
}

check() {
  checks=$((checks + 1))
  if ! eval "$1"; then
    failures=$((failures + 1))
    printf 'FAILED: %s\n  %s\n  status %s\n  out: %s\n  err: %s\n' "$last" "$2" "$status" "$out" "$err"
  fi
}

expect_status() { check '[ "$status" -eq '"$1"' ]' "expected status $1"; }
expect_out() { wanted=$1; check '[ "$out" = "$wanted" ]' "expected output: $1"; }
expect_out_has() { wanted=$1; check '[[ "$out" == *"$wanted"* ]]' "expected output with: $1"; }
expect_out_lacks() { wanted=$1; check '[[ "$out" != *"$wanted"* ]]' "expected output without: $1"; }
expect_err_has() { wanted=$1; check '[[ "$err" == *"$wanted"* ]]' "expected error output with: $1"; }
expect_err() { wanted=$1; check '[ "$err" = "$wanted" ]' "expected error output: $1"; }

finish() {
  echo "$((checks - failures)) passed, $failures failed"
  [ "$failures" -eq 0 ]
  exit
}
