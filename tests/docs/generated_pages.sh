#!/usr/bin/env bash
# Fails where a generated page differs from what its table gives now; `./dev docs` writes it again.
set -euo pipefail
remit_docs=$1 docs=$2
for page in diagnostics builtins; do
  diff -u "$docs/$page.md" <("$remit_docs" "$page") || { echo "docs/$page.md is out of date: run ./dev docs"; exit 1; }
done
diff -u <(sed -n '/^| setting | takes/,/^$/{/^$/!p}' "$docs/project.md") <("$remit_docs" settings) || { echo "the table of docs/project.md is out of date: run ./dev docs"; exit 1; }
stale() { echo "docs/rules is out of date: run ./dev docs"; exit 1; }
diff -u "$docs/rules/README.md" <("$remit_docs" rules) || stale
for code in $("$remit_docs" rule-codes); do
  diff -u "$docs/rules/$code.md" <("$remit_docs" rule "$code") || stale
done
diff <(cd "$docs/rules" && printf '%s\n' *.md | grep -v README.md | sort) <("$remit_docs" rule-codes | sed 's/$/.md/' | sort) || stale
