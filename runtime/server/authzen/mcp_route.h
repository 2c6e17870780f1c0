// `POST /access/v1/mcp`: one message of MCP, decided.
//
//   {"message": JSON-RPC, "token": claims, "tool"?: {"inputSchema": ..}, "server"?: "..", "identity_claim"?: "sub"}
//   {"allow": .., "request"?: what was asked, "answer"?: what AuthZEN answered, "error"?: the JSON-RPC response to send instead, "warning"?: ".."}
//
// For gateways and servers of MCP in any language: they validate the token, ask, and forward or send `error`. Mapping and decision in one place, so that
// no enforcement point needs an evaluator of expressions.
#pragma once

#include "runtime/server/authzen/handlers.h"

namespace remit::authzen {

void AddMcpRoute(server::Service& service, const SharedState& state);

}  // namespace remit::authzen
