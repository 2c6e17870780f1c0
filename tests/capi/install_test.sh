#!/usr/bin/env bash
# Installs the C API into a folder of its own, then builds and runs programs that find it as callers do: one of C by pkg-config, against the shared and
# the static library, and one of C++ by CMake.
set -euo pipefail

build=$1 source=$2 sanitize=$3
if [[ -n $sanitize ]]; then
  echo "skipped: programs built without a sanitizer cannot load a library built with one"
  exit 77
fi
for tool in pkg-config cc cmake; do
  command -v $tool >/dev/null || { echo "skipped: $tool is not installed"; exit 77; }
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cmake --install "$build" --component capi --prefix "$work/first" >/dev/null
mv "$work/first" "$work/installed" # nothing in it may remember where it was
export PKG_CONFIG_PATH
PKG_CONFIG_PATH=$(dirname "$(find "$work/installed" -name remit.pc)")
LD_LIBRARY_PATH=$(pkg-config --variable=libdir remit)
export LD_LIBRARY_PATH

# The flags are words on purpose.
# shellcheck disable=SC2046
{
  cc -std=c11 -Wall -Wextra -Wpedantic -Werror $(pkg-config --cflags remit) "$source/tests/capi/smoke.c" $(pkg-config --libs remit) -o "$work/shared"
  cc -std=c11 $(pkg-config --cflags remit) "$source/tests/capi/smoke.c" $(pkg-config --static --libs remit | sed 's/-lremit/-l:libremit.a/') -o "$work/static"
}
"$work/shared"
LD_LIBRARY_PATH='' "$work/static"
ldd "$work/static" | grep -q libremit && { echo "the static program loads the shared library"; exit 1; }

# The library without a compiler: neither it nor a program with it needs one.
# shellcheck disable=SC2046
{
  cc -std=c11 $(pkg-config --cflags remit-runtime) "$source/tests/link/runtime_capi.c" $(pkg-config --libs remit-runtime) -o "$work/runtime_shared"
  cc -std=c11 $(pkg-config --cflags remit-runtime) "$source/tests/link/runtime_capi.c" \
    $(pkg-config --static --libs remit-runtime | sed 's/-lremit-runtime/-l:libremit-runtime.a/') -o "$work/runtime_static"
}
echo '[]' >"$work/entities.json"
echo '{"principal": {"type": "User", "id": "x"}, "action": {"type": "Action", "id": "read"}, "resource": {"type": "Doc", "id": "y"}, "context": {}}' >"$work/requests.jsonl"
for program in "$work/runtime_shared" "$work/runtime_static"; do
  ldd "$program" | grep -E 'LLVM|antlr' && { echo "the library without a compiler needs one"; exit 1; }
  "$program" "$build/tests/capi/bundles/good.rmb" "$work/entities.json" "$work/requests.jsonl" | grep -qx deny
done

cmake -S "$source/tests/capi/consumer" -B "$work/consumer" -DCMAKE_PREFIX_PATH="$work/installed" >"$work/log" || { cat "$work/log"; exit 1; }
cmake --build "$work/consumer" >"$work/log" || { cat "$work/log"; exit 1; }
for library in remit remit_static; do
  "$work/consumer/consumer_of_$library" | tee "$work/answers"
  grep -q '2500: {"decision":"allow","outcome":"execute","reason":\["small-refunds"\],"errors":\[\]}' "$work/answers"
  grep -q '25000: {"decision":"deny"' "$work/answers"
  grep -q '"text":"context.amount_cents"' "$work/answers"
done
