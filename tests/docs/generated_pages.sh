#!/usr/bin/env bash
# Fails where a generated page differs from what its table gives now; `./dev docs` writes it again.
set -euo pipefail
remit_docs=$1 docs=$2
for page in diagnostics builtins; do
  diff -u "$docs/$page.md" <("$remit_docs" "$page") || { echo "docs/$page.md is out of date: run ./dev docs"; exit 1; }
done
