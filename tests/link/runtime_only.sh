#!/usr/bin/env bash
# A bundle of each example, decided by a program that links neither parser nor compiler, answers what `remit decide` answers, natively.
#
# usage: runtime_only.sh RUNTIME_ONLY REMIT ROOT JIT
set -euo pipefail
program=$1 remit=$2 root=$3 jit=$4
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

if ldd "$program" | grep -E 'LLVM|antlr'; then
  echo "the runtime links a compiler or a parser" >&2
  exit 1
fi
[[ -x $program ]]
for file in "$program" $(ldd "$program" | awk '/libremit/ {print $3}'); do
  strip -o "$folder/stripped" "$file"
  echo "size of $(basename "$file") without symbols: $(stat -c %s "$folder/stripped") bytes"
done

for example in "$root"/examples/*/; do
  [[ -f $example/requests.jsonl ]] || continue # its tests say all
  arguments=(--schema "$example/schema.cedarschema" --policies "$example/policies")
  [[ ! -f $example/links.json ]] || arguments+=(--links "$example/links.json")
  code=()
  [[ $jit == ON ]] || code=(--no-code)
  "$remit" build "${arguments[@]}" "${code[@]}" --output "$folder/policies.rmb"
  "$program" "$folder/policies.rmb" "$example/entities.json" "$example/requests.jsonl" >"$folder/answers"
  if [[ $jit == ON ]] && ! grep -qx 'interpreted 0' "$folder/answers"; then
    echo "not all of $example was native" >&2
    exit 1
  fi
  "$remit" decide "${arguments[@]}" --entities "$example/entities.json" --requests "$example/requests.jsonl" --format json |
    sed -E 's/.*"outcome":"([a-z]+)".*"reason":\[([^]]*)\].*/\1 \2/; s/"//g; s/,/ /g; s/ *$//' >"$folder/expected"
  diff "$folder/expected" <(grep -v '^interpreted' "$folder/answers")
done
