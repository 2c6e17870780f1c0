#!/usr/bin/env bash
# The configuration for Neovim, in a headless Neovim that has nothing else, against the real server: neovim_test.sh REMIT SOURCE. Without `nvim` it is left out.
set -euo pipefail
remit=$1 source=$2
command -v nvim >/dev/null || { echo "skipped: Neovim is not installed"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/bin" "$work/config/nvim" "$work/project/policies"
ln -s "$(realpath "$remit")" "$work/bin/remit"
cp -r "$source/editors/neovim/lsp" "$source/editors/neovim/plugin" "$work/config/nvim/"
cd "$work/project"
echo 'schema = "schema.cedarschema"' >remit.toml
cat >schema.cedarschema <<'S'
entity User = { level: Long };
action read appliesTo { principal: User, resource: User };
S
cat >policies/p.remit <<'P'
@id("high")
permit (principal is User, action == Action::"read", resource)
when { principal.levl > 1 };

test "high" {
  entity User::"a" { level: 2 };
  request (User::"a", Action::"read", User::"a");
  expect execute by "high";
}
P
env -i PATH="$work/bin:$PATH" HOME="$work" TERM=dumb XDG_CONFIG_HOME="$work/config" XDG_DATA_HOME="$work/data" XDG_STATE_HOME="$work/state" XDG_CACHE_HOME="$work/cache" LC_ALL=C.UTF-8 \
  timeout 60 nvim --headless -c "luafile $source/tests/editors/neovim.lua"
