#!/usr/bin/env bash
# Whether the shared library offers what it has promised: its functions are those of the header, and its binary interface is the stored one.
# `abi_test.sh --update BUILD SOURCE` stores the present one, for review.
set -euo pipefail

update=
if [[ $1 == --update ]]; then
  update=1
  shift
fi
build=$1 source=$2 sanitize=${3:-}
library=$build/runtime/capi/libremit.so.0
stored=$source/tests/capi/abi/libremit.so.0.abi

declared=$(grep -oE '\bremit_[a-z_]+\(' "$source/include/remit/remit.h" | tr -d '(' | grep -vxE 'remit_str' | sort -u)
for each in "$library" "$build/runtime/capi/libremit-runtime.so.0"; do
  exported=$(nm -D --defined-only "$each" | awk '$2 ~ /[TBDRVW]/ {print $3}' | sed 's/@.*//' | sort -u)
  diff <(echo "$declared") <(echo "$exported") || { echo "declared in the header (<) and exported by $each (>) differ"; exit 1; }
  echo "$(basename "$each"): $(wc -l <<<"$exported") functions are exported, all of the header and no others"
done

if ! command -v abidiff >/dev/null; then
  echo "skipped: abidiff is not installed (Debian: abigail-tools)"
  exit 77
fi
if [[ -n $sanitize ]]; then
  echo "skipped: sanitizers change what is compiled"
  exit 77
fi
present=$(mktemp)
trap 'rm -f "$present"' EXIT
abidw --headers-dir "$source/include" --drop-private-types --exported-interfaces-only --no-show-locs --no-corpus-path --no-comp-dir-path \
  --no-elf-needed --no-parameter-names --type-id-style hash --out-file "$present" "$library"
if [[ -n $update ]]; then
  mkdir -p "$(dirname "$stored")"
  cat "$present" >"$stored"
  exit 0
fi
# Additions too: they are stored when they are made.
abidiff --no-architecture "$stored" "$present" || { echo "to accept: tests/capi/abi_test.sh --update $build $source"; exit 1; }
echo "the binary interface is the stored one"
