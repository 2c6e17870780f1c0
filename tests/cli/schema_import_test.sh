#!/usr/bin/env bash
# remit schema import, request: tools of the Model Context Protocol.
source "$(dirname "$0")/expect.sh"
cd "$work" || exit 2

cat >tools.json <<'J'
{"tools": [{"name": "send-mail", "inputSchema": {"type": "object", "required": ["to"],
  "properties": {"to": {"type": "string", "pattern": "@example\\.com$"}, "copies": {"type": "integer", "minimum": 1}}}}]}
J
echo 'namespace Mail { @mcp_principal entity Agent; @mcp_resource entity Server; }' >stub.cedarschema

run "$remit" schema import --mcp tools.json --stub stub.cedarschema -o mail.cedarschema --guards guards.remit
expect_status 0
expect_out ''
run "$remit" check guards.remit --schema mail.cedarschema
expect_status 0
run "$remit" schema import --mcp tools.json --stub stub.cedarschema --drift mail.cedarschema
expect_status 0
expect_err '0 differences, 1 tools'

sed 's/"minimum": 1/"minimum": 5/' tools.json >changed.json
run "$remit" schema import --mcp changed.json --stub stub.cedarschema --drift mail.cedarschema
expect_status 1
expect_out_has 'warning[schema-drift-changed]: `type Mail::send_mailInput.copies @minimum` was "1" and is "5"'
run "$remit" schema import --mcp changed.json --stub stub.cedarschema --drift mail.cedarschema --format json
expect_status 1
expect_out_has '"code": "schema-drift-changed"'

# A call, its request, its decision: the guard stops what the pattern does not allow.
echo 'permit (principal, action, resource);' >permit.cedar
decide() {
  run_with_input "$1" "$remit" schema request --mcp tools.json --stub stub.cedarschema --call -
  expect_status 0
  printf '%s' "$out" >request.json
  run "$remit" decide -p permit.cedar -p guards.remit -s mail.cedarschema -r request.json
}
decide '{"name": "send-mail", "arguments": {"to": "ana@example.com", "copies": 2}}'
expect_status 0
decide '{"name": "send-mail", "arguments": {"to": "ana@example.org"}}'
expect_status 1
expect_out_has 'arguments-of-send-mail'
run_with_input '{"name": "send-mail", "arguments": {"too": "x"}}' "$remit" schema request --mcp tools.json --call -
expect_status 1
expect_err_has 'error[invalid-argument]'

# A server over its standard input and output, which is ended afterwards.
cat >server.sh <<'S'
echo "$$" >pid
read -r hello
echo '{"jsonrpc": "2.0", "id": 1, "result": {"protocolVersion": "2025-06-18", "capabilities": {}}}'
read -r initialized
read -r list
printf '{"jsonrpc": "2.0", "id": 2, "result": %s}\n' "$(tr -d '\n' <tools.json)"
sleep 1000
S
run "$remit" schema import --mcp-command 'bash server.sh' --save-tools saved.json
expect_status 0
expect_out_has 'action "send-mail"'
check '! kill -0 "$(cat pid)" 2>/dev/null' 'the server has ended'
run "$remit" schema import --mcp saved.json --drift mail.cedarschema --stub stub.cedarschema
expect_status 0
run "$remit" schema import --mcp-command 'sleep 1000' --timeout 1
expect_status 2
expect_err_has 'error[server-timeout]'

run "$remit" schema import
expect_status 2
run "$remit" schema import --mcp tools.json --stub guards.remit
expect_status 2
run "$remit" schema import --mcp tools.json --namespace 'a b'
expect_status 2
expect_err_has 'error[invalid-namespace]'

finish
