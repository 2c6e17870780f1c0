#!/usr/bin/env bash
# Every verb and every long flag of the command line is described in docs/cli.md: in a section of its own, or in a table of verbs.
set -euo pipefail
remit=$1 page=$2
missing=0
script=$("$remit" completions bash)
for flag in $(grep -o -- '--[a-z][a-z-]*' <<<"$script" | sort -u); do
  grep -q -- "\`$flag\|, \`$flag\|$flag[^a-z-]" "$page" || { echo "not in docs/cli.md: $flag"; missing=1; }
done
for verb in $(sed -n 's/.*compgen -W "\([a-z -]*\)" -- .*/\1/p' <<<"$script" | head -n 1); do
  grep -q "^## remit $verb$\|^| .remit $verb\b" "$page" || { echo "not in docs/cli.md: remit $verb"; missing=1; }
done
exit $missing
